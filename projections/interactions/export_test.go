package interactions

import "testing"

// TreatAllAsMany makes lists find their pages as if every condition matched many interactions, until the
// test ends.
func TreatAllAsMany(t *testing.T) {
	open, matches, sampled := fewOpen, fewMatches, fewSampled
	fewOpen, fewMatches, fewSampled = -1, -1, -1
	t.Cleanup(func() { fewOpen, fewMatches, fewSampled = open, matches, sampled })
}
