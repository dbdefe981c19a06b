package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/contact"
	"parley/domain/interaction"
)

// identified returns the recorded deliveries of a customer who comes with a number, a user id or both. The last one is
// of someone else, who has the number by then.
func (r recorded) identified() (adas []string, others string) {
	r.t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "deliveries", "phone_then_user_id.json"))
	require.NoError(r.t, err)
	var whole struct{ Deliveries []json.RawMessage }
	require.NoError(r.t, json.Unmarshal(raw, &whole))
	require.Len(r.t, whole.Deliveries, 5)
	for _, d := range whole.Deliveries {
		adas = append(adas, r.adapted(string(d)))
	}
	return adas[:4], adas[4]
}

// written returns what customers wrote in each session, by session.
func (r recorded) written() map[string][]string {
	r.t.Helper()
	all := make(map[string][]string)
	for _, e := range r.events(r.t) {
		m, ok := e.Event.(interaction.MessageReceived)
		if ok && strings.HasPrefix(m.ProviderMessageID, "wamid."+r.own+".ID") {
			all[e.AggregateID] = append(all[e.AggregateID], m.Content.Text)
		}
	}
	return all
}

// contactsOf returns how many contacts the customers of this copy have.
func (r recorded) contactsOf() int {
	r.t.Helper()
	n := 0
	for _, e := range r.events(r.t) {
		if created, ok := e.Event.(contact.Created); ok && slices.Contains(created.Details.Phones, r.phone("106")) {
			n++
		}
	}
	return n
}

const recycled = "phone recycled to another person"

func numberThenUserID(t *testing.T, r recorded) {
	adas, others := r.identified()
	for range 2 {
		for _, body := range append(slices.Clone(adas), others) {
			r.post(body)
		}
	}
	r.settle(t)
	sessions := r.written()
	require.Len(t, sessions, 2)
	for _, texts := range sessions {
		if len(texts) == 1 {
			require.Equal(t, []string{recycled}, texts)
		} else {
			require.Equal(t, []string{"phone only", "phone and id", "id only", "phone only again"}, texts)
		}
	}
	require.Eventually(t, func() bool { return r.contactsOf() == 2 }, patience, 20*time.Millisecond, "one contact each")
}

func recycledNumberAtOnce(t *testing.T, r recorded) {
	adas, others := r.identified()
	r.post(adas[1])
	var posting sync.WaitGroup
	for _, body := range []string{adas[0], adas[2], adas[3], others, others, adas[3], adas[2]} {
		posting.Go(func() { r.post(body) })
	}
	posting.Wait()
	r.settle(t)
	for _, texts := range r.written() {
		require.Equal(t, slices.Contains(texts, recycled), len(texts) == 1, "%q", texts)
	}
}

func twoSessionsBecomeOne(t *testing.T, r recorded) {
	deliveries, _ := r.identified()
	for n := range deliveries { // now, so that the reply window is open
		deliveries[n] = strings.ReplaceAll(deliveries[n], "178540700", strconv.FormatInt(time.Now().Unix()/10-1, 10))
	}
	r.post(deliveries[0]) // by number
	r.post(deliveries[2]) // by user id
	r.settle(t)
	var ids []string
	for id := range r.written() {
		ids = append(ids, "int_"+id)
	}
	require.Len(t, ids, 2)
	sofia, anna, ben := r.as(t, "sofia"), r.as(t, "anna"), r.as(t, "ben")
	for n, login := range []string{"anna", "ben"} {
		require.Empty(t, sofia.on(t, "assignInteraction", ids[n], vars{"agentId": "usr_" + r.user(t, login).ID}))
	}
	desk{client: anna, w: r.world}.sends(t, ids[0], "from Anna")
	desk{client: ben, w: r.world}.sends(t, ids[1], "from Ben")
	r.post(deliveries[1]) // by both

	type shown struct {
		Status     string
		Joined     []string
		JoinedInto *struct {
			Reason      string
			Keeper      struct{ Name string }
			Interaction *struct{ ID string }
		}
		Actions  []string
		Messages struct {
			Edges []struct{ Node struct{ ID, Text string } }
		}
	}
	look := func(c client, id string) shown {
		return get[struct{ Interaction shown }](t, c, `query($id:ID!){interaction(id:$id){status joined
			joinedInto{reason keeper{name} interaction{id}} actions messages(last:50){edges{node{id text}}}}}`, vars{"id": id}).Interaction
	}
	lost, kept := ids[0], ids[1]
	require.Eventually(t, func() bool { return len(look(sofia, kept).Joined) == 1 }, patience, 20*time.Millisecond,
		"the two sessions are not joined")
	var texts []string
	for _, e := range look(ben, kept).Messages.Edges {
		texts = append(texts, e.Node.Text)
	}
	require.ElementsMatch(t, []string{"phone only", "id only", "from Anna", "from Ben", "phone and id"}, texts,
		"the messages of both are read in one place")
	told := look(anna, lost)
	require.Equal(t, "CLOSED", told.Status)
	require.Equal(t, "WROTE_LAST", told.JoinedInto.Reason, "the owner who lost it sees why")
	require.Contains(t, told.Actions, "SEPARATE")

	theirs := told.Messages.Edges[0].Node // what the customer wrote there
	watching := ben.subscribe(t, "subscription($id:ID!){conversation(interactionId:$id){resync messages{id}}}", vars{"id": kept})
	type update struct {
		Conversation struct{ Messages []struct{ ID string } }
	}
	batch[update](t, watching)
	reacted := ben.do(t, "react", "ReactInput", "message{id}", vars{"commandId": newID(), "interactionId": lost,
		"messageId": theirs.ID, "emoji": "👍"})
	require.Empty(t, reacted.code(), "%s: who has the conversation reacts to what was joined into it", reacted.raw)
	noted := sofia.do(t, "addNote", "NoteInput", "message{id}", vars{"commandId": newID(), "interactionId": lost, "text": "Twins"})
	require.Empty(t, noted.code(), noted.raw)
	for seen := map[string]bool{}; len(seen) < 2; {
		for _, m := range batch[update](t, watching).Conversation.Messages {
			seen[m.ID] = true // a change of the ended session reaches the open screen
		}
	}

	require.NotEmpty(t, r.as(t, "davide").on(t, "separateInteraction", lost, nil), "another agent may not undo it")
	require.Empty(t, ben.on(t, "separateInteraction", lost, nil))
	require.Empty(t, look(sofia, kept).Joined)
	apart := look(anna, lost)
	require.Equal(t, "OPEN", apart.Status)
	require.Nil(t, apart.JoinedInto)
	require.Len(t, apart.Messages.Edges, 3, "what each wrote there, and the note")
}
