package commands

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/eventstore"
)

func TestLongSessionsTakeThePlaceOfMoreShortOnesInTheCache(t *testing.T) {
	kept := func(events int) (n int) {
		folds := newFolds[int](cachedBytes)
		for id := range 20_000 {
			folds.Add(strconv.Itoa(id), &fold[int]{revision: eventstore.Revision(events)})
		}
		for id := range 20_000 {
			if _, ok := folds.Get(strconv.Itoa(id)); ok {
				n++
			}
		}
		return n
	}
	require.Greater(t, kept(1), 2*kept(10))
	require.Equal(t, cachedAtLeast, kept(10_000), "what is in use stays, however long it is")
}
