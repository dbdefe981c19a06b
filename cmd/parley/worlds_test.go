package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"parley/channels/whatsapp/meta"
	"parley/domain/user"
	"parley/internal/demo"
)

// realm is a part of the organisation, unrelated to any other: its ids by kind.
type realm struct {
	agent client
	login string
	ids   map[string][]string // by kind
}

// realm creates a queue, an account, a list, users, canned answers, and an interaction with everything it
// can hold.
func (w *world) realm(t *testing.T, name string) realm {
	t.Helper()
	admin := w.as(t, "admin")
	r := realm{login: "agent" + name, ids: make(map[string][]string)}
	note := func(ids ...string) {
		for _, id := range ids {
			kind, _, _ := strings.Cut(id, "_")
			r.ids[kind] = append(r.ids[kind], id)
		}
	}
	make := func(mutation, input, thing string, fields vars) string {
		fields["commandId"] = newID()
		a := admin.do(t, mutation, input, thing+"{id}", fields)
		require.Empty(t, a.code(), a.raw)
		var made map[string]struct{ ID string }
		require.NoError(t, json.Unmarshal(a.Data[mutation], &made))
		note(made[thing].ID)
		return made[thing].ID
	}
	list := make("saveList", "SaveListInput", "list", vars{"name": "List " + name, "fields": []any{}})
	r.agent = w.hire(t, r.login, user.Agent, nil)
	other := w.hire(t, "colleague"+name, user.Agent, nil)
	me, colleague := "usr_"+w.user(t, r.login).ID, "usr_"+w.user(t, "colleague"+name).ID
	note(me, colleague)
	for _, id := range []string{me, colleague} {
		a := admin.do(t, "grantLists", "GrantListsInput", "user{id}",
			vars{"commandId": newID(), "userId": id, "listIds": []string{list}})
		require.Empty(t, a.code(), a.raw)
	}
	queue := make("saveQueue", "SaveQueueInput", "queue", vars{
		"name": "Queue " + name, "strategy": "BEEPALL", "offerTimeout": 60, "weight": 1, "take": true,
		"sticky": false, "silentOwner": 0,
		"memberIds": []string{me, colleague},
	})
	account := make("saveAccount", "SaveAccountInput", "account", vars{
		"name": "Account " + name, "shortCode": "K" + name, "provider": meta.Name, "displayNumber": "+3906" + w.digits(),
		"providerSettings": named(map[string]string{meta.PhoneNumberID: "90010020030" + w.digits(),
			meta.BaseURL: w.simURL}), "disabled": false, "queueId": queue, "queueIds": []string{queue},
		"listId": list, "createContacts": true,
		"attachments": true, "maxAttachmentBytes": 1000000, "transferToAgent": true, "transferToQueue": true,
		"transferTimeout":  60,
		"mandatoryDispose": false, "markAsRead": false, "windowHours": 24, "ratePerSecond": 50,
		"secrets": named(map[string]string{meta.AppSecret: "secret-of-" + name,
			meta.VerifyToken: "verify-" + name, meta.AccessToken: "access-" + name}),
	})
	make("saveDisposition", "SaveDispositionInput", "disposition",
		vars{"label": "Outcome " + name, "scope": "QUEUE", "scopeId": queue})
	make("saveCannedAnswer", "SaveCannedAnswerInput", "cannedAnswer",
		vars{"shortcut": "short" + strings.ToLower(name), "title": "Title", "text": "Secret text of " + name,
			"accountId": account})
	w.talk(t, r.agent, other, account, "secret-of-"+name, list, colleague, note)
	return r
}

// digits returns four unused digits.
func (w *world) digits() string {
	w.numbered++
	return string([]byte{byte('0' + w.numbered/1000%10), byte('0' + w.numbered/100%10),
		byte('0' + w.numbered/10%10), byte('0' + w.numbered%10)})
}

// talk makes a customer write and an agent reply, add a note and request a transfer, and records all ids.
func (w *world) talk(t *testing.T, agent, other client, account, secret, list, colleague string, note func(...string)) {
	t.Helper()
	settings := get[struct {
		Accounts []struct {
			ID, DisplayNumber string
			Settings          struct {
				ProviderSettings []providerSetting
				WebhookPaths     []string
			}
		}
	}](t, w.as(t, "admin"), "{accounts{id displayNumber settings{providerSettings{name value} webhookPaths}}}", nil)
	for _, c := range []client{agent, other} {
		require.Empty(t, c.do(t, "signIn", "PresenceInput", "presence{state}", vars{"commandId": newID()}).code())
	}
	first := "Hello from " + w.digits()
	for _, a := range settings.Accounts {
		if a.ID != account {
			continue
		}
		body := textDelivery(demo.Account{
			PhoneNumberID: valueOf(a.Settings.ProviderSettings, meta.PhoneNumberID), DisplayNumber: a.DisplayNumber,
		}, "39347000"+w.digits(), "Customer "+w.digits(), "wamid."+newID(), first, w.p.now())
		require.Equal(t, 200, postWebhook(t, w.url+a.Settings.WebhookPaths[0], sign(secret, body), body))
	}
	d := desk{client: agent, w: w}
	o := d.offered(t, first)
	id := d.accepts(t, first)
	note(o.ID, id)
	note(d.sends(t, id, "An answer"))
	shown := get[struct {
		Interaction struct {
			Contact  struct{ ID string }
			Messages struct {
				Edges []struct{ Node struct{ ID string } }
			}
		}
	}](t, agent, "query($id:ID!){interaction(id:$id){contact{id} messages{edges{node{id}}}}}",
		vars{"id": id}).Interaction
	for _, e := range shown.Messages.Edges {
		note(e.Node.ID)
	}
	made := get[struct {
		CreateContact struct{ Contact struct{ ID string } }
	}](t, agent, "mutation($i:CreateContactInput!){createContact(input:$i){contact{id}}}",
		vars{"i": vars{"commandId": newID(), "listId": list, "firstName": "Contact",
			"phones": []string{"+39348000" + w.digits()}}})
	note(made.CreateContact.Contact.ID)
	moved := get[struct {
		RequestTransfer struct{ Transfer struct{ ID string } }
	}](t, agent,
		"mutation($i:RequestTransferInput!){requestTransfer(input:$i){transfer{id}}}",
		vars{"i": vars{"commandId": newID(), "interactionId": id, "toAgentId": colleague}})
	note(moved.RequestTransfer.Transfer.ID)
	if shown.Contact.ID != "" {
		note(shown.Contact.ID)
	}
}

// idPlace is a place in the arguments of a path that takes an id.
type idPlace struct {
	path path
	way  []string // names from the argument down
	list bool
}

// idPlaces returns all places for ids in the API, except command ids.
func idPlaces(s *ast.Schema, p path) []idPlace {
	var found []idPlace
	var into func(name string, t *ast.Type, way []string)
	into = func(name string, t *ast.Type, way []string) {
		way = append(slices.Clone(way), name)
		if d := s.Types[t.Name()]; d.Kind == ast.InputObject {
			for _, f := range d.Fields {
				into(f.Name, f.Type, way)
			}
			return
		}
		if t.Name() == "ID" && name != "commandId" {
			found = append(found, idPlace{path: p, way: way, list: t.Elem != nil})
		}
	}
	for _, a := range p.field.Arguments {
		into(a.Name, a.Type, nil)
	}
	return found
}

// with returns the path's arguments with an id in that place.
func (p idPlace) with(s *ast.Schema, id string, named func(string) string) vars {
	given := p.path.arguments(s, named)
	at := given
	for _, name := range p.way[:len(p.way)-1] {
		if _, ok := at[name].(vars); !ok {
			at[name] = vars{}
		}
		at = at[name].(vars)
	}
	at[p.way[len(p.way)-1]] = id
	if p.list {
		at[p.way[len(p.way)-1]] = []string{id}
	}
	return given
}

func TestNothingOutOfScopeCanBeReachedByItsID(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ours, theirs := w.realm(t, "A"), w.realm(t, "B")
	w.settle(t)
	s := theSchema()
	var known []string
	for _, kind := range slices.Sorted(maps.Keys(theirs.ids)) {
		known = append(known, theirs.ids[kind]...)
	}
	// The other ids are our own, so that only the foreign id can cause a refusal.
	own := func(argument string) string {
		if ids := ours.ids[kindOf(argument)]; len(ids) > 0 {
			return ids[0]
		}
		return newID()
	}
	cancelled := ours.agent.do(t, "cancelTransfer", "TransferInput", "transfer{status}",
		vars{"commandId": newID(), "transferId": ours.ids["tra"][0]})
	require.Empty(t, cancelled.code(), cancelled.raw)
	before := len(w.events(t))
	tried := 0
	for _, p := range paths(t, s) {
		if !slices.Contains(mayCall[user.Agent], p.right) {
			continue
		}
		for _, place := range idPlaces(s, p) {
			argument := place.way[len(place.way)-1]
			if argument == "seenThrough" {
				continue // only used for comparison: an unknown id counts as older than everything
			}
			for _, id := range known {
				if kind := kindOf(argument); kind != "" && !strings.HasPrefix(id, kind+"_") {
					continue
				}
				tried++
				if p.operation == "subscription" {
					sub := ours.agent.subscribe(t, p.document(s), place.with(s, id, own))
					require.Equal(t, "NOT_FOUND", sub.refusal(t), "%s %v %s", p.field.Name, place.way, id)
					sub.close()
					continue
				}
				a := ours.agent.ask(t, p.document(s), place.with(s, id, own))
				requireNothing(t, a, p, place, id)
			}
		}
	}
	require.Greater(t, tried, 60)
	require.Equal(t, before, len(w.events(t)), "a refused command has left something in the log")
}

// requireNothing requires null, an empty list, or the answer for something that does not exist.
func requireNothing(t *testing.T, a answer, p path, place idPlace, id string) {
	t.Helper()
	about := []any{"%s %v %s: %s", p.field.Name, place.way, id, a.raw}
	if kind, _, _ := strings.Cut(id, "_"); a.code() == "BAD_USER_INPUT" &&
		strings.Contains(fmt.Sprint(a.details()["expected"]), "_") {
		require.NotContains(t, a.details()["expected"], kind+"_", about...)
		return // the kind is wrong, whether the id is known or not
	}
	if a.code() != "" {
		require.True(t, a.Errors[0].Extensions["kind"] == "NOT_FOUND" ||
			slices.Contains([]string{"LIST_NOT_GRANTED", "TARGET_NOT_AVAILABLE"}, a.code()), about...)
		return
	}
	require.Equal(t, "query", p.operation, about...)
	value := string(a.Data[p.field.Name])
	if strings.HasSuffix(p.field.Type.Name(), "Connection") || p.field.Type.Elem != nil {
		return // lists are checked in the test of filters
	}
	require.Equal(t, "null", value, about...)
}

func TestFiltersByForeignIDsFindNothing(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ours, theirs := w.realm(t, "A"), w.realm(t, "B")
	w.settle(t)
	all := get[map[string]json.RawMessage](t, ours.agent,
		`{interactions{edges{node{id}}} contacts{edges{node{id}}} accounts{id} queues{id} users{id}
			lists{id} cannedAnswers{id text} tags{id}}`, nil)
	for _, ids := range theirs.ids {
		for _, id := range ids {
			for field, found := range all {
				require.NotContains(t, string(found), id, field)
			}
		}
	}
	require.NotContains(t, string(all["cannedAnswers"]), "Secret text of B")
	for _, f := range []struct{ field, kind string }{
		{"accountIds", "acc"}, {"queueIds", "que"}, {"firstOwnerIds", "usr"}, {"ownerIds", "usr"},
	} {
		found := get[struct{ Interactions struct{ Edges []any } }](t, ours.agent,
			"query($f:InteractionFilter){interactions(filter:$f){edges{node{id}}}}",
			vars{"f": vars{f.field: theirs.ids[f.kind]}})
		require.Empty(t, found.Interactions.Edges, f.field)
	}
	found := get[struct{ Interactions struct{ Edges []any } }](t, ours.agent,
		"query($f:InteractionFilter){interactions(filter:$f){edges{node{id}}}}",
		vars{"f": vars{"contactId": theirs.ids["con"][0]}})
	require.Empty(t, found.Interactions.Edges)
	contacts := get[struct{ Contacts struct{ Edges []any } }](t, ours.agent,
		"query($f:ContactFilter){contacts(filter:$f){edges{node{id}}}}",
		vars{"f": vars{"listId": theirs.ids["lst"][0]}})
	require.Empty(t, contacts.Contacts.Edges)
	answers := get[struct{ CannedAnswers []struct{ Text string } }](t, ours.agent,
		"query($a:ID){cannedAnswers(accountId:$a){text}}", vars{"a": theirs.ids["acc"][0]})
	for _, a := range answers.CannedAnswers {
		require.NotEqual(t, "Secret text of B", a.Text)
	}
}
