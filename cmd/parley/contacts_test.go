package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/user"
)

// contactShown is a contact as a list shows it.
type contactShown struct {
	ID, FirstName string
	Tags          []string
	TagsCollapsed bool
}

// travellers returns the list granted to anna.
func (w *world) travellers(t *testing.T) string {
	t.Helper()
	lists := get[struct{ Lists []struct{ ID, Name string } }](t, w.as(t, "anna"), "{lists{id name}}", nil).Lists
	require.Len(t, lists, 1)
	return lists[0].ID
}

func (c client) creates(t *testing.T, list, name string, tags ...string) contactShown {
	t.Helper()
	return get[struct {
		CreateContact struct{ Contact contactShown }
	}](t, c,
		"mutation($i:CreateContactInput!){createContact(input:$i){contact{id firstName tags tagsCollapsed}}}",
		vars{"i": vars{"commandId": newID(), "listId": list, "firstName": name, "tags": tags}}).CreateContact.Contact
}

func TestAnAgentWithoutListsCanNeitherSeeNorAddContacts(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	list := w.travellers(t)
	kept := w.as(t, "anna").creates(t, list, "Paola")
	newcomer := w.hire(t, "newcomer", user.Agent, nil)
	w.settle(t)
	all := get[struct {
		Lists    []struct{ ID string }
		Contacts struct{ Edges []struct{ Node contactShown } }
	}](t, newcomer, "{lists{id} contacts{edges{node{id}}}}", nil)
	require.Empty(t, all.Lists)
	require.Empty(t, all.Contacts.Edges)
	before := len(w.events(t))
	added := newcomer.do(t, "createContact", "CreateContactInput", "contact{id}",
		vars{"commandId": newID(), "listId": list, "firstName": "Nobody"})
	require.Equal(t, "LIST_NOT_GRANTED", added.code(), added.raw)
	changed := newcomer.do(t, "updateContact", "UpdateContactInput", "contact{id}",
		vars{"commandId": newID(), "contactId": kept.ID, "firstName": "Nobody"})
	require.Equal(t, "NOT_FOUND", changed.code(), changed.raw)
	require.Len(t, w.events(t), before)

	granted := w.as(t, "admin").do(t, "grantLists", "GrantListsInput", "user{id}",
		vars{"commandId": newID(), "userId": "usr_" + w.user(t, "newcomer").ID, "listIds": []string{list}})
	require.Empty(t, granted.code(), granted.raw)
	require.Eventually(t, func() bool {
		a := newcomer.do(t, "createContact", "CreateContactInput", "contact{id}",
			vars{"commandId": newID(), "listId": list, "firstName": "Somebody"})
		return a.code() == ""
	}, patience, 1e7, "a granted list is visible at once")
}

func TestAContactWithManyTagsCollapsesThem(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, list := w.as(t, "anna"), w.travellers(t)
	threshold := int(get[struct{ Policy struct{ TagThreshold int } }](t, anna, "{policy{tagThreshold}}",
		nil).Policy.TagThreshold)
	require.Greater(t, threshold, 1)
	var tags []string
	for i := range threshold {
		tags = append(tags, string(rune('a'+i)))
	}
	require.False(t, anna.creates(t, list, "Few", tags[1:]...).TagsCollapsed)
	require.True(t, anna.creates(t, list, "Many", tags...).TagsCollapsed)
}

func TestContactUpdatesReachOnlyAgentsWithTheList(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	const document = "subscription{live{position resync contacts{id firstName}}}"
	type shown struct {
		Live struct {
			Resync   bool
			Contacts []contactShown
		}
	}
	sockets := map[string]*socket{"ben": w.as(t, "ben").subscribe(t, document, nil),
		"hugo": w.as(t, "hugo").subscribe(t, document, nil)}
	for _, s := range sockets {
		require.False(t, batch[shown](t, s).Live.Resync)
	}
	until := func(who, name string) (names []string) {
		t.Helper()
		for len(names) == 0 || names[len(names)-1] != name {
			for _, c := range batch[shown](t, sockets[who]).Live.Contacts {
				names = append(names, c.FirstName)
			}
		}
		return names
	}
	anna := w.as(t, "anna")
	made := anna.creates(t, w.travellers(t), "Paola")
	require.Contains(t, until("ben", "Paola"), "Paola")
	changed := anna.do(t, "updateContact", "UpdateContactInput", "contact{id}",
		vars{"commandId": newID(), "contactId": made.ID, "firstName": "Paolina"})
	require.Empty(t, changed.code(), changed.raw)
	until("ben", "Paolina")
	greta := w.as(t, "greta")
	for _, l := range get[struct{ Lists []struct{ ID, Name string } }](t, greta, "{lists{id name}}", nil).Lists {
		if l.Name == "Companies" {
			greta.creates(t, l.ID, "Acme")
		}
	}
	require.NotContains(t, until("hugo", "Acme"), "Paola", "lists not granted send no updates")
}

func TestAMaskedViewersEditKeepsHiddenValues(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	jonas, anna, list := w.works(t, "jonas"), w.as(t, "anna"), w.travellers(t)
	masks := func(mode string) {
		t.Helper()
		mask := vars{"mode": mode, "keep": 2}
		a := w.as(t, "admin").do(t, "savePolicy", "SavePolicyInput", "policy{tabsLimit}", vars{
			"commandId": newID(), "maskName": mask, "maskPhone": mask, "maskEmail": mask,
			"pauseReasons": []string{"BREAK"},
			"tagThreshold": 3, "tabsLimit": 20, "disconnectAfter": 120, "missedOffersLimit": 3,
		})
		require.Empty(t, a.code(), a.raw)
	}
	type details struct{ Phones, Emails []string }
	seen := func(c client, id string) details {
		t.Helper()
		return get[struct{ Contact details }](t, c, "query($id:ID!){contact(id:$id){phones emails}}",
			vars{"id": id}).Contact
	}
	save := func(id string, change vars) answer {
		t.Helper()
		change["commandId"], change["contactId"] = newID(), id
		return jonas.do(t, "updateContact", "UpdateContactInput", "contact{id}", change)
	}
	create := func() string {
		t.Helper()
		return get[struct {
			CreateContact struct{ Contact struct{ ID string } }
		}](t, anna, "mutation($i:CreateContactInput!){createContact(input:$i){contact{id}}}", vars{"i": vars{
			"commandId": newID(), "listId": list, "firstName": "Maria",
			"phones": []string{"+39 333 1234567", "+39 333 7654321"}, "emails": []string{"maria@x.it", "rossi@x.it"},
		}}).CreateContact.Contact.ID
	}
	for _, mode := range []string{"PARTIAL", "FULL"} {
		masks(mode)
		id := create()
		shown := seen(jonas.client, id)
		require.Contains(t, shown.Emails[0], "•••", mode)
		a := save(id, vars{"phones": append(shown.Phones, "+39 06 5551234"), "emails": append(shown.Emails, "new@x.it")})
		require.Empty(t, a.code(), "%s: %s", mode, a.raw)
		require.Equal(t, details{
			Phones: []string{"393331234567", "393337654321", "39065551234"},
			Emails: []string{"maria@x.it", "rossi@x.it", "new@x.it"},
		}, seen(anna, id), mode)
		require.Equal(t, "VALUE_MASKED", save(id,
			vars{"emails": append(seen(jonas.client, id).Emails, "•••ng@•••")}).code(), mode)
		require.Equal(t, "VALUE_MASKED", save(id,
			vars{"phones": append(seen(jonas.client, id).Phones, "•••3331234569")}).code(), mode)
	}
	id := create()
	require.Equal(t, "MASKED_ALIKE", save(id, vars{"emails": seen(jonas.client, id).Emails[:1]}).code(),
		"two masked values look alike, so it is unclear which to keep")
	masks("PARTIAL")
	require.Empty(t, save(id, vars{"emails": seen(jonas.client, id).Emails[1:]}).code())
	require.Equal(t, []string{"rossi@x.it"}, seen(anna, id).Emails)
}
