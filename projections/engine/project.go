package engine

import (
	"context"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/eventstore"
	"parley/internal/database"
	"parley/projections"
)

// Project folds the given events, in log order, into the read models, as Run does with the events from the
// event store. It starts new read models and ignores events already folded. Only tests use it.
func Project(ctx context.Context, pool *pgxpool.Pool, models []projections.Model, events ...eventstore.Recorded) error {
	conn, err := connect(ctx, pool)
	if err != nil {
		return err
	}
	defer database.CloseSession(conn)
	config := Config{Pool: pool, Models: models, Log: slog.New(slog.DiscardHandler), CacheBytes: defaultCacheBytes}
	l := newLeader(config, conn)
	if err := prepareModels(ctx, conn, models); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `UPDATE app_data.checkpoints SET state = 'RUNNING' WHERE state = 'REBUILDING'`); err != nil {
		return err
	}
	if err := l.loadState(ctx); err != nil {
		return err
	}
	for len(events) > 0 && !events[0].Position.After(l.progress.at) {
		events = events[1:]
	}
	if len(events) == 0 {
		return nil
	}
	return l.applyBatch(ctx, events, events[len(events)-1].Position, false)
}
