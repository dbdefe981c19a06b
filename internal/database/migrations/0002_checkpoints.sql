-- +goose Up
-- Read models. The schema app_data has the tables by generation, app the views that queries name, and masked the same
-- views for masked viewers.
CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
CREATE SCHEMA app_data;
CREATE SCHEMA app;
CREATE SCHEMA masked;

-- How far the running read models have got. epoch increases whenever the set of running read models or their tables
-- changes. A position given to a browser is valid for one log and one epoch.
CREATE TABLE app_data.progress (
    only_one         boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
    log_id           uuid        NOT NULL DEFAULT gen_random_uuid(),
    epoch            bigint      NOT NULL DEFAULT 1,
    commit_position  bigint      NOT NULL DEFAULT 0,
    prepare_position bigint      NOT NULL DEFAULT 0,
    silent           boolean     NOT NULL DEFAULT false, -- changes are not recorded during a catch-up with old events
    pruned_through   bigint      NOT NULL DEFAULT 0,     -- changes up to here have been deleted
    problem          text        NOT NULL DEFAULT '',    -- code of what halts all read models
    updated_at       timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 20);
INSERT INTO app_data.progress DEFAULT VALUES;

-- One row per read model. The position of a RUNNING one is the later of its own and that in progress; the others have
-- only their own.
CREATE TABLE app_data.checkpoints (
    name             text        PRIMARY KEY,
    generation       integer     NOT NULL,
    last_generation  integer     NOT NULL, -- the highest ever started
    state            text        NOT NULL CHECK (state IN ('RUNNING', 'STOPPED', 'REBUILDING')),
    commit_position  bigint      NOT NULL DEFAULT 0,
    prepare_position bigint      NOT NULL DEFAULT 0,
    problem          text        NOT NULL DEFAULT '', -- a code without personal data
    problem_position bigint      NOT NULL DEFAULT 0,
    attempts         integer     NOT NULL DEFAULT 0,
    updated_at       timestamptz NOT NULL DEFAULT now()
);

-- Events that read models skip on an operator's decision, in rebuilds too. The name * means all read models.
CREATE TABLE app_data.skips (
    name            text        NOT NULL,
    commit_position bigint      NOT NULL,
    reason          text        NOT NULL,
    at              timestamptz NOT NULL,
    PRIMARY KEY (name, commit_position)
);

-- The rows that changed in the last 24 hours and whom they concern. Live updates and reconnecting screens read them.
CREATE TABLE app_data.changes (
    position       bigint      NOT NULL,
    kind           text        NOT NULL,
    id             text        NOT NULL,
    interaction_id text        NOT NULL,
    queue          text        NOT NULL,
    account        text        NOT NULL,
    agents         text[]      NOT NULL,
    list           text        NOT NULL,
    queue_before   text        NOT NULL,
    account_before text        NOT NULL,
    agents_before  text[]      NOT NULL,
    list_before    text        NOT NULL,
    recorded_at    timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX changes_position_idx ON app_data.changes (position);

-- Fencing: fails unless the writer knows the current epoch and position. Locks the row until the end of the transaction.
-- +goose StatementBegin
CREATE FUNCTION app_data.expect_progress(expected_epoch bigint, expected_commit bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    p app_data.progress;
BEGIN
    SELECT * INTO p FROM app_data.progress FOR UPDATE;
    IF p.epoch <> expected_epoch OR p.commit_position <> expected_commit THEN
        RAISE EXCEPTION 'the read models are at % of epoch %, not at % of epoch %',
            p.commit_position, p.epoch, expected_commit, expected_epoch USING ERRCODE = 'PY001';
    END IF;
END
$$;

-- Fencing for a read model that catches up on its own.
CREATE FUNCTION app_data.expect_checkpoint(expected_name text, expected_generation integer, expected_commit bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    c app_data.checkpoints;
BEGIN
    SELECT * INTO c FROM app_data.checkpoints WHERE name = expected_name FOR UPDATE;
    IF c.name IS NULL OR c.state = 'RUNNING' OR c.generation <> expected_generation OR c.commit_position <> expected_commit THEN
        RAISE EXCEPTION '% is % at % of generation %, not at % of generation %',
            expected_name, c.state, c.commit_position, c.generation, expected_commit, expected_generation USING ERRCODE = 'PY001';
    END IF;
END
$$;
-- +goose StatementEnd
