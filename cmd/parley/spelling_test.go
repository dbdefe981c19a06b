package main

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels/whatsapp/meta"
	"parley/domain"
	"parley/domain/interaction"
	"parley/internal/simulator"
)

// mutationCall is one call of a mutation that has an effect.
type mutationCall struct {
	who             client
	name, selection string
	input           vars // without a command id
}

// send sends the call under a command id.
func (c mutationCall) send(t *testing.T, commandID string, input vars) answer {
	t.Helper()
	given := vars{"commandId": commandID}
	for name, v := range input {
		given[name] = v
	}
	return c.who.do(t, c.name, theSchema().Mutation.Fields.ForName(c.name).Arguments[0].Type.Name(), c.selection, given)
}

// takenEffect returns how many events a command has left in the log, whatever the spelling of its id.
func (w *world) takenEffect(t *testing.T, commandID string) int {
	t.Helper()
	n := 0
	for _, e := range w.events(t) {
		if strings.EqualFold(e.Metadata.CommandID, commandID) {
			n++
		}
	}
	return n
}

var uuidText = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

// inUpperCase returns an input with every id in it in upper case.
func inUpperCase(t *testing.T, input vars) vars {
	t.Helper()
	spelled := uuidText.ReplaceAllFunc(mustJSON(t, input), func(id []byte) []byte {
		return []byte(strings.ToUpper(string(id)))
	})
	var other vars
	require.NoError(t, json.Unmarshal(spelled, &other))
	return other
}

// once sends a call, sends it again with every id in upper case, and requires that only the first has an
// effect. It returns the first answer's data.
func (c mutationCall) once(t *testing.T, w *world) json.RawMessage {
	t.Helper()
	id := newID()
	for _, other := range []string{
		"{" + id + "}", "urn:uuid:" + id, strings.ReplaceAll(id, "-", ""), " " + id, id + " ", "cmd_" + id,
	} {
		a := c.send(t, other, c.input)
		require.Equal(t, "BAD_USER_INPUT", a.code(), "%s under %q: %s", c.name, other, a.raw)
	}
	first := c.send(t, id, c.input)
	require.Empty(t, first.code(), "%s: %s", c.name, first.raw)
	before := w.takenEffect(t, id)
	again := c.send(t, strings.ToUpper(id), inUpperCase(t, c.input))
	if c.name == "createToken" {
		require.Equal(t, "TOKEN_ALREADY_CREATED", again.code(), again.raw)
		return first.Data[c.name]
	}
	require.Positive(t, before, "%s has no effect", c.name)
	require.Empty(t, again.code(), "%s again: %s", c.name, again.raw)
	require.Equal(t, before, w.takenEffect(t, id), "%s has taken effect twice", c.name)
	require.JSONEq(t, string(first.Data[c.name]), string(again.Data[c.name]), c.name)
	return first.Data[c.name]
}

// answeredID returns the id of a thing in an answer.
func answeredID(t *testing.T, data json.RawMessage, thing string) string {
	t.Helper()
	var all map[string]struct{ ID string }
	require.NoError(t, json.Unmarshal(data, &all))
	return all[thing].ID
}

func TestACommandUnderAnotherSpellingOfItsIDTakesEffectOnce(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben, sofia, admin := w.works(t, "anna"), w.works(t, "ben"), w.as(t, "sofia"), w.as(t, "admin")
	usr := func(login string) string { return "usr_" + w.user(t, login).ID }
	tried := make(map[string]bool)
	once := func(who client, name, selection string, input vars) json.RawMessage {
		t.Helper()
		tried[name] = true
		return mutationCall{who, name, selection, input}.once(t, w)
	}

	// An agent accepts one offer and rejects another.
	maria := w.customer("Maria Verdi", "393471112233", 0)
	maria.writes(t, "Hello")
	offer := anna.offered(t, "Hello")
	id := offer.Interaction.ID
	in := func(more vars) vars {
		all := vars{"interactionId": id}
		for name, v := range more {
			all[name] = v
		}
		return all
	}
	once(anna.client, "acceptOffer", "interaction{id}", vars{"offerId": offer.ID})
	w.customer("Mario Verdi", "393471112234", 0).writes(t, "Hello too")
	second := ben.offered(t, "Hello too")
	once(ben.client, "rejectOffer", "offerId", vars{"offerId": second.ID})

	// Messages and notes.
	asked := anna.sees(t, id).Messages.Edges[0].Node.ID
	w.sim.Trouble(simulator.Trouble{ServerError: 1})
	inDoubt := answeredID(t, once(anna.client, "sendMessage", "message{id}", in(vars{"text": "Unconfirmed"})), "message")
	anna.until(t, id, func(i *interactionShown) bool { return i.LastMessageStatus != nil && *i.LastMessageStatus == "UNKNOWN" })
	once(anna.client, "settleMessages", "messages{id}", vars{"messageIds": []string{inDoubt}, "as": "SENT"})
	w.sim.Trouble(troubleWithCode(131026, 1))
	failed := answeredID(t, once(anna.client, "sendMessage", "message{id}",
		in(vars{"text": "Undeliverable", "quotedId": asked, "seenThrough": asked})), "message")
	anna.until(t, id, func(i *interactionShown) bool { return i.LastMessageStatus != nil && *i.LastMessageStatus == "FAILED" })
	once(anna.client, "retryMessage", "message{id}", in(vars{"messageId": failed}))
	once(anna.client, "react", "message{id}", in(vars{"messageId": asked, "emoji": "👍"}))
	note := answeredID(t, once(anna.client, "addNote", "message{id}", in(vars{"text": "Note"})), "message")
	once(anna.client, "revokeNote", "message{id}", in(vars{"messageId": note}))
	once(sofia, "addWhisper", "message{id}", in(vars{"text": "Whisper"}))
	once(anna.client, "markSeen", "interaction{id}", in(vars{"messageId": asked}))
	once(anna.client, "markUnread", "interaction{id}", in(nil))
	once(anna.client, "addTag", "interaction{id}", in(vars{"tag": "vip"}))
	once(anna.client, "removeTag", "interaction{id}", in(vars{"tag": "vip"}))

	// Who has it.
	transfer := func(from client, answering client, answer, to string) {
		t.Helper()
		made := once(from, "requestTransfer", "transfer{id}", in(vars{"toAgentId": usr(to)}))
		once(answering, answer, "transfer{id}", vars{"transferId": answeredID(t, made, "transfer")})
	}
	transfer(anna.client, anna.client, "cancelTransfer", "ben")
	transfer(anna.client, ben.client, "rejectTransfer", "ben")
	transfer(anna.client, ben.client, "acceptTransfer", "ben")
	once(sofia, "monitor", "interaction{id}", in(nil))
	once(sofia, "assignInteraction", "interaction{id}", in(vars{"agentId": usr("anna")}))
	once(sofia, "releaseInteraction", "interaction{id}", in(nil))
	once(anna.client, "takeInteraction", "interaction{id}", in(nil))

	// Contacts.
	list := answeredID(t, once(admin, "saveList", "list{id}", vars{"name": "Friends", "fields": []any{}}), "list")
	once(admin, "grantLists", "user{id}", vars{"userId": usr("anna"), "listIds": []string{list}})
	contact := answeredID(t, once(anna.client, "createContact", "contact{id}",
		vars{"listId": list, "firstName": "Marta", "phones": []string{"+393481112299"}}), "contact")
	once(anna.client, "updateContact", "contact{id}", vars{"contactId": contact, "firstName": "Martina"})
	once(anna.client, "linkContact", "interaction{id}", in(vars{"contactId": contact}))

	other := answeredID(t, once(anna.client, "createContact", "contact{id}",
		vars{"listId": list, "firstName": "Marta", "phones": []string{"+393481112298"}}), "contact")
	once(anna.client, "mergeContacts", "contact{id}", vars{"contactId": contact, "otherId": other})
	once(anna.client, "unmergeContact", "restored{id}", vars{"contactId": contact, "otherId": other})
	third := answeredID(t, once(anna.client, "createContact", "contact{id}",
		vars{"listId": list, "firstName": "Marta", "phones": []string{"+393481112297"}}), "contact")
	bare := func(id string) domain.ContactID { return domain.ContactID(strings.TrimPrefix(id, "con_")) }
	require.NoError(t, w.p.commands.JoinContacts(t.Context(), bare(contact), bare(third)))
	once(anna.client, "declineMerge", "contact{id}", vars{"contactId": contact, "otherId": third})

	once(anna.client, "closeInteraction", "interaction{id}", in(vars{"seenThrough": asked}))
	once(anna.client, "disposeInteraction", "interaction{id}",
		in(vars{"dispositionId": dispositionFor(t, anna.client, id, "Flight")}))

	// A customer with two sessions.
	r := w.recorded(t)
	deliveries, _ := r.identified()
	for _, n := range []int{0, 2, 1} { // by number, by user id, by both
		r.post(deliveries[n])
	}
	joined := ""
	require.Eventually(t, func() bool {
		for _, e := range w.events(t) {
			if _, ok := e.Event.(interaction.JoinedInto); ok {
				joined = "int_" + e.AggregateID
			}
		}
		return joined != ""
	}, patience, 20*time.Millisecond, "the sessions are not joined")
	r.settle(t)
	once(sofia, "separateInteraction", "interaction{id}", vars{"interactionId": joined})

	// Settings.
	queue := answeredID(t, once(admin, "saveQueue", "queue{id}", vars{"name": "Night", "strategy": "ROUND_ROBIN",
		"offerTimeout": 25, "weight": 7, "take": true, "sticky": false, "silentOwner": 0,
		"memberIds": []string{usr("anna")}}), "queue")
	account := answeredID(t, once(admin, "saveAccount", "account{id}", vars{
		"name": "Night", "shortCode": "NI", "provider": meta.Name, "displayNumber": "+390699998888",
		"providerSettings": named(map[string]string{meta.PhoneNumberID: "900100200309999", meta.BaseURL: w.simURL}),
		"disabled":         false, "queueId": queue, "queueIds": []string{queue}, "listId": list, "createContacts": true,
		"attachments": true, "maxAttachmentBytes": 1000000, "transferToAgent": true, "transferToQueue": true,
		"transferTimeout": 60, "mandatoryDispose": false, "markAsRead": false, "windowHours": 24, "ratePerSecond": 50,
		"secrets": named(map[string]string{meta.AppSecret: "secret", meta.VerifyToken: "verify", meta.AccessToken: "access"}),
	}), "account")
	once(admin, "saveDisposition", "disposition{id}", vars{"label": "Night", "scope": "QUEUE", "scopeId": queue})
	tag := answeredID(t, once(admin, "saveTag", "tag{id}", vars{"name": "night", "color": "blue"}), "tag")
	once(admin, "saveCannedAnswer", "cannedAnswer{id}",
		vars{"shortcut": "night", "title": "Night", "text": "Good night", "accountId": account})
	night := answeredID(t, once(admin, "saveUser", "user{id}", vars{"login": "night", "name": "Nora", "role": "AGENT",
		"permissions": []string{}, "queueIds": []string{queue}, "masked": false, "disabled": false, "capacity": 3}), "user")
	once(admin, "createToken", "token", vars{"userId": night, "name": "Report"})
	tokens := get[struct{ Tokens []struct{ ID, Name string } }](t, admin, "{tokens{id name}}", nil).Tokens
	require.Equal(t, "Report", tokens[0].Name, "the newest token comes first")
	once(admin, "revokeToken", "token{id revokedAt}", vars{"tokenId": tokens[0].ID})
	once(admin, "savePolicy", "policy{tabsLimit}", vars{
		"maskName": vars{"mode": "NONE", "keep": 0}, "maskPhone": vars{"mode": "NONE", "keep": 0},
		"maskEmail": vars{"mode": "NONE", "keep": 0}, "pauseReasons": []string{"Lunch"}, "tagThreshold": 3,
		"tabsLimit": 9, "disconnectAfter": 60, "missedOffersLimit": 2,
	})
	once(admin, "archive", "id", vars{"id": tag})

	// Presence.
	once(ben.client, "pause", "presence{state}", vars{"reason": "Lunch"})
	once(ben.client, "resume", "presence{state}", nil)
	once(ben.client, "signOut", "presence{state}", nil)
	once(ben.client, "signIn", "presence{state}", nil)

	require.NoError(t, w.p.commands.HoldOutbound(t.Context(), "A drill", "test"))
	once(admin, "releaseOutbound", "outbound{held}", vars{})

	for _, f := range theSchema().Mutation.Fields {
		input := theSchema().Types[f.Arguments[0].Type.Name()]
		require.True(t, tried[f.Name] || input.Fields.ForName("commandId") == nil, "%s was not tried", f.Name)
	}
	sent := 0
	for _, e := range w.events(t) {
		if _, ok := e.Event.(interaction.MessageQueued); ok {
			sent++
		}
	}
	require.Equal(t, 4, sent, "two messages, a retry and a reaction")
}

func TestOneCommandIDCreatesOneToken(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin := w.as(t, "admin")
	input := vars{"commandId": newID(), "userId": "usr_" + w.user(t, "anna").ID, "name": "Report",
		"expiresAt": time.Now().Add(24 * time.Hour).UTC().Format(time.RFC3339Nano)}
	tokens := func() int {
		t.Helper()
		all, err := w.p.auth.Tokens(t.Context())
		require.NoError(t, err)
		return len(all)
	}
	before := tokens()
	create := func() answer { return admin.do(t, "createToken", "CreateTokenInput", "token", input) }
	first := create()
	require.Empty(t, first.code(), first.raw)
	require.Equal(t, "TOKEN_ALREADY_CREATED", create().code())
	input["name"] = "Another"
	require.Equal(t, "COMMAND_ID_REUSED", create().code())
	input["name"], input["userId"] = "Report", "usr_"+w.user(t, "ben").ID
	require.Equal(t, "COMMAND_ID_REUSED", create().code())
	input["commandId"] = "1"
	require.Equal(t, "BAD_USER_INPUT", create().code())
	require.Equal(t, before+1, tokens())
}

func TestAnIDIsFoundInAnyCase(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	upper := "int_" + strings.ToUpper(id[len("int_"):])
	require.NotNil(t, anna.sees(t, upper))
	require.Contains(t, anna.ask(t, "query($id:ID!){node(id:$id){id}}", vars{"id": upper}).raw, id)
	require.NotContains(t, anna.ask(t, `{node(id:"`+upper+`"){id}}`, nil).raw, "errors")
	for _, other := range []string{"INT_" + id[4:], "int_{" + id[4:] + "}", "int_urn:uuid:" + id[4:]} {
		a := anna.ask(t, "query($id:ID!){interaction(id:$id){id}}", vars{"id": other})
		require.Equal(t, "BAD_USER_INPUT", a.code(), other)
	}
	sub := anna.subscribe(t, "subscription($id:ID!){conversation(interactionId:$id){__typename}}", vars{"id": upper})
	next, err := sub.next(t, patience)
	require.NoError(t, err)
	require.Equal(t, "next", next.Type, string(next.Payload))
	sub.close()
}
