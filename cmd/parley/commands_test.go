package main

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
)

func TestAnInteractionFromTheFirstMessageToTheClose(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben := w.works(t, "anna"), w.works(t, "ben")
	maria := w.customer("Maria Verdi", "393471112233", 0)
	maria.writes(t, "Good morning!")

	t.Run("every free agent of the queue is offered the interaction", func(t *testing.T) {
		require.Equal(t, "PENDING", anna.offered(t, "Good morning!").State)
		require.Equal(t, "PENDING", ben.offered(t, "Good morning!").State)
	})
	offer := ben.offered(t, "Good morning!")
	id := anna.accepts(t, "Good morning!")
	t.Run("the other agents are told who accepted", func(t *testing.T) {
		a := ben.do(t, "acceptOffer", "OfferInput", "interaction{id}", vars{"commandId": newID(), "offerId": offer.ID})
		require.Equal(t, "ALREADY_ACCEPTED", a.code(), a.raw)
		require.Equal(t, "Anna Rossi", a.details()["byName"])
	})
	t.Run("texts go both ways and end up read", func(t *testing.T) {
		require.NoError(t, w.sim.SetPhone(maria.digits, true, true, maria.number.PhoneNumberID))
		anna.sends(t, id, "How can I help?")
		seen := anna.until(t, id, func(i *interactionShown) bool {
			return i.LastMessageStatus != nil &&
				*i.LastMessageStatus == "READ"
		})
		require.Equal(t, []string{"CUSTOMER: Good morning!", "AGENT: How can I help?"}, seen.texts())
		require.Equal(t, "DOUBLE", *seen.Messages.Edges[1].Node.Mark)
		maria.writes(t, "A room for two.")
		seen = anna.until(t, id, func(i *interactionShown) bool { return len(i.Messages.Edges) == 3 })
		require.Equal(t, "CUSTOMER: A room for two.", seen.texts()[2])
		require.NotZero(t, seen.Unread)
	})
	t.Run("notes never reach the customer", func(t *testing.T) {
		before := sentBy(w)
		sofia := w.as(t, "sofia")
		note := get[struct {
			AddNote struct{ Message messageShown }
		}](t, anna.client,
			"mutation($i:NoteInput!){addNote(input:$i){message{id author text by{name} sentAt}}}",
			vars{"i": vars{"commandId": newID(), "interactionId": id,
				"text": "Wants the quiet side."}}).AddNote.Message
		require.Equal(t, "Anna Rossi", note.By.Name)
		require.WithinDuration(t, time.Now(), note.SentAt, patience)
		a := sofia.do(t, "addWhisper", "NoteInput", "message{author}",
			vars{"commandId": newID(), "interactionId": id, "text": "Offer the upgrade."})
		require.Empty(t, a.code(), a.raw)
		require.Contains(t, anna.sees(t, id).texts(), "WHISPER: Offer the upgrade.")
		require.NotContains(t, strings.Join(ben.sees(t, id).texts(), "\n"), "upgrade",
			"only the owner sees a whisper")
		require.Equal(t, before, sentBy(w))
	})
	t.Run("the author deletes a note and its text is gone for everyone", func(t *testing.T) {
		sofia := w.as(t, "sofia")
		note := func(c client, mutation, text string) string {
			return get[map[string]struct{ Message messageShown }](t, c,
				"mutation($i:NoteInput!){"+mutation+"(input:$i){message{id}}}",
				vars{"i": vars{"commandId": newID(), "interactionId": id, "text": text}})[mutation].Message.ID
		}
		revoke := func(c client, message string) answer {
			return c.do(t, "revokeNote", "RevokeNoteInput", "message{id text revoked}",
				vars{"commandId": newID(), "interactionId": id, "messageId": message})
		}
		rash, whisper := note(anna.client, "addNote", "A quokka."), note(sofia, "addWhisper",
			"Beware of the quokka.")
		require.Equal(t, 1, ben.finds(t, vars{"search": "quokka"}))
		require.Equal(t, "NOTE_NOT_YOURS", revoke(ben.client, rash).code())
		require.Equal(t, "NOTE_NOT_YOURS", revoke(anna.client, whisper).code())
		require.Equal(t, "NOTE_UNKNOWN", revoke(anna.client,
			anna.sees(t, id).Messages.Edges[0].Node.ID).code(), "a message to or from the customer is none")
		for _, a := range []answer{revoke(anna.client, rash), revoke(anna.client, rash), revoke(sofia, whisper)} {
			require.Empty(t, a.code(), a.raw)
			require.Contains(t, a.raw, `"revoked":true`)
		}
		for _, c := range []client{anna.client, ben.client, sofia} {
			require.NotContains(t, string(mustJSON(t, c.sees(t, id))), "quokka")
			require.Zero(t, c.finds(t, vars{"search": "quokka"}))
		}
		require.Contains(t, ben.sees(t, id).texts(), "NOTE: ", "a revoked note keeps its place")
	})
	t.Run("an agent's reaction returns the message it is on", func(t *testing.T) {
		first := anna.sees(t, id).Messages.Edges[0].Node.ID
		for _, emoji := range []string{"👍", ""} {
			a := anna.do(t, "react", "ReactInput", "message{id reactions{emoji author}}",
				vars{"commandId": newID(), "interactionId": id, "messageId": first, "emoji": emoji})
			require.Empty(t, a.code(), a.raw)
			require.Contains(t, a.raw, first)
			require.Equal(t, emoji != "", strings.Contains(a.raw, "👍"), a.raw)
		}
	})
	t.Run("a message that has just arrived stops the close", func(t *testing.T) {
		shown := anna.sees(t, id)
		first := shown.Messages.Edges[0].Node.ID
		a := anna.do(t, "closeInteraction", "CloseInteractionInput", "interaction{status}",
			vars{"commandId": newID(), "interactionId": id, "seenThrough": first})
		require.Equal(t, "NEW_MESSAGE_ARRIVED", a.code(), a.raw)
	})
	t.Run("after the close the next message opens a new interaction", func(t *testing.T) {
		a := anna.do(t, "closeInteraction", "CloseInteractionInput", "interaction{status}",
			vars{"commandId": newID(), "interactionId": id})
		require.Empty(t, a.code(), a.raw)
		seen := anna.sees(t, id)
		require.Equal(t, "CLOSED", seen.Status)
		require.Empty(t, seen.Disposition)
		a = anna.do(t, "sendMessage", "SendMessageInput", "message{id}",
			vars{"commandId": newID(), "interactionId": id, "text": "One more thing"})
		require.Equal(t, "INTERACTION_CLOSED", a.code(), a.raw)
		maria.writes(t, "One more question")
		next := ben.accepts(t, "One more question")
		require.NotEqual(t, id, next)
		require.Equal(t, 2, ben.sees(t, next).Number)
		second := ben.do(t, "closeInteraction", "CloseInteractionInput", "interaction{status disposition}",
			vars{"commandId": newID(), "interactionId": next,
				"dispositionId": dispositionFor(t, ben.client, next, "Spam")})
		require.Empty(t, second.code(), second.raw)
		require.Equal(t, []string{"Spam"}, ben.sees(t, next).Disposition)
	})
	t.Run("the whole history can be read from the log", func(t *testing.T) {
		history := get[struct{ Events []struct{ Type string } }](t, w.as(t, "audit"),
			"query($id:ID!){events(interactionId:$id){type}}", vars{"id": id})
		var types []string
		for _, e := range history.Events {
			types = append(types, strings.TrimPrefix(e.Type, "Interaction"))
		}
		for _, expected := range []string{"Opened", "MessageReceived", "Offered", "Accepted", "MessageQueued",
			"MessageSendStarted", "MessageRead", "NoteAdded", "WhisperAdded", "Closed"} {
			require.Contains(t, types, expected)
		}
	})
}

// sentBy returns how many messages the simulator was asked to send, by text.
func sentBy(w *world) map[string]int {
	sent := make(map[string]int)
	for _, m := range w.sim.Messages() {
		if !m.FromCustomer {
			sent[m.Text]++
		}
	}
	return sent
}

func dispositionFor(t *testing.T, c client, id, label string) string {
	t.Helper()
	shown := get[struct{ DispositionsFor []struct{ ID, Label string } }](t, c,
		"query($id:ID!){dispositionsFor(interactionId:$id){id label}}", vars{"id": id})
	for _, d := range shown.DispositionsFor {
		if d.Label == label {
			return d.ID
		}
	}
	require.Fail(t, "no such disposition", label)
	return ""
}

func TestOneOfManySimultaneousAcceptsWins(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	logins := []string{"anna", "ben", "chiara", "davide", "luca"}
	desks := make([]desk, len(logins))
	for i, login := range logins {
		desks[i] = w.works(t, login)
	}
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	answers := make([]answer, len(desks))
	offers := make([]offerShown, len(desks))
	for i, d := range desks {
		offers[i] = d.offered(t, "Hello")
	}
	var at sync.WaitGroup
	for i, d := range desks {
		at.Go(func() {
			answers[i] = d.do(t, "acceptOffer", "OfferInput", "interaction{owner{name}}",
				vars{"commandId": newID(), "offerId": offers[i].ID})
		})
	}
	at.Wait()
	winner := slices.IndexFunc(answers, func(a answer) bool { return a.code() == "" })
	require.GreaterOrEqual(t, winner, 0)
	for i, a := range answers {
		if i != winner {
			require.Equal(t, "ALREADY_ACCEPTED", a.code(), a.raw)
			require.Equal(t, w.user(t, logins[winner]).Name, a.details()["byName"])
		}
	}
	accepted := 0
	for _, e := range w.events(t) {
		if _, ok := e.Event.(interaction.Accepted); ok {
			accepted++
		}
	}
	require.Equal(t, 1, accepted)
}

func TestARejectedOfferGoesToAnotherAgent(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben := w.works(t, "anna"), w.works(t, "ben")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	mine := anna.offered(t, "Hello")
	a := anna.do(t, "rejectOffer", "OfferInput", "offerId", vars{"commandId": newID(), "offerId": mine.ID})
	require.Empty(t, a.code(), a.raw)
	a = anna.do(t, "acceptOffer", "OfferInput", "interaction{id}", vars{"commandId": newID(), "offerId": mine.ID})
	require.Equal(t, "OFFER_REJECTED", a.code(), a.raw)
	require.NotEmpty(t, ben.accepts(t, "Hello"))
}
