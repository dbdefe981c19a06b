package projections_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/eventstore"
	"parley/projections"
	"parley/projections/projectionstest"
)

func TestChangesOfOneRowInABatchAreOneThatNamesAllConcerned(t *testing.T) {
	change := func(c projections.Change) projections.Change { c.Kind, c.ID = "interaction", "i"; return c }
	for name, c := range map[string]struct{ first, second, want projections.Change }{
		"an agent in between": {
			projections.Change{Agents: []string{"bob"}, AgentsBefore: []string{"ann"}},
			projections.Change{Agents: []string{"cho"}, AgentsBefore: []string{"bob"}},
			projections.Change{Agents: []string{"cho"}, AgentsBefore: []string{"ann", "bob"}},
		},
		"a queue left": {
			projections.Change{Queue: "q2", QueueBefore: "q1"},
			projections.Change{Queue: "q2", Agents: []string{"ann"}},
			projections.Change{Queue: "q2", QueueBefore: "q1", Agents: []string{"ann"}},
		},
		"a queue left later": {
			projections.Change{Queue: "q1"}, projections.Change{Queue: "q2", QueueBefore: "q1"}, projections.Change{Queue: "q2", QueueBefore: "q1"},
		},
		"two models that know different things": {
			projections.Change{Account: "a", List: "l", InteractionID: "i"}, projections.Change{Queue: "q"},
			projections.Change{Account: "a", List: "l", InteractionID: "i", Queue: "q"},
		},
	} {
		require.Equal(t, change(c.want), projections.MergeChanges(change(c.first), change(c.second)), name)
	}
}

func TestHistoryCaughtUpWithIsNotAnnounced(t *testing.T) {
	models := []projections.Model{boxes(nil), things()}
	db := projectionstest.Open(t, models)
	session := projections.NewBenchSession(t.Context(), t, db.Clear, models)
	events := projectionstest.InOrder(projectionstest.Record("box-a", put{Thing: "pen"}, put{Thing: "cup"}, put{Thing: "key"}, put{Thing: "key"}))
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
		epochs  int64 // screens fetch anew when it begins and when it ends
	}{{true, 0, 1}, {true, 0, 0}, {false, 1, 1}, {false, 2, 0}} {
		changes, epochs := step(events[i], want.silent)
		require.Equal(t, want.changes, changes, i)
		require.Equal(t, want.epochs, epochs, i)
	}
}
