package main

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
)

func TestARepeatedCommandTakesEffectOnce(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	input := vars{"commandId": newID(), "interactionId": id, "text": "Once only"}
	first := anna.do(t, "sendMessage", "SendMessageInput", "message{id text}", input)
	require.Empty(t, first.code(), first.raw)
	again := anna.do(t, "sendMessage", "SendMessageInput", "message{id text}", input)
	require.JSONEq(t, string(first.Data["sendMessage"]), string(again.Data["sendMessage"]))
	input["text"] = "Something else"
	require.Equal(t, "COMMAND_ID_REUSED", anna.do(t, "sendMessage", "SendMessageInput", "message{id}", input).code())
	require.Equal(t, "COMMAND_ID_REUSED", anna.do(t, "addNote", "NoteInput", "message{id}",
		vars{"commandId": input["commandId"], "interactionId": id, "text": "Once only"}).code())
	require.Equal(t, "BAD_USER_INPUT", anna.do(t, "addNote", "NoteInput", "message{id}",
		vars{"commandId": "1", "interactionId": id, "text": "x"}).code())
	anna.until(t, id, func(i *interactionShown) bool {
		return i.LastMessageStatus != nil && *i.LastMessageStatus == "DELIVERED"
	})
	require.Equal(t, 1, sentBy(w)["Once only"])
	queued := 0
	for _, e := range w.events(t) {
		if _, ok := e.Event.(interaction.MessageQueued); ok {
			queued++
		}
	}
	require.Equal(t, 1, queued)

	closing := vars{"commandId": newID(), "interactionId": id}
	for range 2 {
		a := anna.do(t, "closeInteraction", "CloseInteractionInput", "interaction{status}", closing)
		require.Empty(t, a.code(), a.raw)
		require.JSONEq(t, `{"interaction":{"status":"CLOSED"}}`, string(a.Data["closeInteraction"]))
	}
}

func TestAReplyIsRefusedIfAColleagueRepliedFirst(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	seen := anna.sees(t, id).Messages.Edges[0].Node.ID
	anna.sends(t, id, "From the first tab")
	a := anna.do(t, "sendMessage", "SendMessageInput", "message{id}",
		vars{"commandId": newID(), "interactionId": id, "text": "From the second", "seenThrough": seen})
	if a.code() == "" { // the agent's own reply is expected; a colleague's is not
		ben := w.works(t, "ben")
		moved := w.as(t, "sofia").do(t, "assignInteraction", "AssignInteractionInput", "interaction{owner{name}}",
			vars{"commandId": newID(), "interactionId": id, "agentId": "usr_" + w.user(t, "ben").ID})
		require.Empty(t, moved.code(), moved.raw)
		a = ben.do(t, "sendMessage", "SendMessageInput", "message{id}",
			vars{"commandId": newID(), "interactionId": id, "text": "From the second", "seenThrough": seen})
	}
	require.Equal(t, "ANSWERED_SINCE", a.code(), a.raw)
	require.Equal(t, "Anna Rossi", a.details()["byName"])
}

func TestAfterTheReplyWindowOnlyATemplateCanBeSent(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	a := w.accounts[0]
	body := textDelivery(a, "393471112233", "Maria Verdi", "wamid.old", "Long ago", time.Now().Add(-25*time.Hour))
	require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body))
	id := anna.accepts(t, "Long ago")
	answer := anna.do(t, "sendMessage", "SendMessageInput", "message{id}",
		vars{"commandId": newID(), "interactionId": id, "text": "Hello?"})
	require.Equal(t, "WINDOW_CLOSED", answer.code(), answer.raw)
	require.NotContains(t, sentBy(w), "Hello?")
}

func TestAFailedMessageShowsASingleMarkAndCanBeResent(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	w.sim.Trouble(troubleWithCode(131026, 1))
	message := anna.sends(t, id, "Undeliverable")
	shown := anna.until(t, id, func(i *interactionShown) bool {
		return i.LastMessageStatus != nil &&
			*i.LastMessageStatus == "FAILED"
	})
	last := shown.Messages.Edges[len(shown.Messages.Edges)-1].Node
	require.Equal(t, "SINGLE", *last.Mark)
	require.NotEmpty(t, last.Failure.Reason)
	a := anna.do(t, "retryMessage", "RetryMessageInput", "message{id}",
		vars{"commandId": newID(), "interactionId": id, "messageId": message})
	require.Empty(t, a.code(), a.raw)
	a = anna.do(t, "retryMessage", "RetryMessageInput", "message{id}",
		vars{"commandId": newID(), "interactionId": id, "messageId": message})
	require.Equal(t, "ALREADY_RETRIED", a.code(), a.raw)
	anna.until(t, id, func(i *interactionShown) bool {
		return i.LastMessageStatus != nil && *i.LastMessageStatus == "DELIVERED"
	})
}

func TestAMessageWithALostAnswerIsNeverSentTwice(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	w.sim.Trouble(troubleAcceptAndLose(1))
	anna.sends(t, id, "Into the dark")
	// The provider accepted it and its statuses say so, although its answer was lost.
	anna.until(t, id, func(i *interactionShown) bool {
		return i.LastMessageStatus != nil && *i.LastMessageStatus == "DELIVERED"
	})
	require.Equal(t, 1, sentBy(w)["Into the dark"])
}

func TestAnAcceptedTransferMovesOwnership(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben, chiara := w.works(t, "anna"), w.works(t, "ben"), w.works(t, "chiara")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	request := func(c client, input vars) answer {
		input["commandId"], input["interactionId"] = newID(), id
		return c.do(t, "requestTransfer", "RequestTransferInput",
			"transfer{id status expiresAt requestedAt} interaction{owner{name}}", input)
	}
	usr := func(login string) string { return "usr_" + w.user(t, login).ID }

	require.Equal(t, "NOT_OWNER", request(ben.client, vars{"toAgentId": usr("anna")}).code())
	require.Equal(t, "TARGET_NOT_AVAILABLE", request(anna.client, vars{"toAgentId": usr("davide")}).code(),
		"the target is not available")
	require.Equal(t, "BAD_USER_INPUT", request(anna.client, vars{}).code())
	require.Equal(t, "TRANSFER_TARGET", request(anna.client, vars{"toAgentId": usr("anna")}).code(), "to oneself")

	a := request(anna.client, vars{"toAgentId": usr("ben"), "note": "Speaks English"})
	require.Empty(t, a.code(), a.raw)
	var made struct {
		Transfer struct {
			ID, State              string
			RequestedAt, ExpiresAt time.Time
		}
		Interaction struct{ Owner struct{ Name string } }
	}
	require.NoError(t, json.Unmarshal(a.Data["requestTransfer"], &made))
	require.Equal(t, 120*time.Second,
		made.Transfer.ExpiresAt.Sub(made.Transfer.RequestedAt).Round(time.Second), "the account's timeout")
	require.Equal(t, "Anna Rossi", made.Interaction.Owner.Name, "the sender stays the owner until someone accepts")
	require.Equal(t, "TRANSFER_IN_PROGRESS", request(anna.client, vars{"toAgentId": usr("chiara")}).code())
	anna.sends(t, id, "One moment, a colleague will help you")

	transfer := vars{"transferId": made.Transfer.ID}
	answerTransfer := func(c client, mutation string) answer {
		transfer["commandId"] = newID()
		return c.do(t, mutation, "TransferInput", "transfer{status} interaction{owner{name}}", transfer)
	}
	require.Equal(t, "TRANSFER_NOT_YOURS", answerTransfer(chiara.client, "acceptTransfer").code(),
		"it was not offered to this agent")
	a = answerTransfer(ben.client, "acceptTransfer")
	require.Empty(t, a.code(), a.raw)
	require.Equal(t, "Ben Carter", ben.until(t, id,
		func(i *interactionShown) bool { return i.Owner != nil && i.Owner.Name == "Ben Carter" }).Owner.Name)
	require.NotEmpty(t, answerTransfer(anna.client, "cancelTransfer").code(), "an accepted transfer cannot be cancelled")
	require.NotContains(t, anna.sees(t, id).Actions, "REPLY")

	// To a queue: everyone available there is offered it, and the first to accept wins.
	queue := get[struct {
		TransferTargets struct{ Queues []struct{ ID, Name string } }
	}](t, ben.client,
		"query($id:ID!){transferTargets(interactionId:$id){queues{id name}}}", vars{"id": id}).TransferTargets.Queues
	bookings := queue[slices.IndexFunc(queue,
		func(q struct{ ID, Name string }) bool { return q.Name == "Bookings" })].ID
	a = request(ben.client, vars{"toQueueId": bookings})
	require.Empty(t, a.code(), a.raw)
	require.NoError(t, json.Unmarshal(a.Data["requestTransfer"], &made))
	transfer["transferId"] = made.Transfer.ID
	for _, d := range []desk{anna, chiara} {
		require.Contains(t, d.ask(t, "{transfers{id mine}}", nil).raw, made.Transfer.ID)
	}
	require.Empty(t, answerTransfer(chiara.client, "acceptTransfer").code())
	require.Contains(t, []string{"TRANSFER_ALREADY_ACCEPTED", "TRANSFER_OVER"},
		answerTransfer(anna.client, "acceptTransfer").code())
	chiara.until(t, id, func(i *interactionShown) bool { return i.Owner != nil && i.Owner.Name == "Chiara Bassi" })

	a = chiara.do(t, "closeInteraction", "CloseInteractionInput", "interaction{status}",
		vars{"commandId": newID(), "interactionId": id})
	require.Empty(t, a.code(), a.raw)
	require.Equal(t, "INTERACTION_CLOSED", request(chiara.client, vars{"toAgentId": usr("ben")}).code(),
		"only open interactions")
}

func TestARejectedTransferReturnsUnread(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben := w.works(t, "anna"), w.works(t, "ben")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	last := anna.sees(t, id).Messages.Edges[0].Node.ID
	require.Empty(t, anna.do(t, "markSeen", "MarkSeenInput", "interaction{unread}",
		vars{"commandId": newID(), "interactionId": id, "messageId": last}).code())
	a := anna.do(t, "requestTransfer", "RequestTransferInput", "transfer{id}",
		vars{"commandId": newID(), "interactionId": id, "toAgentId": "usr_" + w.user(t, "ben").ID})
	require.Empty(t, a.code(), a.raw)
	var made struct{ Transfer struct{ ID string } }
	require.NoError(t, json.Unmarshal(a.Data["requestTransfer"], &made))
	a = ben.do(t, "rejectTransfer", "TransferInput", "transfer{status}",
		vars{"commandId": newID(), "transferId": made.Transfer.ID})
	require.Empty(t, a.code(), a.raw)
	require.Eventually(t, func() bool {
		shown := get[struct {
			Interaction struct {
				Read     bool
				Owner    struct{ Name string }
				Transfer *struct{ ID string }
			}
		}](t, anna.client, "query($id:ID!){interaction(id:$id){read owner{name} transfer{id}}}",
			vars{"id": id}).Interaction
		return !shown.Read && shown.Transfer == nil && shown.Owner.Name == "Anna Rossi"
	}, patience, 10*time.Millisecond)
}

func TestAnAccountCanSwitchTransfersOff(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	w.works(t, "ben")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	require.Contains(t, anna.sees(t, id).Actions, "TRANSFER_TO_AGENT")
	changeAccount(t, w, w.accounts[0].PhoneNumberID, vars{"transferToAgent": false, "mandatoryDispose": true})
	actions := anna.until(t, id,
		func(i *interactionShown) bool { return !slices.Contains(i.Actions, "TRANSFER_TO_AGENT") }).Actions
	require.Contains(t, actions, "TRANSFER_TO_QUEUE")
	a := anna.do(t, "requestTransfer", "RequestTransferInput", "transfer{id}",
		vars{"commandId": newID(), "interactionId": id, "toAgentId": "usr_" + w.user(t, "ben").ID})
	require.Equal(t, "TRANSFER_NOT_ALLOWED", a.code(), a.raw)

	// Closing succeeds, and the disposition is due.
	a = anna.do(t, "closeInteraction", "CloseInteractionInput", "interaction{dispositionDue}",
		vars{"commandId": newID(), "interactionId": id})
	require.Empty(t, a.code(), a.raw)
	require.Contains(t, a.raw, `"dispositionDue":true`)
	me := get[struct {
		Me struct {
			Presence struct{ State, Reason, InteractionID string }
		}
	}](t, anna.client, "{me{presence{state reason interactionId}}}", nil).Me.Presence
	require.Equal(t, "PAUSED", me.State)
	require.Equal(t, "DISPOSITION", me.Reason)
	require.Equal(t, id, me.InteractionID)
	a = anna.do(t, "disposeInteraction", "DisposeInteractionInput", "interaction{disposition}",
		vars{"commandId": newID(), "interactionId": id, "dispositionId": dispositionFor(t, anna.client, id, "Flight")})
	require.Empty(t, a.code(), a.raw)
	require.Equal(t, []string{"Sold", "Flight"}, anna.sees(t, id).Disposition)
	require.Eventually(t, func() bool {
		return strings.Contains(anna.ask(t, "{me{presence{state}}}", nil).raw, "AVAILABLE")
	}, patience, 10*time.Millisecond)
}

func TestAlbumsOfFirstMessagesLandInOneInteraction(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	a := w.accounts[0]
	var bodies [][]byte
	for i := range 10 {
		bodies = append(bodies, textDelivery(a, "393471112233", "Maria Verdi", "wamid.album"+strconv.Itoa(i),
			"Picture "+strconv.Itoa(i), time.Now()))
	}
	deliver(t, w.url+a.WebhookPath, a.AppSecret, bodies, 3)
	require.Equal(t, map[string]int{"opened": 1, "received": 10}, w.counts(t))
}
