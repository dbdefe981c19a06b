package graphql

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/access"
	"parley/domain"
	"parley/live"
)

func TestOnlyWhatAViewerSawCanLeaveHisScope(t *testing.T) {
	ann := access.Viewer{User: "ann", Queues: []domain.QueueID{"sales"}, Accounts: []domain.AccountID{"shop"}}
	for _, c := range []struct {
		name   string
		change live.Change
		saw    bool
	}{
		{"it stays where it is", live.Change{Queue: "sales", Account: "shop"}, true},
		{"it leaves for another queue", live.Change{Queue: "help", QueueBefore: "sales", Account: "shop"}, true},
		{"it leaves for another account", live.Change{Queue: "sales", Account: "help", AccountBefore: "shop"}, true},
		{"it was hers and is somebody else's now", live.Change{Queue: "help", Account: "help", AgentsBefore: []string{"ann"}, Agents: []string{"ben"}}, true},
		{"her queue, but another account", live.Change{Queue: "sales", Account: "help"}, false},
		{"it comes from another queue", live.Change{Queue: "sales", QueueBefore: "help", Account: "shop"}, false},
		{"it becomes hers", live.Change{Queue: "help", Account: "help", Agents: []string{"ann"}}, false},
		{"nothing of hers", live.Change{Queue: "help", Account: "help", AgentsBefore: []string{"ben"}}, false},
	} {
		require.Equal(t, c.saw, sawBefore(ann, c.change), c.name)
	}
	require.True(t, sawBefore(access.Viewer{User: "admin", Everything: true}, live.Change{Queue: "help", Account: "help"}))
}
