-- +goose Up
-- Files that agents have uploaded and may send; their entry in the index of files is in ops.blobs. How to read the file and its name are
-- sealed under the uploader's key. One that was never given to a send is deleted after a day.
CREATE TABLE ops.uploads (
    id             uuid        PRIMARY KEY REFERENCES ops.blobs (id) ON DELETE CASCADE,
    user_id        text        NOT NULL,
    interaction_id text        NOT NULL,
    sealed         bytea       NOT NULL,
    created_at     timestamptz NOT NULL,
    used_at        timestamptz
);
CREATE INDEX uploads_unused_idx ON ops.uploads (created_at) WHERE used_at IS NULL;

-- A file with deleted_at is out of use and about to be removed; when it is gone its row goes too.
CREATE INDEX blobs_deleted_idx ON ops.blobs (deleted_at) WHERE deleted_at IS NOT NULL;
