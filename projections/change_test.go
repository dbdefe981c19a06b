package projections_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/projections"
)

func TestChangesOfOneRowInABatchMergeIntoOneForEveryoneConcerned(t *testing.T) {
	change := func(c projections.Change) projections.Change { c.Kind, c.ID = "interaction", "i"; return c }
	for name, c := range map[string]struct{ first, second, want projections.Change }{
		"an agent who had the row only in between gets the change": {
			projections.Change{Agents: []string{"bob"}, AgentsBefore: []string{"ann"}},
			projections.Change{Agents: []string{"cho"}, AgentsBefore: []string{"bob"}},
			projections.Change{Agents: []string{"cho"}, AgentsBefore: []string{"ann", "bob"}},
		},
		"the queue before the first change is kept": {
			projections.Change{Queue: "q2", QueueBefore: "q1"},
			projections.Change{Queue: "q2", Agents: []string{"ann"}},
			projections.Change{Queue: "q2", QueueBefore: "q1", Agents: []string{"ann"}},
		},
		"a queue left by the second change is kept": {
			projections.Change{Queue: "q1"}, projections.Change{Queue: "q2", QueueBefore: "q1"},
			projections.Change{Queue: "q2", QueueBefore: "q1"},
		},
		"changes of two models add up": {
			projections.Change{Account: "a", List: "l", InteractionID: "i"}, projections.Change{Queue: "q"},
			projections.Change{Account: "a", List: "l", InteractionID: "i", Queue: "q"},
		},
	} {
		require.Equal(t, change(c.want), change(c.first).Merge(change(c.second)), name)
	}
}
