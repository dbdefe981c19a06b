package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain/queue"
	"parley/internal/faultynode"
	"parley/internal/process"
)

func TestARequestInProgressFinishesDuringShutdown(t *testing.T) {
	t.Parallel()
	p, err := build(t.Context(), testConfig(t), process.NewLog(new(logBook), "info"))
	require.NoError(t, err)
	defer p.close()
	ctx, stop := context.WithCancel(t.Context())
	shown := false
	saves := func(name string) bool {
		_, at, err := p.commands.SaveQueue(t.Context(), "", queue.Settings{Name: name,
			Strategy: queue.BeepAll, OfferTimeout: 30}, "", commands.SystemMetadata("test", commands.NewID()))
		require.NoError(t, err)
		return p.listener.Await(t.Context(), at, "settings_v1")
	}
	require.NoError(t, p.run(ctx, func(serving context.Context) error {
		require.Eventually(t, func() bool { return saves("Bookings") }, patience, time.Millisecond,
			"the read models do not start")
		stop()
		<-serving.Done() // a request is in progress
		shown = saves("Support")
		return nil
	}))
	require.True(t, shown)
}

func TestReadinessGivesDetailsLocallyAndChecksOnceASecond(t *testing.T) {
	t.Parallel()
	h := newHealth(t)
	const elsewhere = "192.0.2.7:4000"
	status, said := h.ask("/readyz", onThisMachine)
	require.Equal(t, http.StatusOK, status, "%+v", said)
	require.Contains(t, said, "postgres")

	h.exec(`UPDATE app_data.checkpoints SET state = 'STOPPED' WHERE name = 'settings_v1'`)
	status, _ = h.ask("/readyz", elsewhere)
	require.Equal(t, http.StatusOK, status, "the cached answer")
	h.passes(time.Second)
	status, said = h.ask("/readyz", elsewhere)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, map[string]readyCheck{"ready": {}}, said)
	_, said = h.ask("/readyz", onThisMachine)
	require.Contains(t, said["projection settings_v1"].Detail, "stopped at")

	h.exec(`UPDATE app_data.checkpoints SET state = 'RUNNING'`)
	h.passes(time.Second)
	status, _ = h.ask("/readyz", elsewhere)
	require.Equal(t, http.StatusOK, status)
	h.p.ready.Stopping()
	for _, path := range []string{"/readyz", "/readyz/desk", "/readyz/webhooks"} {
		status, _ = h.ask(path, elsewhere)
		require.Equal(t, http.StatusServiceUnavailable, status, "%s at once", path)
	}
}

func TestAProxyKeepsSendingAgentsAndDeliveriesToAServerThatCanServeThem(t *testing.T) {
	t.Parallel()
	h := newHealth(t)
	h.exec(`UPDATE app_data.checkpoints SET state = 'STOPPED', problem = 'BROKEN' WHERE name = 'settings_v1'`)
	h.requireReady(map[string]bool{"/readyz": false, "/readyz/desk": true, "/readyz/webhooks": true})
	h.exec(`UPDATE app_data.checkpoints SET state = 'RUNNING', problem = ''`)
	h.requireReady(map[string]bool{"/readyz": true, "/readyz/desk": true, "/readyz/webhooks": true})

	require.NoError(t, os.RemoveAll(filepath.Join(h.p.cfg.DataDir, "spool-1")))
	h.requireReady(map[string]bool{"/readyz": false, "/readyz/desk": true, "/readyz/webhooks": false})
	_, said := h.ask("/readyz", onThisMachine)
	require.Contains(t, said["deliveries"].Detail, "not durable")
	require.NoError(t, os.Mkdir(filepath.Join(h.p.cfg.DataDir, "spool-1"), 0o700))
}

func TestAServerWhoseEventStoreTakesNoEventsIsReadyForDeliveriesOnly(t *testing.T) {
	t.Parallel()
	front := faultynode.Start(t, startEventStore(t).Addr())
	cfg := testConfig(t)
	cfg.EventStoreURL = Secret(front.URL())
	h := newHealthOn(t, cfg)
	h.requireReady(map[string]bool{"/readyz": true, "/readyz/desk": true, "/readyz/webhooks": true})

	front.Set(faultynode.TakesNoEvents, true) // two of three nodes are dead
	require.Eventually(t, func() bool { return h.p.store.Healthy() && h.p.store.Writable() != nil }, patience, 10*time.Millisecond)
	h.requireReady(map[string]bool{"/readyz": false, "/readyz/desk": false, "/readyz/webhooks": true})
	_, said := h.ask("/readyz", onThisMachine)
	require.Equal(t, "answers reads but takes no events", said["eventstore"].Detail)

	front.Set(faultynode.TakesNoEvents, false)
	require.Eventually(t, func() bool { return h.p.store.Writable() == nil }, patience, 10*time.Millisecond)
	h.requireReady(map[string]bool{"/readyz": true, "/readyz/desk": true})

	front.Set(faultynode.DeniesAll, true) // a right is taken away
	_, err := h.p.store.Last(t.Context())
	require.Error(t, err)
	require.Eventually(t, func() bool { return !h.p.store.Healthy() }, patience, 10*time.Millisecond)
	require.Eventually(t, func() bool {
		h.passes(time.Second)
		_, said := h.ask("/readyz/desk", onThisMachine)
		return strings.Contains(said["eventstore"].Detail, "read $all")
	}, patience, 100*time.Millisecond)
	h.requireReady(map[string]bool{"/readyz/desk": false, "/readyz/webhooks": true})
}

func TestReadinessTellsThatNoProjectorIsAtWork(t *testing.T) {
	t.Parallel()
	h := newHealth(t)
	h.requireReady(map[string]bool{"/readyz": true})
	h.passes(time.Minute)
	_, said := h.ask("/readyz", onThisMachine)
	require.Equal(t, readyCheck{Detail: "no process with the role projector is at work"}, said["projector"])
}

func TestReadinessTellsHowOldTheOldestEventIsThatIsNotShown(t *testing.T) {
	t.Parallel()
	h := newHealth(t)
	_, _, err := h.p.commands.SaveQueue(t.Context(), "", queue.Settings{Name: "Bookings",
		Strategy: queue.BeepAll, OfferTimeout: 30}, "", commands.SystemMetadata("test", commands.NewID()))
	require.NoError(t, err)
	h.passes(4 * time.Minute)
	_, said := h.ask("/readyz", onThisMachine)
	require.Regexp(t, `^[45]m\d+s behind$`, said["projection settings_v1"].Detail)
}

func TestTheMetricsTellOfAStoppedReadModelAndOfAMissingProjector(t *testing.T) {
	t.Parallel()
	h := newHealth(t)
	h.exec(`UPDATE app_data.checkpoints SET state = 'STOPPED', problem = 'BROKEN' WHERE name = 'settings_v1'`)
	ctx, stop := context.WithCancel(t.Context())
	watched := make(chan error, 1)
	go func() { watched <- h.p.metrics.Watch(ctx, h.p.observed(), h.p.freshness) }()
	defer func() { stop(); require.NoError(t, <-watched) }()
	var shown string
	require.Eventually(t, func() bool {
		shown = h.metrics()
		return strings.Contains(shown, `parley_projection_stopped{model="settings_v1"} 1`)
	}, patience, 20*time.Millisecond)
	require.Contains(t, shown, `parley_projection_stopped{model="offers_v2"} 0`)
	require.Contains(t, shown, `parley_projection_lag_seconds{model="offers_v2"}`)
	require.Contains(t, shown, "parley_projector_working 0")
	require.Contains(t, shown, "parley_spool_durable 1")
	require.Eventually(t, func() bool {
		_, stale := h.p.freshness.Behind()
		return stale
	}, patience, 20*time.Millisecond)
}

func TestDesktopsAreToldWhileAReadModelIsStopped(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	type shown struct{ Live struct{ Behind *int } }
	w.settle(t)
	desk := w.as(t, "anna").subscribe(t, "subscription{live{behind}}", nil)
	require.Nil(t, batch[shown](t, desk).Live.Behind)
	set := func(state, problem string) {
		_, err := w.p.db.Clear.Exec(t.Context(),
			`UPDATE app_data.checkpoints SET state = $1, problem = $2 WHERE name = 'timeline_v1'`, state, problem)
		require.NoError(t, err)
	}
	set("STOPPED", "BROKEN")
	for batch[shown](t, desk).Live.Behind == nil {
	}
	set("RUNNING", "")
	for batch[shown](t, desk).Live.Behind != nil {
	}
}

const onThisMachine = "127.0.0.1:4000"

// health is a program that does no work, with a clock of its own. Its read models show everything.
type health struct {
	t       *testing.T
	p       *program
	handler http.Handler
	now     time.Time
}

func newHealth(t *testing.T) *health {
	t.Helper()
	return newHealthOn(t, testConfig(t))
}

// newHealthOn is newHealth on the caller's configuration.
func newHealthOn(t *testing.T, cfg Config) *health {
	t.Helper()
	p, err := build(t.Context(), cfg, process.NewLog(new(logBook), "info"))
	require.NoError(t, err)
	t.Cleanup(p.close)
	_, err = p.accounts.At(t.Context(), "meta") // reads the accounts
	require.NoError(t, err)
	h := &health{t: t, p: p, handler: p.handler(), now: time.Now()}
	p.now = func() time.Time { return h.now }
	end, err := p.store.Last(t.Context())
	require.NoError(t, err)
	h.exec(`UPDATE app_data.checkpoints SET state = 'RUNNING'`)
	h.exec(`UPDATE app_data.progress SET commit_position = $1, prepare_position = $2`,
		int64(end.Commit), int64(end.Prepare))
	return h
}

func (h *health) exec(sql string, args ...any) {
	h.t.Helper()
	_, err := h.p.db.Clear.Exec(h.t.Context(), sql, args...)
	require.NoError(h.t, err)
}

func (h *health) passes(d time.Duration) { h.now = h.now.Add(d) }

func (h *health) ask(path, peer string) (int, map[string]readyCheck) {
	h.t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.RemoteAddr = peer
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, r)
	var said map[string]readyCheck
	require.NoError(h.t, json.Unmarshal(w.Body.Bytes(), &said), w.Body.String())
	return w.Code, said
}

// requireReady asks each path again.
func (h *health) requireReady(wanted map[string]bool) {
	h.t.Helper()
	h.passes(time.Second)
	for path, ready := range wanted {
		status, said := h.ask(path, onThisMachine)
		require.Equal(h.t, ready, status == http.StatusOK, "%s: %+v", path, said)
	}
}

// metrics returns what /metrics answers.
func (h *health) metrics() string {
	w := httptest.NewRecorder()
	h.p.metrics.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	return w.Body.String()
}

// readyCheck is one line of what /readyz answers.
type readyCheck struct {
	OK     bool   `json:"ok"`
	Detail string `json:"detail"`
}
