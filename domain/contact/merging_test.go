package contact_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	. "parley/domain/contact"
	"parley/domain/domaintest"
)

var (
	twin = Created{ContactID: "c2", ListID: "l1", Origin: "USER", At: noon, Details: Details{
		FirstName: "Anne", Phones: []string{"393331234567", "390699999"}, Emails: []string{"work@example.org"},
		Fields: map[string]string{"city": "Milan", "age": "40"},
	}}
	gold   = TagAdded{Tag: "gold", By: "ben", At: noon}
	toAnna = MergedInto{Survivor: "c1", By: "ben", At: noon}
	merged = Merged{ContactID: "c1", Other: "c2", By: "ben", At: noon, Tags: []string{"gold"}, Filled: Details{
		Phones: []string{"390699999"}, Emails: []string{"work@example.org"}, Fields: map[string]string{"age": "40"},
	}}
	unmerged = Unmerged{Other: "c2", By: "ben", At: noon}
	restored = Restored{From: "c1", By: "ben", At: noon}
)

func TestTheRulesOfMergingContacts(t *testing.T) {
	two := history(twin, vip, gold)
	ready := Decider.Fold(and(two, toAnna))
	self := ready
	self.ID = "c1"
	elsewhere := Decider.Fold(and(two, MergedInto{Survivor: "c3", By: "cho", At: noon}))

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the other contact first becomes a pointer to the survivor", Given: two,
			When: MergeInto{Survivor: "c1", By: "ben", At: noon}, Then: history(toAnna)},
		{Name: "pointing to the same survivor twice is a no-op", Given: and(two, toAnna),
			When: MergeInto{Survivor: "c1", By: "ben", At: noon}},
		{Name: "a contact points to one survivor only", Given: and(two, toAnna),
			When: MergeInto{Survivor: "c3", By: "cho", At: noon}, Err: ErrMerged},
		{Name: "a contact cannot point to itself", Given: two, When: MergeInto{Survivor: "c2"}, Err: ErrMergeSelf},

		{Name: "a merge fills empty parts and combines tags and numbers", Given: anna,
			When: Merge{Other: ready, By: "ben", At: noon}, Then: history(merged)},
		{Name: "merging the same contact twice is a no-op", Given: and(anna, merged),
			When: Merge{Other: ready, By: "ben", At: noon}},
		{Name: "a contact that points elsewhere cannot be merged", Given: anna,
			When: Merge{Other: elsewhere, By: "ben", At: noon}, Err: ErrMergedElsewhere},
		{Name: "a contact that was not reserved first cannot be merged", Given: anna,
			When: Merge{Other: Decider.Fold(two), By: "ben", At: noon}, Err: ErrOtherNotMerged},
		{Name: "an erased contact cannot be merged", Given: anna,
			When: Merge{Other: Decider.Fold(and(two, toAnna, erased)), By: "ben", At: noon}, Err: ErrErased},
		{Name: "an unknown contact cannot be merged", Given: anna, When: Merge{By: "ben", At: noon},
			Err: ErrUnknown},
		{Name: "a contact cannot merge itself", Given: anna, When: Merge{Other: self, By: "ben", At: noon},
			Err: ErrMergeSelf},
		{Name: "a merged contact cannot merge another, so two never point at each other", Given: and(anna, pointer),
			When: Merge{Other: ready, By: "ben", At: noon}, Err: ErrMerged},

		{Name: "a merge is undone", Given: and(anna, merged), When: Unmerge{Other: "c2", By: "ben", At: noon},
			Then: history(unmerged)},
		{Name: "undoing a merge twice is a no-op", Given: and(anna, merged, unmerged),
			When: Unmerge{Other: "c2", By: "ben", At: noon}},
		{Name: "the other contact is restored", Given: and(two, toAnna),
			When: Restore{From: "c1", By: "ben", At: noon}, Then: history(restored)},
		{Name: "restoring a contact twice is a no-op", Given: and(two, toAnna, restored),
			When: Restore{From: "c1", By: "ben", At: noon}},
		{Name: "a contact is restored only from its survivor", Given: and(two, toAnna), When: Restore{From: "c3"},
			Err: ErrMergedElsewhere},
		{Name: "an undone merge can be repeated", Given: and(anna, merged, unmerged),
			When: Merge{Other: ready, By: "ben", At: noon}, Then: history(merged)},
	})
}

func TestUndoingAMergeRemovesItsValuesButKeepsLaterChanges(t *testing.T) {
	typed := FieldSet{ContactID: "c1", Key: "age", Value: "41", At: noon}
	after := Decider.Fold(and(anna, merged))
	require.Equal(t, []string{"393331234567", "390699999"}, after.Details.Phones)
	require.Equal(t, []string{"vip", "gold"}, after.Tags)
	require.Equal(t, map[string]string{"city": "Rome", "age": "40"}, after.Details.Fields)

	back := Decider.Fold(and(anna, merged, unmerged))
	require.Equal(t, details, back.Details)
	require.Equal(t, []string{"vip"}, back.Tags)

	back = Decider.Fold(and(anna, merged, typed, unmerged))
	require.Equal(t, map[string]string{"city": "Rome", "age": "41"}, back.Details.Fields)
}
