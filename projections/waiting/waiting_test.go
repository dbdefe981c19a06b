package waiting

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/queue"
	"parley/eventstore"
	"parley/projections"
	"parley/projections/projectionstest"
	"parley/projections/settings"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func after(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

func history(id, queueID string, seconds int, events ...domain.Event) []eventstore.Recorded {
	return projectionstest.Record("interaction-"+id, append([]domain.Event{
		interaction.Opened{AccountID: "shop", AddressID: "addr", QueueID: domain.QueueID(queueID),
			LastOwner: "old", At: after(seconds)}}, events...)...)
}

func row(t *testing.T, events ...domain.Event) (Row, bool) {
	t.Helper()
	r, found := projectionstest.Fold(t, table, history("one", "sales", 0, events...))["one"]
	return r, found
}

func offered(id string, seconds int, agents ...domain.AgentID) interaction.Offered {
	return interaction.Offered{OfferID: domain.OfferID(id), QueueID: "sales", Agents: agents, Round: 1,
		ExpiresAt: after(seconds + 30), At: after(seconds)}
}

func TestAnOpenInteractionWaitsUntilItHasAnOwner(t *testing.T) {
	r, _ := row(t)
	require.Equal(t, noon, *r.Since)
	require.Equal(t, "old", r.LastOwnerID)
	r, _ = row(t, interaction.Accepted{By: "ada", At: after(5)})
	require.Nil(t, r.Since)
	require.Equal(t, "ada", r.OwnerID)
	r, _ = row(t, interaction.Accepted{By: "ada", At: after(5)}, interaction.Released{From: "ada", At: after(9)})
	require.Equal(t, after(9), *r.Since)
	require.Equal(t, []Attempt{{AgentID: "ada", State: Released, At: after(9)}}, r.Attempts)
	_, found := row(t, interaction.Closed{By: "sup"})
	require.False(t, found)
}

func TestAnUnansweredOfferIsDueWhenItExpires(t *testing.T) {
	r, _ := row(t, offered("o1", 0, "ada", "ben"), interaction.OfferRejected{OfferID: "o1", By: "ada", At: after(3)})
	require.Equal(t, after(30), *r.OfferDue)
	require.Equal(t, []string{"ben"}, r.PendingFor(after(10)))
	require.Empty(t, r.Due(after(29)))
	require.Equal(t, []string{"o1"}, r.Due(after(30)))
	require.Equal(t, []string{"ben"}, r.Agents)
	r, _ = row(t, offered("o1", 0, "ada"), interaction.OfferExpired{OfferID: "o1",
		Missed: []domain.AgentID{"ada"}, At: after(30)})
	require.Nil(t, r.OfferDue)
	require.Equal(t, Missed, r.Attempts[0].State)
}

func TestTheCustomerWaitsSinceTheFirstUnansweredMessage(t *testing.T) {
	wrote := func(s int) domain.Event {
		return interaction.MessageReceived{MessageID: "m", Kind: interaction.KindText, At: after(s)}
	}
	r, _ := row(t, interaction.Accepted{By: "ada", At: after(1)}, wrote(2), wrote(3))
	require.Equal(t, after(2), *r.SilentSince)
	r, _ = row(t, interaction.Accepted{By: "ada", At: after(1)}, wrote(2),
		interaction.MessageQueued{Author: interaction.AuthorAgent, At: after(4)})
	require.Nil(t, r.SilentSince)
	r, _ = row(t, wrote(2), interaction.Accepted{By: "ada", At: after(9)})
	require.Equal(t, after(9), *r.SilentSince, "the new owner gets the full time")
}

func TestTheRouterSortsByWeightThenWaitingTime(t *testing.T) {
	db := projectionstest.Run(t, []projections.Model{settings.Model(), Model()},
		projectionstest.Record("queue-sales", queue.Created{Settings: queue.Settings{Name: "Sales", Weight: 1}}),
		projectionstest.Record("queue-vip", queue.Created{Settings: queue.Settings{Name: "VIP", Weight: 9}}),
		history("a", "sales", 0), history("b", "sales", 5), history("c", "vip", 10),
		history("d", "sales", 11, interaction.Accepted{By: "ada", At: after(12)}),
		history("e", "sales", 12, offered("o1", 13, "ada")))
	rows, err := Next(t.Context(), db.Clear, "", 10)
	require.NoError(t, err)
	var order []string
	for _, r := range rows {
		order = append(order, r.InteractionID)
	}
	require.Equal(t, []string{"c", "a", "b", "e"}, order)
	rows, err = Next(t.Context(), db.Clear, "vip", 10)
	require.NoError(t, err)
	require.Len(t, rows, 1)

	counts, err := Counts(t.Context(), db.Masked, []string{"sales", "vip", "none"})
	require.NoError(t, err)
	since := noon
	require.Equal(t, Count{QueueID: "sales", Waiting: 3, Since: &since, InProgress: 1}, counts["sales"])
	require.Zero(t, counts["none"])

	due, err := OffersDue(t.Context(), db.Clear, after(43), 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
	require.Equal(t, []string{"o1"}, due[0].Due(after(43)))
	owned, err := OwnedBy(t.Context(), db.Clear, "ada")
	require.NoError(t, err)
	require.Len(t, owned, 1)
	there, err := ByIDs(t.Context(), db.Clear, []string{"a", "gone"})
	require.NoError(t, err)
	require.Len(t, there, 1)
}

func TestQueuesGetAHintWhenTheirCountersChange(t *testing.T) {
	waits := Row{InteractionID: "one", AccountID: "shop", QueueID: "sales"}
	owned, silent := waits, waits
	owned.OwnerID, silent.SilentSince = "ada", &noon
	require.Len(t, changes(Row{InteractionID: "one"}, waits, eventstore.Recorded{}), 1)
	require.Len(t, changes(waits, owned, eventstore.Recorded{}), 1)
	require.Len(t, changes(owned, Row{InteractionID: "one"}, eventstore.Recorded{}), 1)
	require.Empty(t, changes(waits, silent, eventstore.Recorded{}))
}
