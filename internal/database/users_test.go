package database_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/internal/access"
	"parley/internal/database"
	"parley/internal/testwait"
	"parley/projections/projectionstest"
)

func TestOneUsersQueriesLeaveConnectionsForOthers(t *testing.T) {
	db := openBoxes(t)
	for name, pool := range map[string]func(domain.UserID) database.Querier{
		"a viewer's": func(user domain.UserID) database.Querier { return db.For(access.Viewer{User: user}) },
		"a masked viewer's": func(user domain.UserID) database.Querier {
			return db.For(access.Viewer{User: user, Masked: true})
		},
		"the program's for a viewer": db.ClearFor,
	} {
		anna, ben := pool("anna"), pool("ben")
		var open []pgx.Rows
		for {
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			rows, err := anna.Query(ctx, `SELECT 1`)
			if err != nil {
				require.ErrorIs(t, err, context.DeadlineExceeded)
				cancel()
				break
			}
			defer cancel()
			open = append(open, rows)
		}
		require.Less(t, len(open), int(db.Masked.Config().MaxConns), name)
		waiting := make(chan error, 3)
		go func() {
			var one int
			waiting <- anna.QueryRow(t.Context(), `SELECT 1`).Scan(&one)
		}()
		go func() {
			rows, err := anna.Query(t.Context(), `SELECT 1`)
			for err == nil && rows.Next() {
			}
			waiting <- err
		}()
		go func() {
			b := &pgx.Batch{}
			b.Queue(`SELECT 1`)
			waiting <- anna.SendBatch(t.Context(), b).Close()
		}()
		var one int
		require.NoError(t, ben.QueryRow(t.Context(), `SELECT 1`).Scan(&one))
		require.Empty(t, waiting)
		for _, rows := range open {
			rows.Close()
		}
		for range 3 {
			require.NoError(t, <-waiting)
		}
	}
}

func TestAQueryEndsInPostgresWhenItsClientHasLeft(t *testing.T) {
	db, err := database.Open(t.Context(), projectionstest.Database(t), database.Pools{})
	require.NoError(t, err)
	t.Cleanup(db.Close)
	sleeping := func() (n int) {
		require.NoError(t, db.Work.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND query = 'SELECT pg_sleep(3600)' AND state = 'active'`).Scan(&n))
		return n
	}
	conn, err := db.Clear.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	_, err = conn.Exec(t.Context(), `SET statement_timeout = 0`)
	require.NoError(t, err)
	ctx, leave := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		_, err := conn.Exec(ctx, `SELECT pg_sleep(3600)`)
		ended <- err
	}()
	require.Eventually(t, func() bool { return sleeping() == 1 }, testwait.Limit, 10*time.Millisecond)
	leave()
	require.True(t, errors.Is(<-ended, context.Canceled))
	require.Eventually(t, func() bool { return sleeping() == 0 }, testwait.Limit, 10*time.Millisecond)
}
