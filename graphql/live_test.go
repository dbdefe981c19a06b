package graphql

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/internal/access"
	"parley/internal/live"
)

func TestAnInteractionLeavesAScopeOnlyIfItWasInIt(t *testing.T) {
	ann := access.Viewer{User: "ann", Queues: []domain.QueueID{"sales"}, Accounts: []domain.AccountID{"shop"}}
	for _, c := range []struct {
		name       string
		change     live.Change
		wasInScope bool
	}{
		{"an interaction of the viewer's queue and account stays",
			live.Change{Queue: "sales", Account: "shop"}, true},
		{"it leaves the viewer's queue for another",
			live.Change{Queue: "help", QueueBefore: "sales", Account: "shop"}, true},
		{"it leaves the viewer's account for another",
			live.Change{Queue: "sales", Account: "help", AccountBefore: "shop"}, true},
		{"the viewer was its owner and someone else is now",
			live.Change{Queue: "help", Account: "help", AgentsBefore: []string{"ann"}, Agents: []string{"ben"}}, true},
		{"it is in the viewer's queue but another account",
			live.Change{Queue: "sales", Account: "help"}, false},
		{"it comes from another queue",
			live.Change{Queue: "sales", QueueBefore: "help", Account: "shop"}, false},
		{"the viewer becomes its owner",
			live.Change{Queue: "help", Account: "help", Agents: []string{"ann"}}, false},
		{"it never concerned the viewer",
			live.Change{Queue: "help", Account: "help", AgentsBefore: []string{"ben"}}, false},
	} {
		require.Equal(t, c.wasInScope, wasInScope(ann, c.change), c.name)
	}
	admin := access.Viewer{User: "admin", Everything: true}
	require.True(t, wasInScope(admin, live.Change{Queue: "help", Account: "help"}))
}
