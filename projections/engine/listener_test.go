package engine_test

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/live"
	"parley/projections/engine"
)

// listen returns a running listener, as another process would have.
func (w *world) listen() *engine.Listener {
	ctx, cancel := context.WithCancel(context.Background())
	l := engine.NewListener(w.db.Clear, w.log)
	var running sync.WaitGroup
	running.Go(func() { _ = l.Run(ctx) })
	w.t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	require.Eventually(w.t, func() bool { _, listening := l.Position(); return listening },
		timeout, time.Millisecond)
	return l
}

func TestAwaitLetsAWriterReadItsOwnWrites(t *testing.T) {
	w := newWorld(t)
	w.run(w.config(boxes(nil), things()))
	w.eventually("boxes_v1", w.append("a", put{Thing: "pen"}))
	l := w.listen()
	for i := range 50 {
		at := w.append("a", put{Thing: "pen"})
		require.True(t, l.Await(t.Context(), at, "boxes_v1", "things_v1"))
		require.Equal(t, []string{"(" + strconv.Itoa(i+2) + ")"}, w.rows(`SELECT things FROM app.boxes`))
	}
}

func TestAwaitGivesUpAtItsLimit(t *testing.T) {
	w := newWorld(t)
	l := w.listen()
	start := time.Now()
	require.False(t, l.Await(t.Context(), w.append("a", put{Thing: "pen"}))) // no leader
	require.GreaterOrEqual(t, time.Since(start), engine.AwaitLimit)
	require.Less(t, time.Since(start), timeout)
}

func TestAwaitReturnsFalseForAnUnknownReadModel(t *testing.T) {
	w := newWorld(t)
	w.run(w.config(boxes(nil), things()))
	l := w.listen()
	at := w.append("a", put{Thing: "pen"})
	w.eventually("boxes_v1", at)
	require.False(t, l.Await(t.Context(), at, "boxes_v1", "things_v2"))
	require.True(t, l.Await(t.Context(), at, "boxes_v1", "things_v1"))
}

func TestAwaitDoesNotWaitForAStoppedReadModel(t *testing.T) {
	w := newWorld(t)
	var failing atomic.Bool
	failing.Store(true)
	w.run(w.config(boxes(&failing), things()))
	l := w.listen()
	w.append("a", put{Thing: "pen"}, poisoned{})
	at := w.append("a", put{Thing: "cup"})
	w.eventuallyStopped("boxes_v1")
	require.Eventually(t, func() bool {
		start := time.Now()
		return !l.Await(t.Context(), at, "boxes_v1") && time.Since(start) < time.Second
	}, timeout, time.Millisecond)
	require.True(t, l.Await(t.Context(), at, "things_v1"))
	failing.Store(false)
	require.Eventually(t, func() bool { return l.Await(t.Context(), at, "boxes_v1") }, timeout, time.Millisecond)
}

func TestSubscribersReceiveChangesToTheRowsTheyWatch(t *testing.T) {
	w := newWorld(t)
	w.run(w.config(boxes(nil), things()))
	w.eventually("boxes_v1", w.append("a", put{Thing: "pen", Owner: "ann"}))
	ctx, cancel := context.WithCancel(context.Background())
	h, l := live.NewHub(w.db.Clear, w.log), w.listen()
	var running sync.WaitGroup
	running.Go(func() { _ = h.Run(ctx, l) })
	t.Cleanup(func() { cancel(); running.Wait() })

	s, err := h.Subscribe(t.Context(), "", live.Interest{Agents: []string{"ann"}})
	require.NoError(t, err)
	first, err := s.Next(t.Context())
	require.NoError(t, err)
	at := w.append("a", put{Thing: "cup", Owner: "bob"})
	b, err := s.Next(t.Context())
	require.NoError(t, err)
	want := live.Change{
		Position: at.Commit, Kind: "box", ID: "a", Agents: []string{"bob"}, AgentsBefore: []string{"ann"},
	}
	require.Equal(t, []live.Change{want}, b.Changes)

	w.eventually("boxes_v1", w.append("a", put{Thing: "key", Owner: "cho"})) // no longer concerns ann
	s, err = h.Subscribe(t.Context(), first.Position, live.Interest{Agents: []string{"ann"}})
	require.NoError(t, err)
	b, err = s.Next(t.Context())
	require.NoError(t, err)
	require.Equal(t, []live.Change{want}, b.Changes)

	_, err = engine.Rebuild(t.Context(), w.config(boxes(nil), things()), "boxes_v1")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		b, err := s.Next(t.Context())
		return err == nil && b.Resync
	}, timeout, time.Millisecond)
}

func TestChangesOlderThanADayArePruned(t *testing.T) {
	w := newWorld(t)
	stop := w.run(w.config(boxes(nil), things()))
	w.eventually("boxes_v1", w.append("a", put{Thing: "pen"}))
	old := w.append("b", put{Thing: "pen"})
	w.eventually("boxes_v1", old)
	w.eventually("boxes_v1", w.append("c", put{Thing: "pen"}))
	stop()
	_, err := w.db.Clear.Exec(t.Context(), `
		UPDATE app_data.changes SET recorded_at = now() - interval '25 hours' WHERE position <= $1`, int64(old.Commit))
	require.NoError(t, err)
	w.run(w.config(boxes(nil), things()))
	require.Eventually(t, func() bool { return len(w.rows(`SELECT id FROM app_data.changes`)) == 1 },
		timeout, 50*time.Millisecond)
	require.Equal(t, []string{"(" + strconv.FormatUint(old.Commit, 10) + ")"},
		w.rows(`SELECT pruned_through FROM app_data.progress`))
}
