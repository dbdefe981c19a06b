package engine_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/eventstore"
	"parley/projections"
	"parley/projections/engine"
	"parley/projections/projectionstest"
)

func TestASilentCatchUpRecordsNoChanges(t *testing.T) {
	models := []projections.Model{boxes(nil), things()}
	db := projectionstest.Open(t, models)
	session := engine.NewTestLeader(t.Context(), t, db.Clear, models)
	events := projectionstest.InOrder(projectionstest.Record("box-a",
		put{Thing: "pen"}, put{Thing: "cup"}, put{Thing: "key"}, put{Thing: "key"}))
	epoch := func() (n int64) {
		require.NoError(t, db.Clear.QueryRow(t.Context(), `SELECT epoch FROM app_data.progress`).Scan(&n))
		return n
	}
	step := func(e eventstore.Recorded, silent bool) (changes int, epochs int64) {
		before := epoch()
		require.NoError(t, session.Step([]eventstore.Recorded{e}, silent))
		require.NoError(t, db.Clear.QueryRow(t.Context(), `SELECT count(*) FROM app_data.changes`).Scan(&changes))
		return changes, epoch() - before
	}
	for i, want := range []struct {
		silent  bool
		changes int
		epochs  int64 // screens reload when the catch-up begins and when it ends
	}{{true, 0, 1}, {true, 0, 0}, {false, 1, 1}, {false, 2, 0}} {
		changes, epochs := step(events[i], want.silent)
		require.Equal(t, want.changes, changes, i)
		require.Equal(t, want.epochs, epochs, i)
	}
}
