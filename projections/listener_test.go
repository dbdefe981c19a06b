package projections_test

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/eventstore"
	"parley/internal/devpg"
	"parley/live"
	"parley/projections"
)

// listen is what another process hears.
func (w *world) listen() *projections.Listener {
	ctx, cancel := context.WithCancel(context.Background())
	l := projections.NewListener(w.db.Clear, w.log)
	var running sync.WaitGroup
	running.Go(func() { _ = l.Run(ctx) })
	w.t.Cleanup(func() {
		cancel()
		running.Wait()
	})
	require.Eventually(w.t, func() bool { _, listening := l.Position(); return listening }, patience, time.Millisecond)
	return l
}

func TestAWriterSeesItsOwnWrites(t *testing.T) {
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

func TestAWriterDoesNotWaitLong(t *testing.T) {
	w := newWorld(t)
	l := w.listen()
	start := time.Now()
	require.False(t, l.Await(t.Context(), w.append("a", put{Thing: "pen"}))) // nobody projects
	require.GreaterOrEqual(t, time.Since(start), projections.AwaitLimit)
	require.Less(t, time.Since(start), patience)
}

func TestNobodySaysThatAReadModelThatDoesNotExistHasFoldedAnything(t *testing.T) {
	w := newWorld(t)
	w.run(w.config(boxes(nil), things()))
	l := w.listen()
	at := w.append("a", put{Thing: "pen"})
	w.eventually("boxes_v1", at)
	require.False(t, l.Await(t.Context(), at, "boxes_v1", "things_v2"))
	require.True(t, l.Await(t.Context(), at, "boxes_v1", "things_v1"))
}

func TestAWriterDoesNotWaitForAStoppedReadModel(t *testing.T) {
	w := newWorld(t)
	var bad atomic.Bool
	bad.Store(true)
	w.run(w.config(boxes(&bad), things()))
	l := w.listen()
	w.append("a", put{Thing: "pen"}, cursed{})
	at := w.append("a", put{Thing: "cup"})
	require.Eventually(t, func() bool { return w.status("boxes_v1").State == projections.Stopped }, patience, 10*time.Millisecond)
	require.Eventually(t, func() bool {
		start := time.Now()
		return !l.Await(t.Context(), at, "boxes_v1") && time.Since(start) < time.Second
	}, patience, time.Millisecond)
	require.True(t, l.Await(t.Context(), at, "things_v1"))
	bad.Store(false)
	require.Eventually(t, func() bool { return l.Await(t.Context(), at, "boxes_v1") }, patience, time.Millisecond)
}

func TestScreensHearOfRowsAsTheyChange(t *testing.T) {
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
	want := live.Change{Position: at.Commit, Kind: "box", ID: "a", Agents: []string{"bob"}, AgentsBefore: []string{"ann"}}
	require.Equal(t, []live.Change{want}, b.Changes)

	w.eventually("boxes_v1", w.append("a", put{Thing: "key", Owner: "cho"})) // no longer hers
	s, err = h.Subscribe(t.Context(), first.Position, live.Interest{Agents: []string{"ann"}})
	require.NoError(t, err)
	b, err = s.Next(t.Context())
	require.NoError(t, err)
	require.Equal(t, []live.Change{want}, b.Changes)

	_, err = projections.Rebuild(t.Context(), w.config(boxes(nil), things()), "boxes_v1")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		b, err := s.Next(t.Context())
		return err == nil && b.Resync
	}, patience, time.Millisecond)
}

func TestOldChangesAreForgotten(t *testing.T) {
	w := newWorld(t)
	stop := w.run(w.config(boxes(nil), things()))
	w.eventually("boxes_v1", w.append("a", put{Thing: "pen"}))
	old := w.append("b", put{Thing: "pen"})
	w.eventually("boxes_v1", old)
	w.eventually("boxes_v1", w.append("c", put{Thing: "pen"}))
	stop()
	_, err := w.db.Clear.Exec(t.Context(), `UPDATE app_data.changes SET recorded_at = now() - interval '25 hours' WHERE position <= $1`, int64(old.Commit))
	require.NoError(t, err)
	w.run(w.config(boxes(nil), things()))
	require.Eventually(t, func() bool { return len(w.rows(`SELECT id FROM app_data.changes`)) == 1 }, patience, 50*time.Millisecond)
	require.Equal(t, []string{"(" + strconv.FormatUint(old.Commit, 10) + ")"}, w.rows(`SELECT pruned_through FROM app_data.progress`))
}

// crash stops a server at once, as a power cut would.
func crash(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(int(conn.PgConn().PID())), "stat"))
	require.NoError(t, err)
	postmaster, err := strconv.Atoi(strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))[1])
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(postmaster, syscall.SIGQUIT))
	require.Eventually(t, func() bool { return syscall.Kill(postmaster, 0) != nil }, patience, 10*time.Millisecond)
}

func TestACrashOfPostgresLosesAndDoublesNothing(t *testing.T) { // F1, I5
	dir := t.TempDir()
	server, err := devpg.Start(t.Context(), devpg.Config{Dir: dir})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Stop() })
	require.NoError(t, server.EnsureDatabase(t.Context(), "parley"))
	url := server.URL("parley")
	require.NoError(t, projections.Migrate(t.Context(), url))
	w := worldAt(t, url)
	w.run(w.config(boxes(nil), things()))
	l := w.listen()
	w.eventually("things_v1", w.append("a", put{Thing: "cup"}))

	ctx, stop := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	puts := 0
	busy.Go(func() {
		for ; ctx.Err() == nil; puts++ {
			w.append("a", put{Thing: "pen"})
		}
	})
	for range 3 {
		before, _ := l.Position()
		require.Eventually(t, func() bool {
			now, listening := l.Position()
			return listening && now.Commit > before.Commit+20
		}, patience, time.Millisecond)
		crash(t, url)
		_ = server.Stop()
		server, err = devpg.Start(t.Context(), devpg.Config{Dir: dir})
		require.NoError(t, err)
		require.Equal(t, url, server.URL("parley"))
	}
	stop()
	busy.Wait()
	var at eventstore.Position
	require.Eventually(t, func() bool { at = w.append("a", put{Thing: "key"}); return true }, patience, time.Second)
	require.Eventually(t, func() bool { return l.Await(t.Context(), at, "things_v1") }, patience, time.Millisecond)
	require.Equal(t, []string{"(" + strconv.Itoa(puts) + ")"}, w.rows(`SELECT times FROM app.things WHERE thing = 'pen'`))
	list, err := projections.Verify(t.Context(), w.config(boxes(nil), things()))
	require.NoError(t, err)
	_, differing := reports(t, list)
	require.Zero(t, differing)
}
