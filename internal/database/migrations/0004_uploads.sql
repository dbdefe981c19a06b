-- +goose Up
-- Files that agents have uploaded and may send. ops.blobs has their index entry. The file's key and name are sealed
-- under the uploader's key. One that is never sent leaves the index after a day.
CREATE TABLE ops.uploads (
    id             uuid        PRIMARY KEY REFERENCES ops.blobs (id) ON DELETE CASCADE,
    user_id        text        NOT NULL,
    interaction_id text        NOT NULL,
    sealed         bytea       NOT NULL,
    created_at     timestamptz NOT NULL,
    used_at        timestamptz
);
CREATE INDEX uploads_unused_idx ON ops.uploads (created_at) WHERE used_at IS NULL;
