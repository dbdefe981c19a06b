package projections_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/projection"
	"parley/eventstore"
	"parley/projections"
)

func TestEventsBecomeRows(t *testing.T) {
	w := newWorld(t)
	w.append("a", put{Thing: "pen", Tags: []string{"x,y", `"q"`}, Owner: "ann"}) // there before anybody projects
	w.run(w.config(boxes(nil), things()))
	w.append("a", put{Thing: "cup\x00", Tags: []string{"z"}}, put{Thing: "pen"})
	w.append("b", put{Thing: "pen"})
	at := w.append("b", emptied{})
	w.eventually("boxes_v1", at)
	require.Equal(t, []string{`(a,3,pen,"{""x,y"",""\\""q\\"""",z}",ann,pen)`},
		w.rows(`SELECT id, things, last, tags, owner, notes->>'last' FROM app.boxes`))
	require.Equal(t, []string{"(cup,a,1)", "(pen,a,2)", "(pen,b,1)"}, w.rows(`SELECT * FROM app.things ORDER BY 1, 2`))
}

func TestAKeyWithANULStopsNoReadModel(t *testing.T) {
	w := newWorld(t)
	w.append("a", put{Thing: "cu\x00p"}, put{Thing: "cup"})
	stop := w.run(w.config(things()))
	w.eventually("things_v1", w.append("a", put{Thing: "\x00cup"}))
	stop() // and what was read before is not at hand
	w.run(w.config(things()))
	w.eventually("things_v1", w.append("a", put{Thing: "cup\x00"}))
	require.Equal(t, []string{"(cup,a,4)"}, w.rows(`SELECT * FROM app.things`))
	require.Equal(t, projections.Running, w.status("things_v1").State)
}

func TestAReadModelMustBeConsistentInItself(t *testing.T) {
	w := newWorld(t)
	require.Error(t, projections.Run(t.Context(), w.config(boxes(nil), boxes(nil))))
}

func TestARestartGoesOnWhereItStopped(t *testing.T) {
	w := newWorld(t)
	for range 5 {
		stop := w.run(w.config(boxes(nil), things()))
		at := w.append("a", put{Thing: "pen"})
		w.eventually("things_v1", at)
		stop()
		w.append("a", put{Thing: "pen"})
	}
	w.run(w.config(boxes(nil), things()))
	w.eventually("things_v1", w.append("a", put{Thing: "pen"}))
	require.Equal(t, []string{"(pen,a,11)"}, w.rows(`SELECT * FROM app.things`))
}

func TestOfTwoProjectorsOneWorksAndTheOtherTakesOver(t *testing.T) { // F28
	w := newWorld(t)
	stops := []func(){w.run(w.config(boxes(nil), things())), w.run(w.config(boxes(nil), things())), w.run(w.config(boxes(nil), things()))}
	total := 0
	for _, stop := range append(stops[:2:2], func() {}) {
		for range 20 {
			w.append("a", put{Thing: "pen"})
			total++
		}
		w.eventually("things_v1", w.append("a", put{Thing: "cup"}))
		stop()
	}
	require.Equal(t, []string{"(cup,a,3)", "(pen,a,60)"}, w.rows(`SELECT * FROM app.things ORDER BY 1`))
}

func TestALostConnectionLosesAndDoublesNothing(t *testing.T) { // K10–K13, F2
	w := newWorld(t)
	w.run(w.config(boxes(nil), things()))
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 10 {
			_, err := w.db.Clear.Exec(t.Context(), `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
				WHERE application_name = 'parley projector' AND datname = current_database()`)
			if err != nil {
				return
			}
			at := w.status("things_v1").Position
			for deadline := time.Now().Add(patience); w.status("things_v1").Position == at && time.Now().Before(deadline); {
			}
		}
	}()
	puts := 0
	for running := true; running; puts++ {
		w.append("a", put{Thing: "pen"})
		select {
		case <-done:
			running = false
		default:
		}
	}
	w.eventually("things_v1", w.append("a", put{Thing: "cup"}))
	var times int
	require.NoError(t, w.db.Clear.QueryRow(t.Context(), `SELECT times FROM app.things WHERE thing = 'pen'`).Scan(&times))
	require.Equal(t, puts, times)
}

func TestAPoisonEventStopsOneReadModelOnly(t *testing.T) { // F25
	w := newWorld(t)
	var bad atomic.Bool
	bad.Store(true)
	w.run(w.config(boxes(&bad), things()))
	w.append("a", put{Thing: "pen"})
	poison := w.append("a", cursed{})
	at := w.append("a", put{Thing: "cup"})
	w.eventually("things_v1", at)
	require.Eventually(t, func() bool { return w.status("boxes_v1").State == projections.Stopped }, patience, 10*time.Millisecond)
	s := w.status("boxes_v1")
	require.Equal(t, poison.Commit, s.ProblemPosition)
	require.Contains(t, s.Problem, "BoxCursed")
	require.Equal(t, []string{"(a,1,pen)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	require.Equal(t, []string{"(cup,a,1)", "(pen,a,1)"}, w.rows(`SELECT * FROM app.things ORDER BY 1`))

	bad.Store(false) // the fix
	w.eventually("boxes_v1", at)
	require.Equal(t, []string{"(a,2,cup)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	require.Empty(t, w.status("boxes_v1").Problem)
	w.eventually("boxes_v1", w.append("a", put{Thing: "key"}))
	require.Equal(t, []string{"(a,3,key)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
}

func TestARowPostgresRefusesIsFoundWithinItsBatch(t *testing.T) { // F25
	w := newWorld(t)
	for range 40 {
		w.append("a", put{Thing: "pen"})
	}
	poison := w.append("b", put{Thing: "refused"})
	for range 30 {
		w.append("a", put{Thing: "cup"})
	}
	c := w.config(boxes(nil), things())
	w.run(c)
	require.Eventually(t, func() bool { return w.status("boxes_v1").State == projections.Stopped }, patience, 10*time.Millisecond)
	require.Equal(t, poison.Commit, w.status("boxes_v1").ProblemPosition)
	require.Contains(t, w.status("boxes_v1").Problem, "SQLSTATE 23514")
	require.Equal(t, []string{"(a,40)"}, w.rows(`SELECT id, things FROM app.boxes`))
	at := w.append("a", put{Thing: "key"})
	w.eventually("things_v1", at)

	require.ErrorIs(t, projections.Skip(t.Context(), c, "boxes_v1", poison.Commit+1, "it is broken", "op"), projections.ErrNotStopped)
	require.NoError(t, projections.Skip(t.Context(), c, "boxes_v1", poison.Commit, "it is broken", "op"))
	w.eventually("boxes_v1", at)
	require.Equal(t, []string{"(a,71,key)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	h, err := w.store.Read(t.Context(), projections.Stream("boxes_v1"), 0)
	require.NoError(t, err)
	require.Len(t, h.Events, 1)
	skipped := h.Events[0].Event.(projection.Skipped)
	require.Equal(t, projection.Skipped{Name: "boxes_v1", Commit: poison.Commit, Reason: "it is broken", By: "op", At: skipped.At}, skipped)
}

func TestAnEventOfANewerVersionStopsAllReadModels(t *testing.T) { // F26
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	stop := w.run(c)
	w.append("a", put{Thing: "pen"})
	newer := w.openStore(eventstore.NewCatalog(put{}, unheard{}))
	unknown := w.appendWith(newer, "a", unheard{})
	at := w.append("a", put{Thing: "cup"})
	require.Eventually(t, func() bool { return w.status("boxes_v1").ProblemPosition == unknown.Commit }, patience, 10*time.Millisecond)
	require.Contains(t, w.status("things_v1").Problem, "UNKNOWN_EVENT BoxUnheard")
	require.Equal(t, []string{"(pen,a,1)"}, w.rows(`SELECT * FROM app.things`))
	stop()

	c.Store = newer // the newer version is back
	w.run(c)
	w.eventually("things_v1", at)
	require.Equal(t, []string{"(cup,a,1)", "(pen,a,1)"}, w.rows(`SELECT * FROM app.things ORDER BY 1`))
	require.Empty(t, w.status("things_v1").Problem)
}

func TestAnOperatorMaySkipAnUnknownEvent(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	w.run(c)
	unknown := w.appendWith(w.openStore(eventstore.NewCatalog(put{}, unheard{})), "a", unheard{})
	at := w.append("a", put{Thing: "cup"})
	require.Eventually(t, func() bool { return w.status("boxes_v1").ProblemPosition == unknown.Commit }, patience, 10*time.Millisecond)
	require.NoError(t, projections.Skip(t.Context(), c, "*", unknown.Commit, "of a trial", "op"))
	w.eventually("things_v1", at)
	require.Equal(t, []string{"(cup,a,1)"}, w.rows(`SELECT * FROM app.things`))
}

func TestWhoJoinsAgainDoesNotCostTheLeaderHisConnection(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	w.run(c)
	w.eventually("boxes_v1", w.append("a", put{Thing: "pen"}))
	leader := func() []string {
		return w.rows(`SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
			AND (classid::bigint << 32 | objid::bigint) = hashtextextended('parley projector', 0) AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	}
	first := leader()
	require.Len(t, first, 1)
	_, err := w.db.Clear.Exec(t.Context(), `CREATE FUNCTION app_data.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$;
		CREATE TRIGGER slow AFTER INSERT OR UPDATE ON app_data.things_v1_g1 FOR EACH STATEMENT EXECUTE FUNCTION app_data.slow()`)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	defer busy.Wait()
	defer cancel()
	busy.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			_, _ = w.store.Append(ctx, fmt.Sprint("box-busy", i), eventstore.NoStream, eventstore.Metadata{Actor: "test", CommandID: uuid.NewString()}, []domain.Event{put{Thing: "pen"}})
		}
	})
	for range 2 {
		poison := w.append("a", put{Thing: "refused"})
		require.Eventually(t, func() bool { return w.status("boxes_v1").State == projections.Stopped }, patience, 10*time.Millisecond)
		require.NoError(t, projections.Skip(t.Context(), c, "boxes_v1", poison.Commit, "it is broken", "op"))
		require.Eventually(t, func() bool { return w.status("boxes_v1").State == projections.Running }, patience, 10*time.Millisecond)
		w.eventually("boxes_v1", w.append("a", put{Thing: "cup"}))
		require.Equal(t, first, leader())
	}
}
