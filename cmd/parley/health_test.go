package main

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain/queue"
)

func TestWhatWasDoneWhileStoppingCanStillBeRead(t *testing.T) { // F35
	t.Parallel()
	p, err := build(t.Context(), testConfig(t), newLog(new(logBook), "info"))
	require.NoError(t, err)
	defer p.close()
	ctx, stop := context.WithCancel(t.Context())
	shown := false
	saves := func(name string) bool {
		_, at, err := p.commands.SaveQueue(t.Context(), "", queue.Settings{Name: name, Strategy: queue.BeepAll, OfferTimeout: 30}, "", commands.Ours("test", commands.NewID()))
		require.NoError(t, err)
		return p.listener.Await(t.Context(), at, "settings_v1")
	}
	require.NoError(t, p.run(ctx, func(serving context.Context) error {
		require.Eventually(t, func() bool { return saves("Bookings") }, patience, time.Millisecond, "the read models do not get going")
		stop()
		<-serving.Done() // a request is in flight
		shown = saves("Support")
		return nil
	}))
	require.True(t, shown)
}

func TestReadinessTellsDetailsOnThisMachineAndLooksOnceASecond(t *testing.T) {
	t.Parallel()
	p, err := build(t.Context(), testConfig(t), newLog(new(logBook), "info"))
	require.NoError(t, err)
	defer p.close()
	now := time.Now()
	p.now = func() time.Time { return now }
	ask := func(peer string) (int, map[string]check) {
		r := httptest.NewRequest(http.MethodGet, "/readyz", nil)
		r.RemoteAddr = peer
		w := httptest.NewRecorder()
		p.ready.ServeHTTP(w, r)
		var said map[string]check
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &said))
		return w.Code, said
	}
	const here, elsewhere = "127.0.0.1:4000", "192.0.2.7:4000"
	_, err = p.ops.Exec(t.Context(), `UPDATE app_data.checkpoints SET state = 'RUNNING'`)
	require.NoError(t, err)
	status, said := ask(here)
	require.Equal(t, http.StatusOK, status, "%+v", said)
	require.Contains(t, said, "postgres")

	_, err = p.ops.Exec(t.Context(), `UPDATE app_data.checkpoints SET state = 'STOPPED' WHERE name = 'settings_v1'`)
	require.NoError(t, err)
	status, _ = ask(elsewhere)
	require.Equal(t, http.StatusOK, status, "as it was a moment ago")
	now = now.Add(readyFor)
	status, said = ask(elsewhere)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Equal(t, map[string]check{"ready": {}}, said)
	_, said = ask(here)
	require.Contains(t, said["projection settings_v1"].Detail, "stopped at")

	_, err = p.ops.Exec(t.Context(), `UPDATE app_data.checkpoints SET state = 'RUNNING'`)
	require.NoError(t, err)
	now = now.Add(readyFor)
	status, _ = ask(elsewhere)
	require.Equal(t, http.StatusOK, status)
	p.ready.stop()
	status, _ = ask(elsewhere)
	require.Equal(t, http.StatusServiceUnavailable, status, "at once")
}
