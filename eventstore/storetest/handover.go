package storetest

import (
	"fmt"
	"sync"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"
)

// testHandover subscribes while others write. Where history ends and live events begin, none may be lost,
// repeated or out of order.
func (s *store) testHandover(t *testing.T) {
	const writers, each = 8, 100
	t.Run("a subscription to the log neither loses nor repeats events under load", func(t *testing.T) {
		prefix := newStream()
		start := positionOf(s.appended(t, newStream(), esdb.NoStream{}, event(`{}`)))
		finish := s.write(t, prefix, writers, each)
		for range 3 {
			sub := s.subscribeAll(t, esdb.SubscribeToAllOptions{
				From: start, Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{prefix}},
			})
			expected := map[string]uint64{}
			last := start.Commit
			for range writers * each {
				e := nextEvent(t, sub).OriginalEvent()
				require.Equal(t, expected[e.StreamID], e.EventNumber)
				expected[e.StreamID]++
				require.Greater(t, e.Position.Commit, last)
				last = e.Position.Commit
			}
			_ = sub.Close()
		}
		finish()
	})
	t.Run("a subscription to a stream neither loses nor repeats events under load", func(t *testing.T) {
		prefix := newStream()
		finish := s.write(t, prefix, writers, each)
		sub := s.subscribe(t, prefix+"-0", esdb.Start{})
		for i := range uint64(each) {
			require.Equal(t, i, nextEvent(t, sub).OriginalEvent().EventNumber)
		}
		finish()
	})
	t.Run("a slow consumer is not dropped and misses no event", func(t *testing.T) {
		stream := newStream()
		sub := s.subscribe(t, stream, esdb.Start{})
		large := event(`{}`)
		const count = 40
		for i := range count {
			large.Data = fmt.Appendf(nil, "%0500000d", i)
			_, err := s.append(t, stream, esdb.Any{}, esdb.EventData{EventType: "Large", Data: large.Data})
			require.NoError(t, err)
		}
		for i := range uint64(count) {
			require.Equal(t, i, nextEvent(t, sub).OriginalEvent().EventNumber)
		}
	})
	t.Run("one of many writers at the same revision wins", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		var mu sync.Mutex
		var won int
		var group sync.WaitGroup
		for range 50 {
			group.Go(func() {
				_, err := s.AppendToStream(t.Context(), stream,
					esdb.AppendToStreamOptions{ExpectedRevision: esdb.Revision(0)}, event(`{}`))
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				}
			})
		}
		group.Wait()
		require.Equal(t, 1, won)
	})
}

// write starts writers that append to the streams prefix-0, prefix-1, … and returns a
// function that waits for them.
func (s *store) write(t *testing.T, prefix string, writers, each int) (finish func()) {
	var group sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for range each {
				_, err := s.AppendToStream(t.Context(), fmt.Sprintf("%s-%d", prefix, w),
					esdb.AppendToStreamOptions{}, event(`{}`))
				if err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	return group.Wait
}
