package interactions

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/eventstore"
	"parley/projections/projectionstest"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func after(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

var begun = interaction.Opened{
	AccountID: "shop", AddressID: "addr", Channel: "whatsapp", QueueID: "sales", Number: 1, Origin: interaction.OriginInbound,
	Customer: interaction.Customer{Phone: "4915100"}, At: noon,
}

func message(id string, minutes int, text string) interaction.MessageReceived {
	return interaction.MessageReceived{MessageID: domain.MessageID(id), Kind: interaction.KindText, SentAt: after(minutes), Content: interaction.Content{Text: text}, At: after(minutes)}
}

// row is what the list shows of interaction "one" after these events.
func row(t *testing.T, events ...domain.Event) Row {
	t.Helper()
	return projectionstest.Fold(t, table, projectionstest.Record("interaction-one", append([]domain.Event{begun}, events...)...))["one"]
}

func TestAnArrivalWaitsUnread(t *testing.T) {
	r := row(t, message("m1", 0, "hello\nthere"), message("m2", 1, "anybody?"))
	require.True(t, r.Waiting())
	require.False(t, r.Read())
	require.Equal(t, 2, r.Unread)
	require.Equal(t, "anybody?", r.Preview)
	require.Equal(t, DirectionIn, r.LastMessageDirection)
	require.Equal(t, after(1), *r.LastInboundAt)
}

func TestThePreviewIsTheFirstLineOrTheKind(t *testing.T) {
	require.Equal(t, "hello", row(t, message("m1", 0, "hello\nthere")).Preview)
	picture := interaction.MessageReceived{MessageID: "m1", Kind: interaction.KindImage, Content: interaction.Content{Media: &interaction.Media{}}, At: noon}
	require.Equal(t, "[image]", row(t, picture).Preview)
	order := message("m1", 0, "")
	order.Kind, order.Content.Order = interaction.KindOrder, []byte(`{"Items":[{"ProductID":"a","Quantity":2},{"ProductID":"b","Quantity":1}]}`)
	require.Equal(t, "Order: 3 items", row(t, order).Preview)
	order.Content.Text = "for Saturday\nplease"
	require.Equal(t, "Order: 3 items · for Saturday", row(t, order).Preview)
}

func TestTheFirstOwnerStaysAfterATransfer(t *testing.T) {
	r := row(t, message("m1", 0, "hi"), interaction.Accepted{By: "ada", At: after(1)},
		interaction.SeenByOwner{By: "ada", Through: "m1", At: after(1)},
		interaction.TransferStarted{TransferID: "t", By: "ada", ToQueue: "help", At: after(2)},
		interaction.OwnerChanged{TransferID: "t", From: "ada", To: "ben", QueueID: "help", At: after(3)})
	require.Equal(t, "ada", r.FirstOwnerID)
	require.Equal(t, "ben", r.OwnerID)
	require.Equal(t, "help", r.QueueID)
	require.Empty(t, r.TransferID)
	require.Equal(t, 1, r.Unread, "the new owner has seen nothing yet")
	require.Equal(t, []string{"ben"}, r.Agents)
}

func TestATransferThatEndsReturnsUnread(t *testing.T) {
	r := row(t, message("m1", 0, "hi"), interaction.Accepted{By: "ada", At: after(1)},
		interaction.SeenByOwner{By: "ada", Through: "m1", At: after(1)},
		interaction.TransferStarted{TransferID: "t", By: "ada", ToAgent: "ben", At: after(2)},
		interaction.TransferEnded{TransferID: "t", Outcome: "EXPIRED", At: after(3)},
		interaction.ReturnedUnread{Owner: "ada", Reason: "TRANSFER_ENDED", At: after(3)})
	require.Equal(t, "ada", r.OwnerID)
	require.False(t, r.Read())
	require.Equal(t, []string{"ada"}, r.Agents, "whom it was offered to does not see it any more")
}

func TestWhomATransferIsOfferedToSeesTheInteraction(t *testing.T) {
	log := projectionstest.Record("interaction-one", begun, interaction.Accepted{By: "ada", At: after(1)},
		interaction.TransferStarted{TransferID: "t", By: "ada", ToQueue: "help", At: after(2)})
	asked := projectionstest.Record("transfer-t", transfer.Requested{InteractionID: "one", By: "ada", ToQueue: "help", OfferedTo: []domain.AgentID{"cho", "dan"}, At: after(2)})
	require.Equal(t, []string{"ada", "cho", "dan"}, projectionstest.Fold(t, table, log, asked)["one"].Agents)
}

func TestSeeingUpToAMessageLeavesTheLaterOnesUnread(t *testing.T) {
	events := []domain.Event{message("m1", 0, "a"), message("m2", 1, "b"), message("m3", 2, "c"), interaction.Accepted{By: "ada", At: after(3)}}
	require.Equal(t, 2, row(t, append(events, interaction.SeenByOwner{By: "ada", Through: "m1"})...).Unread)
	require.Equal(t, 0, row(t, append(events, interaction.SeenByOwner{By: "ada", Through: "m3"})...).Unread)
}

func TestAStatusOnlyRises(t *testing.T) {
	sent := interaction.MessageQueued{MessageID: "out", Author: interaction.AuthorAgent, Kind: interaction.KindText, Content: interaction.Content{Text: "yes"}, At: after(1)}
	require.Equal(t, "QUEUED", row(t, sent).LastMessageStatus)
	require.Equal(t, DirectionOut, row(t, sent).LastMessageDirection)
	r := row(t, sent, interaction.MessageRead{MessageID: "out"}, interaction.MessageSent{MessageID: "out"}, interaction.MessageFailed{MessageID: "out"})
	require.Equal(t, "READ", r.LastMessageStatus)
	require.Empty(t, row(t, sent, message("m1", 2, "thanks")).LastMessageStatus)
}

func TestNotesDoNotCountAsTheLastMessage(t *testing.T) {
	r := row(t, message("m1", 0, "hi"), interaction.NoteAdded{NoteID: "n", By: "ada", Text: "difficult", At: after(5)})
	require.Equal(t, "hi", r.Preview)
	require.Equal(t, noon, r.LastMessageAt)
}

func TestAStandingOfferLetsItsAgentsSeeTheInteraction(t *testing.T) {
	offered := interaction.Offered{OfferID: "o", QueueID: "sales", Agents: []domain.AgentID{"ada", "ben"}, Round: 1}
	require.Equal(t, []string{"ada", "ben"}, row(t, offered).Agents)
	require.Equal(t, []string{"ben"}, row(t, offered, interaction.OfferRejected{OfferID: "o", By: "ada"}).Agents)
	require.Empty(t, row(t, offered, interaction.OfferExpired{OfferID: "o", Missed: []domain.AgentID{"ada", "ben"}}).Agents)
	require.Equal(t, []string{"cho"}, row(t, offered, interaction.Accepted{By: "cho", At: after(1)}).Agents)
}

func TestClosingLeavesNothingUnread(t *testing.T) {
	r := row(t, message("m1", 0, "hi"), interaction.Accepted{By: "ada", At: after(1)}, interaction.Closed{By: "ada", At: after(2)})
	require.Equal(t, StatusClosed, r.Status)
	require.True(t, r.Read())
	require.Equal(t, "ada", r.OwnerID)
	require.False(t, r.Waiting())
}

func TestWhatWasErasedDoesNotShow(t *testing.T) {
	log := projectionstest.Record("interaction-one", begun, message("m1", 0, ""))
	log[1].Erased = true
	require.Equal(t, "[erased]", projectionstest.Fold(t, table, log)["one"].Preview)
}

func TestAHintCarriesTheScopeBeforeAndAfter(t *testing.T) {
	before := Row{ID: "one", AccountID: "shop", QueueID: "sales", Agents: []string{"ada"}}
	moved := before
	moved.QueueID, moved.Agents = "help", []string{"ben"}
	hints := changes(before, moved, eventstore.Recorded{})
	require.Len(t, hints, 1)
	require.Equal(t, "sales", hints[0].QueueBefore)
	require.Equal(t, "help", hints[0].Queue)
	require.Equal(t, []string{"ada"}, hints[0].AgentsBefore)
}
