//go:build !race

// These tests are excluded from race builds: the pinned client reads an append's
// headers while its broken connection is still writing them, and the race detector
// reports that. They run in a separate pass over this package.

package eventstore

import (
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
)

func TestNothingIsLostOrRepeatedWhenConnectionsBreakAtRandom(t *testing.T) {
	w := newWorld(t)
	p := newProxy(t, w.node.Addr())
	s := w.store(p.address())
	watched := w.watch(s, Position{})
	writers, each, cuts := 8, 60, 40
	if long() {
		each, cuts = 2500, 2000 // about every second cut hits an open subscription
	}

	var appended atomic.Int64
	var writing sync.WaitGroup
	streams := make([]string, writers)
	for n := range streams {
		streams[n] = newStream()
		writing.Go(func() {
			for i := range each {
				_, err := s.Append(withTimeout(t, patience), streams[n], Revision(i-1), command(),
					[]domain.Event{started(i)})
				require.NoError(t, err)
				appended.Add(1)
			}
		})
	}
	seed := uint64(time.Now().UnixNano())
	t.Log("seed", seed)
	chance := rand.New(rand.NewPCG(seed, seed))
	for i := range cuts {
		target := int64((i + 1) * writers * each / (cuts + 1))
		require.Eventually(t, func() bool { return appended.Load() >= target }, 5*time.Minute,
			time.Duration(1+chance.IntN(5))*time.Millisecond)
		p.cut()
	}
	writing.Wait()

	watched.waitFor(writers * each)
	watched.sameAs(s)
	for _, stream := range streams {
		h, err := s.Read(withTimeout(t, patience), stream, 0)
		require.NoError(t, err)
		require.Len(t, h.Events, each)
		for i, e := range h.Events {
			require.Equal(t, uint64(i), e.Revision)
			require.Equal(t, started(i), e.Event)
		}
	}
}
