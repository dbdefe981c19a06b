package engine_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/eventstore"
	"parley/internal/database"
	"parley/internal/devpg"
	"parley/projections"
	"parley/projections/engine"
	"parley/projections/projectionstest"
)

func TestASecondWriterIsFencedOff(t *testing.T) {
	models := []projections.Model{boxes(nil), things()}
	db := projectionstest.Open(t, models)
	first := engine.NewTestLeader(t.Context(), t, db.Clear, models)
	second := engine.NewTestLeader(t.Context(), t, db.Clear, models)
	events := projectionstest.InOrder(projectionstest.Record("box-a", put{Thing: "pen"}, put{Thing: "pen"}))
	require.NoError(t, first.Step(events[:1], false))
	require.Error(t, second.Step(events[:1], false))
	require.Error(t, second.Step(events, false))
	require.NoError(t, first.Step(events[1:], false))
	var times int
	require.NoError(t, db.Clear.QueryRow(t.Context(), `SELECT times FROM things`).Scan(&times))
	require.Equal(t, 2, times)
}

func TestRowsDoNotDependOnBatchesOrLeaderChanges(t *testing.T) {
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
	session := engine.NewTestLeader(t.Context(), t, db.Clear, models)
	for at := 0; at < len(log); {
		n := min(1+random.IntN(40), len(log)-at)
		if random.IntN(3) == 0 { // another leader takes over, and some events are redelivered
			require.NoError(t, engine.Project(t.Context(), db.Clear, models, log[max(0, at-5):at+n]...))
			session = engine.NewTestLeader(t.Context(), t, db.Clear, models)
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
	wantBoxes := boxes(nil).Tables[0].(projections.Table[string, boxRow]).Fold(log...)
	gotBoxes := make(map[string]boxRow)
	rows, err = db.Clear.Query(t.Context(), `SELECT id, things FROM boxes`)
	require.NoError(t, err)
	for rows.Next() {
		var r boxRow
		require.NoError(t, rows.Scan(&r.ID, &r.Things))
		require.Equal(t, wantBoxes[r.ID].Things, r.Things)
		gotBoxes[r.ID] = r
	}
	require.Len(t, gotBoxes, len(wantBoxes))
}

// projectorEnv makes the test binary run as a projector of "<database>|<event store>".
const projectorEnv = "PARLEY_TEST_PROJECTOR"

func TestMain(m *testing.M) {
	if where, child := os.LookupEnv(projectorEnv); child {
		os.Exit(runAsChild(where))
	}
	os.Exit(m.Run())
}

func runAsChild(where string) int {
	ctx := context.Background()
	url, store, _ := strings.Cut(where, "|")
	s, err := eventstore.Open(ctx, eventstore.Config{URL: store, Catalog: catalog()})
	if err != nil {
		return 1
	}
	db, err := database.Open(ctx, url, database.Pools{})
	if err != nil {
		return 1
	}
	c, err := commands.New(commands.Config{Store: s, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return 1
	}
	models := []projections.Model{boxes(nil), things()}
	if engine.Run(ctx, engine.Config{Store: s, Commands: c, Pool: db.Clear, Models: models}) != nil {
		return 1
	}
	return 0
}

func TestKillingTheProjectorNeitherLosesNorRepeatsEvents(t *testing.T) {
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
		require.Eventually(t, func() bool { return w.status("things_v1").Position.After(before) },
			timeout, time.Millisecond)
		require.NoError(t, child.Process.Kill())
		require.Error(t, child.Wait())
	}
	w.run(w.config(boxes(nil), things()))
	w.eventually("things_v1", w.append("a", put{Thing: "cup"}))
	require.Equal(t, []string{"(" + strconv.Itoa(puts) + ")"}, w.rows(`SELECT times FROM app.things WHERE thing = 'pen'`))
}

// crash kills a Postgres server, as a power cut would.
func crash(t *testing.T, url string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(int(conn.PgConn().PID())), "stat"))
	require.NoError(t, err)
	postmaster, err := strconv.Atoi(strings.Fields(string(stat[strings.LastIndexByte(string(stat), ')')+2:]))[1])
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(postmaster, syscall.SIGQUIT))
	require.Eventually(t, func() bool { return syscall.Kill(postmaster, 0) != nil }, timeout, 10*time.Millisecond)
}

func TestAPostgresCrashNeitherLosesNorRepeatsEvents(t *testing.T) {
	dir := t.TempDir()
	server, err := devpg.Start(t.Context(), devpg.Config{Dir: dir})
	require.NoError(t, err)
	t.Cleanup(func() { _ = server.Stop() })
	require.NoError(t, server.EnsureDatabase(t.Context(), "parley"))
	url := server.URL("parley")
	require.NoError(t, database.Migrate(t.Context(), url))
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
		}, timeout, time.Millisecond)
		crash(t, url)
		_ = server.Stop()
		server, err = devpg.Start(t.Context(), devpg.Config{Dir: dir})
		require.NoError(t, err)
		require.Equal(t, url, server.URL("parley"))
	}
	stop()
	busy.Wait()
	var at eventstore.Position
	require.Eventually(t, func() bool { at = w.append("a", put{Thing: "key"}); return true },
		timeout, time.Second)
	require.Eventually(t, func() bool { return l.Await(t.Context(), at, "things_v1") }, timeout, time.Millisecond)
	require.Equal(t, []string{"(" + strconv.Itoa(puts) + ")"}, w.rows(`SELECT times FROM app.things WHERE thing = 'pen'`))
	list, err := engine.Verify(t.Context(), w.config(boxes(nil), things()))
	require.NoError(t, err)
	_, differing := reports(t, list)
	require.Zero(t, differing)
}
