package engine_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/domain/projection"
	"parley/eventstore"
	"parley/projections"
	"parley/projections/engine"
)

func reports(t *testing.T, list []engine.Report) (events, differing int64) {
	t.Helper()
	for _, r := range list {
		events, differing = r.Events, differing+r.Differing()
	}
	return events, differing
}

func TestARebuildServesTheSameRowsFromNewTables(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	w.run(c)
	for i := range 300 {
		w.append(fmt.Sprint("box", i%7), put{Thing: fmt.Sprint("thing", i%11), Owner: "ann"})
	}
	at := w.append("box1", emptied{})
	w.eventually("things_v1", at)
	before := w.rows(`SELECT * FROM app.things ORDER BY 1, 2`)

	ctx, stop := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	busy.Go(func() {
		for ctx.Err() == nil { // queries must work throughout
			var n int
			if err := w.db.Clear.QueryRow(t.Context(), `SELECT count(*) FROM things`).Scan(&n); err != nil || n == 0 {
				t.Errorf("%d things, %v", n, err)
				return
			}
		}
	})
	list, err := engine.Rebuild(t.Context(), c)
	stop()
	busy.Wait()
	require.NoError(t, err)
	events, differing := reports(t, list)
	require.EqualValues(t, 301, events)
	require.Zero(t, differing)
	require.EqualValues(t, 2, list[0].Generation)
	require.EqualValues(t, 6, list[0].Tables[0].Rows)
	require.Equal(t, before, w.rows(`SELECT * FROM app.things ORDER BY 1, 2`))
	require.Equal(t, []string{"(boxes_v1_g2)", "(things_v1_g2)"},
		w.rows(`SELECT tablename FROM pg_tables WHERE schemaname = 'app_data' AND tablename ~ '_g\d+$' ORDER BY 1`))
	require.Equal(t, []string{"(boxes_v1_g2_at_idx)", "(boxes_v1_g2_pkey)"},
		w.rows(`SELECT indexname FROM pg_indexes WHERE tablename = 'boxes_v1_g2' ORDER BY 1`))

	w.eventually("boxes_v1", w.append("box1", put{Thing: "pen"}))
	require.Equal(t, []string{"(box1,1,pen)"}, w.rows(`SELECT id, things, last FROM app.boxes WHERE id = 'box1'`))
	h, err := w.store.Read(t.Context(), "projection-"+commands.DerivedID("projection", "things_v1"), 0)
	require.NoError(t, err)
	require.Equal(t, 2, h.Events[0].Event.(projection.Rebuilt).Generation)
}

func TestARebuildUnderLoadLosesNoEvents(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	w.run(c)
	ctx, stop := context.WithCancel(t.Context())
	var busy sync.WaitGroup
	puts := 0
	busy.Go(func() {
		for ; ctx.Err() == nil; puts++ {
			w.append("a", put{Thing: "pen"})
		}
	})
	for range 3 {
		list, err := engine.Rebuild(t.Context(), c, "things_v1")
		require.NoError(t, err)
		_, differing := reports(t, list)
		require.Zero(t, differing)
	}
	stop()
	busy.Wait()
	w.eventually("things_v1", w.append("a", put{Thing: "cup"}))
	require.Equal(t, []string{"(cup,a,1)", fmt.Sprintf("(pen,a,%d)", puts)}, w.rows(`SELECT * FROM app.things ORDER BY 1`))
	require.Equal(t, []string{fmt.Sprintf("(a,%d)", puts+1)}, w.rows(`SELECT id, things FROM app.boxes`))
}

func TestVerifyCountsRowsThatDifferFromTheLog(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	w.run(c)
	for i := range 20 {
		w.append(fmt.Sprint("box", i), put{Thing: "pen"})
	}
	w.eventually("things_v1", w.append("a", put{Thing: "cup"}))
	list, err := engine.Verify(t.Context(), c)
	require.NoError(t, err)
	_, differing := reports(t, list)
	require.Zero(t, differing)

	for _, damage := range []string{
		`UPDATE app_data.things_v1_g1 SET times = 7 WHERE box = 'box3'`,
		`DELETE FROM app_data.things_v1_g1 WHERE box = 'box4'`,
		`INSERT INTO app_data.things_v1_g1 VALUES ('ghost', 'box5', 1)`,
	} {
		_, err := w.db.Clear.Exec(t.Context(), damage)
		require.NoError(t, err)
	}
	list, err = engine.Verify(t.Context(), c, "things_v1")
	require.NoError(t, err)
	_, differing = reports(t, list)
	require.EqualValues(t, 3, differing)
	require.EqualValues(t, 1, w.status("things_v1").Generation)

	_, err = engine.Rebuild(t.Context(), c, "things_v1")
	require.NoError(t, err)
	list, err = engine.Verify(t.Context(), c)
	require.NoError(t, err)
	_, differing = reports(t, list)
	require.Zero(t, differing)
}

func TestARebuildThatExceedsItsMemoryGivesTheSameRows(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	w.run(c)
	var puts []domain.Event
	for i := range 9000 {
		puts = append(puts, put{Thing: fmt.Sprint("thing", i%700)})
		if i%100 == 99 {
			puts = append(puts, emptied{})
		}
	}
	var at eventstore.Position
	for i := 0; i < len(puts); i += 900 {
		at = w.append(fmt.Sprint("box", i%4), puts[i:min(i+900, len(puts))]...)
	}
	w.eventually("things_v1", at)
	c.BulkMemory = 1
	list, err := engine.Verify(t.Context(), c)
	require.NoError(t, err)
	_, differing := reports(t, list)
	require.Zero(t, differing)
}

func TestARebuildRestartsAStoppedReadModel(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	stop := w.run(c)
	w.eventually("boxes_v1", w.append("a", put{Thing: "refused"}, put{Thing: "pen"}))
	w.append("a", put{Thing: "refused"})
	w.eventuallyStopped("boxes_v1")
	w.append("a", put{Thing: "cup"})
	_, err := engine.Rebuild(t.Context(), c, "boxes_v1")
	require.NoError(t, err)
	w.eventually("boxes_v1", w.append("a", put{Thing: "key"}))
	require.Equal(t, []string{"(a,5,key)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	stop()
}

func TestARebuildNeedsNoLeader(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	stop := w.run(c)
	w.eventually("boxes_v1", w.append("a", put{Thing: "pen"}))
	stop()
	w.append("a", put{Thing: "cup"})
	_, err := engine.Rebuild(t.Context(), c, "boxes_v1")
	require.NoError(t, err)
	require.Equal(t, []string{"(a,2,cup)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	w.run(c)
	w.eventually("things_v1", w.append("a", put{Thing: "key"}))
	require.Equal(t, []string{"(a,3,key)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	require.Equal(t, []string{"(cup,a,1)", "(key,a,1)", "(pen,a,1)"}, w.rows(`SELECT * FROM app.things ORDER BY 1`))
}

// slowLock makes the first statement that locks the progress take longer than the rebuild's timeout.
type slowLock struct{ once sync.Once }

func (s *slowLock) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if strings.Contains(q.SQL, "app_data.progress FOR UPDATE") {
		s.once.Do(func() { time.Sleep(3100 * time.Millisecond) })
	}
	return ctx
}

func (*slowLock) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func TestARebuildOnASlowDatabaseCancelsNoStatement(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	stop := w.run(c)
	w.eventually("boxes_v1", w.append("a", put{Thing: "pen"}))
	stop()
	w.append("a", put{Thing: "cup"})
	slow := w.db.Clear.Config()
	slow.ConnConfig.Tracer = &slowLock{}
	pool, err := pgxpool.NewWithConfig(t.Context(), slow)
	require.NoError(t, err)
	defer pool.Close()
	c.Pool = pool
	_, err = engine.Rebuild(t.Context(), c)
	require.NoError(t, err)
	require.Equal(t, []string{"(a,2,cup)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	require.Equal(t, []string{"(2)"},
		w.rows(`SELECT count(*) FROM pg_tables WHERE tablename ~ '^(boxes|things)_v1'`), "old tables are dropped")
}

// thingsV2 serves the same view with its columns in another order.
func thingsV2() projections.Model {
	t := things().Tables[0].(projections.Table[thingKey, thingRow])
	t.Name = "things_v2"
	t.Columns = projections.Columns(t.Columns[1], t.Columns[0], t.Columns[2])
	return projections.Model{Name: "things_v2", Tables: []projections.AnyTable{t}, Consumes: things().Consumes}
}

func TestANewVersionTakesOverItsViewOnceItHasCaughtUp(t *testing.T) {
	w := newWorld(t)
	dependent := boxes(nil)
	dependent.Views = []projections.View{{Name: "pens", ClearOnly: true, Select: `
		SELECT b.id FROM app.boxes b
		WHERE EXISTS (SELECT FROM app.things t WHERE t.box = b.id AND t.thing = 'pen')`}}
	stop := w.run(w.config(things(), dependent))
	w.eventually("things_v1", w.append("a", put{Thing: "pen"}))
	require.Equal(t, []string{"(pen,a,1)"}, w.rows(`SELECT * FROM app.things`))
	stop()

	stop = w.run(w.config(thingsV2(), dependent))
	w.eventually("things_v2", w.append("a", put{Thing: "pen"}))
	require.Equal(t, []string{"(a,pen,2)"}, w.rows(`SELECT * FROM app.things`))
	require.Equal(t, []string{"(a)"}, w.rows(`SELECT * FROM app.pens`))
	require.Equal(t, "RETIRED", w.status("things_v1").Problem)
	stop()

	w.run(w.config(things(), dependent)) // back to the older version
	w.eventually("things_v1", w.append("a", put{Thing: "pen"}))
	require.Equal(t, []string{"(pen,a,3)"}, w.rows(`SELECT * FROM app.things`))
}

func TestAnotherLogHaltsReadModelsUntilTheyAreReset(t *testing.T) {
	w := newWorld(t)
	stop := w.run(w.config(boxes(nil), things()))
	for range 5 {
		w.append("a", put{Thing: "pen"})
	}
	w.eventually("things_v1", w.append("a", put{Thing: "pen"}))
	stop()
	other := newWorld(t)
	at := other.append("b", put{Thing: "cup"})
	c := w.config(boxes(nil), things())
	c.Store = other.store
	w.run(c)
	require.Eventually(t, func() bool { return w.status("things_v1").Problem == "LOG_REPLACED" },
		timeout, 10*time.Millisecond)
	require.Equal(t, []string{"(pen,a,6)"}, w.rows(`SELECT * FROM app.things`))
	for range 9 { // now the other log is long enough
		at = other.append("b", put{Thing: "cup"})
	}
	require.Never(t, func() bool { return w.status("things_v1").Problem != "LOG_REPLACED" },
		time.Second, 50*time.Millisecond)
	require.NoError(t, engine.Reset(t.Context(), w.db.Clear, c.LogID))
	require.Eventually(t, func() bool {
		s := w.status("things_v1")
		return s.State == engine.Running && s.Position == at
	}, timeout, 10*time.Millisecond)
	require.Equal(t, []string{"(cup,b,10)"}, w.rows(`SELECT * FROM app.things`))
}
