package engine

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const resetSQL = `
DO $$
DECLARE
    r record;
BEGIN
    PERFORM FROM app_data.progress FOR UPDATE;
    FOR r IN SELECT schemaname, viewname FROM pg_views WHERE schemaname IN ('app', 'masked') LOOP
        EXECUTE format('DROP VIEW IF EXISTS %I.%I CASCADE', r.schemaname, r.viewname);
    END LOOP;
    FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'app_data' AND tablename ~ '_g[0-9]+$' LOOP
        EXECUTE format('DROP TABLE app_data.%I', r.tablename);
    END LOOP;
    DELETE FROM app_data.checkpoints;
    DELETE FROM app_data.skips;
    TRUNCATE app_data.changes;
    UPDATE app_data.progress SET log_id = gen_random_uuid(), epoch = epoch + 1, commit_position = 0, prepare_position = 0,
        silent = false, pruned_through = 0, problem = '', last_event = null, last_commit = 0, last_prepare = 0;
    PERFORM pg_notify('checkpoints', '');
END
$$`

// Reset drops all read models and everything else that refers to positions, such as skips. From then on the
// read models belong to the log with this identity, and the leader fills them from it.
func Reset(ctx context.Context, pool *pgxpool.Pool, logID string) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, resetSQL); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE app_data.progress SET event_log = nullif($1, '')::uuid`, logID)
		return err
	})
	if err != nil {
		return fmt.Errorf("reset read models: %w", err)
	}
	return nil
}

// Renew gives the log a new id. Every desktop then reloads its data, whatever position it resumes from. Use it after the
// log and the read models were restored together from a backup.
func Renew(ctx context.Context, pool *pgxpool.Pool) error {
	err := pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE app_data.progress SET log_id = gen_random_uuid()`); err != nil {
			return err
		}
		return startEpoch(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("renew the read models: %w", err)
	}
	return nil
}
