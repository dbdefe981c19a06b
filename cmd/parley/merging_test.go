package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/domain/contact"
)

type mergedShown struct {
	ID, FirstName, DisplayName string
	Tags                       []string
	MergedContacts             []struct{ ID, DisplayName string }
	SuggestedMerges            []struct{ ID, DisplayName string }
}

const mergedFields = "id firstName displayName tags mergedContacts{id displayName} suggestedMerges{id displayName}"

func (c client) shown(t *testing.T, id string) *mergedShown {
	t.Helper()
	return get[struct{ Contact *mergedShown }](t, c, "query($id:ID!){contact(id:$id){"+mergedFields+"}}", vars{"id": id}).Contact
}

func (c client) merges(t *testing.T, survivor, other string, more ...string) answer {
	t.Helper()
	input := vars{"commandId": newID(), "contactId": survivor, "otherId": other}
	if len(more) > 0 {
		input["take"] = vars{"firstName": true}
	}
	return c.do(t, "mergeContacts", "MergeContactsInput", "contact{id}", input)
}

func (c client) unmerges(t *testing.T, survivor, other string) answer {
	t.Helper()
	return c.do(t, "unmergeContact", "UnmergeContactInput", "contact{id} restored{id}",
		vars{"commandId": newID(), "contactId": survivor, "otherId": other})
}

func TestAgentsMergeContactsOfTheirListsAndUndoIt(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, list := w.as(t, "anna"), w.travellers(t)
	kept, other := anna.creates(t, list, "Paola", "new"), anna.creates(t, list, "Paola M.", "old")

	require.Empty(t, anna.merges(t, kept.ID, other.ID, "take the first name").code())
	for _, id := range []string{kept.ID, other.ID} {
		c := anna.shown(t, id)
		require.Equal(t, []string{kept.ID, "Paola M."}, []string{c.ID, c.FirstName}, "both ids lead to the survivor")
		require.Equal(t, []string{"new", "old"}, c.Tags)
		require.Len(t, c.MergedContacts, 1)
		require.Equal(t, other.ID, c.MergedContacts[0].ID)
	}
	late := anna.do(t, "updateContact", "UpdateContactInput", "contact{id}",
		vars{"commandId": newID(), "contactId": other.ID, "firstName": "typed in another tab"})
	require.Equal(t, "CONTACT_MERGED", late.code(), late.raw)
	require.Equal(t, kept.ID, late.details()["survivor"], "the refusal says where the contact is now")

	again := anna.merges(t, kept.ID, kept.ID)
	require.Equal(t, "MERGE_SELF", again.code(), again.raw)
	for range 2 {
		require.Empty(t, anna.unmerges(t, kept.ID, other.ID).code())
	}
	require.Equal(t, "Paola", anna.shown(t, kept.ID).FirstName)
	restored := anna.shown(t, other.ID)
	require.Equal(t, []string{other.ID, "Paola M."}, []string{restored.ID, restored.FirstName})
	require.Equal(t, []string{"old"}, restored.Tags)
}

func TestAMergeNeedsBothListsAndTellsNothingAboutTheOtherContact(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, greta := w.as(t, "anna"), w.as(t, "greta")
	mine := anna.creates(t, w.travellers(t), "Paola")
	var company contactShown
	for _, l := range get[struct{ Lists []struct{ ID, Name string } }](t, greta, "{lists{id name}}", nil).Lists {
		if l.Name == "Companies" {
			company = greta.creates(t, l.ID, "Secret")
		}
	}
	w.settle(t)
	before := len(w.events(t))
	for _, ids := range [][2]string{{mine.ID, company.ID}, {company.ID, mine.ID}} {
		for _, a := range []answer{anna.merges(t, ids[0], ids[1]), anna.unmerges(t, ids[0], ids[1])} {
			require.Equal(t, "NOT_FOUND", a.code(), a.raw)
			require.NotContains(t, a.raw, "Secret")
		}
		declined := anna.do(t, "declineMerge", "DeclineMergeInput", "contact{id}",
			vars{"commandId": newID(), "contactId": ids[0], "otherId": ids[1]})
		require.Equal(t, "NOT_FOUND", declined.code(), declined.raw)
	}
	require.Len(t, w.events(t), before)
}

func TestASuggestedOrMergedContactIsShownWithinTheViewersListsAndMask(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, jonas := w.as(t, "anna"), w.as(t, "jonas") // jonas sees masks
	list := w.travellers(t)
	kept, other := anna.creates(t, list, "Wilhelmina"), anna.creates(t, list, "Hildegard")
	bare := func(id string) domain.ContactID { return domain.ContactID(strings.TrimPrefix(id, "con_")) }
	require.NoError(t, w.p.commands.JoinContacts(t.Context(), bare(kept.ID), bare(other.ID)))
	w.settle(t)
	suggested := anna.shown(t, kept.ID).SuggestedMerges
	require.Len(t, suggested, 1)
	require.Equal(t, []string{other.ID, "Hildegard"}, []string{suggested[0].ID, suggested[0].DisplayName})
	hidden := func() *mergedShown {
		t.Helper()
		c := jonas.shown(t, kept.ID)
		require.NotContains(t, fmt.Sprintf("%+v", *c), "Hildegard")
		return c
	}
	require.Len(t, hidden().SuggestedMerges, 1, "a masked viewer may merge by the id")

	stream := contact.Decider.Stream(string(bare(other.ID)))
	moves := func(list string) {
		t.Helper()
		h, err := w.p.store.Read(t.Context(), stream, 0)
		require.NoError(t, err)
		_, err = w.p.store.Append(t.Context(), stream, h.Revision, commands.SystemMetadata("test", newID()),
			[]domain.Event{contact.MovedToList{ListID: domain.ListID(list), At: time.Now().UTC()}})
		require.NoError(t, err)
		w.settle(t)
	}
	moves(newID())
	require.Empty(t, anna.shown(t, kept.ID).SuggestedMerges, "a contact of a list that is not granted is suggested")
	moves(strings.TrimPrefix(list, "lst_"))

	require.Empty(t, anna.merges(t, kept.ID, other.ID).code())
	w.settle(t)
	require.Equal(t, "Hildegard", anna.shown(t, kept.ID).MergedContacts[0].DisplayName)
	require.Len(t, hidden().MergedContacts, 1)
}
