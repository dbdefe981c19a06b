package storetest

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"
)

func (s *store) testSubscribe(t *testing.T) {
	t.Run("to a stream sends history, says caught up, and goes on live", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		sub, err := s.SubscribeToStream(within(t), stream, esdb.SubscribeToStreamOptions{From: esdb.Start{}})
		require.NoError(t, err)
		defer sub.Close()
		require.EqualValues(t, 0, sub.Recv().EventAppeared.OriginalEvent().EventNumber)
		require.EqualValues(t, 1, sub.Recv().EventAppeared.OriginalEvent().EventNumber)
		require.NotNil(t, sub.Recv().CaughtUp)
		s.appended(t, stream, esdb.Revision(1), event(`{}`))
		require.EqualValues(t, 2, sub.Recv().EventAppeared.OriginalEvent().EventNumber)
	})
	t.Run("to everything with a filter sends only what it admits", func(t *testing.T) {
		stream, other := newStream(), newStream()
		start := s.appended(t, other, esdb.NoStream{}, event(`{}`))
		sub, err := s.SubscribeToAll(within(t), esdb.SubscribeToAllOptions{
			From:            esdb.Position{Commit: start.CommitPosition, Prepare: start.PreparePosition},
			MaxSearchWindow: 32, CheckpointInterval: 1,
			Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{stream}},
		})
		require.NoError(t, err)
		defer sub.Close()
		s.appended(t, other, esdb.Revision(0), event(`{}`))
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		for {
			e := sub.Recv()
			require.Nil(t, e.SubscriptionDropped)
			if e.EventAppeared != nil {
				require.Equal(t, stream, e.EventAppeared.OriginalEvent().StreamID)
				return
			}
		}
	})
}
