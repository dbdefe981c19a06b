package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/eventstore"
)

func TestADeploymentMovesToAnotherEventStoreAndBackWhileAgentsWork(t *testing.T) {
	t.Parallel()
	o := prepareOutside(t)
	running := o.start(t)
	o.look(t)
	there := startEventStore(t)
	c := newCrowd(t, o)
	c.begin(1, [][2]string{{"anna", "ben"}, {"chiara", "davide"}}, 50*time.Millisecond)
	works := func() {
		t.Helper()
		enough := c.delivered.Load() + 10
		require.Eventually(t, func() bool { return c.delivered.Load() >= enough }, patience, 10*time.Millisecond,
			"work does not continue: %s", running.errors.String())
	}
	works()
	before := value[string](t, string(o.p.cfg.DatabaseURL), `SELECT event_log::text FROM app_data.progress`)
	for _, move := range []struct{ to, setting string }{{there.URL(), there.URL()}, {embedded, ""}} {
		output, err := o.operates(t, "move", "--to", move.to)
		require.NoError(t, err, output)
		require.Contains(t, output, "are the same in both logs")
		works()
		o.settings["EVENTSTORE_URL"] = move.setting
		c.atRest(func() {
			o.look(t)
			c.requireInvariants(t)
		})
	}
	require.Equal(t, before, value[string](t, string(o.p.cfg.DatabaseURL), `SELECT event_log::text FROM app_data.progress`),
		"after moving back, the deployment must be on its first log")
	require.Nil(t, running.cmd.ProcessState, "the server did not keep running")

	o.settings["EVENTSTORE_URL"] = there.URL()
	_, err := o.operates(t, "projections", "list")
	require.ErrorContains(t, err, "this deployment was moved to another event store: remove EVENTSTORE_URL")
}

func TestAppendsAndDeliveriesWaitWhileAMoveSwitchesAndContinueAfterwards(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Before the move")
	id := anna.accepts(t, "Before the move")

	mover, err := pgx.Connect(t.Context(), string(w.p.cfg.DatabaseURL))
	require.NoError(t, err)
	_, err = mover.Exec(t.Context(), `SELECT pg_advisory_lock(hashtextextended('parley switch', 0))`)
	require.NoError(t, err)
	_, err = mover.Exec(t.Context(), `SELECT pg_advisory_lock(hashtextextended('parley appends', 0))`)
	require.NoError(t, err, "the process does not give up its share of the lock")

	end, err := w.p.store.Last(t.Context())
	require.NoError(t, err)
	refused := anna.do(t, "sendMessage", "SendMessageInput", "message{id}",
		vars{"commandId": newID(), "interactionId": id, "text": "During the move"})
	require.Equal(t, eventstore.ErrMoving.Code, refused.code())
	a := w.accounts[0]
	body := textDelivery(a, "393471112244", "Luigi", "wamid.during", "I write during the move", time.Now())
	require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body))
	now, err := w.p.store.Last(t.Context())
	require.NoError(t, err)
	require.Equal(t, end, now, "something was appended")

	require.NoError(t, mover.Close(t.Context())) // the mover is killed
	require.Eventually(t, func() bool {
		return anna.do(t, "sendMessage", "SendMessageInput", "message{id}",
			vars{"commandId": newID(), "interactionId": id, "text": "After the move"}).code() == ""
	}, patience, 50*time.Millisecond, "work does not continue")
	anna.accepts(t, "I write during the move")
}

func TestAProcessThatLosesItsShareOfTheLockTakesItAgainAndContinues(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	require.Equal(t, int64(1), value[int64](t, string(w.p.cfg.DatabaseURL), `SELECT count(*) FROM (
		SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'parley fence') ended`))
	require.Eventually(t, func() bool { return strings.Contains(w.log.String(), "the lock on appends was lost") }, patience,
		20*time.Millisecond)
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Are you still there?")
	anna.accepts(t, "Are you still there?")
	require.Contains(t, w.log.String(), "work continues")
}
