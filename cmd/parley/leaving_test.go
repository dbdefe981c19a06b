package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnAgentWhoLeavesAQueueGetsNoMoreOfItsOffers(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben := w.works(t, "anna"), w.works(t, "ben")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	queues := get[struct{ Queues []struct{ ID, Name string } }](t, anna.client, "{queues{id name}}", nil).Queues
	bookings := ""
	for _, q := range queues {
		if q.Name == "Bookings" {
			bookings = q.ID
		}
	}
	transfer := anna.hands(t, id, vars{"toQueueId": bookings})
	require.Contains(t, ben.ask(t, "{transfers{mine}}", nil).raw, `"mine":true`)
	sub := ben.subscribe(t, liveDocument, nil)
	require.False(t, batch[liveShown](t, sub).Live.Resync)
	changeQueue(t, w, "Bookings",
		vars{"memberIds": []string{"usr_" + w.user(t, "anna").ID, "usr_" + w.user(t, "chiara").ID}})
	for !batch[liveShown](t, sub).Live.Resync { // the desktop refetches at once
	}
	require.JSONEq(t, `{"data":{"transfers":[],"offers":[]}}`, ben.ask(t, "{transfers{mine} offers{id}}", nil).raw)
	require.Equal(t, "NOT_A_MEMBER", ben.answers(t, "acceptTransfer", transfer))
	require.Equal(t, "Anna Rossi", anna.sees(t, id).Owner.Name)
}
