-- The event log of the embedded node. Every statement may run again on a log that is in use.
CREATE SCHEMA IF NOT EXISTS eventlog;

-- One row per stream that was ever written or given metadata. It changes only when the metadata does,
-- so an append touches nothing but the events table.
CREATE TABLE IF NOT EXISTS eventlog.streams (
    id         bigint  PRIMARY KEY,
    name       text    NOT NULL COLLATE "C",
    metadata   bytea,
    tombstoned boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX IF NOT EXISTS streams_name_idx ON eventlog.streams (name);

-- The log itself. Positions have no gaps and follow the order of commits: they are given out under a lock
-- that is held until the commit. The stream's name is repeated here so that reading the log needs no join.
CREATE TABLE IF NOT EXISTS eventlog.events (
    position   bigint      PRIMARY KEY,
    stream_id  bigint      NOT NULL,
    revision   bigint      NOT NULL,
    event_id   uuid        NOT NULL,
    created_at timestamptz NOT NULL,
    is_json    boolean     NOT NULL,
    stream     text        NOT NULL COLLATE "C",
    type       text        NOT NULL COLLATE "C",
    data       bytea       NOT NULL,
    metadata   bytea       NOT NULL
);
CREATE UNIQUE INDEX IF NOT EXISTS events_revision_idx ON eventlog.events (stream_id, revision);
CREATE INDEX IF NOT EXISTS events_event_id_idx ON eventlog.events (stream_id, event_id);

-- Persistent subscriptions: who shares the work on a stream or on $all, and how far it is done.
CREATE TABLE IF NOT EXISTS eventlog.subscription_groups (
    source     text   NOT NULL COLLATE "C",
    name       text   NOT NULL COLLATE "C",
    settings   jsonb  NOT NULL,
    checkpoint bigint NOT NULL, -- revision, or position for $all; everything up to it is settled
    PRIMARY KEY (source, name)
);
