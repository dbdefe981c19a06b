-- +goose Up
-- Every token expires, and lists the most it may do.
ALTER TABLE ops.tokens ADD COLUMN permissions text[] NOT NULL DEFAULT '{}', ADD COLUMN created_by text NOT NULL DEFAULT '';
UPDATE ops.tokens SET expires_at = now() + interval '90 days' WHERE expires_at IS NULL;
ALTER TABLE ops.tokens ALTER COLUMN expires_at SET NOT NULL;
