package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/user"
)

func TestALiveBatchNamesNothingOutOfScope(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.as(t, "anna")
	maria := w.customer("Maria Verdi", "393471112233", 0)
	document := "subscription{live{resync removed settings interactions{id queue{id}}}}"
	type shown struct {
		Live struct {
			Resync            bool
			Removed, Settings []string
			Interactions      []struct {
				ID    string
				Queue struct{ ID string }
			}
		}
	}
	watching := anna.subscribe(t, document, nil)
	maria.writes(t, "Hello")
	var id, queue string
	for id == "" {
		for _, i := range batch[shown](t, watching).Live.Interactions {
			id, queue = i.ID, i.Queue.ID
		}
	}
	var others []string
	for _, q := range get[struct{ Queues []struct{ ID string } }](t, w.as(t, "admin"), "{queues{id}}", nil).Queues {
		if q.ID != queue {
			others = append(others, q.ID)
		}
	}
	changeAccount(t, w, w.accounts[0].PhoneNumberID, vars{"queueId": others[0], "queueIds": others})
	newcomer := w.hire(t, "newcomer", user.Agent, vars{"queueIds": []string{queue}})
	w.settle(t)
	require.Nil(t, newcomer.sees(t, id), "the interaction is in the agent's queue, but on an account they may not see")

	watched := newcomer.subscribe(t, document, nil)
	require.False(t, batch[shown](t, watched).Live.Resync)
	maria.writes(t, "Are you there?")
	require.Eventually(t, func() bool { return w.counts(t)["received"] == 2 }, patience, 10e6)
	saved := w.as(t, "admin").do(t, "saveTag", "SaveTagInput", "tag{id}",
		vars{"commandId": newID(), "name": "afterwards", "color": "green"})
	require.Empty(t, saved.code(), saved.raw)
	for ended := false; !ended; {
		ended = slices.Contains(batch[shown](t, watched).Live.Settings, "TAG")
	}
	require.NotContains(t, strings.Join(watched.raw, ""), id)
}

func TestAViewerWhoLosesAConversationNoLongerSeesWhoIsViewingIt(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben := w.works(t, "anna"), w.works(t, "ben")
	maria := w.customer("Maria Verdi", "393471112233", 0)
	maria.writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	signals := func(typing bool) {
		t.Helper()
		a := anna.ask(t, "mutation($i:SignalPresenceInput!){signalPresence(input:$i)}",
			vars{"i": vars{"interactionId": id, "typing": typing}})
		require.Empty(t, a.code(), a.raw)
	}
	type shown struct {
		Conversation struct {
			Resync   bool
			Watchers []struct {
				Typing bool
				User   struct{ ID string }
			}
		}
	}
	listening := ben.subscribe(t,
		"subscription($id:ID!){conversation(interactionId:$id){resync watchers{typing user{id}}}}", vars{"id": id})
	signals(true)
	for len(batch[shown](t, listening).Conversation.Watchers) == 0 {
	}
	queue := get[struct {
		Interaction struct{ Queue struct{ Name string } }
	}](t, anna.client, "query($id:ID!){interaction(id:$id){queue{name}}}", vars{"id": id}).Interaction.Queue.Name
	changeQueue(t, w, queue, vars{"memberIds": []string{"usr_" + w.user(t, "anna").ID}})
	require.Eventually(t, func() bool { return ben.sees(t, id) == nil }, patience, 10*time.Millisecond)

	elsewhere := anna.subscribe(t,
		"subscription($id:ID!){conversation(interactionId:$id){resync watchers{user{id}}}}", vars{"id": id})
	batch[shown](t, elsewhere)
	signals(false)
	batch[shown](t, elsewhere) // it was announced
	maria.writes(t, "Are you there?")
	for {
		b := batch[shown](t, listening).Conversation
		require.Empty(t, b.Watchers)
		if b.Resync {
			break
		}
	}
}
