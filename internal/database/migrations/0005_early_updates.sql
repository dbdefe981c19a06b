-- +goose Up
-- Early updates: edits, revokes and reactions that arrived before their message, sealed under the customer's key. Kept
-- for seven days.
CREATE TABLE ops.early_updates (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id      text        NOT NULL UNIQUE,
    address_id   text        NOT NULL,
    message_id   text        NOT NULL,
    provider_tag text        NOT NULL,
    sealed       bytea       NOT NULL,
    received_at  timestamptz NOT NULL
);
CREATE INDEX early_updates_received_idx ON ops.early_updates (received_at);
