package projectionstest

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/eventstore"
	"parley/internal/database"
	"parley/internal/devpg"
	"parley/projections"
	"parley/projections/engine"
)

// Database returns the URL of a new migrated database, which is dropped when the test ends.
func Database(t testing.TB) string {
	t.Helper()
	return devpg.TestTemplate(t, "projections",
		func(url string) error { return database.Migrate(context.Background(), url) })
}

// Open returns a new migrated database with the tables and views of these models.
func Open(t testing.TB, models []projections.Model) database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), Database(t), database.Pools{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	require.NoError(t, engine.Prepare(t.Context(), db.Clear, models))
	return db
}

// Run returns a database whose read models have folded these events, in batches that are split at every
// possible place: the rows must not depend on that.
func Run(t testing.TB, models []projections.Model, events ...[]eventstore.Recorded) database.DB {
	t.Helper()
	db := Open(t, models)
	log := InOrder(events...)
	for size := 1; len(log) > 0; size++ {
		n := min(size, len(log))
		require.NoError(t, engine.Project(t.Context(), db.Clear, models, log[:n]...))
		log = log[n:]
	}
	return db
}

// Append folds more events, following those of Run and earlier calls of Append.
func Append(t testing.TB, db database.DB, models []projections.Model, after int, events ...[]eventstore.Recorded) {
	t.Helper()
	log := InOrder(events...)
	for i := range log {
		log[i].Position.Commit += uint64(after)
		log[i].Position.Prepare += uint64(after)
	}
	require.NoError(t, engine.Project(t.Context(), db.Clear, models, log...))
}

// Analyst connects as an analyst, and disconnects at the end of the test.
func Analyst(t testing.TB, db database.DB) *pgx.Conn {
	t.Helper()
	config := db.Clear.Config().ConnConfig.Copy()
	err := db.Clear.QueryRow(t.Context(),
		`SELECT role, password FROM ops.database_roles WHERE role LIKE 'parley\_analyst\_%' LIMIT 1`).
		Scan(&config.User, &config.Password)
	require.NoError(t, err)
	conn, err := pgx.ConnectConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}
