package projections

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/eventstore"
)

// NewBenchSession is a leader without a store: it folds the batches it is given.
func NewBenchSession(ctx context.Context, t testing.TB, pool *pgxpool.Pool, models []Model) func([]eventstore.Recorded) error {
	t.Helper()
	conn, err := connect(ctx, pool)
	require.NoError(t, err)
	t.Cleanup(func() { closeConn(conn) })
	l := newLeader(Config{Pool: pool, Models: models, CacheRows: 20_000}, conn)
	require.NoError(t, prepareModels(ctx, conn, models))
	_, err = conn.Exec(ctx, `UPDATE app_data.checkpoints SET state = 'RUNNING'`)
	require.NoError(t, err)
	require.NoError(t, l.load(ctx))
	return func(events []eventstore.Recorded) error {
		return l.step(ctx, events, events[len(events)-1].Position, false)
	}
}
