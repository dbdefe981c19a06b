package interactions

import "testing"

// TakeAllForMany makes lists find their pages as if everything the filter says were true of many, until the test ends.
func TakeAllForMany(t *testing.T) {
	open, matches, said := fewOpen, fewMatches, fewSaid
	fewOpen, fewMatches, fewSaid = -1, -1, -1
	t.Cleanup(func() { fewOpen, fewMatches, fewSaid = open, matches, said })
}
