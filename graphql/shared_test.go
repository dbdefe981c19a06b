package graphql

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/internal/access"
	"parley/internal/testwait"
	"parley/projections/engine"
	"parley/projections/projectionstest"
)

// listen returns a running listener, and a function that announces a batch: its last position and the tables
// it touched.
func listen(t *testing.T) (*engine.Listener, func(at, tables string)) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), projectionstest.Database(t))
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	l := engine.NewListener(pool, nil)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { _ = l.Run(ctx) })
	t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	listening := func() bool { _, ok := l.Position(); return ok }
	require.Eventually(t, listening, testwait.Limit, time.Millisecond)
	return l, func(at, tables string) {
		heard := make(chan struct{}, 1)
		defer l.On("changes", func(string) { heard <- struct{}{} }, nil)()
		_, err := pool.Exec(t.Context(), `SELECT pg_notify('changes', '0,' || $1 || ',1,' || $2)`, at, tables)
		require.NoError(t, err)
		<-heard
	}
}

// reads counts reads. Each row is the number of the read that found it.
type reads struct{ n atomic.Int64 }

func (r *reads) read(ids []string) (map[string]int64, error) {
	n := r.n.Add(1)
	found := make(map[string]int64)
	for _, id := range ids {
		if id != "gone" {
			found[id] = n
		}
	}
	return found, nil
}

func TestManyRequestsForTheSameRowsCauseOneRead(t *testing.T) {
	l, _ := listen(t)
	s, r := newShared[int64](l, "contacts"), new(reads)
	var all sync.WaitGroup
	for range 200 {
		all.Go(func() {
			found, err := s.load(t.Context(), "clear everything", []string{"a", "b", "gone"}, 0, r.read)
			if err != nil || len(found) != 2 {
				t.Errorf("found %v, %v", found, err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 1, r.n.Load())
}

func TestViewersWithDifferentRightsDoNotShareRows(t *testing.T) {
	l, _ := listen(t)
	s, r := newShared[int64](l, "contacts"), new(reads)
	for _, v := range []access.Viewer{
		{User: "ann", Everything: true},
		{User: "ann", Everything: true, Masked: true},
		{User: "ben", Queues: []domain.QueueID{"q1"}},
		{User: "cho", Queues: []domain.QueueID{"q1"}},
		{User: "cho", Queues: []domain.QueueID{"q1", "q2"}},
		{User: "cho", Accounts: []domain.AccountID{"q1"}},
	} {
		before := r.n.Load()
		_, err := s.load(t.Context(), rightsClass(v), []string{"a"}, 0, r.read)
		require.NoError(t, err)
		require.Equal(t, before+1, r.n.Load(), "%+v", v)
	}
}

func TestRowsAreReadAgainOnceTheirTableHasChanged(t *testing.T) {
	l, announce := listen(t)
	s, r := newShared[int64](l, "contacts", "policy"), new(reads)
	ask := func() int64 {
		found, err := s.load(t.Context(), "clear", []string{"a"}, 0, r.read)
		require.NoError(t, err)
		return found["a"]
	}
	require.EqualValues(t, 1, ask())
	announce("5", "messages interactions")
	require.EqualValues(t, 1, ask())
	for i, tables := range []string{"messages contacts", "policy", "*"} {
		announce("6", tables)
		_, _, known := s.peek("clear", "a")
		require.False(t, known, tables)
		require.EqualValues(t, i+2, ask(), tables)
	}
}

func TestRowsOfALiveBatchAreNeverOlderThanTheBatch(t *testing.T) {
	l, announce := listen(t)
	s, r := newShared[int64](l), new(reads)
	ask := func(since uint64) int64 {
		found, err := s.load(t.Context(), "clear", []string{"a"}, since, r.read)
		require.NoError(t, err)
		return found["a"]
	}
	announce("10", "interactions")
	require.EqualValues(t, 1, ask(10))
	require.EqualValues(t, 1, ask(7))
	require.EqualValues(t, 2, ask(11))
	require.EqualValues(t, 2, ask(11))
}
