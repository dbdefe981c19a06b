-- The event log of the embedded node. Every statement is safe to repeat on a log in use.
CREATE SCHEMA IF NOT EXISTS eventlog;

-- One row per stream that was ever written or given metadata. A row changes only with the metadata, so an
-- append touches the events table only.
CREATE TABLE IF NOT EXISTS eventlog.streams (
    id         bigint  PRIMARY KEY,
    name       text    NOT NULL COLLATE "C",
    metadata   bytea,
    tombstoned boolean NOT NULL DEFAULT false
);
CREATE UNIQUE INDEX IF NOT EXISTS streams_name_idx ON eventlog.streams (name);

-- The log itself. Positions have no gaps and follow commit order, because they are assigned under a lock held
-- until the commit. The stream's name is repeated in every row so that reading the log needs no join.
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

-- Persistent subscriptions: the groups on a stream or on $all, and how far each has got.
CREATE TABLE IF NOT EXISTS eventlog.subscription_groups (
    source     text   NOT NULL COLLATE "C",
    name       text   NOT NULL COLLATE "C",
    settings   jsonb  NOT NULL,
    checkpoint bigint NOT NULL, -- revision, or position for $all; everything up to it is settled
    PRIMARY KEY (source, name)
);
