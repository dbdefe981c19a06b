package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/user"
)

// on runs a command on an interaction and returns the refusal's code, or "".
func (c client) on(t *testing.T, mutation, id string, more vars) string {
	t.Helper()
	inputs := map[string]string{
		"addNote": "NoteInput", "addWhisper": "NoteInput", "addTag": "TagInput", "removeTag": "TagInput",
		"closeInteraction":  "CloseInteractionInput",
		"assignInteraction": "AssignInteractionInput",
	}
	input := vars{"commandId": newID(), "interactionId": id}
	for name, v := range more {
		input[name] = v
	}
	kind, selection := inputs[mutation], "interaction{id}"
	if kind == "" {
		kind = "InteractionInput"
	}
	if kind == "NoteInput" {
		selection = "message{id}"
	}
	return c.do(t, mutation, kind, selection, input).code()
}

// hands requests a transfer and returns its id.
func (d desk) hands(t *testing.T, id string, to vars) string {
	t.Helper()
	to["commandId"], to["interactionId"] = newID(), id
	return get[struct {
		RequestTransfer struct{ Transfer struct{ ID string } }
	}](t, d.client, "mutation($i:RequestTransferInput!){requestTransfer(input:$i){transfer{id}}}",
		vars{"i": to}).RequestTransfer.Transfer.ID
}

// answers accepts, rejects or cancels a transfer and returns the refusal's code.
func (c client) answers(t *testing.T, mutation, transfer string) string {
	t.Helper()
	return c.do(t, mutation, "TransferInput", "transfer{status}",
		vars{"commandId": newID(), "transferId": transfer}).code()
}

// finds returns how many interactions a filter shows.
func (c client) finds(t *testing.T, filter vars) int {
	t.Helper()
	return len(get[struct {
		Interactions struct {
			Edges []struct{ Node struct{ ID string } }
		}
	}](t, c,
		"query($f:InteractionFilter){interactions(filter:$f){edges{node{id}}}}", vars{"f": filter}).Interactions.Edges)
}

func TestAWhisperReachesOnlyTheOwnerAndSupervisors(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben, sofia := w.works(t, "anna"), w.works(t, "ben"), w.as(t, "sofia")
	maria := w.customer("Maria Verdi", "393471112233", 0)
	maria.writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	listening := ben.subscribe(t,
		"subscription($id:ID!){conversation(interactionId:$id){interaction{preview{text fileName}} messages{author text}}}", vars{"id": id})

	whisper := get[struct {
		AddWhisper struct{ Message struct{ ID string } }
	}](t, sofia, "mutation($i:NoteInput!){addWhisper(input:$i){message{id}}}",
		vars{"i": vars{"commandId": newID(), "interactionId": id,
			"text": "Offer the zephyr discount"}}).AddWhisper.Message.ID
	maria.writes(t, "Are you there?")
	heard := ""
	for !strings.Contains(heard, "Are you there?") {
		heard += string(listening.read(t).Payload)
	}
	require.NotContains(t, heard, "zephyr", "live")
	w.settle(t)

	ways := func(c client) []string {
		return []string{
			string(mustJSON(t, c.sees(t, id))),
			c.ask(t, "query($id:ID!){node(id:$id){...on Message{text}}}", vars{"id": whisper}).raw,
			c.ask(t, "query($id:ID!){interaction(id:$id){preview{text fileName} timeline{code reason} "+
				"journey{edges{node{preview{text fileName}}}}}}", vars{"id": id}).raw,
			c.ask(t, "{interactions{edges{node{preview{text fileName} messages{edges{node{text quoted{text}}}}}}}}", nil).raw,
		}
	}
	for _, c := range []client{anna.client, sofia} {
		require.Contains(t, ways(c)[0], "zephyr")
		require.Contains(t, ways(c)[1], "zephyr")
		require.NotContains(t, ways(c)[2], "zephyr", "a whisper is not a message of the conversation")
	}
	for i, shown := range ways(ben.client) {
		require.NotContains(t, shown, "zephyr", "way %d", i)
	}
	require.Zero(t, ben.finds(t, vars{"search": "zephyr"}), "an agent cannot find an interaction by a whisper")
	require.NotContains(t, sentBy(w), "Offer the zephyr discount")

	require.Empty(t, ben.answers(t, "acceptTransfer",
		anna.hands(t, id, vars{"toAgentId": "usr_" + w.user(t, "ben").ID})))
	require.Contains(t, string(mustJSON(t, ben.sees(t, id))), "zephyr", "the new owner sees the whisper")
	require.NotContains(t, string(mustJSON(t, anna.sees(t, id))), "zephyr", "the former owner no longer does")
}

func TestASupervisorAssignsReassignsAndReleases(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben, sofia := w.works(t, "anna"), w.works(t, "ben"), w.as(t, "sofia")
	maria := w.customer("Maria Verdi", "393471112233", 0)
	maria.writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	usr := func(login string) string { return "usr_" + w.user(t, login).ID }
	owner := func(name string) {
		t.Helper()
		sofia.until(t, id, func(i *interactionShown) bool { return i.Owner != nil && i.Owner.Name == name })
	}

	require.Equal(t, "FORBIDDEN", ben.on(t, "assignInteraction", id, vars{"agentId": usr("ben")}))
	require.Equal(t, "FORBIDDEN", ben.on(t, "releaseInteraction", id, nil))
	require.Empty(t, sofia.on(t, "assignInteraction", id, vars{"agentId": usr("ben")}))
	owner("Ben Carter")
	require.Equal(t, "NOT_AN_AGENT", sofia.on(t, "assignInteraction", id, vars{"agentId": usr("sofia")}))

	transfer := ben.hands(t, id, vars{"toAgentId": usr("anna")})
	require.Contains(t, sofia.sees(t, id).Actions, "CANCEL_TRANSFER")
	require.Equal(t, "TRANSFER_NOT_SENDER", w.as(t, "audit").answers(t, "cancelTransfer", transfer))
	require.Empty(t, sofia.answers(t, "cancelTransfer", transfer), "a supervisor cancels a transfer of others")
	require.NotEmpty(t, anna.answers(t, "acceptTransfer", transfer))
	owner("Ben Carter")

	require.Empty(t, sofia.on(t, "releaseInteraction", id, nil))
	require.Contains(t, sofia.sees(t, id).Actions, "ASSIGN")
	require.True(t, sofia.sees(t, id).Waiting)
	require.Equal(t, id, anna.offered(t, "Hello").Interaction.ID, "a released interaction is offered again")
	anna.accepts(t, "Hello")
	owner("Anna Rossi")
}

func TestAReadOnlyViewerChangesNothing(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	require.Empty(t, anna.on(t, "addTag", id, vars{"tag": "vip"}))
	for _, login := range []string{"audit", "analyst"} {
		looks := w.as(t, login)
		seen := looks.sees(t, id)
		require.NotNil(t, seen)
		for _, action := range []string{"REPLY", "NOTE", "TAG", "CLOSE", "TAKE", "ASSIGN"} {
			require.NotContains(t, seen.Actions, action)
		}
		require.Equal(t, "FORBIDDEN", looks.on(t, "addNote", id, vars{"text": "I was here"}))
		require.Equal(t, "FORBIDDEN", looks.on(t, "addTag", id, vars{"tag": "seen"}))
		require.Equal(t, "FORBIDDEN", looks.on(t, "removeTag", id, vars{"tag": "vip"}))
		require.Equal(t, "NOT_OWNER", looks.on(t, "closeInteraction", id, nil))
		for _, e := range w.events(t) {
			require.NotEqual(t, w.user(t, login).ID, e.Metadata.Actor, e.Type)
		}
	}
}

func TestAnAgentTakesAWaitingInteractionIfTheQueueAllowsIt(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	require.Empty(t, anna.do(t, "pause", "PauseInput", "presence{state}",
		vars{"commandId": newID(), "reason": "LUNCH"}).code())
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	w.customer("Mario Verdi", "393471112234", 0).writes(t, "Hello too")
	require.Eventually(t, func() bool { return anna.finds(t, vars{"waiting": true}) == 2 }, patience, 10e6)
	waiting := get[struct {
		Interactions struct {
			Edges []struct {
				Node struct {
					ID      string
					Actions []string
					Queue   struct{ ID, Name string }
				}
			}
		}
	}](t, anna.client, "{interactions(filter:{waiting:true}){edges{node{id actions queue{id name}}}}}",
		nil).Interactions.Edges
	first, second := waiting[0].Node, waiting[1].Node
	require.Contains(t, first.Actions, "TAKE")
	w.hire(t, "stranger", user.Agent, vars{"queueIds": []string{first.Queue.ID}})
	require.Equal(t, "NOT_A_MEMBER", w.works(t, "stranger").on(t, "takeInteraction", first.ID, nil),
		"an agent who sees the queue without being a member")
	require.Empty(t, anna.on(t, "takeInteraction", first.ID, nil), "taking works during a pause too")
	require.Equal(t, "Anna Rossi", anna.sees(t, first.ID).Owner.Name)
	require.Equal(t, "ALREADY_ACCEPTED", w.works(t, "ben").on(t, "takeInteraction", first.ID, nil))

	a := w.as(t, "admin").do(t, "saveQueue", "SaveQueueInput", "queue{id}", vars{
		"commandId": newID(), "id": second.Queue.ID, "name": second.Queue.Name, "strategy": "BEEPALL",
		"offerTimeout": 60, "weight": 0, "take": false,
		"sticky": false, "silentOwner": 0, "memberIds": []string{"usr_" + w.user(t, "anna").ID},
	})
	require.Empty(t, a.code(), a.raw)
	require.NotContains(t, anna.sees(t, second.ID).Actions, "TAKE")
	require.Equal(t, "TAKE_NOT_ALLOWED", anna.on(t, "takeInteraction", second.ID, nil))
}

func TestAPausedAgentGetsNoOffersAndKeepsTheirInteractions(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben := w.works(t, "anna"), w.works(t, "ben")
	maria := w.customer("Maria Verdi", "393471112233", 0)
	maria.writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	require.Equal(t, "PAUSE_REASON_UNKNOWN", anna.do(t, "pause", "PauseInput", "presence{state}",
		vars{"commandId": newID(), "reason": "Because"}).code())
	require.Empty(t, anna.do(t, "pause", "PauseInput", "presence{state reason}",
		vars{"commandId": newID(), "reason": "LUNCH"}).code())
	w.settle(t)
	w.customer("Mario Verdi", "393471112234", 0).writes(t, "Somebody there?")
	ben.offered(t, "Somebody there?")
	require.NotContains(t, anna.ask(t, "{offers{firstMessage{text}}}", nil).raw, "Somebody there?")
	anna.sends(t, id, "I am still with you")
	maria.writes(t, "Good")
	anna.until(t, id, func(i *interactionShown) bool { return len(i.Messages.Edges) == 3 })
	require.Equal(t, "TARGET_NOT_AVAILABLE", ben.do(t, "requestTransfer", "RequestTransferInput", "transfer{id}",
		vars{"commandId": newID(), "interactionId": ben.accepts(t, "Somebody there?"),
			"toAgentId": "usr_" + w.user(t, "anna").ID}).code(), "nor does a transfer")

	w.customer("Carla Verdi", "393471112235", 0).writes(t, "Me too")
	ben.offered(t, "Me too")
	require.Empty(t, anna.do(t, "resume", "PresenceInput", "presence{state}", vars{"commandId": newID()}).code())
	anna.offered(t, "Me too") // at once
}

func TestTheDashboardCountsWaitingAndTheListUnhandledInteractions(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	shown := func() (waiting map[string]int) {
		waiting = make(map[string]int)
		for _, q := range get[struct {
			Dashboard struct {
				Queues []struct {
					Name    string
					Waiting int
				}
			}
		}](t, anna.client, "{dashboard{queues{name waiting}}}", nil).Dashboard.Queues {
			waiting[q.Name] = q.Waiting
		}
		return waiting
	}
	unmanaged := func(id string) int {
		return get[struct{ Interaction struct{ Unmanaged int } }](t, anna.client,
			"query($id:ID!){interaction(id:$id){unmanaged}}", vars{"id": id}).Interaction.Unmanaged
	}
	before := shown()
	require.Len(t, before, len(get[struct {
		Queues []struct{ ID string }
	}](t, anna.client, "{queues{id}}", nil).Queues), "only the queues of the agent")
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	w.customer("Mario Verdi", "393471112234", 0).writes(t, "Hello too")
	id, other := anna.offered(t, "Hello").Interaction.ID, anna.offered(t, "Hello too").Interaction.ID
	sum := func(counts map[string]int) (n int) {
		for _, c := range counts {
			n += c
		}
		return n
	}
	require.Equal(t, 2, sum(shown()))
	require.Equal(t, 1, unmanaged(id))
	require.Equal(t, 1, unmanaged(other))
	anna.accepts(t, "Hello")
	w.settle(t)
	require.Equal(t, 1, sum(shown()))
	require.Zero(t, unmanaged(id), "accepting handles the message")
	require.Equal(t, 1, unmanaged(other))
}

func TestTheFirstAgentAndTheOwnerDifferAfterATransfer(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben := w.works(t, "anna"), w.works(t, "ben")
	usr := func(login string) string { return "usr_" + w.user(t, login).ID }
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	require.Empty(t, ben.answers(t, "acceptTransfer", anna.hands(t, id, vars{"toAgentId": usr("ben")})))
	w.settle(t)
	sofia := w.as(t, "sofia")
	require.Equal(t, 1, sofia.finds(t, vars{"firstOwnerIds": []string{usr("anna")}}))
	require.Zero(t, sofia.finds(t, vars{"firstOwnerIds": []string{usr("ben")}}))
	require.Equal(t, 1, sofia.finds(t, vars{"ownerIds": []string{usr("ben")}}), "the owner is a filter of its own")
	require.Zero(t, sofia.finds(t, vars{"ownerIds": []string{usr("anna")}}))
	require.Empty(t, ben.on(t, "closeInteraction", id, nil))
	w.settle(t)
	require.Equal(t, 1, sofia.finds(t, vars{"firstOwnerIds": []string{usr("anna")}, "status": "CLOSED"}),
		"the first owner also finds closed interactions")
}

func TestTheSenderKeepsTheInteractionDuringATransfer(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, ben := w.works(t, "anna"), w.works(t, "ben")
	maria := w.customer("Maria Verdi", "393471112233", 0)
	maria.writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	type target struct {
		ID, Name        string
		OthersAvailable int
	}
	targets := get[struct {
		TransferTargets struct {
			Agents []struct{ ID, Name string }
			Queues []target
		}
	}](t, anna.client,
		"query($id:ID!){transferTargets(interactionId:$id){agents{id name} queues{id name othersAvailable}}}", vars{"id": id}).TransferTargets
	benCarter := struct{ ID, Name string }{"usr_" + w.user(t, "ben").ID, "Ben Carter"}
	require.Equal(t, []struct{ ID, Name string }{benCarter},
		targets.Agents, "the targets must be the connected agents without the sender")
	at := slices.IndexFunc(targets.Queues, func(q target) bool { return q.Name == "Bookings" })
	require.Equal(t, 1, targets.Queues[at].OthersAvailable, "only Ben counts: the sender is left out")
	transfer := anna.hands(t, id, vars{"toQueueId": targets.Queues[at].ID, "note": "In a hurry"})
	require.NotContains(t, anna.ask(t, "{transfers{id mine}}", nil).raw, `"mine":true`, "not offered back to the sender")
	require.Contains(t, ben.ask(t, "{transfers{note mine}}", nil).raw, `"note":"In a hurry","mine":true`)

	anna.sends(t, id, "One moment")
	maria.writes(t, "I can wait")
	anna.until(t, id, func(i *interactionShown) bool { return len(i.Messages.Edges) == 3 && i.Unread > 0 })
	require.Empty(t, ben.answers(t, "rejectTransfer", transfer))
	anna.until(t, id, func(i *interactionShown) bool { return slices.Contains(i.Actions, "TRANSFER_TO_QUEUE") })
	require.Equal(t, "Anna Rossi", anna.sees(t, id).Owner.Name)

	require.Empty(t, ben.do(t, "signOut", "PresenceInput", "presence{state}", vars{"commandId": newID()}).code())
	a := anna.do(t, "requestTransfer", "RequestTransferInput",
		"transfer{status reason} interaction{read transfer{id} transfers{status reason note toQueue{name}}}",
		vars{"commandId": newID(), "interactionId": id, "toQueueId": targets.Queues[at].ID})
	require.Empty(t, a.code(), a.raw)
	require.JSONEq(t, `{"transfer":{"status":"REFUSED","reason":"NO_ONE_AVAILABLE"},"interaction":{"read":false,"transfer":null,
		"transfers":[{"status":"REFUSED","reason":"ALL_REJECTED","note":"In a hurry","toQueue":{"name":"Bookings"}},
			{"status":"REFUSED","reason":"NO_ONE_AVAILABLE","note":null,"toQueue":{"name":"Bookings"}}]}}`, string(a.Data["requestTransfer"]),
		"a transfer to a queue without available agents must be refused at once")
}

func TestEveryChangedSettingIsAnEventWithItsAuthor(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin := w.as(t, "admin")
	before := len(w.events(t))
	saves := []struct {
		mutation, kind, selection string
		input                     vars
	}{
		{"saveQueue", "SaveQueueInput", "queue{id}", vars{"name": "Night", "strategy": "ROUND_ROBIN",
			"offerTimeout": 25, "weight": 7, "take": true, "sticky": false, "silentOwner": 0, "memberIds": []string{}}},
		{"saveList", "SaveListInput", "list{id}", vars{"name": "Night", "fields": []any{}}},
		{"saveDisposition", "SaveDispositionInput", "disposition{id}", vars{"label": "Night", "scope": "GLOBAL"}},
		{"saveTag", "SaveTagInput", "tag{id}", vars{"name": "night", "color": "blue"}},
		{"saveUser", "SaveUserInput", "user{id}", vars{"login": "night", "name": "Nora", "role": "AGENT",
			"permissions": []string{}, "queueIds": []string{}, "masked": false, "disabled": false, "capacity": 3}},
		{"savePolicy", "SavePolicyInput", "policy{tabsLimit}", vars{
			"maskName": vars{"mode": "NONE", "keep": 0}, "maskPhone": vars{"mode": "NONE", "keep": 0},
			"maskEmail":    vars{"mode": "NONE", "keep": 0},
			"pauseReasons": []string{"Meeting"}, "tagThreshold": 3, "tabsLimit": 9, "disconnectAfter": 60,
			"missedOffersLimit": 2,
		}},
	}
	for _, s := range saves {
		s.input["commandId"] = newID()
		a := admin.do(t, s.mutation, s.kind, s.selection, s.input)
		require.Empty(t, a.code(), a.raw)
	}
	changeAccount(t, w, w.accounts[0].PhoneNumberID, vars{"transferTimeout": 99})
	events := w.events(t)[before:]
	require.Len(t, events, len(saves)+1)
	for _, e := range events {
		require.Equal(t, w.user(t, "admin").ID, e.Metadata.Actor, e.Type)
		require.Contains(t, string(mustJSON(t, e.Event)), `"by":"`+w.user(t, "admin").ID, e.Type)
	}
}
