package live_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/internal/devpg"
	"parley/internal/live"
	"parley/internal/testwait"
	"parley/projections/engine"
	"parley/projections/projectionstest"
)

const patience = testwait.Limit

// world is a migrated database to which the test writes changes as the projector does.
type world struct {
	t     testing.TB
	pool  *pgxpool.Pool
	epoch int64
	at    int
}

func newWorld(t testing.TB) *world {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction(devpg.Waiting)) })
	pool, err := pgxpool.New(t.Context(), projectionstest.Database(t))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	w := &world{t: t, pool: pool}
	require.NoError(t, pool.QueryRow(t.Context(), `SELECT epoch FROM app_data.progress`).Scan(&w.epoch))
	return w
}

// hub returns the hub of a new process.
func (w *world) hub() *live.Hub {
	w.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	l, h := engine.NewListener(w.pool, nil), live.NewHub(w.pool, nil)
	var running sync.WaitGroup
	running.Go(func() { _ = l.Run(ctx) })
	running.Go(func() { _ = h.Run(ctx, l) })
	w.t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	require.Eventually(w.t, func() bool { _, listening := l.Position(); return listening }, patience,
		time.Millisecond)
	return h
}

// project writes the changes of one batch, each at the next position, and announces them.
func (w *world) project(changes ...live.Change) {
	w.t.Helper()
	ctx := context.Background()
	from := w.at
	err := pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		for _, c := range changes {
			w.at++
			_, err := tx.Exec(ctx, `
				INSERT INTO app_data.changes VALUES ($1, $2, $3, $4, $5, $6, coalesce($7, '{}'::text[]),
					$8, $9, $10, coalesce($11, '{}'::text[]), $12)`,
				w.at, c.Kind, c.ID, c.InteractionID, c.Queue, c.Account, c.Agents,
				c.List, c.QueueBefore, c.AccountBefore, c.AgentsBefore, c.ListBefore)
			if err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `UPDATE app_data.progress SET commit_position = $1, epoch = $2`, w.at, w.epoch)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `SELECT pg_notify('changes', $1)`, fmt.Sprintf("%d,%d,%d", from, w.at, w.epoch))
		return err
	})
	require.NoError(w.t, err)
}

// dropListeners kills the connections that listen for notifications.
func (w *world) dropListeners() {
	w.t.Helper()
	_, err := w.pool.Exec(context.Background(), `
		SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE application_name = 'parley listener' AND datname = current_database()`)
	require.NoError(w.t, err)
}

func (w *world) subscribe(h *live.Hub, after string, i live.Interest) *live.Subscription {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	s, err := h.Subscribe(ctx, after, i)
	require.NoError(w.t, err)
	w.t.Cleanup(cancel)
	return s
}

func (w *world) next(s *live.Subscription) live.Batch {
	w.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	b, err := s.Next(ctx)
	require.NoError(w.t, err)
	return b
}

// told returns the ids received up to and including last, and the position there.
func (w *world) told(s *live.Subscription, last string) (ids []string, position string) {
	w.t.Helper()
	for {
		b := w.next(s)
		require.False(w.t, b.Resync)
		for _, c := range b.Changes {
			ids = append(ids, c.ID)
		}
		if len(ids) > 0 && ids[len(ids)-1] == last {
			return ids, b.Position
		}
	}
}

func change(id string, agents ...string) live.Change {
	return live.Change{Kind: "interaction", ID: id, InteractionID: id, Agents: agents}
}

func message(id, interaction string) live.Change {
	return live.Change{Kind: "message", ID: id, InteractionID: interaction}
}
