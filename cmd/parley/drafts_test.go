package main

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestADraftIsKeptForItsAuthorAlone(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, admin := w.works(t, "anna"), w.as(t, "admin")
	ada := w.customer("Ada Bianchi", "393471230001", 0)
	ada.writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	asked := anna.sees(t, id).Messages.Edges[0].Node.ID
	const shown = "interaction{replyDraft drafts{part text sendId quoted{text}}}"
	save := func(more vars) answer {
		input := vars{"interactionId": id}
		for k, v := range more {
			input[k] = v
		}
		return anna.do(t, "saveDraft", "DraftInput", shown, input)
	}
	command := newID()
	require.Empty(t, save(vars{"text": "Good day", "quotedId": asked}).code())
	require.Empty(t, save(vars{"text": "In a hurry", "part": "NOTE"}).code())
	kept := save(vars{"text": "On its way", "part": "MESSAGE", "sendId": command})
	require.JSONEq(t, `{"interaction":{"replyDraft":"Good day","drafts":[
		{"part":"REPLY","text":"Good day","sendId":null,"quoted":{"text":"Hello"}},
		{"part":"NOTE","text":"In a hurry","sendId":null,"quoted":null},
		{"part":"MESSAGE","text":"On its way","sendId":"`+command+`","quoted":null}]}}`, string(kept.Data["saveDraft"]))
	theirs := admin.ask(t, "query($id:ID!){interaction(id:$id){replyDraft drafts{text}}}", vars{"id": id})
	require.JSONEq(t, `{"replyDraft":null,"drafts":[]}`, string(theirs.Data["interaction"]), "a draft belongs to its author")

	require.Equal(t, "BAD_USER_INPUT", save(vars{"text": "x", "part": "MESSAGE"}).code(), "without its command")
	require.Equal(t, "TEXT_TOO_LONG", save(vars{"text": strings.Repeat("ü", 4097)}).code())

	sent := anna.do(t, "sendMessage", "SendMessageInput", "message{id}",
		vars{"commandId": command, "interactionId": id, "text": "On its way"})
	require.Empty(t, sent.code(), sent.raw)
	left := save(vars{"text": "", "part": "NOTE"})
	require.JSONEq(t, `{"interaction":{"replyDraft":"Good day","drafts":[
		{"part":"REPLY","text":"Good day","sendId":null,"quoted":{"text":"Hello"}}]}}`, string(left.Data["saveDraft"]),
		"sent and emptied drafts must be gone, and what the agent kept writing must stay")
}

func TestUnsavedEditsOfAContactAreKeptUntilItIsSaved(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	admin := w.as(t, "admin")
	list := get[struct{ Lists []struct{ ID string } }](t, admin, "{lists{id}}", nil).Lists[0].ID
	created := admin.do(t, "createContact", "CreateContactInput", "contact{id}",
		vars{"commandId": newID(), "listId": list, "firstName": "Ida"})
	require.Empty(t, created.code(), created.raw)
	var contact struct{ Contact struct{ ID string } }
	require.NoError(t, json.Unmarshal(created.Data["createContact"], &contact))
	id := contact.Contact.ID
	edit := vars{"contactId": id, "fields": []vars{{"key": "firstName", "value": "Ida Maria"}}}
	kept := admin.do(t, "saveContactDraft", "ContactDraftInput", "contact{firstName draft{key value}}", edit)
	require.JSONEq(t, `{"contact":{"firstName":"Ida","draft":[{"key":"firstName","value":"Ida Maria"}]}}`,
		string(kept.Data["saveContactDraft"]))
	saved := admin.do(t, "updateContact", "UpdateContactInput", "contact{firstName draft{key}}",
		vars{"commandId": newID(), "contactId": id, "firstName": "Ida Maria"})
	require.JSONEq(t, `{"contact":{"firstName":"Ida Maria","draft":[]}}`, string(saved.Data["updateContact"]))
}
