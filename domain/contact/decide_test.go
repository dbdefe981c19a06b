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
	details = Details{FirstName: "Anna", LastName: "Rossi", Phones: []string{"393331234567"}, Mails: []string{"anna@example.org"}, Fields: map[string]string{"city": "Rome"}}
	created = Created{ContactID: "c1", ListID: "l1", Origin: "USER", Details: details, By: "ben", At: noon}
	vip     = TagAdded{Tag: "vip", By: "ben", At: noon}
	erased  = Erased{By: "sue", Reason: "REQUEST", At: noon}
	pointer = MergedInto{Survivor: "c2", By: "ben", At: noon}
	anna    = history(created, vip)
)

func TestCreating(t *testing.T) {
	unknown := Created{ContactID: "c1", ListID: "l1", AddressID: "a1", Origin: "TRIGGER", Details: Details{Phones: []string{"393331234567"}}, At: noon}
	noList, empty, untidy, wrongPhone, wrongMail, twoLines, unseen := created, created, created, created, created, created, created
	noList.ListID = ""
	empty.Details = Details{Fields: map[string]string{"city": "Rome"}}
	untidy.Details = Details{FirstName: " Anna ", LastName: "Rossi", Phones: []string{"393331234567", "", "393331234567"}, Mails: []string{" anna@example.org"}, Fields: map[string]string{"city": "Rome", "note": ""}}
	wrongPhone.Details.Phones = []string{"+39 333"}
	wrongMail.Details.Mails = []string{"anna"}
	hidden, dotted := created, unknown
	hidden.Details.Mails = []string{"•••na@•••"}
	dotted.Details.FirstName = "• Anna •"
	twoLines.Details.LastName = "Rossi\nBianchi"
	unseen.Details.Mails = []string{"anna\x00@example.org"}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a person adds a contact to a list (R25)", When: Create{Created: created, Tags: []string{"vip"}}, Then: anna},
		{Name: "an unknown customer becomes one (R21)", When: Create{Created: unknown}, Then: history(unknown)},
		{Name: "it is created once", Given: anna, When: Create{Created: created}},
		{Name: "it becomes the author's own", When: Create{Created: created, Manage: true}, Then: history(created, Managed{ContactID: "c1", By: "ben", Snapshot: details, At: noon})},
		{Name: "what was typed is tidied", When: Create{Created: untidy}, Then: history(created)},
		{Name: "a list is needed (R25)", When: Create{Created: noList}, Err: ErrNoList},
		{Name: "somebody has a name, a number or a mail address", When: Create{Created: empty}, Err: ErrEmpty},
		{Name: "a number is digits with the country code", When: Create{Created: wrongPhone}, Err: ErrPhone},
		{Name: "a mail address has its two halves", When: Create{Created: wrongMail}, Err: ErrMail},
		{Name: "a name is one line", When: Create{Created: twoLines}, Err: domain.ErrUnprintable},
		{Name: "a mail address holds nothing that nobody sees", When: Create{Created: unseen}, Err: ErrMail},
		{Name: "nobody writes a mask", When: Create{Created: hidden}, Err: ErrMasked},
		{Name: "a customer may be called anything", When: Create{Created: dotted}, Then: history(dotted)},
		{Name: "a tag has a name", When: Create{Created: created, Tags: []string{" "}}, Err: ErrTagEmpty},
	})
}

func TestChanging(t *testing.T) {
	to := func(text string) *string { return &text }
	same := Change{FirstName: to("Anna"), LastName: to("Rossi"), Phones: details.Phones, Mails: details.Mails, Fields: details.Fields, Tags: []string{"vip"}, By: "ben", At: noon}
	with := func(change func(*Change)) Change { c := same; change(&c); return c }
	second := PhoneAdded{ContactID: "c1", Phone: "390612345", By: "ben", At: noon}
	withSecond := details
	withSecond.Phones = []string{"393331234567", "390612345"}
	kept := Managed{ContactID: "c1", By: "ben", Snapshot: details, At: noon}
	hidden := MailAdded{ContactID: "c1", Mail: "•••ia@•••", By: "ben", At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "saving without a change records nothing", Given: anna, When: same},
		{Name: "a new name is a new name", Given: anna, When: with(func(c *Change) { c.LastName = to("Bianchi") }),
			Then: history(DetailsChanged{ContactID: "c1", FirstName: "Anna", LastName: "Bianchi", By: "ben", At: noon})},
		{Name: "every kind of field round-trips (R30)", Given: anna, When: Change{
			Phones: []string{"390612345"}, Mails: []string{"a@b.it"}, Fields: map[string]string{"age": "40", "city": ""}, Tags: []string{"gold"}, By: "ben", At: noon,
		}, Then: history(
			PhoneRemoved{ContactID: "c1", Phone: "393331234567", By: "ben", At: noon}, second,
			MailRemoved{ContactID: "c1", Mail: "anna@example.org", By: "ben", At: noon}, MailAdded{ContactID: "c1", Mail: "a@b.it", By: "ben", At: noon},
			FieldSet{ContactID: "c1", Key: "age", Value: "40", By: "ben", At: noon}, FieldSet{ContactID: "c1", Key: "city", By: "ben", At: noon},
			TagRemoved{Tag: "vip", By: "ben", At: noon}, TagAdded{Tag: "gold", By: "ben", At: noon})},
		{Name: "a second number is added behind the first", Given: anna, When: with(func(c *Change) { c.Phones = withSecond.Phones }), Then: history(second)},
		{Name: "another primary number moves to the front", Given: and(anna, second), When: with(func(c *Change) { c.Phones = []string{"390612345", "393331234567"} }),
			Then: history(PhoneRemoved{ContactID: "c1", Phone: "393331234567", By: "ben", At: noon}, PhoneAdded{ContactID: "c1", Phone: "393331234567", By: "ben", At: noon})},
		{Name: "an edit makes it the agent's own, even when nothing changed (R40)", Given: anna, When: with(func(c *Change) { c.Manage = true }), Then: history(kept)},
		{Name: "he keeps what he saw after his edit (A15)", Given: and(anna, kept), When: with(func(c *Change) { c.Phones, c.Manage = withSecond.Phones, true }),
			Then: history(second, Managed{ContactID: "c1", By: "ben", Snapshot: withSecond, At: noon})},
		{Name: "nobody is left without a name, a number and a mail address", Given: anna, When: with(func(c *Change) { c.FirstName, c.LastName, c.Phones, c.Mails = to(""), to(""), []string{}, []string{} }), Err: ErrEmpty},
		{Name: "a name of 201 characters is too long", Given: anna, When: with(func(c *Change) { c.FirstName = to(strings.Repeat("x", 201)) }), Err: ErrTooLong},
		{Name: "what is not said stays as it is, whoever changed it meanwhile", Given: and(anna, second), When: Change{LastName: to("Bianchi"), By: "ben", At: noon},
			Then: history(DetailsChanged{ContactID: "c1", FirstName: "Anna", LastName: "Bianchi", By: "ben", At: noon})},
		{Name: "a mask is no mail address (A16)", Given: anna, When: with(func(c *Change) { c.Mails = []string{"•••na@•••", "new@example.org"} }), Err: ErrMasked},
		{Name: "nor a name", Given: anna, When: with(func(c *Change) { c.FirstName = to("•••na") }), Err: ErrMasked},
		{Name: "nor part of a field", Given: anna, When: with(func(c *Change) { c.Fields = map[string]string{"city": "Rome, call •••"} }), Err: ErrMasked},
		{Name: "one that was stored by mistake can be taken off", Given: and(anna, hidden), When: Change{Mails: details.Mails, By: "ben", At: noon},
			Then: history(MailRemoved{ContactID: "c1", Mail: hidden.Mail, By: "ben", At: noon})},
		{Name: "and hinders nothing else", Given: and(anna, hidden), When: Change{Mails: []string{hidden.Mail}, By: "ben", At: noon},
			Then: history(MailRemoved{ContactID: "c1", Mail: "anna@example.org", By: "ben", At: noon})},
		{Name: "a merged contact is changed at its survivor", Given: and(anna, pointer), When: same, Err: ErrMerged},
		{Name: "an erased one is not changed", Given: and(anna, erased), When: same, Err: ErrErased},
		{Name: "one that never was neither", When: same, Err: ErrUnknown},
	})
}

func TestTheAgentsOwnCopyIsNotTheSharedOne(t *testing.T) {
	// A15: another agent's later change does not reach what ben keeps; his own next edit does.
	kept := Managed{ContactID: "c1", By: "ben", Snapshot: details, At: noon}
	byCho := DetailsChanged{ContactID: "c1", FirstName: "Anna", LastName: "Verdi", By: "cho", At: noon}
	s := Decider.Fold(and(anna, kept, byCho))
	require.Equal(t, "Verdi", s.Details.LastName)

	newer := details
	newer.LastName = "Verdi"
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an agent makes it his own", Given: anna, When: Manage{By: "ben", At: noon}, Then: history(kept)},
		{Name: "as it is he has it already", Given: and(anna, kept), When: Manage{By: "ben", At: noon}},
		{Name: "each agent has a copy of his own (R43)", Given: and(anna, kept), When: Manage{By: "cho", At: noon}, Then: history(Managed{ContactID: "c1", By: "cho", Snapshot: details, At: noon})},
		{Name: "his next look after a change is newer", Given: and(anna, kept, byCho), When: Manage{By: "ben", At: noon}, Then: history(Managed{ContactID: "c1", By: "ben", Snapshot: newer, At: noon})},
	})
}

func TestTagsListsAndCopies(t *testing.T) {
	moved := MovedToList{ListID: "l2", By: "ben", At: noon}
	copied := Duplicated{CopyID: "c9", ListID: "l2", By: "ben", At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a tag is put on", Given: history(created), When: AddTag{Tag: " vip", By: "ben", At: noon}, Then: history(vip)},
		{Name: "it is there once", Given: anna, When: AddTag{Tag: "vip", By: "cho", At: noon}},
		{Name: "it has at most 50 characters", Given: anna, When: AddTag{Tag: strings.Repeat("é", 51)}, Err: ErrTagTooLong},
		{Name: "and nothing that nobody sees", Given: anna, When: AddTag{Tag: "v\x00ip"}, Err: domain.ErrUnprintable},
		{Name: "it is taken off", Given: anna, When: RemoveTag{Tag: "vip", By: "ben", At: noon}, Then: history(TagRemoved{Tag: "vip", By: "ben", At: noon})},
		{Name: "what is not there is not taken off", Given: anna, When: RemoveTag{Tag: "gold"}},
		{Name: "it moves to another list", Given: anna, When: MoveToList{ListID: "l2", By: "ben", At: noon}, Then: history(moved)},
		{Name: "it is there already", Given: and(anna, moved), When: MoveToList{ListID: "l2", By: "ben", At: noon}},
		{Name: "it is always in a list", Given: anna, When: MoveToList{}, Err: ErrNoList},
		{Name: "a copy goes to another list, this one stays as it is (R34)", Given: anna, When: Duplicate{CopyID: "c9", ListID: "l2", By: "ben", At: noon}, Then: history(copied)},
		{Name: "the same click makes one copy", Given: and(anna, copied), When: Duplicate{CopyID: "c9", ListID: "l2", By: "ben", At: noon}},
		{Name: "everything personal is erased", Given: anna, When: Erase{By: "sue", Reason: "REQUEST", At: noon}, Then: history(erased)},
		{Name: "also of a merged one", Given: and(anna, pointer), When: Erase{By: "sue", Reason: "REQUEST", At: noon}, Then: history(erased)},
		{Name: "it is erased once", Given: and(anna, erased), When: Erase{By: "sue", Reason: "REQUEST", At: noon}},
	})
	require.Equal(t, Details{}, Decider.Fold(and(anna, erased)).Details)
}
