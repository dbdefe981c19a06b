package projectionstest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/eventstore"
	"parley/internal/devpg"
	"parley/projections"
)

// Database is the URL of a fresh migrated database that is dropped when the test ends.
func Database(t testing.TB) string {
	t.Helper()
	return devpg.TestTemplate(t, "projections", func(url string) error { return projections.Migrate(context.Background(), url) })
}

// Open is a fresh migrated database with the tables and views of these models.
func Open(t testing.TB, models []projections.Model) projections.DB {
	t.Helper()
	db, err := projections.Open(t.Context(), Database(t), projections.Pools{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	require.NoError(t, projections.Prepare(t.Context(), db.Clear, models))
	return db
}

// Run is a database whose read models have folded these events, in batches that split them at every place in turn: what is
// read must not depend on that.
func Run(t testing.TB, models []projections.Model, events ...[]eventstore.Recorded) projections.DB {
	t.Helper()
	db := Open(t, models)
	log := InOrder(events...)
	for size := 1; len(log) > 0; size++ {
		n := min(size, len(log))
		require.NoError(t, projections.Project(t.Context(), db.Clear, models, log[:n]...))
		log = log[n:]
	}
	return db
}

// Append folds more events, after those of Run and earlier Appends.
func Append(t testing.TB, db projections.DB, models []projections.Model, after int, events ...[]eventstore.Recorded) {
	t.Helper()
	log := InOrder(events...)
	for i := range log {
		log[i].Position.Commit += uint64(after)
		log[i].Position.Prepare += uint64(after)
	}
	require.NoError(t, projections.Project(t.Context(), db.Clear, models, log...))
}
