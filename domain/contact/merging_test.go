package contact_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	. "parley/domain/contact"
	"parley/domain/domaintest"
)

var (
	twin = Created{ContactID: "c2", ListID: "l1", Origin: "USER", At: noon, Details: Details{
		FirstName: "Anne", Phones: []string{"393331234567", "390699999"}, Mails: []string{"work@example.org"}, Fields: map[string]string{"city": "Milan", "age": "40"},
	}}
	gold   = TagAdded{Tag: "gold", By: "ben", At: noon}
	toAnna = MergedInto{Survivor: "c1", By: "ben", At: noon}
	merged = Merged{ContactID: "c1", Other: "c2", By: "ben", At: noon, Tags: []string{"gold"}, Filled: Details{
		Phones: []string{"390699999"}, Mails: []string{"work@example.org"}, Fields: map[string]string{"age": "40"},
	}}
	unmerged = Unmerged{Other: "c2", By: "ben", At: noon}
	restored = Restored{From: "c1", By: "ben", At: noon}
)

func TestMerging(t *testing.T) {
	two := history(twin, vip, gold)
	ready := Decider.Fold(and(two, toAnna))
	self := ready
	self.ID = "c1"
	elsewhere := Decider.Fold(and(two, MergedInto{Survivor: "c3", By: "cho", At: noon}))

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the other one becomes a pointer first", Given: two, When: MergeInto{Survivor: "c1", By: "ben", At: noon}, Then: history(toAnna)},
		{Name: "once", Given: and(two, toAnna), When: MergeInto{Survivor: "c1", By: "ben", At: noon}},
		{Name: "to one survivor only", Given: and(two, toAnna), When: MergeInto{Survivor: "c3", By: "cho", At: noon}, Err: ErrMerged},
		{Name: "not to itself", Given: two, When: MergeInto{Survivor: "c2"}, Err: ErrMergeSelf},

		{Name: "what is empty is filled, tags and numbers are united (A23)", Given: anna, When: Merge{Other: ready, By: "ben", At: noon}, Then: history(merged)},
		{Name: "it is taken in once", Given: and(anna, merged), When: Merge{Other: ready, By: "ben", At: noon}},
		{Name: "one that points elsewhere is not taken in", Given: anna, When: Merge{Other: elsewhere, By: "ben", At: noon}, Err: ErrMergedAway},
		{Name: "one that still stands by itself neither", Given: anna, When: Merge{Other: Decider.Fold(two), By: "ben", At: noon}, Err: ErrOtherNotMerged},
		{Name: "nor an erased one", Given: anna, When: Merge{Other: Decider.Fold(and(two, toAnna, erased)), By: "ben", At: noon}, Err: ErrErased},
		{Name: "nor nobody", Given: anna, When: Merge{By: "ben", At: noon}, Err: ErrUnknown},
		{Name: "nor itself", Given: anna, When: Merge{Other: self, By: "ben", At: noon}, Err: ErrMergeSelf},
		{Name: "who is a pointer takes nobody in, so two never point at each other", Given: and(anna, pointer), When: Merge{Other: ready, By: "ben", At: noon}, Err: ErrMerged},

		{Name: "a merge is undone (B7)", Given: and(anna, merged), When: Unmerge{Other: "c2", By: "ben", At: noon}, Then: history(unmerged)},
		{Name: "once", Given: and(anna, merged, unmerged), When: Unmerge{Other: "c2", By: "ben", At: noon}},
		{Name: "the other one stands by itself again", Given: and(two, toAnna), When: Restore{From: "c1", By: "ben", At: noon}, Then: history(restored)},
		{Name: "once", Given: and(two, toAnna, restored), When: Restore{From: "c1", By: "ben", At: noon}},
		{Name: "not from somebody who does not have it", Given: and(two, toAnna), When: Restore{From: "c3"}, Err: ErrMergedAway},
		{Name: "and can be merged again", Given: and(anna, merged, unmerged), When: Merge{Other: ready, By: "ben", At: noon}, Then: history(merged)},
	})
}

func TestAnUndoneMergeGivesBackWhatItBroughtAndKeepsWhatChangedSince(t *testing.T) {
	older := FieldSet{ContactID: "c1", Key: "age", Value: "41", At: noon} // typed by somebody after the merge: the survivor's own
	after := Decider.Fold(and(anna, merged))
	require.Equal(t, []string{"393331234567", "390699999"}, after.Details.Phones)
	require.Equal(t, []string{"vip", "gold"}, after.Tags)
	require.Equal(t, map[string]string{"city": "Rome", "age": "40"}, after.Details.Fields)

	back := Decider.Fold(and(anna, merged, unmerged))
	require.Equal(t, details, back.Details)
	require.Equal(t, []string{"vip"}, back.Tags)

	back = Decider.Fold(and(anna, merged, older, unmerged))
	require.Equal(t, map[string]string{"city": "Rome", "age": "41"}, back.Details.Fields)
}
