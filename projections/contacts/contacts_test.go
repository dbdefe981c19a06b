package contacts

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/contact"
	"parley/domain/policy"
	"parley/eventstore"
	"parley/internal/access"
	"parley/internal/database"
	"parley/projections"
	"parley/projections/projectionstest"
	"parley/projections/settings"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func created(id, list, first, last string, phones ...string) contact.Created {
	return contact.Created{ContactID: domain.ContactID(id), ListID: domain.ListID(list), Origin: "USER",
		Details: contact.Details{FirstName: first, LastName: last, Phones: phones}, At: noon}
}

func history(id string, events ...domain.Event) []eventstore.Recorded {
	return projectionstest.Record("contact-"+id, events...)
}

func row(t *testing.T, events ...domain.Event) Row {
	t.Helper()
	return projectionstest.Fold(t, table, history("c1",
		append([]domain.Event{created("c1", "vip", "Ida", "Berg", "491")}, events...)...))["c1"]
}

func TestContactDetailsFollowTheirEvents(t *testing.T) {
	r := row(t, contact.PhoneAdded{Phone: "492"}, contact.PhoneRemoved{Phone: "491"},
		contact.EmailAdded{Email: "Ida@Example.org"},
		contact.FieldSet{Key: "size", Value: "L"}, contact.FieldSet{Key: "city", Value: "Kiel"},
		contact.FieldSet{Key: "size"},
		contact.DetailsChanged{FirstName: "Ida", LastName: "Hill",
			At: noon.Add(time.Hour)}, contact.TagAdded{Tag: "vip"}, contact.TagAdded{Tag: "new"}, contact.TagRemoved{Tag: "vip"})
	require.Equal(t, []string{"492"}, r.Phones)
	require.Equal(t, map[string]string{"city": "Kiel"}, r.Fields)
	require.Equal(t, "ida hill\n", r.NameText)
	require.Equal(t, "ida@example.org\n", r.EmailText)
	require.Equal(t, []string{"new"}, r.Tags)
}

func TestAMergedContactsValuesShowUntilTheMergeIsUndone(t *testing.T) {
	merge := contact.Merged{Other: "c2", Tags: []string{"b"},
		Filled:      contact.Details{Phones: []string{"499"}, Fields: map[string]string{"size": "S"}},
		Overwritten: contact.Details{LastName: "Berg"}, Before: []domain.ContactID{"c3"},
		From: contact.Details{LastName: "Hill", Phones: []string{"499"}, Fields: map[string]string{"size": "S"}}}
	merged := row(t, contact.TagAdded{Tag: "a"}, contact.MergeSuggested{Other: "c2"}, merge)
	require.Equal(t, []string{"491", "499"}, merged.Phones)
	require.Equal(t, []string{"a", "b"}, merged.Tags)
	require.Equal(t, "S", merged.Fields["size"])
	require.Equal(t, "Hill", merged.LastName)
	require.Equal(t, []string{"c2", "c3"}, merged.Family)
	require.Empty(t, merged.Suggested)
	revised := row(t, merge, contact.MergeRevised{Other: "c2", Details: contact.Details{FirstName: "Ida", LastName: "Hill"}})
	require.Equal(t, []string{"c2"}, revised.Family)
	require.Empty(t, revised.Phones)
	undone := row(t, merge, contact.MergeRevised{Other: "c2", Details: contact.Details{FirstName: "Ida", LastName: "Berg",
		Phones: []string{"491", "495"}}, Tags: []string{"a"}}, contact.Unmerged{Other: "c2"})
	require.Equal(t, []string{"491", "495"}, undone.Phones)
	require.Equal(t, "Berg", undone.LastName)
	require.Equal(t, []string{"a"}, undone.Tags)
	require.Empty(t, undone.Family)
}

func TestErasingAContactLeavesNothingPersonal(t *testing.T) {
	r := row(t, contact.Managed{By: "ada", Snapshot: contact.Details{FirstName: "Ida"}},
		contact.FieldSet{Key: "size", Value: "L"}, contact.Erased{By: "root", At: noon})
	require.True(t, r.Erased)
	require.Empty(t, strings.TrimSpace(r.FirstName+r.LastName+r.NameText+r.PhoneText+r.EmailText))
	require.Empty(t, r.NameGrams)
	require.Empty(t, r.NameWords)
	require.Empty(t, r.Phones)
	require.Empty(t, r.Snapshots["ada"].Details)
	require.Empty(t, r.Fields)
}

var (
	admin  = access.Viewer{User: "root", Everything: true}
	agent  = access.Viewer{User: "ada", Lists: []domain.ListID{"vip"}}
	masked = access.Viewer{User: "ben", Lists: []domain.ListID{"vip"}, Masked: true}
)

func world(t *testing.T) database.DB {
	return projectionstest.Run(t, []projections.Model{settings.Model(), Model()},
		projectionstest.Record("policy-one", policy.Created{Settings: policy.Settings{
			MaskName:  policy.Mask{Mode: policy.MaskPartial, Keep: 1},
			MaskPhone: policy.Mask{Mode: policy.MaskFull}, MaskEmail: policy.Mask{Mode: policy.MaskFull}}}),
		history("c1", created("c1", "vip", "Ida", "Berg", "4915100000001"),
			contact.EmailAdded{Email: "ida@example.org", At: noon}, contact.TagAdded{Tag: "gold", At: noon},
			contact.FieldSet{Key: "note", Value: "call 0151 2345678", At: noon},
			contact.Managed{By: "ada", Snapshot: contact.Details{FirstName: "Ida",
				Phones: []string{"4915100000001"}}, At: noon}),
		history("c2", created("c2", "vip", "Bo", "", "4915100000002"), contact.TagAdded{Tag: "gold", At: noon}),
		history("c3", created("c3", "rest", "Ada", "Zuse", "4915100000003")),
		history("c4", created("c4", "vip", "", "", "4915100000004")),
		history("c5", created("c5", "vip", "Old", "Ida"), contact.MergedInto{Survivor: "c1", At: noon}),
	)
}

func list(t *testing.T, db database.DB, v access.Viewer, f Filter) []string {
	t.Helper()
	var found []string
	var after *Cursor
	for {
		page, err := List(t.Context(), db.For(v), v, f, after, 1)
		require.NoError(t, err)
		for _, r := range page.Rows {
			found = append(found, r.ID)
			c := CursorOf(r)
			after = &c
		}
		if !page.HasNext {
			return found
		}
	}
}

func TestContactsAreListedByNameWithinGrantedLists(t *testing.T) {
	db := world(t)
	require.Equal(t, []string{"c3", "c2", "c1", "c4"}, list(t, db, admin, Filter{}))
	require.Equal(t, []string{"c2", "c1", "c4"}, list(t, db, agent, Filter{}))
	require.Equal(t, []string{"c3"}, list(t, db, admin, Filter{ListID: "rest"}))
	require.Empty(t, list(t, db, agent, Filter{ListID: "rest"}), "the list is not granted")
	require.Equal(t, []string{"c2", "c1"}, list(t, db, agent, Filter{ListID: "vip", Tags: []string{"gold"}}),
		"the tag filter applies")
	require.Equal(t, []string{"c1"}, list(t, db, agent, Filter{Search: "BER"}))
	require.Equal(t, []string{"c2"}, list(t, db, agent, Filter{Search: "+49 151 0000-0002"}))
	require.Equal(t, []string{"c1"}, list(t, db, agent, Filter{Search: "example.org"}))
	require.Empty(t, list(t, db, agent, Filter{Search: "zuse"}), "a search keeps to the granted lists")
}

func TestMaskedViewersFindOnlyWholeValues(t *testing.T) {
	db := world(t)
	require.Equal(t, []string{"c1", "c2", "c4"}, list(t, db, masked, Filter{}), "in an order that reveals no names")
	require.Empty(t, list(t, db, masked, Filter{Search: "ida"}))
	require.Equal(t, []string{"c1"}, list(t, db, masked, Filter{Search: "ida berg"}))
	require.Equal(t, []string{"c2"}, list(t, db, masked, Filter{Search: "4915100000002"}))
	require.Equal(t, []string{"c1"}, list(t, db, masked, Filter{Search: "IDA@example.org"}))
	require.Empty(t, list(t, db, masked, Filter{Search: "%"}))
	r, found, err := ByID(t.Context(), db.For(masked), masked, "c1")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, "•••a", r.FirstName)
	require.Equal(t, []string{"•••"}, r.Phones)
	require.Equal(t, []string{"•••"}, r.Emails)
	require.Equal(t, "call •••", r.Fields["note"])
	require.Equal(t, contact.Details{FirstName: "•••a", Phones: []string{"•••"}}, r.Snapshots["ada"].Details)
}

func TestAMergedContactLeadsToTheSurvivor(t *testing.T) {
	db := world(t)
	found, err := ByIDs(t.Context(), db.Clear, agent, []string{"c5", "c1", "c3"})
	require.NoError(t, err)
	require.Len(t, found, 2)
	require.Equal(t, "c1", found["c5"].ID)
	merged, err := MergedInto(t.Context(), db.Clear, agent, "c1")
	require.NoError(t, err)
	require.Len(t, merged, 1)
	require.Equal(t, "c5", merged[0].ID)
	none, err := MergedInto(t.Context(), db.Clear, access.Viewer{User: "ada", Lists: []domain.ListID{"rest"}}, "c1")
	require.NoError(t, err)
	require.Empty(t, none, "the list is not granted")
	itself, found5, err := Itself(t.Context(), db.Clear, agent, "c5")
	require.NoError(t, err)
	require.True(t, found5)
	require.Equal(t, "Old", itself.FirstName)
}

func TestASenderIsRecognisedByAnyKnownDetail(t *testing.T) {
	db := world(t)
	for _, k := range []Known{{Phone: "4915100000001"}, {Phone: "+49 151 00000001"}, {Email: "ida@example.org"}} {
		found, err := Find(t.Context(), db.Clear, k)
		require.NoError(t, err)
		require.Len(t, found, 1)
		require.Equal(t, "c1", found[0].ID)
	}
	none, err := Find(t.Context(), db.Clear, Known{})
	require.NoError(t, err)
	require.Empty(t, none)
}

func TestACustomersContactIsTheMergedOneThatTheirAddressOrNumberBelongsTo(t *testing.T) {
	own := func(id string, number int) contact.Created {
		c := created(id, "vip", id, "", fmt.Sprintf("49151000000%02d", number))
		c.AddressID = domain.AddressID("address of " + id)
		return c
	}
	merged := func(other string, phones ...string) contact.Merged {
		return contact.Merged{Other: domain.ContactID(other), Filled: contact.Details{Phones: phones}}
	}
	db := projectionstest.Run(t, []projections.Model{settings.Model(), Model()},
		history("a", own("a", 1), contact.MergedInto{Survivor: "b", At: noon}),
		history("b", own("b", 2), merged("a", "4915100000001"), contact.MergedInto{Survivor: "c", At: noon}),
		history("c", own("c", 3), contact.Merged{Other: "b", Before: []domain.ContactID{"a"},
			Filled: contact.Details{Phones: []string{"4915100000002", "4915100000001"}}}),
		history("pointing", own("pointing", 4), contact.MergedInto{Survivor: "c", At: noon}),
		history("restored", own("restored", 5), contact.MergedInto{Survivor: "old", At: noon},
			contact.Restored{From: "old", At: noon}),
		history("old", own("old", 6), merged("restored", "4915100000005")),
		history("gone", own("gone", 7), contact.Erased{At: noon}),
		history("lost", own("lost", 8), contact.MergedInto{Survivor: "gone", At: noon}),
	)
	for want, k := range map[domain.ContactID]Known{
		"a": {Phone: "4915100000001"}, "b": {Phone: "4915100000002"}, "c": {Phone: "4915100000003"},
		"pointing": {Phone: "4915100000004"}, // the survivor does not know it yet
		"restored": {Phone: "4915100000005"}, // the survivor still shows its number
		"":         {Phone: "4915100000008"}, // leads to an erased contact
	} {
		id, _, err := Of(t.Context(), db.Clear, "vip", k)
		require.NoError(t, err)
		require.Equal(t, want, id)
	}
	both := []domain.AddressID{"address of a", "address of c"}
	for want, from := range map[domain.ContactID]domain.AddressID{"a": "address of a", "c": "address of c"} {
		id, _, err := Of(t.Context(), db.Clear, "vip", Known{AddressID: from, AddressIDs: both})
		require.NoError(t, err)
		require.Equal(t, want, id, "the one that the address belongs to")
	}
}

func TestAContactIsFoundByEverySpellingOfItsNumber(t *testing.T) {
	db := projectionstest.Run(t, []projections.Model{settings.Model(), Model()},
		history("old", created("old", "vip", "Koffi", "", "22997000101")),
		history("new", created("new", "vip", "Afi", "", "2290161000102")),
		history("ivory", created("ivory", "vip", "Awa", "", "22507000103")),
		history("other", created("other", "vip", "Yao", "", "2250507000106")),
	)
	for contactID, spellings := range map[string][]string{
		"old":   {"22997000101", "2290197000101", "+229 01 97 00 01 01", "+229 97000101", "00229 97 00 01 01"},
		"new":   {"22961000102", "2290161000102", "+229 01 61 00 01 02", "+229 61 00 01 02"},
		"ivory": {"22507000103", "2250707000103", "+225 07 07 00 01 03"},
		"other": {"2250507000106", "+225 05 07 00 01 06"},
	} {
		for _, s := range spellings {
			require.Equal(t, []string{contactID}, list(t, db, agent, Filter{Search: s}), s)
			require.Equal(t, []string{contactID}, list(t, db, masked, Filter{Search: s}),
				"%s, whole, for a masked viewer", s)
			found, err := Find(t.Context(), db.Clear, Known{Phone: s})
			require.NoError(t, err)
			require.Len(t, found, 1, s)
			require.Equal(t, contactID, found[0].ID)
		}
	}
	require.Empty(t, list(t, db, agent, Filter{Search: "2250707000106"}), "the same digits at another operator")
	r, _, err := ByID(t.Context(), db.Clear, agent, "old")
	require.NoError(t, err)
	require.Equal(t, []string{"22997000101"}, r.Phones, "shown as it was typed")
}

func TestMyContactsAreTheAgentsOwnCopies(t *testing.T) {
	db := world(t)
	projectionstest.Append(t, db, []projections.Model{settings.Model(), Model()}, 100,
		history("c1", contact.DetailsChanged{FirstName: "Changed", At: noon},
			contact.MovedToList{ListID: "rest", At: noon}))
	mine, more, err := MyContacts(t.Context(), db.Clear, "ada", "", 10)
	require.NoError(t, err)
	require.False(t, more)
	require.Len(t, mine, 1)
	require.Equal(t, "Ida", mine[0].Details.FirstName)
	mine, _, err = MyContacts(t.Context(), db.Masked, "ada", "", 10)
	require.NoError(t, err)
	require.Equal(t, []string{"•••"}, mine[0].Details.Phones)
	mine, _, err = MyContacts(t.Context(), db.Clear, "ben", "", 10)
	require.NoError(t, err)
	require.Empty(t, mine)
}
