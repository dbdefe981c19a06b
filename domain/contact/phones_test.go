package contact_test

import (
	"testing"

	. "parley/domain/contact"
	"parley/domain/domaintest"
)

func TestOneNumberInTwoSpellingsIsOneNumber(t *testing.T) {
	benin := Created{ContactID: "c1", ListID: "l1", Origin: "USER", By: "ben", At: noon, Details: Details{
		FirstName: "Afi", Phones: []string{"22997000101"},
	}}
	twice := benin
	twice.Details.Phones = []string{"22997000101", "2290197000101"}
	other := Created{ContactID: "c2", ListID: "l1", Origin: "USER", At: noon, Details: Details{
		Phones: []string{"2290197000101", "2290161000102"},
	}}
	ready := Decider.Fold(history(other, MergedInto{Survivor: "c1", By: "ben", At: noon}))
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{
			Name: "a new contact keeps the first spelling of a number", When: Create{Created: twice},
			Then: history(benin),
		},
		{
			Name: "a merge adds no other spelling of a known number", Given: history(benin),
			When: Merge{Other: ready, At: noon},
			Then: history(Merged{
				ContactID: "c1", Other: "c2", Filled: Details{Phones: []string{"2290161000102"}}, From: other.Details,
				By: "ben", At: noon,
			}),
		},
	})
}
