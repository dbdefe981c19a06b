package projections_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/eventstore"
	"parley/projections"
	"parley/projections/projectionstest"
)

func TestTheFenceRefusesASecondWriter(t *testing.T) { // F28
	models := []projections.Model{boxes(nil), things()}
	db := projectionstest.Open(t, models)
	one, two := projections.NewBenchSession(t.Context(), t, db.Clear, models), projections.NewBenchSession(t.Context(), t, db.Clear, models)
	events := projectionstest.InOrder(projectionstest.Record("box-a", put{Thing: "pen"}, put{Thing: "pen"}))
	require.NoError(t, one.Step(events[:1], false))
	require.Error(t, two.Step(events[:1], false))
	require.Error(t, two.Step(events, false))
	require.NoError(t, one.Step(events[1:], false))
	var times int
	require.NoError(t, db.Clear.QueryRow(t.Context(), `SELECT times FROM things`).Scan(&times))
	require.Equal(t, 2, times)
}

func TestBatchesAndCrashesDoNotShowInTheRows(t *testing.T) { // I5
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 1))
	var log []eventstore.Recorded
	for range 400 {
		box := fmt.Sprint("box-", random.IntN(5))
		var e domain.Event = put{Thing: fmt.Sprint("thing", random.IntN(6))}
		if random.IntN(6) == 0 {
			e = emptied{}
		}
		log = append(log, projectionstest.Record(box, e)...)
	}
	log = projectionstest.InOrder(log)
	models := []projections.Model{boxes(nil), things()}
	db := projectionstest.Open(t, models)
	session := projections.NewBenchSession(t.Context(), t, db.Clear, models)
	for at := 0; at < len(log); {
		n := min(1+random.IntN(40), len(log)-at)
		if random.IntN(3) == 0 { // somebody else leads from here on, and what was folded comes once more
			require.NoError(t, projections.Project(t.Context(), db.Clear, models, log[max(0, at-5):at+n]...))
			session = projections.NewBenchSession(t.Context(), t, db.Clear, models)
		} else {
			require.NoError(t, session.Step(log[at:at+n], false))
		}
		at += n
	}
	want := things().Tables[0].(projections.Table[thingKey, thingRow]).Fold(log...)
	rows, err := db.Clear.Query(t.Context(), `SELECT thing, box, times FROM things`)
	require.NoError(t, err)
	got := make(map[thingKey]thingRow)
	for rows.Next() {
		var r thingRow
		require.NoError(t, rows.Scan(&r.Thing, &r.Box, &r.Times))
		got[thingKey{r.Thing, r.Box}] = r
	}
	require.NoError(t, rows.Err())
	require.Equal(t, want, got)
	left := boxes(nil).Tables[0].(projections.Table[string, boxRow]).Fold(log...)
	ids := make(map[string]boxRow)
	rows, err = db.Clear.Query(t.Context(), `SELECT id, things FROM boxes`)
	require.NoError(t, err)
	for rows.Next() {
		var r boxRow
		require.NoError(t, rows.Scan(&r.ID, &r.Things))
		require.Equal(t, left[r.ID].Things, r.Things)
		ids[r.ID] = r
	}
	require.Len(t, ids, len(left))
}

// projectorEnv makes the test program a projector: "<database>|<event store>".
const projectorEnv = "PARLEY_TEST_PROJECTOR"

func TestMain(m *testing.M) {
	if where, child := os.LookupEnv(projectorEnv); child {
		os.Exit(projectAsChild(where))
	}
	os.Exit(m.Run())
}

func projectAsChild(where string) int {
	ctx := context.Background()
	database, store, _ := strings.Cut(where, "|")
	s, err := eventstore.Open(ctx, eventstore.Config{URL: store, Catalog: catalog()})
	if err != nil {
		return 1
	}
	db, err := projections.Open(ctx, database, projections.Pools{})
	if err != nil {
		return 1
	}
	if projections.Run(ctx, projections.Config{Store: s, Pool: db.Clear, Models: []projections.Model{boxes(nil), things()}}) != nil {
		return 1
	}
	return 0
}

func TestAKilledProjectorLosesAndDoublesNothing(t *testing.T) { // K10–K13
	w := newWorld(t)
	puts := 0
	for kill := range 6 {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), projectorEnv+"="+w.url+"|"+w.node.URL())
		require.NoError(t, child.Start())
		before := w.status("things_v1").Position
		for range 20 + 10*kill {
			w.append("a", put{Thing: "pen"})
			puts++
		}
		require.Eventually(t, func() bool { return w.status("things_v1").Position.After(before) }, patience, time.Millisecond)
		require.NoError(t, child.Process.Kill())
		require.Error(t, child.Wait())
	}
	w.run(w.config(boxes(nil), things()))
	w.eventually("things_v1", w.append("a", put{Thing: "cup"}))
	require.Equal(t, []string{"(" + strconv.Itoa(puts) + ")"}, w.rows(`SELECT times FROM app.things WHERE thing = 'pen'`))
}
