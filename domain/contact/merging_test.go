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
	}, From: twin.Details, FromTags: []string{"vip", "gold"}}
	givenBack = MergeRevised{ContactID: "c1", Other: "c2", Details: details, Tags: []string{"vip"}, At: noon}
	unmerged  = Unmerged{Other: "c2", By: "ben", At: noon}
	restored  = Restored{From: "c1", By: "ben", At: noon}
)

func TestTheRulesOfMergingContacts(t *testing.T) {
	two := history(twin, vip, gold)
	ready := Decider.Fold(and(two, toAnna))
	self := ready
	self.ID = "c1"
	chosen := toAnna
	chosen.Take = Choice{FirstName: true, LastName: true, Fields: []string{"city", "colour"}}
	replaced := merged
	replaced.Overwritten = Details{FirstName: "Anna", Fields: map[string]string{"city": "Rome"}}
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
			When: Merge{Other: ready, At: noon}, Then: history(merged)},
		{Name: "merging the same contact twice is a no-op", Given: and(anna, merged),
			When: Merge{Other: ready, At: noon}},
		{Name: "a contact that points elsewhere cannot be merged", Given: anna,
			When: Merge{Other: elsewhere, At: noon}, Err: ErrMergedElsewhere},
		{Name: "a contact that was not reserved first cannot be merged", Given: anna,
			When: Merge{Other: Decider.Fold(two), At: noon}, Err: ErrOtherNotMerged},
		{Name: "an erased contact cannot be merged", Given: anna,
			When: Merge{Other: Decider.Fold(and(two, toAnna, erased)), At: noon}, Err: ErrErased},
		{Name: "an unknown contact cannot be merged", Given: anna, When: Merge{At: noon},
			Err: ErrUnknown},
		{Name: "a contact cannot merge itself", Given: anna, When: Merge{Other: self, At: noon},
			Err: ErrMergeSelf},
		{Name: "a merged contact cannot merge another, so two never point at each other", Given: and(anna, pointer),
			When: Merge{Other: ready, At: noon}, Err: ErrMerged},

		{Name: "a chosen value replaces the survivor's own, which the event keeps", Given: anna,
			When: Merge{Other: Decider.Fold(and(two, chosen)), At: noon}, Then: history(replaced)},
		{Name: "a contact cannot point to one that was merged into it", Given: and(anna, merged),
			When: MergeInto{Survivor: "c2", By: "ben", At: noon}, Err: ErrMerged},
		{Name: "a survivor gives up what its merged contact has lost", Given: and(anna, merged, pointer),
			When: Merge{Other: Decider.Fold(and(two, toAnna, TagRemoved{Tag: "gold", At: noon})), At: noon},
			Then: history(MergeRevised{ContactID: "c1", Other: "c2", From: twin.Details, FromTags: []string{"vip"},
				Details: Decider.Fold(and(anna, merged)).Details, Tags: []string{"vip"}, At: noon})},

		{Name: "a merge is undone", Given: and(anna, merged), When: Unmerge{Other: "c2", By: "ben", At: noon},
			Then: history(givenBack, unmerged)},
		{Name: "undoing a merge twice is a no-op", Given: and(anna, merged, givenBack, unmerged),
			When: Unmerge{Other: "c2", By: "ben", At: noon}},
		{Name: "a merge can be undone even if its survivor was merged itself", Given: and(anna, merged, pointer),
			When: Unmerge{Other: "c2", By: "ben", At: noon}, Then: history(givenBack, unmerged)},
		{Name: "the other contact is restored", Given: and(two, toAnna),
			When: Restore{From: "c1", By: "ben", At: noon}, Then: history(restored)},
		{Name: "restoring a contact twice is a no-op", Given: and(two, toAnna, restored),
			When: Restore{From: "c1", By: "ben", At: noon}},
		{Name: "a contact is restored only from its survivor", Given: and(two, toAnna), When: Restore{From: "c3"},
			Err: ErrMergedElsewhere},
		{Name: "an undone merge can be repeated", Given: and(anna, merged, givenBack, unmerged),
			When: Merge{Other: ready, At: noon}, Then: history(merged)},
	})
}

func TestAMergeIsSuggestedUntilItIsMadeOrDeclined(t *testing.T) {
	suggested, declined := MergeSuggested{Other: "c2", At: noon}, MergeDeclined{Other: "c2", By: "ben", At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the program suggests a merge", Given: anna, When: SuggestMerge{Other: "c2", At: noon},
			Then: history(suggested)},
		{Name: "a merge is suggested once", Given: and(anna, suggested), When: SuggestMerge{Other: "c2", At: noon}},
		{Name: "a person declines a suggestion", Given: and(anna, suggested),
			When: DeclineMerge{Other: "c2", By: "ben", At: noon}, Then: history(declined)},
		{Name: "declining what was not suggested is a no-op", Given: anna, When: DeclineMerge{Other: "c2", By: "ben"}},
		{Name: "a declined merge is not suggested again", Given: and(anna, suggested, declined),
			When: SuggestMerge{Other: "c2", At: noon}},
		{Name: "a merge that was made is not suggested", Given: and(anna, merged), When: SuggestMerge{Other: "c2", At: noon}},
		{Name: "a merge that a person undid is not suggested again", Given: and(anna, merged, givenBack, unmerged),
			When: SuggestMerge{Other: "c2", At: noon}},
		{Name: "a merge with oneself is not suggested", Given: anna, When: SuggestMerge{Other: "c1", At: noon}},
	})
}

func TestUndoingAMergeRestoresOverwrittenValuesButKeepsLaterChanges(t *testing.T) {
	typed := FieldSet{ContactID: "c1", Key: "age", Value: "41", At: noon}
	replaced := merged
	replaced.Overwritten = Details{FirstName: "Anna", Fields: map[string]string{"city": "Rome"}}
	after := Decider.Fold(and(anna, replaced))
	require.Equal(t, []string{"393331234567", "390699999"}, after.Details.Phones)
	require.Equal(t, []string{"vip", "gold"}, after.Tags)
	require.Equal(t, map[string]string{"city": "Milan", "age": "40"}, after.Details.Fields)
	require.Equal(t, "Anne", after.Details.FirstName)

	undo := func(edits ...Event) State {
		given := and(and(anna, replaced), edits...)
		events, err := Decide(Decider.Fold(given), Unmerge{Other: "c2", By: "ben", At: noon})
		require.NoError(t, err)
		return Decider.Fold(and(given, events...))
	}
	back := undo()
	require.Equal(t, details, back.Details)
	require.Equal(t, []string{"vip"}, back.Tags)

	back = undo(typed, DetailsChanged{ContactID: "c1", FirstName: "Anna Maria", LastName: "Rossi", At: noon},
		PhoneRemoved{ContactID: "c1", Phone: "393331234567", At: noon}, TagAdded{Tag: "new", At: noon},
		EmailRemoved{ContactID: "c1", Email: "work@example.org", At: noon},
		EmailAdded{ContactID: "c1", Email: "work@example.org", At: noon})
	require.Equal(t, Details{FirstName: "Anna Maria", LastName: "Rossi", Emails: []string{"anna@example.org"},
		Fields: map[string]string{"city": "Rome", "age": "41"}}, back.Details,
		"a value that came with the merge must leave with it, even if someone removed and added it in between")
	require.Equal(t, []string{"vip", "new"}, back.Tags)
}
