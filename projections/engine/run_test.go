package engine_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/domain/projection"
	"parley/eventstore"
	"parley/projections"
	"parley/projections/engine"
)

func TestEventsBecomeRows(t *testing.T) {
	w := newWorld(t)
	w.append("a", put{Thing: "pen", Tags: []string{"x,y", `"q"`}, Owner: "ann"}) // before the projector starts
	w.run(w.config(boxes(nil), things()))
	w.append("a", put{Thing: "cup\x00", Tags: []string{"z"}}, put{Thing: "pen"})
	w.append("b", put{Thing: "pen"})
	at := w.append("b", emptied{})
	w.eventually("boxes_v1", at)
	require.Equal(t, []string{`(a,3,pen,"{""x,y"",""\\""q\\"""",z}",ann,pen)`},
		w.rows(`SELECT id, things, last, tags, owner, notes->>'last' FROM app.boxes`))
	require.Equal(t, []string{"(cup,a,1)", "(pen,a,2)", "(pen,b,1)"}, w.rows(`SELECT * FROM app.things ORDER BY 1, 2`))
}

func TestANULInAKeyDoesNotStopAReadModel(t *testing.T) {
	w := newWorld(t)
	w.append("a", put{Thing: "cu\x00p"}, put{Thing: "cup"})
	stop := w.run(w.config(things()))
	w.eventually("things_v1", w.append("a", put{Thing: "\x00cup"}))
	stop() // discards the row cache
	w.run(w.config(things()))
	w.eventually("things_v1", w.append("a", put{Thing: "cup\x00"}))
	require.Equal(t, []string{"(cup,a,4)"}, w.rows(`SELECT * FROM app.things`))
	require.Equal(t, engine.Running, w.status("things_v1").State)
}

func TestTwoReadModelsOfOneNameAreRefusedAtStart(t *testing.T) {
	w := newWorld(t)
	require.Error(t, engine.Run(t.Context(), w.config(boxes(nil), boxes(nil))))
}

func TestARestartResumesAtTheCheckpoint(t *testing.T) {
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

func TestAFollowerTakesOverWhenTheLeaderStops(t *testing.T) {
	w := newWorld(t)
	var stops []func()
	for range 3 {
		stops = append(stops, w.run(w.config(boxes(nil), things())))
	}
	for _, stop := range append(stops[:2:2], func() {}) {
		for range 20 {
			w.append("a", put{Thing: "pen"})
		}
		w.eventually("things_v1", w.append("a", put{Thing: "cup"}))
		stop()
	}
	require.Equal(t, []string{"(cup,a,3)", "(pen,a,60)"}, w.rows(`SELECT * FROM app.things ORDER BY 1`))
}

func TestALostConnectionNeitherLosesNorRepeatsEvents(t *testing.T) {
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
			for deadline := time.Now().Add(timeout); w.status("things_v1").Position == at && time.Now().Before(deadline); {
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

func TestAPoisonEventStopsOnlyOneReadModel(t *testing.T) {
	w := newWorld(t)
	var failing atomic.Bool
	failing.Store(true)
	w.run(w.config(boxes(&failing), things()))
	w.append("a", put{Thing: "pen"})
	poison := w.append("a", poisoned{})
	at := w.append("a", put{Thing: "cup"})
	w.eventually("things_v1", at)
	w.eventuallyStopped("boxes_v1")
	s := w.status("boxes_v1")
	require.Equal(t, poison.Commit, s.ProblemPosition)
	require.Contains(t, s.Problem, "BoxPoisoned")
	require.Equal(t, []string{"(a,1,pen)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	require.Equal(t, []string{"(cup,a,1)", "(pen,a,1)"}, w.rows(`SELECT * FROM app.things ORDER BY 1`))

	failing.Store(false) // the fix
	w.eventually("boxes_v1", at)
	require.Equal(t, []string{"(a,2,cup)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	require.Empty(t, w.status("boxes_v1").Problem)
	w.eventually("boxes_v1", w.append("a", put{Thing: "key"}))
	require.Equal(t, []string{"(a,3,key)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
}

func TestARowRefusedByPostgresIsIsolatedWithinItsBatch(t *testing.T) {
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
	w.eventuallyStopped("boxes_v1")
	require.Equal(t, poison.Commit, w.status("boxes_v1").ProblemPosition)
	require.Contains(t, w.status("boxes_v1").Problem, "SQLSTATE 23514")
	require.Equal(t, []string{"(a,40)"}, w.rows(`SELECT id, things FROM app.boxes`))
	at := w.append("a", put{Thing: "key"})
	w.eventually("things_v1", at)

	require.ErrorIs(t, engine.Skip(t.Context(), c, "boxes_v1", poison.Commit+1, "it is broken", "op"), engine.ErrNotStopped)
	require.NoError(t, engine.Skip(t.Context(), c, "boxes_v1", poison.Commit, "it is broken", "op"))
	w.eventually("boxes_v1", at)
	require.Equal(t, []string{"(a,71,key)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	h, err := w.store.Read(t.Context(), "projection-"+commands.DerivedID("projection", "boxes_v1"), 0)
	require.NoError(t, err)
	require.Len(t, h.Events, 1)
	skipped := h.Events[0].Event.(projection.Skipped)
	require.Equal(t, projection.Skipped{
		Name: "boxes_v1", Commit: poison.Commit, Reason: "it is broken", By: "op", At: skipped.At,
	}, skipped)
}

func TestAnUnreadableEventStopsOnlyTheReadModelsThatFoldIt(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	w.run(c)
	w.append("a", put{Thing: "pen"})
	unreadable := w.appendWith(w.openStore(newerEmptied()), "a", emptied{})
	at := w.append("a", put{Thing: "cup"})
	w.eventually("things_v1", at) // it folds only what is put
	require.Equal(t, []string{"(cup,a,1)", "(pen,a,1)"}, w.rows(`SELECT * FROM app.things ORDER BY 1`))
	w.eventuallyStopped("boxes_v1")
	s := w.status("boxes_v1")
	require.Equal(t, "UNKNOWN_EVENT BoxEmptied: schema version 2 is newer than 1", s.Problem)
	require.Equal(t, unreadable.Commit, s.ProblemPosition)
	require.True(t, s.Stuck())

	require.NoError(t, engine.Skip(t.Context(), c, s.Name, s.ProblemPosition, "written by a test", "op"))
	w.eventually("boxes_v1", at)
	require.Equal(t, []string{"(a,2,cup)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
}

func TestAnEventOfAnUnknownTypeStopsOnlyTheReadModelsOfItsStream(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things(), shelves())
	w.run(c)
	unknown := w.appendWith(w.openStore(newer()), "a", unknownType{})
	w.append("a", put{Thing: "cup"})
	at := w.appendTo(w.store, "shelf-1", emptied{})
	w.eventually("shelves_v1", at)
	require.Equal(t, []string{"(1,1)"}, w.rows(`SELECT * FROM app.shelves`))
	for _, name := range []string{"boxes_v1", "things_v1"} {
		w.eventuallyStopped(name)
		require.Equal(t, "UNKNOWN_EVENT BoxUnknownType: the type is unknown", w.status(name).Problem)
		require.Equal(t, unknown.Commit, w.status(name).ProblemPosition)
	}
	require.NoError(t, engine.Skip(t.Context(), c, "*", unknown.Commit, "written by a test", "op"))
	w.eventually("boxes_v1", at)
	w.eventually("things_v1", at)
	require.Equal(t, []string{"(cup,a,1)"}, w.rows(`SELECT * FROM app.things`))
}

// During a rolling upgrade the new version already writes while the old one still projects.
func TestReadModelsStoppedDuringARollingUpgradeResumeWhenTheNewVersionTakesOver(t *testing.T) {
	w := newWorld(t)
	w.run(w.config(boxes(nil), things(), shelves()))
	w.eventually("things_v1", w.append("a", put{Thing: "pen"}))
	upgraded := w.config(boxes(nil), things(), shelves())
	upgraded.Store = w.openStore(newer())
	w.appendWith(upgraded.Store, "a", unknownType{})
	at := w.append("a", put{Thing: "cup"})
	w.eventuallyStopped("boxes_v1")
	w.eventually("shelves_v1", w.appendTo(w.store, "shelf-1", emptied{}))
	w.run(w.config(boxes(nil), things(), shelves())) // another old one must not take over
	w.run(upgraded)
	for _, name := range []string{"boxes_v1", "things_v1", "shelves_v1"} {
		w.eventually(name, at)
		require.Empty(t, w.status(name).Problem)
	}
	require.Equal(t, []string{"(cup,a,1)", "(pen,a,1)"}, w.rows(`SELECT * FROM app.things ORDER BY 1`))
}

func TestAfterARollbackReadModelsContinueAndARebuiltOneStopsAtTheNewerEvent(t *testing.T) {
	w := newWorld(t)
	upgraded := w.config(boxes(nil), thingsV2())
	upgraded.Store = w.openStore(newer())
	stop := w.run(upgraded)
	w.appendWith(upgraded.Store, "a", put{Thing: "pen"})
	unknown := w.appendWith(upgraded.Store, "a", unknownType{})
	w.eventually("boxes_v1", unknown)
	w.eventually("things_v2", unknown)
	stop()

	old := w.config(boxes(nil), things())
	w.run(old)
	at := w.append("a", put{Thing: "cup"})
	w.eventually("boxes_v1", at) // the newer event is behind it
	require.Equal(t, []string{"(a,2,cup)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	w.eventuallyHalted("things_v1", unknown)
	s := w.status("things_v1")
	require.Equal(t, engine.Rebuilding, s.State)
	require.True(t, s.Stuck())
	require.NoError(t, engine.Skip(t.Context(), old, s.Name, s.ProblemPosition, "not needed", "op"))
	w.eventually("things_v1", at)
	require.Equal(t, []string{"(cup,a,1)", "(pen,a,1)"}, w.rows(`SELECT * FROM app.things ORDER BY 1`))
}

func TestAReadModelIsAsFarBehindAsTheOldestEventItDoesNotShowIsOld(t *testing.T) {
	w := newWorld(t)
	look := func() engine.View {
		v, err := engine.Look(t.Context(), w.db.Clear, w.store)
		require.NoError(t, err)
		return v
	}
	stop := w.run(w.config(boxes(nil), things()))
	w.eventually("things_v1", w.append("a", put{Thing: "pen"}))
	require.True(t, look().Projecting)
	require.Zero(t, look().OldestUnseen())
	stop()
	require.Eventually(t, func() bool { return !look().Projecting }, timeout, 10*time.Millisecond)

	w.append("a", put{Thing: "cup"}, put{Thing: "key"})
	w.append("a", put{Thing: "jar"})
	h, err := w.store.Read(t.Context(), "box-a", 0)
	require.NoError(t, err)
	require.WithinDuration(t, h.Events[1].Created, look().OldestUnseen(), 0)
	for _, s := range look().Models {
		require.WithinDuration(t, h.Events[1].Created, s.OldestUnseen, 0, s.Name)
	}
}

func TestTheLeaderKeepsItsConnectionWhenAReadModelRejoins(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	w.run(c)
	w.eventually("boxes_v1", w.append("a", put{Thing: "pen"}))
	leader := func() []string {
		return w.rows(`SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
			AND (classid::bigint << 32 | objid::bigint) = hashtextextended('parley projector', 0)
			AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	}
	first := leader()
	require.Len(t, first, 1)
	_, err := w.db.Clear.Exec(t.Context(), `
		CREATE FUNCTION app_data.slow() RETURNS trigger LANGUAGE plpgsql
			AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NULL; END $$;
		CREATE TRIGGER slow AFTER INSERT OR UPDATE ON app_data.things_v1_g1
			FOR EACH STATEMENT EXECUTE FUNCTION app_data.slow()`)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	defer busy.Wait()
	defer cancel()
	busy.Go(func() {
		for i := 0; ctx.Err() == nil; i++ {
			meta := eventstore.Metadata{Actor: "test", CommandID: uuid.NewString()}
			events := []domain.Event{put{Thing: "pen"}}
			_, _ = w.store.Append(ctx, fmt.Sprint("box-busy", i), eventstore.NoStream, meta, events)
		}
	})
	for range 2 {
		poison := w.append("a", put{Thing: "refused"})
		w.eventuallyStopped("boxes_v1")
		require.NoError(t, engine.Skip(t.Context(), c, "boxes_v1", poison.Commit, "it is broken", "op"))
		require.Eventually(t, func() bool { return w.status("boxes_v1").State == engine.Running },
			timeout, 10*time.Millisecond)
		w.eventually("boxes_v1", w.append("a", put{Thing: "cup"}))
		require.Equal(t, first, leader())
	}
}

func TestAColumnNeitherOpenNorMaskedIsRefusedAtStart(t *testing.T) {
	w := newWorld(t)
	m := things()
	table := m.Tables[0].(projections.Table[thingKey, thingRow])
	table.Columns = append(table.Columns, projections.Int("often", func(r *thingRow) *int { return &r.Times }))
	m.Tables = []projections.AnyTable{table}
	mistake := "column often must be either open or masked"
	require.ErrorContains(t, engine.Run(t.Context(), w.config(m)), mistake)
	require.ErrorContains(t, engine.Prepare(t.Context(), w.db.Clear, []projections.Model{m}), mistake)
}
