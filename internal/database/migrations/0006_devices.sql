-- +goose Up
-- Browsers that a user has signed in with. Each keeps a secret in a cookie, of which only the hash is stored. A wrong
-- password elsewhere does not slow them down.
CREATE TABLE ops.devices (
    token_sha256 bytea       NOT NULL,
    user_id      text        NOT NULL,
    last_used_at timestamptz NOT NULL,
    PRIMARY KEY (token_sha256, user_id)
);
CREATE INDEX devices_used_idx ON ops.devices (last_used_at);

-- An attempt from an unknown browser also counts for the login in its network.
ALTER TABLE ops.login_attempts DROP CONSTRAINT login_attempts_kind_check;
ALTER TABLE ops.login_attempts ADD CONSTRAINT login_attempts_kind_check
    CHECK (kind IN ('account', 'place', 'address', 'device'));
