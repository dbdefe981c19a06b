-- +goose Up
-- What a user has written and neither sent nor saved, sealed under their key: about an interaction or a contact, with
-- one row for each part, such as the reply, a note or a message on its way.
DROP TABLE ops.drafts;
CREATE TABLE ops.drafts (
    user_id    text        NOT NULL,
    subject_id text        NOT NULL,
    part       text        NOT NULL,
    sealed     bytea       NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (user_id, subject_id, part)
);
CREATE INDEX drafts_updated_at_idx ON ops.drafts (updated_at);
