package contact_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	. "parley/domain/contact"
	"parley/domain/domaintest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func history(e ...Event) []Event { return e }

func and(before []Event, e ...Event) []Event { return append(before[:len(before):len(before)], e...) }

var (
	details = Details{FirstName: "Anna", LastName: "Rossi", Phones: []string{"393331234567"},
		Emails: []string{"anna@example.org"}, Fields: map[string]string{"city": "Rome"}}
	created = Created{ContactID: "c1", ListID: "l1", Origin: "USER", Details: details, By: "ben", At: noon}
	vip     = TagAdded{Tag: "vip", By: "ben", At: noon}
	erased  = Erased{By: "sue", Reason: "REQUEST", At: noon}
	pointer = MergedInto{Survivor: "c2", By: "ben", At: noon}
	anna    = history(created, vip)
)

func TestTheRulesOfCreatingContacts(t *testing.T) {
	unknown := Created{ContactID: "c1", ListID: "l1", AddressID: "a1", Origin: "TRIGGER",
		Details: Details{Phones: []string{"393331234567"}}, At: noon}
	noList, empty, untidy, wrongPhone, wrongEmail, twoLines, unprintable := created, created, created, created, created, created, created
	noList.ListID = ""
	empty.Details = Details{Fields: map[string]string{"city": "Rome"}}
	untidy.Details = Details{FirstName: " Anna ", LastName: "Rossi",
		Phones: []string{"393331234567", "", "393331234567"}, Emails: []string{" anna@example.org"},
		Fields: map[string]string{"city": "Rome", "note": ""}}
	wrongPhone.Details.Phones = []string{"+39 333"}
	wrongEmail.Details.Emails = []string{"anna"}
	hidden, dotted := created, unknown
	hidden.Details.Emails = []string{"•••na@•••"}
	dotted.Details.FirstName = "• Anna •"
	twoLines.Details.LastName = "Rossi\nBianchi"
	unprintable.Details.Emails = []string{"anna\x00@example.org"}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a user adds a contact to a list", When: Create{Created: created, Tags: []string{"vip"}},
			Then: anna},
		{Name: "an unknown customer becomes a contact", When: Create{Created: unknown}, Then: history(unknown)},
		{Name: "a contact is created once", Given: anna, When: Create{Created: created}},
		{Name: "a new contact becomes the author's own", When: Create{Created: created, Manage: true},
			Then: history(created, Managed{ContactID: "c1", By: "ben", Snapshot: details, At: noon})},
		{Name: "typed values are trimmed, and empty and repeated ones dropped", When: Create{Created: untidy}, Then: history(created)},
		{Name: "a contact without a list is refused", When: Create{Created: noList}, Err: ErrNoList},
		{Name: "a contact without a name, number or email is refused", When: Create{Created: empty}, Err: ErrEmpty},
		{Name: "a number that is not digits is refused", When: Create{Created: wrongPhone}, Err: ErrPhone},
		{Name: "an email address without a domain is refused", When: Create{Created: wrongEmail}, Err: ErrEmail},
		{Name: "a name of two lines is refused", When: Create{Created: twoLines}, Err: domain.ErrUnprintable},
		{Name: "an email address with control characters is refused", When: Create{Created: unprintable}, Err: ErrEmail},
		{Name: "a masked value in a new contact is refused", When: Create{Created: hidden}, Err: ErrMasked},
		{Name: "a customer may have any name", When: Create{Created: dotted}, Then: history(dotted)},
		{Name: "a tag without a name is refused", When: Create{Created: created, Tags: []string{" "}},
			Err: ErrTagEmpty},
	})
}

func TestTheRulesOfChangingContacts(t *testing.T) {
	to := func(text string) *string { return &text }
	same := Change{FirstName: to("Anna"), LastName: to("Rossi"), Phones: details.Phones, Emails: details.Emails,
		Fields: details.Fields, Tags: []string{"vip"}, By: "ben", At: noon}
	with := func(change func(*Change)) Change { c := same; change(&c); return c }
	second := PhoneAdded{ContactID: "c1", Phone: "390612345", By: "ben", At: noon}
	withSecond := details
	withSecond.Phones = []string{"393331234567", "390612345"}
	kept := Managed{ContactID: "c1", By: "ben", Snapshot: details, At: noon}
	hidden := EmailAdded{ContactID: "c1", Email: "•••ia@•••", By: "ben", At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "saving without a change records nothing", Given: anna, When: same},
		{Name: "a changed name is recorded", Given: anna, When: with(func(c *Change) { c.LastName = to("Bianchi") }),
			Then: history(DetailsChanged{ContactID: "c1", FirstName: "Anna", LastName: "Bianchi", By: "ben",
				At: noon})},
		{Name: "a change records every kind of detail", Given: anna, When: Change{
			Phones: []string{"390612345"}, Emails: []string{"a@b.it"},
			Fields: map[string]string{"age": "40", "city": ""}, Tags: []string{"gold"}, By: "ben", At: noon,
		}, Then: history(
			PhoneRemoved{ContactID: "c1", Phone: "393331234567", By: "ben", At: noon}, second,
			EmailRemoved{ContactID: "c1", Email: "anna@example.org", By: "ben", At: noon},
			EmailAdded{ContactID: "c1", Email: "a@b.it", By: "ben", At: noon},
			FieldSet{ContactID: "c1", Key: "age", Value: "40", By: "ben", At: noon},
			FieldSet{ContactID: "c1", Key: "city", By: "ben", At: noon},
			TagRemoved{Tag: "vip", By: "ben", At: noon}, TagAdded{Tag: "gold", By: "ben", At: noon})},
		{Name: "a second number is appended", Given: anna,
			When: with(func(c *Change) { c.Phones = withSecond.Phones }), Then: history(second)},
		{Name: "a new primary number moves to the front", Given: and(anna, second),
			When: with(func(c *Change) { c.Phones = []string{"390612345", "393331234567"} }),
			Then: history(PhoneRemoved{ContactID: "c1", Phone: "393331234567", By: "ben", At: noon},
				PhoneAdded{ContactID: "c1", Phone: "393331234567", By: "ben", At: noon})},
		{Name: "an edit makes the contact the agent's own, even unchanged", Given: anna,
			When: with(func(c *Change) { c.Manage = true }), Then: history(kept)},
		{Name: "an edit takes a snapshot of the changed contact", Given: and(anna, kept),
			When: with(func(c *Change) { c.Phones, c.Manage = withSecond.Phones, true }),
			Then: history(second, Managed{ContactID: "c1", By: "ben", Snapshot: withSecond, At: noon})},
		{Name: "removing a contact's last detail is refused", Given: anna,
			When: with(func(c *Change) {
				c.FirstName, c.LastName, c.Phones, c.Emails = to(""), to(""), []string{}, []string{}
			}), Err: ErrEmpty},
		{Name: "a name of 201 characters is refused", Given: anna,
			When: with(func(c *Change) { c.FirstName = to(strings.Repeat("x", 201)) }), Err: ErrTooLong},
		{Name: "a change leaves the parts it does not mention", Given: and(anna, second),
			When: Change{LastName: to("Bianchi"), By: "ben", At: noon},
			Then: history(DetailsChanged{ContactID: "c1", FirstName: "Anna", LastName: "Bianchi", By: "ben",
				At: noon})},
		{Name: "a mask as an email address is refused", Given: anna,
			When: with(func(c *Change) { c.Emails = []string{"•••na@•••", "new@example.org"} }), Err: ErrMasked},
		{Name: "a mask as a name is refused", Given: anna,
			When: with(func(c *Change) { c.FirstName = to("•••na") }), Err: ErrMasked},
		{Name: "a mask in a field is refused", Given: anna,
			When: with(func(c *Change) { c.Fields = map[string]string{"city": "Rome, call •••"} }), Err: ErrMasked},
		{Name: "a stored mask can be removed", Given: and(anna, hidden),
			When: Change{Emails: details.Emails, By: "ben", At: noon},
			Then: history(EmailRemoved{ContactID: "c1", Email: hidden.Email, By: "ben", At: noon})},
		{Name: "a stored mask does not block other changes", Given: and(anna, hidden),
			When: Change{Emails: []string{hidden.Email}, By: "ben", At: noon},
			Then: history(EmailRemoved{ContactID: "c1", Email: "anna@example.org", By: "ben", At: noon})},
		{Name: "a merged contact cannot be changed", Given: and(anna, pointer), When: same, Err: ErrMerged},
		{Name: "an erased contact cannot be changed", Given: and(anna, erased), When: same, Err: ErrErased},
		{Name: "an unknown contact cannot be changed", When: same, Err: ErrUnknown},
	})
}

func TestAnAgentsOwnCopyIsSeparateFromTheSharedContact(t *testing.T) {
	// Cho's change does not reach ben's copy, but ben's next edit renews it.
	kept := Managed{ContactID: "c1", By: "ben", Snapshot: details, At: noon}
	byCho := DetailsChanged{ContactID: "c1", FirstName: "Anna", LastName: "Verdi", By: "cho", At: noon}
	s := Decider.Fold(and(anna, kept, byCho))
	require.Equal(t, "Verdi", s.Details.LastName)

	newer := details
	newer.LastName = "Verdi"
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an agent makes a contact their own", Given: anna, When: Manage{By: "ben", At: noon},
			Then: history(kept)},
		{Name: "managing an unchanged contact again is a no-op", Given: and(anna, kept),
			When: Manage{By: "ben", At: noon}},
		{Name: "each agent has a snapshot of their own", Given: and(anna, kept), When: Manage{By: "cho", At: noon},
			Then: history(Managed{ContactID: "c1", By: "cho", Snapshot: details, At: noon})},
		{Name: "managing a changed contact takes a new snapshot", Given: and(anna, kept, byCho),
			When: Manage{By: "ben", At: noon},
			Then: history(Managed{ContactID: "c1", By: "ben", Snapshot: newer, At: noon})},
	})
}

func TestTagsListsAndCopies(t *testing.T) {
	moved := MovedToList{ListID: "l2", By: "ben", At: noon}
	copied := Duplicated{CopyID: "c9", ListID: "l2", By: "ben", At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a tag is added", Given: history(created), When: AddTag{Tag: " vip", By: "ben", At: noon},
			Then: history(vip)},
		{Name: "adding a tag twice is a no-op", Given: anna, When: AddTag{Tag: "vip", By: "cho", At: noon}},
		{Name: "a tag of 51 characters is refused", Given: anna, When: AddTag{Tag: strings.Repeat("é", 51)},
			Err: ErrTagTooLong},
		{Name: "a tag with control characters is refused", Given: anna, When: AddTag{Tag: "v\x00ip"},
			Err: domain.ErrUnprintable},
		{Name: "a tag is removed", Given: anna, When: RemoveTag{Tag: "vip", By: "ben", At: noon},
			Then: history(TagRemoved{Tag: "vip", By: "ben", At: noon})},
		{Name: "removing a missing tag is a no-op", Given: anna, When: RemoveTag{Tag: "gold"}},
		{Name: "a contact moves to another list", Given: anna, When: MoveToList{ListID: "l2", By: "ben", At: noon},
			Then: history(moved)},
		{Name: "moving to the same list is a no-op", Given: and(anna, moved),
			When: MoveToList{ListID: "l2", By: "ben", At: noon}},
		{Name: "moving to no list is refused", Given: anna, When: MoveToList{}, Err: ErrNoList},
		{Name: "duplicating a contact leaves it unchanged", Given: anna,
			When: Duplicate{CopyID: "c9", ListID: "l2", By: "ben", At: noon}, Then: history(copied)},
		{Name: "duplicating a contact twice with one id makes one copy", Given: and(anna, copied),
			When: Duplicate{CopyID: "c9", ListID: "l2", By: "ben", At: noon}},
		{Name: "a contact is erased", Given: anna, When: Erase{By: "sue", Reason: "REQUEST", At: noon},
			Then: history(erased)},
		{Name: "a merged contact is erased too", Given: and(anna, pointer),
			When: Erase{By: "sue", Reason: "REQUEST", At: noon}, Then: history(erased)},
		{Name: "erasing a contact twice is a no-op", Given: and(anna, erased),
			When: Erase{By: "sue", Reason: "REQUEST", At: noon}},
	})
	require.Equal(t, Details{}, Decider.Fold(and(anna, erased)).Details)
}
