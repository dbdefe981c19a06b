package main

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

type liveShown struct {
	Live struct {
		Position     string
		Resync       bool
		Interactions []struct {
			ID      string
			Preview struct{ Text string }
		}
	}
}

const liveDocument = "subscription($a:String){live(after:$a){position resync interactions{id preview{text}}}}"

// heard reads batches until one shows the preview, and returns all previews so far and the last position.
func heard(t *testing.T, s *socket, last string) (previews []string, position string) {
	t.Helper()
	for !slices.Contains(previews, last) {
		b := batch[liveShown](t, s).Live
		require.False(t, b.Resync)
		position = b.Position
		for _, i := range b.Interactions {
			previews = append(previews, i.Preview.Text)
		}
	}
	return previews, position
}

func TestAReconnectedDesktopMissesNothing(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.as(t, "anna")
	first := anna.subscribe(t, liveDocument, nil)
	begun := batch[liveShown](t, first).Live
	require.False(t, begun.Resync)
	require.NotEmpty(t, begun.Position)
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "While you watch")
	_, position := heard(t, first, "While you watch")
	first.close()

	for i := range 5 {
		w.customer(fmt.Sprintf("Customer %d", i), fmt.Sprintf("39347111220%d", i), 0).writes(t,
			fmt.Sprintf("While you are away %d", i))
	}
	require.Eventually(t, func() bool { return w.counts(t)["received"] == 6 }, patience, 10e6)
	w.settle(t)
	again := anna.subscribe(t, liveDocument, vars{"a": position})
	w.customer("Late", "393471112299", 0).writes(t, "Back again")
	previews, _ := heard(t, again, "Back again")
	for i := range 5 {
		require.Contains(t, previews, fmt.Sprintf("While you are away %d", i))
	}

	other := anna.subscribe(t, liveDocument, vars{"a": "a position of another store"})
	require.True(t, batch[liveShown](t, other).Live.Resync)
	fresh := anna.subscribe(t, liveDocument, nil)
	require.False(t, batch[liveShown](t, fresh).Live.Resync)
}

func TestAPositionOfAnotherStoreLeadsToAResync(t *testing.T) {
	t.Parallel()
	here, there := startWorld(t), startWorldOn(t, testConfig(t)) // a copied store would be the same store
	foreign := batch[liveShown](t, there.as(t, "anna").subscribe(t, liveDocument, nil)).Live.Position
	b := batch[liveShown](t, here.as(t, "anna").subscribe(t, liveDocument, vars{"a": foreign})).Live
	require.True(t, b.Resync)
	again := batch[liveShown](t, here.as(t, "anna").subscribe(t, liveDocument, vars{"a": b.Position})).Live
	require.False(t, again.Resync, "a position of this deployment needs no resync")
}

func TestAConversationUpdateArrivesOnceAcrossADisconnect(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	maria := w.customer("Maria Verdi", "393471112233", 0)
	maria.writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	type shown struct {
		Conversation struct {
			Position string
			Resync   bool
			Messages []struct{ ID, Text string }
		}
	}
	const document = "subscription($id:ID!,$a:String){conversation(interactionId:$id,after:$a){position resync messages{id text}}}"
	s := anna.subscribe(t, document, vars{"id": id})
	position := batch[shown](t, s).Conversation.Position
	s.close()
	for i := range 5 {
		maria.writes(t, fmt.Sprintf("Line %d", i))
	}
	anna.until(t, id, func(i *interactionShown) bool { return len(i.Messages.Edges) == 6 })
	s = anna.subscribe(t, document, vars{"id": id, "a": position})
	var texts []string
	for len(texts) < 5 {
		b := batch[shown](t, s).Conversation
		require.False(t, b.Resync)
		for _, m := range b.Messages {
			texts = append(texts, m.Text)
		}
	}
	slices.Sort(texts)
	require.Equal(t, []string{"Line 0", "Line 1", "Line 2", "Line 3", "Line 4"}, texts)
}
