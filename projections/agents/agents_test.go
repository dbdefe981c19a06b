package agents_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/queue"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/access"
	"parley/internal/database"
	"parley/projections/agents"
	"parley/projections/all"
	"parley/projections/projectionstest"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func after(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

func person(id string, capacity int) []eventstore.Recorded {
	return projectionstest.Record("user-"+id, user.Created{UserID: domain.UserID(id),
		Profile: user.Profile{Login: id, Name: id}, Settings: user.Settings{Role: user.Agent,
			Capacity: capacity}, At: noon})
}

func presence(id string, events ...domain.Event) []eventstore.Recorded {
	return projectionstest.Record("agent-"+id, append([]domain.Event{agent.SignedIn{At: noon}}, events...)...)
}

func session(id string, events ...domain.Event) []eventstore.Recorded {
	return projectionstest.Record("interaction-"+id,
		append([]domain.Event{interaction.Opened{AccountID: "shop", QueueID: "sales", At: noon}}, events...)...)
}

func world(t *testing.T) database.DB {
	return projectionstest.Run(t, all.Models(),
		projectionstest.Record("account-shop",
			account.Created{Settings: account.Settings{Name: "Shop", QueueID: "sales",
				Queues: []domain.QueueID{"help"}}}),
		projectionstest.Record("queue-sales",
			queue.Created{Settings: queue.Settings{Name: "Sales",
				Members: []domain.AgentID{"ada", "ben", "cho", "dan", "eve"}}}),
		projectionstest.Record("queue-help",
			queue.Created{Settings: queue.Settings{Name: "Help", Members: []domain.AgentID{"fay"}}}),
		person("ada", 2), person("ben", 1), person("cho", 0), person("dan", 0), person("eve", 0), person("fay", 0),
		presence("ada"), presence("ben"), presence("fay"),
		presence("cho", agent.Paused{Reason: "LUNCH", At: after(5)}),
		presence("dan", agent.Away{At: after(6)}),
		session("one", interaction.Accepted{By: "ada", At: after(1)}),
		session("two", interaction.Accepted{By: "ben", At: after(1)}),
		session("three", interaction.Accepted{By: "ada", At: after(1)}, interaction.Closed{By: "ada", At: after(2)}),
		session("four", interaction.Offered{OfferID: "o", QueueID: "sales", Agents: []domain.AgentID{"fay"},
			ExpiresAt: after(40), At: after(9)}),
	)
}

func TestAFreeAgentIsAvailableAndHasRoom(t *testing.T) {
	db := world(t)
	counts, err := agents.AvailableIn(t.Context(), db.Clear, []string{"sales", "help"})
	require.NoError(t, err)
	require.Equal(t, map[string]int{"sales": 1, "help": 1}, counts,
		"ada is free; ben is full, cho paused, dan away, eve not there")
}

func TestTheLastOfferIsKeptByQueueAndAgent(t *testing.T) {
	db := world(t)
	projectionstest.Append(t, db, all.Models(), 100,
		projectionstest.Record("interaction-five", interaction.Opened{AccountID: "shop", QueueID: "sales", At: noon},
			interaction.Offered{OfferID: "o5", QueueID: "sales", Agents: []domain.AgentID{"ada"},
				ExpiresAt: after(80), At: after(50)},
			interaction.OfferExpired{OfferID: "o5", Missed: []domain.AgentID{"ada"}, At: after(80)}))
	var offered time.Time
	require.NoError(t, db.Clear.QueryRow(t.Context(), `
		SELECT last_offered_at FROM agent_offerings WHERE queue_id = 'sales' AND user_id = 'ada'`).Scan(&offered))
	require.Equal(t, after(50), offered.UTC())
}

func TestATransferCanGoToAgentsWhoAreSignedInAndConnected(t *testing.T) {
	db := world(t)
	rows, err := agents.Targets(t.Context(), db.Clear, "shop", "ada")
	require.NoError(t, err)
	var names []string
	for _, r := range rows {
		names = append(names, r.UserID+" "+r.State)
	}
	require.Equal(t, []string{"ben AVAILABLE", "cho PAUSED", "fay AVAILABLE"}, names)
	available, err := agents.AvailableMembers(t.Context(), db.Clear, "sales")
	require.NoError(t, err)
	require.Equal(t, []string{"ada", "ben"}, available)
}

func TestSupervisorsSeeTheAgentsOfTheirQueues(t *testing.T) {
	db := world(t)
	v := access.Viewer{User: "sup", Queues: []domain.QueueID{"sales"}}
	rows, err := agents.Realtime(t.Context(), db.Masked, v)
	require.NoError(t, err)
	require.Len(t, rows, 5)
	require.Equal(t, "ada", rows[0].UserID)
	require.Equal(t, 1, rows[0].Open)
	require.Equal(t, []string{"sales"}, rows[0].Queues)
	require.Equal(t, "SIGNED_OUT", rows[4].State, "eve never signed in")
}

func TestPresenceShowsItsReasonAndStart(t *testing.T) {
	db := projectionstest.Run(t, all.Models(),
		presence("ada", agent.Paused{Reason: agent.PauseDisposition, InteractionID: "one", At: after(5)},
			agent.Paused{Reason: "LUNCH", At: after(6)}),
		presence("ben", agent.Paused{Reason: "LUNCH", At: after(5)}, agent.Away{At: after(7)},
			agent.Returned{At: after(9)}),
		presence("cho", agent.OfferMissed{OfferID: "o", InARow: 2, At: after(3)},
			agent.SignedOut{Reason: "SELF", At: after(4)}))
	rows, err := agents.ByIDs(t.Context(), db.Clear, []string{"ada", "ben", "cho", "dan"})
	require.NoError(t, err)
	require.Len(t, rows, 3)
	found := map[string]agents.Row{}
	for _, r := range rows {
		found[r.UserID] = r
	}
	reason, due := found["ada"].Why()
	require.Equal(t, []string{"DISPOSITION", "one"}, []string{reason, due})
	require.Equal(t, after(5), found["ada"].Since)
	reason, _ = found["ben"].Why()
	require.Equal(t, "LUNCH", reason)
	require.Equal(t, after(9), found["ben"].Since)
	require.Equal(t, "PAUSED", found["ben"].State)
	require.Equal(t, 2, found["cho"].Missed)
	require.Equal(t, "SIGNED_OUT", found["cho"].State)
}
