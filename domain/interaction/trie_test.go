package interaction

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestTrieHoldsWhatWasPutInAndLeavesEarlierOnesAlone(t *testing.T) {
	var now *trie[int]
	var kept []*trie[int]
	for i := range 5_000 {
		kept = append(kept, now)
		now = now.with(fmt.Sprintf("%08x", i%4_000), i)
	}
	for i := range 4_000 {
		want := i
		if i < 1_000 {
			want = i + 4_000
		}
		got, ok := now.get(fmt.Sprintf("%08x", i))
		require.True(t, ok)
		require.Equal(t, want, got)
	}
	_, ok := now.get("nothing")
	require.False(t, ok)

	seen := 0
	kept[1_234].each(func(_ string, _ int) { seen++ })
	require.Equal(t, 1_234, seen)
	_, ok = kept[1_234].get(fmt.Sprintf("%08x", 1_234))
	require.False(t, ok, "an earlier one does not know what came later")
}

func TestTrieKeepsKeysApartWhoseHashesAreTheSame(t *testing.T) {
	var a *trie[string]
	a = a.set(7, 0, "one", "1")
	// The same hash for another key, as if FNV had collided: both end in the deepest level.
	b := &trie[string]{}
	b = b.set(7, trieDepth, "one", "1").set(7, trieDepth, "two", "2").set(7, trieDepth, "one", "3")
	require.Len(t, b.items, 2)
	require.Equal(t, "3", b.items[0].val)
	require.Len(t, a.items, 1)
}
