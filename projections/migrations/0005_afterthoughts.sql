-- +goose Up
-- Edits, revokes and reactions that came before the message they are about, sealed under the key of whose they are. Kept for seven days.
CREATE TABLE ops.afterthoughts (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    item_id      text        NOT NULL UNIQUE,
    address_id   text        NOT NULL,
    message_id   text        NOT NULL,
    provider_tag text        NOT NULL,
    sealed       bytea       NOT NULL,
    received_at  timestamptz NOT NULL
);
CREATE INDEX afterthoughts_received_idx ON ops.afterthoughts (received_at);
