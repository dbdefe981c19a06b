package interactions

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/projections/projectionstest"
)

func observedMessage(id string, author interaction.Author, at time.Time) interaction.MessageObserved {
	return interaction.MessageObserved{MessageID: domain.MessageID(id), Author: author, Kind: interaction.KindText,
		Status: interaction.StatusSent, Content: interaction.Content{Text: id}, SentAt: at, At: after(60)}
}

func TestAnObservedMessageIsNeverUnread(t *testing.T) {
	r := row(t, message("m1", 0, "hello"), observedMessage("from the phone", interaction.AuthorPhoneApp, after(1)))
	require.Equal(t, 1, r.Unread)
	require.Equal(t, "from the phone", r.Preview.Text)
	require.Equal(t, DirectionOut, r.LastMessageDirection)
	require.Equal(t, after(0), *r.LastInboundAt, "only the customer opens the window")

	r = row(t, message("m1", 0, "hello"), observedMessage("to the other app", interaction.AuthorCustomer, after(1)))
	require.Equal(t, 1, r.Unread)
	require.Equal(t, after(1), *r.LastInboundAt)
}

func TestAHandoverIsUnreadAndLeavesTheWindow(t *testing.T) {
	handover := message("h1", 9, "wants a person")
	handover.Kind = interaction.KindHandover
	r := row(t, message("m1", 0, "hello"), handover)
	require.Equal(t, 2, r.Unread)
	require.Equal(t, after(0), *r.LastInboundAt)
}

func TestOldMessagesAreListedAtTheirTime(t *testing.T) {
	before := begun
	before.Number, before.Origin = 0, interaction.OriginBefore
	first, last := observedMessage("first", interaction.AuthorCustomer, after(-900)),
		observedMessage("last", interaction.AuthorPhoneApp, after(-800))
	first.Before, last.Before = true, true
	for _, events := range [][]domain.Event{{before, interaction.Closed{At: noon}, first, last},
		{before, interaction.Closed{At: noon}, last, first}} {
		r := projectionstest.Fold(t, table, projectionstest.Record("interaction-one", events...))["one"]
		require.Equal(t, after(-900), r.StartedAt)
		require.Equal(t, after(-800), r.LastMessageAt)
		require.Equal(t, "last", r.Preview.Text)
		require.Equal(t, []any{StatusClosed, 0, false}, []any{r.Status, r.Unread, r.Waiting()})
		require.False(t, r.DispositionMissing(), "no one has handled it")
	}
}
