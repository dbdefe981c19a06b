package engine

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/eventstore"
	"parley/internal/database"
	"parley/projections"
)

// TestLeader leads without an event store: it folds the batches it is given.
type TestLeader struct{ leader *leader }

// NewTestLeader returns a leader of these models on a connection of its own.
func NewTestLeader(ctx context.Context, t testing.TB, pool *pgxpool.Pool, models []projections.Model) TestLeader {
	t.Helper()
	conn, err := connect(ctx, pool)
	require.NoError(t, err)
	t.Cleanup(func() { database.CloseSession(conn) })
	l := newLeader(Config{Pool: pool, Models: models, CacheBytes: defaultCacheBytes}, conn)
	require.NoError(t, prepareModels(ctx, conn, models))
	_, err = conn.Exec(ctx, `UPDATE app_data.checkpoints SET state = 'RUNNING'`)
	require.NoError(t, err)
	require.NoError(t, l.loadState(ctx))
	return TestLeader{l}
}

func (s TestLeader) Step(events []eventstore.Recorded, silent bool) error {
	return s.leader.applyBatch(context.Background(), events, events[len(events)-1].Position, silent)
}
