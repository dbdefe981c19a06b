package projections

import (
	"context"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/eventstore"
)

// Project folds events handed over by the caller, in the log's order, into read models that run in step, as Run does with those
// the event store delivers; new read models run from the start. Tests use it. Events at or before the present position are left out.
func Project(ctx context.Context, pool *pgxpool.Pool, models []Model, events ...eventstore.Recorded) error {
	conn, err := connect(ctx, pool)
	if err != nil {
		return err
	}
	defer closeConn(conn)
	l := newLeader(Config{Pool: pool, Models: models, Log: slog.New(slog.DiscardHandler), CacheRows: defaultCacheRows}, conn)
	if err := prepareModels(ctx, conn, models); err != nil {
		return err
	}
	if _, err := conn.Exec(ctx, `UPDATE app_data.checkpoints SET state = 'RUNNING' WHERE state = 'REBUILDING'`); err != nil {
		return err
	}
	if err := l.load(ctx); err != nil {
		return err
	}
	for len(events) > 0 && !events[0].Position.After(l.progress.at) {
		events = events[1:]
	}
	if len(events) == 0 {
		return nil
	}
	return l.step(ctx, events, events[len(events)-1].Position, false)
}
