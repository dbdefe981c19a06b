package trie

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAddingAKeyLeavesEarlierMapsUnchanged(t *testing.T) {
	var now *Map[int]
	var kept []*Map[int]
	for i := range 5_000 {
		kept = append(kept, now)
		now = now.With(fmt.Sprintf("%08x", i%4_000), i)
	}
	for i := range 4_000 {
		want := i
		if i < 1_000 {
			want = i + 4_000
		}
		got, ok := now.Get(fmt.Sprintf("%08x", i))
		require.True(t, ok)
		require.Equal(t, want, got)
	}
	_, ok := now.Get("nothing")
	require.False(t, ok)

	seen := 0
	kept[1_234].Each(func(_ string, _ int) { seen++ })
	require.Equal(t, 1_234, seen)
	_, ok = kept[1_234].Get(fmt.Sprintf("%08x", 1_234))
	require.False(t, ok, "an earlier map does not have a key added later")
}

func TestKeysWithTheSameHashAreKeptApart(t *testing.T) {
	var a *Map[string]
	a = a.set(7, 0, "one", "1")
	// Both keys have the same hash, so both end up in the deepest level.
	b := &Map[string]{}
	b = b.set(7, depth, "one", "1").set(7, depth, "two", "2").set(7, depth, "one", "3")
	require.Len(t, b.items, 2)
	require.Equal(t, "3", b.items[0].val)
	require.Len(t, a.items, 1)
}
