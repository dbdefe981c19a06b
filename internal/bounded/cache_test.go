package bounded

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func length(s string) int { return len(s) }

// of returns a value that takes so many bytes in the cache.
func of(bytes int) string { return string(make([]byte, bytes-overhead)) }

func TestTheCacheForgetsWhatWasUsedLongestAgoWhenItsBytesAreFull(t *testing.T) {
	c := New[int](3000, 1, length)
	for k := range 3 {
		c.Add(k, of(1000))
	}
	_, ok := c.Get(0)
	require.True(t, ok)
	c.Add(3, of(1000))
	for k, kept := range map[int]bool{0: true, 1: false, 2: true, 3: true} {
		_, ok := c.Get(k)
		require.Equal(t, kept, ok, k)
	}
	require.Equal(t, 3000, c.bytes)
}

func TestAValueThatHasGrownPushesOthersOut(t *testing.T) {
	c := New[int](3000, 1, length)
	c.Add(1, of(1000))
	c.Add(2, of(1000))
	c.Add(1, of(2500))
	_, ok := c.Get(2)
	require.False(t, ok)
	require.Equal(t, 2500, c.bytes)
	c.Remove(1)
	require.Zero(t, c.bytes)
	c.Add(1, of(1000))
	c.Purge()
	require.Zero(t, c.bytes)
}

func TestTheCacheKeepsItsLeastNumberOfValuesHoweverLargeTheyAre(t *testing.T) {
	c := New[int](1000, 2, length)
	for k := range 5 {
		c.Add(k, of(5000))
	}
	require.Equal(t, 2, c.lru.Len())
}
