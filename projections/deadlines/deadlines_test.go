package deadlines_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/policy"
	"parley/domain/queue"
	"parley/domain/transfer"
	"parley/eventstore"
	"parley/projections/all"
	"parley/projections/deadlines"
	"parley/projections/projectionstest"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func after(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

func session(id string, events ...domain.Event) []eventstore.Recorded {
	return projectionstest.Record("interaction-"+id,
		append([]domain.Event{interaction.Opened{AccountID: "shop", AddressID: "x", QueueID: "sales",
			At: noon}}, events...)...)
}

func TestEveryDeadlineIsFoundWhenDueAndGoneOnceSettled(t *testing.T) {
	wrote := interaction.MessageReceived{MessageID: "m", Kind: interaction.KindText, At: after(1)}
	asked := transfer.Requested{InteractionID: "two", By: "ada", ToAgent: "ben",
		OfferedTo: []domain.AgentID{"ben"}, ExpiresAt: after(300), At: noon}
	log := [][]eventstore.Recorded{
		projectionstest.Record("queue-sales", queue.Created{Settings: queue.Settings{Name: "Sales", SilentOwner: 120}}),
		projectionstest.Record("policy-one", policy.Created{Settings: policy.Settings{DisconnectAfter: 600}}),
		session("one", interaction.Offered{OfferID: "o1", QueueID: "sales",
			Agents: []domain.AgentID{"ada", "ben"}, ExpiresAt: after(30), At: noon}),
		session("two", wrote, interaction.Accepted{By: "ada", At: after(2)},
			interaction.TransferStarted{TransferID: "t1", By: "ada", ToAgent: "ben", At: after(3)}),
		projectionstest.Record("transfer-t1", asked),
		session("three", wrote, interaction.Accepted{By: "cho", At: after(2)}),
		session("four", interaction.MessageQueued{MessageID: "out", AddressID: "x",
			Kind: interaction.KindText, At: after(4)}, interaction.MessageSendStarted{MessageID: "out",
			Attempt: 1, At: after(5)}),
		projectionstest.Record("agent-dan", agent.SignedIn{At: noon}, agent.Away{At: after(10)}),
	}
	want := []deadlines.Deadline{
		{Kind: deadlines.Offer, StreamID: "one", Ref: "o1", At: after(30)},
		{Kind: deadlines.OutcomeUnknown, StreamID: "four", Ref: "out", At: after(65)},
		{Kind: deadlines.SilentOwner, StreamID: "three", Ref: "cho", At: after(122)},
		{Kind: deadlines.Transfer, StreamID: "t1", Ref: "two", At: after(300)},
		{Kind: deadlines.Disconnect, StreamID: "dan", At: after(610)},
	}
	db := projectionstest.Run(t, all.Models(), log...)
	at := noon
	for i, d := range want {
		next, found, err := deadlines.Next(t.Context(), db.Clear, at)
		require.NoError(t, err)
		require.True(t, found)
		require.Equal(t, d.At, next)
		due, err := deadlines.Due(t.Context(), db.Clear, next.Add(-time.Millisecond), 10)
		require.NoError(t, err)
		require.Equal(t, want[:i], append([]deadlines.Deadline{}, due...))
		at = next
	}
	due, err := deadlines.Due(t.Context(), db.Clear, at, 10)
	require.NoError(t, err)
	require.Equal(t, want, due)
	_, found, err := deadlines.Next(t.Context(), db.Clear, at)
	require.NoError(t, err)
	require.False(t, found)

	projectionstest.Append(t, db, all.Models(), 100,
		projectionstest.Record("interaction-one", interaction.OfferExpired{OfferID: "o1",
			Missed: []domain.AgentID{"ada", "ben"}, At: at}),
		projectionstest.Record("transfer-t1", transfer.Expired{At: at}),
		projectionstest.Record("interaction-three", interaction.Released{From: "cho", At: at}),
		projectionstest.Record("interaction-four", interaction.MessageOutcomeUnknown{MessageID: "out", At: at}),
		projectionstest.Record("agent-dan", agent.SignedOut{Reason: "DISCONNECTED", At: at}))
	due, err = deadlines.Due(t.Context(), db.Clear, at.Add(time.Hour), 10)
	require.NoError(t, err)
	require.Empty(t, due, "no owner counts as silent while their transfer is in progress")

	projectionstest.Append(t, db, all.Models(), 200,
		projectionstest.Record("interaction-two", interaction.TransferEnded{TransferID: "t1",
			Outcome: "EXPIRED", At: at}))
	due, err = deadlines.Due(t.Context(), db.Clear, at.Add(time.Hour), 10)
	require.NoError(t, err)
	require.Equal(t,
		[]deadlines.Deadline{{Kind: deadlines.SilentOwner, StreamID: "two", Ref: "ada", At: after(122)}}, due)
}
