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
	AccountID: "shop", AddressID: "addr", Channel: "whatsapp", QueueID: "sales", Number: 1,
	Origin:   interaction.OriginInbound,
	Customer: interaction.Customer{Phone: "4915100"}, At: noon,
}

func message(id string, minutes int, text string) interaction.MessageReceived {
	return interaction.MessageReceived{MessageID: domain.MessageID(id), Kind: interaction.KindText,
		SentAt: after(minutes), Content: interaction.Content{Text: text}, At: after(minutes)}
}

// row returns what the list shows of interaction "one" after these events.
func row(t *testing.T, events ...domain.Event) Row {
	t.Helper()
	return projectionstest.Fold(t, table, projectionstest.Record("interaction-one",
		append([]domain.Event{begun}, events...)...))["one"]
}

func TestANewInteractionWaitsUnread(t *testing.T) {
	r := row(t, message("m1", 0, "hello\nthere"), message("m2", 1, "anybody?"))
	require.True(t, r.Waiting())
	require.False(t, r.Read())
	require.Equal(t, 2, r.Unread)
	require.Equal(t, "anybody?", r.Preview.Text)
	require.Equal(t, DirectionIn, r.LastMessageDirection)
	require.Equal(t, after(1), *r.LastInboundAt)
}

func TestAnEditedCaptionKeepsTheRestOfThePreview(t *testing.T) {
	picture := message("m1", 0, "the leek")
	picture.Kind, picture.Content.Media = interaction.KindImage, &interaction.Media{FileName: "photo.jpg"}
	edited := row(t, picture, interaction.MessageEdited{MessageID: "m1",
		Content: interaction.Content{Text: "the leak", Media: &interaction.Media{ProviderID: "p2"}}})
	require.Equal(t, interaction.Preview{Kind: interaction.KindImage, Text: "the leak", FileName: "photo.jpg"},
		edited.Preview)
}

func TestThePreviewOfAPlaceholderIsReplacedByWhatTheCustomerWrote(t *testing.T) {
	placeholder := message("m1", 0, "")
	placeholder.Kind = interaction.KindUnsupported
	arrived := interaction.ContentArrived{MessageID: "m1", Kind: interaction.KindText,
		Content: interaction.Content{Text: "an appointment, please"}}
	r := row(t, placeholder, arrived)
	require.Equal(t, interaction.Preview{Kind: interaction.KindText, Text: "an appointment, please"}, r.Preview)
	require.Equal(t, 1, r.Unread)
	require.Equal(t, "hello?", row(t, placeholder, message("m2", 1, "hello?"), arrived).Preview.Text, "it is not the last one")
}

func TestThePreviewHoldsTheFirstLineAndTheKind(t *testing.T) {
	require.Equal(t, interaction.Preview{Kind: interaction.KindText, Text: "hello"},
		row(t, message("m1", 0, "hello\nthere")).Preview)
	picture := interaction.MessageReceived{MessageID: "m1", Kind: interaction.KindImage,
		Content: interaction.Content{Media: &interaction.Media{}}, At: noon}
	require.Equal(t, interaction.Preview{Kind: interaction.KindImage}, row(t, picture).Preview)
	order := message("m1", 0, "for Saturday\nplease")
	order.Kind, order.Content.Order = interaction.KindOrder, &interaction.Order{
		Items: []interaction.OrderItem{{ProductID: "a", Quantity: 2}, {ProductID: "b", Quantity: 1}},
	}
	require.Equal(t, interaction.Preview{Kind: interaction.KindOrder, Text: "for Saturday", Pieces: 3},
		row(t, order).Preview)
	require.Equal(t, interaction.Preview{}, row(t, order, interaction.MessageRevoked{MessageID: "m1"}).Preview)
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

func TestAFailedTransferReturnsUnread(t *testing.T) {
	r := row(t, message("m1", 0, "hi"), interaction.Accepted{By: "ada", At: after(1)},
		interaction.SeenByOwner{By: "ada", Through: "m1", At: after(1)},
		interaction.TransferStarted{TransferID: "t", By: "ada", ToAgent: "ben", At: after(2)},
		interaction.TransferEnded{TransferID: "t", Outcome: "EXPIRED", At: after(3)},
		interaction.ReturnedUnread{Owner: "ada", Reason: "TRANSFER_ENDED", At: after(3)})
	require.Equal(t, "ada", r.OwnerID)
	require.False(t, r.Read())
	require.Equal(t, []string{"ada"}, r.Agents, "agents it was offered to no longer see it")
}

func TestAgentsWithATransferOfferSeeTheInteraction(t *testing.T) {
	log := projectionstest.Record("interaction-one", begun, interaction.Accepted{By: "ada", At: after(1)},
		interaction.TransferStarted{TransferID: "t", By: "ada", ToQueue: "help", At: after(2)})
	asked := projectionstest.Record("transfer-t", transfer.Requested{InteractionID: "one", By: "ada",
		ToQueue: "help", OfferedTo: []domain.AgentID{"cho", "dan"}, At: after(2)})
	require.Equal(t, []string{"ada", "cho", "dan"}, projectionstest.Fold(t, table, log, asked)["one"].Agents)
}

func TestSeeingUpToAMessageLeavesTheLaterOnesUnread(t *testing.T) {
	events := []domain.Event{message("m1", 0, "a"), message("m2", 1, "b"), message("m3", 2, "c"),
		interaction.Accepted{By: "ada", At: after(3)}}
	require.Equal(t, 2, row(t, append(events, interaction.SeenByOwner{By: "ada", Through: "m1"})...).Unread)
	require.Equal(t, 0, row(t, append(events, interaction.SeenByOwner{By: "ada", Through: "m3"})...).Unread)
}

func TestAMessageStatusOnlyRises(t *testing.T) {
	sent := interaction.MessageQueued{MessageID: "out", Author: interaction.AuthorAgent,
		Kind: interaction.KindText, Content: interaction.Content{Text: "yes"}, At: after(1)}
	require.Equal(t, "QUEUED", row(t, sent).LastMessageStatus)
	require.Equal(t, DirectionOut, row(t, sent).LastMessageDirection)
	r := row(t, sent, interaction.MessageRead{MessageID: "out"}, interaction.MessageSent{MessageID: "out"},
		interaction.MessageFailed{MessageID: "out"})
	require.Equal(t, "READ", r.LastMessageStatus)
	require.Empty(t, row(t, sent, message("m1", 2, "thanks")).LastMessageStatus)
	settled := row(t, sent, interaction.MessageOutcomeUnknown{MessageID: "out"},
		interaction.MessageSettled{MessageID: "out", As: interaction.StatusFailed})
	require.Equal(t, "FAILED", settled.LastMessageStatus)
}

func TestAWindowClosedByTheProviderStaysClosedUntilTheCustomerWrites(t *testing.T) {
	closed := interaction.MessageFailed{MessageID: "out", WindowClosed: true, At: after(2)}
	require.Equal(t, after(2), *row(t, message("m1", 0, "hi"), closed).WindowClosedAt)
	require.Nil(t, row(t, message("m1", 0, "hi"), closed, message("m2", 3, "thanks")).WindowClosedAt)
}

func TestNotesDoNotCountAsTheLastMessage(t *testing.T) {
	r := row(t, message("m1", 0, "hi"), interaction.NoteAdded{NoteID: "n", By: "ada", Text: "difficult", At: after(5)})
	require.Equal(t, "hi", r.Preview.Text)
	require.Equal(t, noon, r.LastMessageAt)
}

func TestAgentsWithAPendingOfferSeeTheInteraction(t *testing.T) {
	offered := interaction.Offered{OfferID: "o", QueueID: "sales", Agents: []domain.AgentID{"ada", "ben"}, Round: 1}
	require.Equal(t, []string{"ada", "ben"}, row(t, offered).Agents)
	require.Equal(t, []string{"ben"}, row(t, offered, interaction.OfferRejected{OfferID: "o", By: "ada"}).Agents)
	require.Empty(t, row(t, offered,
		interaction.OfferExpired{OfferID: "o", Missed: []domain.AgentID{"ada", "ben"}}).Agents)
	require.Equal(t, []string{"cho"}, row(t, offered, interaction.Accepted{By: "cho", At: after(1)}).Agents)
}

func TestClosingLeavesNothingUnread(t *testing.T) {
	r := row(t, message("m1", 0, "hi"), interaction.Accepted{By: "ada", At: after(1)},
		interaction.Closed{By: "ada", At: after(2)})
	require.Equal(t, StatusClosed, r.Status)
	require.True(t, r.Read())
	require.Equal(t, "ada", r.OwnerID)
	require.False(t, r.Waiting())
}

func TestErasedContentIsNotShown(t *testing.T) {
	log := projectionstest.Record("interaction-one", begun, message("m1", 0, ""))
	log[1].Erased = true
	require.Equal(t, interaction.Preview{Kind: interaction.KindText, Erased: true},
		projectionstest.Fold(t, table, log)["one"].Preview)
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

func TestAJoinedInteractionSaysWhereItContinuesUntilItIsSeparated(t *testing.T) {
	ended := []domain.Event{message("m1", 0, "hello"), interaction.Accepted{By: "ada", At: after(1)},
		interaction.JoinedInto{Survivor: "two", Owner: "ada", Keeper: "ben", Reason: interaction.JoinWroteLast, At: after(2)},
		interaction.Closed{At: after(2)}}
	r := row(t, ended...)
	require.Equal(t, []string{StatusClosed, "two", "WROTE_LAST", "ben"}, []string{r.Status, r.JoinedInto, r.JoinReason, r.JoinKeeper})
	require.False(t, r.DispositionMissing(), "the one that continues gets the disposition")
	r = row(t, append(ended, interaction.Restored{From: "two", Open: true, Owner: "ada", At: after(3)})...)
	require.Equal(t, []string{StatusOpen, "", "ada"}, []string{r.Status, r.JoinedInto, r.OwnerID})
	require.False(t, r.Read(), "its owner finds it unread")
}

func TestAnInteractionTakesOverWhatIsJoinedIntoIt(t *testing.T) {
	written := after(9)
	joined := interaction.Joined{Other: "two", Before: []domain.InteractionID{"three"}, LastInboundAt: &written, Unread: true, At: after(10)}
	events := []domain.Event{message("m1", 0, "hello"), interaction.Accepted{By: "ada", At: after(1)},
		interaction.SeenByOwner{By: "ada", Through: "m1", At: after(2)}, joined}
	r := row(t, events...)
	require.Equal(t, []string{"two", "three"}, r.Joined)
	require.Equal(t, written, *r.LastInboundAt, "the reply window begins with the customer's last message in either")
	require.False(t, r.Read())
	r = row(t, append(events, interaction.Separated{Other: "two", Before: joined.Before, At: after(11)})...)
	require.Empty(t, r.Joined)
}

func TestARowShowsTheLastMessageAndTheCountsOfWhatIsJoinedIntoIt(t *testing.T) {
	latest := after(9)
	joined := interaction.Joined{Other: "two", Unread: true, LastMessageID: "m3", LastMessageAt: &latest, LastIn: "two",
		Inbound: 2, Unseen: []domain.MessageID{"m2", "m3"}, At: after(10)}
	events := []domain.Event{message("m1", 0, "hello"), interaction.Accepted{By: "ada", At: after(1)}, joined}
	r := row(t, events...)
	require.Equal(t, []any{3, "two", latest}, []any{r.Unread, r.LastIn, r.LastMessageAt})
	require.False(t, r.ReturnedUnread, "it is unread because of its messages, not because someone marked it")

	read := row(t, append(events, interaction.SeenByOwner{By: "ada", Through: "m2", At: after(11)})...)
	require.Equal(t, 1, read.Unread)
	read = row(t, append(events, interaction.SeenByOwner{By: "ada", Through: "m3", At: after(11)})...)
	require.True(t, read.Read())

	apart := row(t, append(events, interaction.Separated{Other: "two", At: after(11)})...)
	require.Equal(t, []any{1, "", after(0), 1}, []any{apart.Unread, apart.LastIn, apart.LastMessageAt, apart.Inbound})
	later := row(t, append(events, message("m4", 12, "and?"), interaction.Separated{Other: "two", At: after(13)})...)
	require.Equal(t, []any{2, "", after(12), "m4"}, []any{later.Unread, later.LastIn, later.LastMessageAt, later.LastMessageID})
}
