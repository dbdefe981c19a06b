package projections_test

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

	"parley/domain"
	"parley/domain/projection"
	"parley/eventstore"
	"parley/projections"
)

func reports(t *testing.T, list []projections.Report) (events, differing int64) {
	t.Helper()
	for _, r := range list {
		events, differing = r.Events, differing+r.Differing()
	}
	return events, differing
}

func TestARebuildServesTheSameRowsFromNewTables(t *testing.T) { // F27, I5
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
		for ctx.Err() == nil { // queries are served throughout
			var n int
			if err := w.db.Clear.QueryRow(t.Context(), `SELECT count(*) FROM things`).Scan(&n); err != nil || n == 0 {
				t.Errorf("%d things, %v", n, err)
				return
			}
		}
	})
	list, err := projections.Rebuild(t.Context(), c)
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
	h, err := w.store.Read(t.Context(), projections.Stream("things_v1"), 0)
	require.NoError(t, err)
	require.Equal(t, 2, h.Events[0].Event.(projection.Rebuilt).Generation)
}

func TestARebuildUnderLoadLosesNothing(t *testing.T) { // F27
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
		list, err := projections.Rebuild(t.Context(), c, "things_v1")
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

func TestVerifyCountsRowsThatAreNotAsTheLogSays(t *testing.T) { // I5
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	w.run(c)
	for i := range 20 {
		w.append(fmt.Sprint("box", i), put{Thing: "pen"})
	}
	w.eventually("things_v1", w.append("a", put{Thing: "cup"}))
	list, err := projections.Verify(t.Context(), c)
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
	list, err = projections.Verify(t.Context(), c, "things_v1")
	require.NoError(t, err)
	_, differing = reports(t, list)
	require.EqualValues(t, 3, differing)
	require.EqualValues(t, 1, w.status("things_v1").Generation)

	_, err = projections.Rebuild(t.Context(), c, "things_v1")
	require.NoError(t, err)
	list, err = projections.Verify(t.Context(), c)
	require.NoError(t, err)
	_, differing = reports(t, list)
	require.Zero(t, differing)
}

func TestARebuildThatDoesNotFitIntoMemoryComesToTheSame(t *testing.T) {
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
	list, err := projections.Verify(t.Context(), c)
	require.NoError(t, err)
	_, differing := reports(t, list)
	require.Zero(t, differing)
}

func TestARebuildHealsAStoppedReadModel(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	stop := w.run(c)
	w.eventually("boxes_v1", w.append("a", put{Thing: "refused"}, put{Thing: "pen"}))
	w.append("a", put{Thing: "refused"})
	require.Eventually(t, func() bool { return w.status("boxes_v1").State == projections.Stopped }, patience, 10*time.Millisecond)
	w.append("a", put{Thing: "cup"})
	_, err := projections.Rebuild(t.Context(), c, "boxes_v1")
	require.NoError(t, err)
	w.eventually("boxes_v1", w.append("a", put{Thing: "key"}))
	require.Equal(t, []string{"(a,5,key)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	stop()
}

func TestARebuildWorksWhileNobodyProjects(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	stop := w.run(c)
	w.eventually("boxes_v1", w.append("a", put{Thing: "pen"}))
	stop()
	w.append("a", put{Thing: "cup"})
	_, err := projections.Rebuild(t.Context(), c, "boxes_v1")
	require.NoError(t, err)
	require.Equal(t, []string{"(a,2,cup)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	w.run(c)
	w.eventually("things_v1", w.append("a", put{Thing: "key"}))
	require.Equal(t, []string{"(a,3,key)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	require.Equal(t, []string{"(cup,a,1)", "(key,a,1)", "(pen,a,1)"}, w.rows(`SELECT * FROM app.things ORDER BY 1`))
}

// slowlyHeld makes the statement that holds everybody where they are take longer than anybody waits for it.
type slowlyHeld struct{ once sync.Once }

func (s *slowlyHeld) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if strings.Contains(q.SQL, "app_data.progress FOR UPDATE") {
		s.once.Do(func() { time.Sleep(3100 * time.Millisecond) })
	}
	return ctx
}

func (*slowlyHeld) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func TestARebuildOnASlowDatabaseDoesNotEndInTheMiddleOfAStatement(t *testing.T) {
	w := newWorld(t)
	c := w.config(boxes(nil), things())
	stop := w.run(c)
	w.eventually("boxes_v1", w.append("a", put{Thing: "pen"}))
	stop()
	w.append("a", put{Thing: "cup"})
	slow := w.db.Clear.Config()
	slow.ConnConfig.Tracer = &slowlyHeld{}
	pool, err := pgxpool.NewWithConfig(t.Context(), slow)
	require.NoError(t, err)
	defer pool.Close()
	c.Pool = pool
	_, err = projections.Rebuild(t.Context(), c)
	require.NoError(t, err)
	require.Equal(t, []string{"(a,2,cup)"}, w.rows(`SELECT id, things, last FROM app.boxes`))
	require.Equal(t, []string{"(2)"}, w.rows(`SELECT count(*) FROM pg_tables WHERE tablename ~ '^(boxes|things)_v1'`), "nothing is left behind")
}

// thingsV2 serves the same view in another shape, and another model's view is built upon it.
func thingsV2() projections.Model {
	m := things()
	t := m.Tables[0].(projections.Table[thingKey, thingRow])
	t.Name = "things_v2"
	m.Name, m.Tables = "things_v2", []projections.AnyTable{t}
	m.Schema = strings.ReplaceAll(m.Schema, "things_v1", "things_v2")
	m.Views = `CREATE OR REPLACE VIEW app.things AS SELECT box, thing, times::bigint AS times FROM {table:things_v2}`
	return m
}

func TestANewVersionTakesOverItsViewOnceItHasCaughtUp(t *testing.T) {
	w := newWorld(t)
	upon := boxes(nil)
	upon.Views += `CREATE OR REPLACE VIEW app.pens AS SELECT b.id FROM app.boxes b WHERE EXISTS (SELECT FROM app.things t WHERE t.box = b.id AND t.thing = 'pen')`
	stop := w.run(w.config(things(), upon))
	w.eventually("things_v1", w.append("a", put{Thing: "pen"}))
	require.Equal(t, []string{"(pen,a,1)"}, w.rows(`SELECT * FROM app.things`))
	stop()

	stop = w.run(w.config(thingsV2(), upon))
	w.eventually("things_v2", w.append("a", put{Thing: "pen"}))
	require.Equal(t, []string{"(a,pen,2)"}, w.rows(`SELECT * FROM app.things`))
	require.Equal(t, []string{"(a)"}, w.rows(`SELECT * FROM app.pens`))
	require.Equal(t, "RETIRED", w.status("things_v1").Problem)
	stop()

	w.run(w.config(things(), upon)) // and back again
	w.eventually("things_v1", w.append("a", put{Thing: "pen"}))
	require.Equal(t, []string{"(pen,a,3)"}, w.rows(`SELECT * FROM app.things`))
}

func TestMovingToAnotherLogStopsUntilTheReadModelsAreReset(t *testing.T) {
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
	require.Eventually(t, func() bool { return w.status("things_v1").Problem == "LOG_BEHIND" }, patience, 10*time.Millisecond)
	require.Equal(t, []string{"(pen,a,6)"}, w.rows(`SELECT * FROM app.things`))
	for range 9 { // now it is long enough
		at = other.append("b", put{Thing: "cup"})
	}
	require.Never(t, func() bool { return w.status("things_v1").Problem != "LOG_BEHIND" }, time.Second, 50*time.Millisecond)
	require.NoError(t, projections.Reset(t.Context(), w.db.Clear))
	require.Eventually(t, func() bool { s := w.status("things_v1"); return s.State == projections.Running && s.Position == at }, patience, 10*time.Millisecond)
	require.Equal(t, []string{"(cup,b,10)"}, w.rows(`SELECT * FROM app.things`))
}
