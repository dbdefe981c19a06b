package offers

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/queue"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/access"
	"parley/projections"
	"parley/projections/contacts"
	"parley/projections/interactions"
	"parley/projections/projectionstest"
	"parley/projections/settings"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func after(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

func offered(id string, seconds int, agents ...domain.AgentID) interaction.Offered {
	return interaction.Offered{OfferID: domain.OfferID(id), QueueID: "sales", Agents: agents,
		ExpiresAt: after(seconds + 30), At: after(seconds)}
}

func history(id string, events ...domain.Event) []eventstore.Recorded {
	return projectionstest.Record("interaction-"+id, append([]domain.Event{
		interaction.Opened{AccountID: "shop", QueueID: "sales", At: noon},
		interaction.MessageReceived{MessageID: "m", Kind: interaction.KindText,
			Content: interaction.Content{Text: "call 0151 2345678"}, At: noon},
	}, events...)...)
}

// states returns the state of each agent's last offer of interaction "one".
func states(t *testing.T, events ...domain.Event) map[string]string {
	t.Helper()
	row := projectionstest.Fold(t, table, history("one", events...))["one"]
	found := map[string]string{}
	for _, m := range row.Offers {
		for i, agent := range m.Agents {
			found[agent] = m.States[i]
		}
	}
	return found
}

func TestAnAcceptedOfferIsTakenForTheOtherAgents(t *testing.T) {
	events := []domain.Event{offered("o1", 1, "ada", "ben", "cho"),
		interaction.OfferRejected{OfferID: "o1", By: "cho"}, interaction.Accepted{OfferID: "o1", By: "ada",
			At: after(5)}}
	require.Equal(t, map[string]string{"ada": Accepted, "ben": Taken, "cho": Rejected}, states(t, events...))
	row := projectionstest.Fold(t, table, history("one", events...))["one"]
	require.Equal(t, "ada", row.Offers[0].TakenBy)
	require.Empty(t, row.PendingAgents)
}

func TestAnExpiredOfferKeepsItsRejections(t *testing.T) {
	require.Equal(t, map[string]string{"ada": Rejected, "ben": Expired},
		states(t, offered("o1", 1, "ada", "ben"), interaction.OfferRejected{OfferID: "o1", By: "ada"},
			interaction.OfferExpired{OfferID: "o1", Missed: []domain.AgentID{"ben"}}))
}

func TestClosingWithdrawsPendingOffers(t *testing.T) {
	require.Equal(t, map[string]string{"ada": Withdrawn}, states(t, offered("o1", 1, "ada"),
		interaction.Closed{By: "sup"}))
}

func TestOnlyTheLastOffersAreKept(t *testing.T) {
	var events []domain.Event
	for i := range 30 {
		id := string(rune('a' + i))
		events = append(events, offered(id, i, "ada"), interaction.OfferExpired{OfferID: domain.OfferID(id),
			Missed: []domain.AgentID{"ada"}})
	}
	require.LessOrEqual(t, len(projectionstest.Fold(t, table, history("one", events...))["one"].Offers), kept)
}

func TestEveryAgentConcernedGetsAHint(t *testing.T) {
	before := Row{InteractionID: "one",
		Offers: []Offer{{ID: "o1", Agents: []string{"ada", "ben", "cho"},
			States: []string{Pending, Pending, Rejected}}}}
	now := before.takenBy("ada")
	hints := changes(before, now, eventstore.Recorded{})
	require.Len(t, hints, 1)
	require.Equal(t, []string{"ada", "ben"}, hints[0].Agents)
	require.Equal(t, Pending, before.Offers[0].States[0], "the earlier row does not change")
}

func models() []projections.Model {
	return []projections.Model{settings.Model(), contacts.Model(), interactions.Model(), Model()}
}

// members returns the events that set a queue's agents.
func members(agents ...domain.AgentID) []eventstore.Recorded {
	return projectionstest.Record("queue-sales",
		queue.Changed{Settings: queue.Settings{Name: "Sales", Members: agents}, At: noon})
}

func TestAnAgentWhoLeftTheQueueNoLongerHasItsOffers(t *testing.T) {
	db := projectionstest.Run(t, models(), members("ada", "ben"),
		history("one", offered("o1", 10, "ada", "ben")), members("ben"))
	for agent, want := range map[string]string{"ada": Withdrawn, "ben": Pending} {
		mine, err := Of(t.Context(), db.Clear, agent)
		require.NoError(t, err)
		require.Equal(t, want == Pending, len(mine) == 1, agent)
		read, err := ByIDs(t.Context(), db.Clear, access.Viewer{User: domain.UserID(agent), Role: user.Agent},
			[]string{"o1"})
		require.NoError(t, err)
		require.Equal(t, want, read[0].State, agent)
	}
}

func TestAnAgentReadsTheOffersThatCanStillBeAnswered(t *testing.T) {
	db := projectionstest.Run(t, models(), members("ada", "ben"),
		history("one", offered("o1", 10, "ada", "ben")),
		history("two", offered("o2", 5, "ada")),
		history("three", offered("o3", 1, "ada", "ben"), interaction.Accepted{OfferID: "o3", By: "ben", At: after(2)}))
	mine, err := Of(t.Context(), db.Clear, "ada")
	require.NoError(t, err)
	require.Len(t, mine, 2)
	require.Equal(t, AgentOffer{ID: "o2", InteractionID: "two", AgentID: "ada", AccountID: "shop",
		QueueID: "sales", State: Pending, OfferedAt: after(5), ExpiresAt: after(35), WaitingSince: noon,
		FirstMessage: interaction.Preview{Kind: interaction.KindText, Text: "call 0151 2345678"}}, mine[0])

	ada := access.Viewer{User: "ada", Role: user.Agent, Masked: true}
	read, err := ByIDs(t.Context(), db.For(ada), ada, []string{"o3", "o1"})
	require.NoError(t, err)
	require.Len(t, read, 2)
	byID := map[string]AgentOffer{read[0].ID: read[0], read[1].ID: read[1]}
	require.Equal(t, Taken, byID["o3"].State)
	require.Equal(t, "ben", byID["o3"].TakenBy)
	require.Equal(t, "call •••", byID["o1"].FirstMessage.Text)

	cho := access.Viewer{User: "cho", Role: user.Agent}
	none, err := ByIDs(t.Context(), db.Clear, cho, []string{"o1"})
	require.NoError(t, err)
	require.Empty(t, none)

	taker, err := LastTaker(t.Context(), db.Clear, "sales")
	require.NoError(t, err)
	require.Equal(t, "ben", taker)
	of, err := InteractionOf(t.Context(), db.Clear, "o2")
	require.NoError(t, err)
	require.Equal(t, "two", of)

	var rows int
	require.NoError(t, db.Masked.QueryRow(t.Context(),
		"SELECT count(*) FROM offers WHERE state = 'PENDING'").Scan(&rows))
	require.Equal(t, 3, rows, "one for each offer and agent")
}

func TestAnOfferShowsWhatReplacedAPlaceholder(t *testing.T) {
	placeholder := interaction.MessageReceived{MessageID: "m", Kind: interaction.KindUnsupported, At: noon}
	arrived := interaction.ContentArrived{MessageID: "m", Kind: interaction.KindText,
		Content: interaction.Content{Text: "an appointment, please"}}
	row := projectionstest.Fold(t, table, projectionstest.Record("interaction-one",
		interaction.Opened{AccountID: "shop", QueueID: "sales", At: noon}, placeholder, offered("o1", 1, "ada"), arrived))["one"]
	require.Equal(t, "an appointment, please", row.FirstMessage.Text)
	before := row
	before.FirstMessage = interaction.Preview{Kind: interaction.KindUnsupported}
	require.Equal(t, []string{"ada"}, changes(before, row, eventstore.Recorded{})[0].Agents, "the agent's card is updated")
}
