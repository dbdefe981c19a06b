-- +goose Up
-- State that cannot be rebuilt from events: keys, hashes, sessions and the like. It must be backed up.
CREATE SCHEMA ops;

-- The keys of this deployment, in one row. The id key is wrapped by the master key, which is never in the database.
CREATE TABLE ops.deployment (
    only_one       boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
    wrapped_id_key bytea       NOT NULL,
    fingerprint    text        NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now()
);

-- One data key per person. A destroyed key leaves its row, so that an erased person never gets a new key.
CREATE TABLE ops.subject_keys (
    subject      text        PRIMARY KEY,
    wrapped      bytea,
    created_at   timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);

-- Provider secrets, such as an account's app secret. Events record only that one was replaced, and
-- its last four characters.
CREATE TABLE ops.secrets (
    name       text        PRIMARY KEY,
    sealed     bytea       NOT NULL,
    last4      text        NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE ops.passwords (
    user_id     text        PRIMARY KEY,
    hash        text        NOT NULL,
    must_change boolean     NOT NULL,
    changed_at  timestamptz NOT NULL
);

-- Signed-in browsers. The cookie's value is stored nowhere.
CREATE TABLE ops.sessions (
    token_sha256 bytea       PRIMARY KEY,
    id           uuid        NOT NULL UNIQUE,
    user_id      text        NOT NULL,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    user_agent   text        NOT NULL,
    ip_prefix    text        NOT NULL
);
CREATE INDEX sessions_user_idx ON ops.sessions (user_id);
CREATE INDEX sessions_expires_idx ON ops.sessions (expires_at);

-- Signed-in programs.
CREATE TABLE ops.tokens (
    id           uuid        PRIMARY KEY,
    user_id      text        NOT NULL,
    name         text        NOT NULL,
    prefix       text        NOT NULL,
    token_sha256 bytea       NOT NULL UNIQUE,
    role         text        NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
CREATE INDEX tokens_user_idx ON ops.tokens (user_id);

-- Sign-in attempts of the last 15 minutes: one row for the login and one for the address, both hashed.
CREATE TABLE ops.login_attempts (
    attempt uuid        NOT NULL,
    kind    text        NOT NULL CHECK (kind IN ('account', 'address')),
    subject bytea       NOT NULL,
    at      timestamptz NOT NULL,
    PRIMARY KEY (attempt, kind)
);
CREATE INDEX login_attempts_subject_idx ON ops.login_attempts (kind, subject, at);
CREATE INDEX login_attempts_at_idx ON ops.login_attempts (at);

-- Text an agent has typed but not sent, sealed under the agent's key.
CREATE TABLE ops.drafts (
    user_id        text        NOT NULL,
    interaction_id text        NOT NULL,
    sealed         bytea       NOT NULL,
    updated_at     timestamptz NOT NULL,
    PRIMARY KEY (user_id, interaction_id)
);

-- Saved filters, sealed under the user's key because they may contain a customer's name or number.
CREATE TABLE ops.saved_filters (
    id         uuid        PRIMARY KEY,
    user_id    text        NOT NULL,
    list       text        NOT NULL,
    sealed     bytea       NOT NULL,
    updated_at timestamptz NOT NULL
);
CREATE INDEX saved_filters_user_idx ON ops.saved_filters (user_id, list);

-- Statuses that arrived before their message and without a reference to it. Kept for seven days.
CREATE TABLE ops.early_statuses (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    account_id   text        NOT NULL,
    provider_tag text        NOT NULL,
    sealed       bytea       NOT NULL,
    received_at  timestamptz NOT NULL
);
CREATE INDEX early_statuses_message_idx ON ops.early_statuses (account_id, provider_tag);
CREATE INDEX early_statuses_received_idx ON ops.early_statuses (received_at);

-- The index of stored files. The bytes are on disk or in a bucket, under the id.
CREATE TABLE ops.blobs (
    id         uuid        PRIMARY KEY,
    subject    text        NOT NULL,
    sealed     boolean     NOT NULL,
    size       bigint      NOT NULL CHECK (size >= 0),
    mime       text        NOT NULL,
    sha256     bytea       NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX blobs_subject_idx ON ops.blobs (subject);

-- Open connections of agents. Unlogged, because all agents reconnect after a crash anyway.
CREATE UNLOGGED TABLE ops.heartbeats (
    agent_id      text        NOT NULL,
    connection_id uuid        NOT NULL,
    seen_at       timestamptz NOT NULL,
    PRIMARY KEY (agent_id, connection_id)
);
CREATE INDEX heartbeats_seen_idx ON ops.heartbeats (seen_at);
