package projections

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/eventstore"
)

// BenchSession is a leader without a store: it folds the batches it is given.
type BenchSession struct{ leader *leader }

func NewBenchSession(ctx context.Context, t testing.TB, pool *pgxpool.Pool, models []Model) BenchSession {
	t.Helper()
	conn, err := connect(ctx, pool)
	require.NoError(t, err)
	t.Cleanup(func() { closeConn(conn) })
	l := newLeader(Config{Pool: pool, Models: models, CacheRows: 20_000}, conn)
	require.NoError(t, prepareModels(ctx, conn, models))
	_, err = conn.Exec(ctx, `UPDATE app_data.checkpoints SET state = 'RUNNING'`)
	require.NoError(t, err)
	require.NoError(t, l.load(ctx))
	return BenchSession{l}
}

func (s BenchSession) Step(events []eventstore.Recorded, silent bool) error {
	return s.leader.step(context.Background(), events, events[len(events)-1].Position, silent)
}

// MergeChanges makes one change of two of the same row.
func MergeChanges(first, second Change) Change { return first.merge(second) }
