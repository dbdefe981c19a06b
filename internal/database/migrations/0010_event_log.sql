-- +goose Up
-- Positions mean something in one event log only. event_log is the identity of the log that every position here refers
-- to; null until the first program has started. The last event folded shows later whether the log is still the same.
ALTER TABLE app_data.progress
    ADD COLUMN event_log    uuid,
    ADD COLUMN last_event   uuid,
    ADD COLUMN last_commit  bigint NOT NULL DEFAULT 0,
    ADD COLUMN last_prepare bigint NOT NULL DEFAULT 0;
