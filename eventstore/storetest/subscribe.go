package storetest

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
)

func (s *store) subscribe(t *testing.T, stream string, from esdb.StreamPosition) *esdb.Subscription {
	t.Helper()
	sub, err := s.SubscribeToStream(withTimeout(t), stream, esdb.SubscribeToStreamOptions{From: from})
	require.NoError(t, err)
	t.Cleanup(func() { _ = sub.Close() })
	return sub
}

func (s *store) subscribeAll(t *testing.T, options esdb.SubscribeToAllOptions) *esdb.Subscription {
	t.Helper()
	sub, err := s.SubscribeToAll(withTimeout(t), options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = sub.Close() })
	return sub
}

// next returns the subscription's next message. A dropped subscription fails the test.
func next(t *testing.T, sub *esdb.Subscription) *esdb.SubscriptionEvent {
	t.Helper()
	e := sub.Recv()
	if e.SubscriptionDropped != nil {
		require.NoError(t, e.SubscriptionDropped.Error)
	}
	return e
}

// nextEvent skips messages that are not events.
func nextEvent(t *testing.T, sub *esdb.Subscription) *esdb.ResolvedEvent {
	t.Helper()
	for {
		if e := next(t, sub); e.EventAppeared != nil {
			return e.EventAppeared
		}
	}
}

// nextOf skips events of other streams.
func nextOf(t *testing.T, sub *esdb.Subscription, stream string) *esdb.ResolvedEvent {
	t.Helper()
	for {
		if e := nextEvent(t, sub); e.OriginalEvent().StreamID == stream {
			return e
		}
	}
}

func (s *store) testSubscribe(t *testing.T) {
	t.Run("a stream's history is followed by caught up and live events", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		sub := s.subscribe(t, stream, esdb.Start{})
		require.EqualValues(t, 0, next(t, sub).EventAppeared.OriginalEvent().EventNumber)
		require.EqualValues(t, 1, next(t, sub).EventAppeared.OriginalEvent().EventNumber)
		require.NotNil(t, next(t, sub).CaughtUp)
		s.appended(t, stream, esdb.Revision(1), event(`{}`))
		require.EqualValues(t, 2, nextEvent(t, sub).OriginalEvent().EventNumber)
	})
	t.Run("a subscription from a revision starts after it", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(3)...)
		sub := s.subscribe(t, stream, esdb.Revision(1))
		require.EqualValues(t, 2, nextEvent(t, sub).OriginalEvent().EventNumber)
	})
	t.Run("a stream subscription from the end gets later events only", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(3)...)
		sub := s.subscribe(t, stream, esdb.End{})
		require.NotNil(t, next(t, sub).CaughtUp)
		s.appended(t, stream, esdb.Revision(2), event(`{}`))
		require.EqualValues(t, 3, nextEvent(t, sub).OriginalEvent().EventNumber)
	})
	t.Run("a subscription waits for a stream that does not exist yet", func(t *testing.T) {
		stream := newStream()
		sub := s.subscribe(t, stream, esdb.Start{})
		require.NotNil(t, next(t, sub).CaughtUp)
		s.appended(t, newStream(), esdb.NoStream{}, event(`{}`))
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		require.Equal(t, stream, nextEvent(t, sub).OriginalEvent().StreamID)
	})
	t.Run("a subscription to a tombstoned stream is refused", func(t *testing.T) {
		stream := newStream()
		require.NoError(t, s.tombstone(t, stream, esdb.Any{}))
		_, err := s.SubscribeToStream(withTimeout(t), stream, esdb.SubscribeToStreamOptions{From: esdb.Start{}})
		var known *esdb.Error
		require.ErrorAs(t, err, &known)
		require.Equal(t, esdb.ErrorCodeStreamDeleted, known.Code())
	})
	t.Run("a subscription ends with the tombstone of its stream", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		sub := s.subscribe(t, stream, esdb.End{})
		require.NotNil(t, next(t, sub).CaughtUp)
		require.NoError(t, s.tombstone(t, stream, esdb.Any{}))
		require.Equal(t, "$streamDeleted", nextEvent(t, sub).OriginalEvent().EventType)
		dropped := sub.Recv().SubscriptionDropped
		require.NotNil(t, dropped)
		require.Equal(t, codes.FailedPrecondition, statusCode(dropped.Error))
	})
	t.Run("a subscription continues when its stream is deleted and written again", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		sub := s.subscribe(t, stream, esdb.End{})
		require.NotNil(t, next(t, sub).CaughtUp)
		require.NoError(t, s.delete(t, stream, esdb.Any{}))
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		require.EqualValues(t, 1, nextEvent(t, sub).OriginalEvent().EventNumber)
	})
	t.Run("a subscription to the log from a position starts after it", func(t *testing.T) {
		stream := newStream()
		first := s.appended(t, stream, esdb.NoStream{}, event(`1`))
		s.appended(t, stream, esdb.Revision(0), event(`2`))
		sub := s.subscribeAll(t, esdb.SubscribeToAllOptions{From: positionOf(first)})
		require.Equal(t, []byte(`2`), nextOf(t, sub, stream).Event.Data)
	})
	t.Run("a subscription to the log from the end gets later events only", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`1`))
		sub := s.subscribeAll(t, esdb.SubscribeToAllOptions{From: esdb.End{}})
		s.appended(t, stream, esdb.Revision(0), event(`2`))
		require.Equal(t, []byte(`2`), nextOf(t, sub, stream).Event.Data)
	})
	t.Run("a subscription to the log reports caught up after history", func(t *testing.T) {
		stream := newStream()
		first := s.appended(t, stream, esdb.NoStream{}, events(3)...)
		sub := s.subscribeAll(t, esdb.SubscribeToAllOptions{From: esdb.Start{}})
		var seen uint64
		for {
			e := next(t, sub)
			if e.CaughtUp != nil {
				break
			}
			if e.EventAppeared != nil {
				seen = e.EventAppeared.OriginalEvent().Position.Commit
			}
		}
		require.GreaterOrEqual(t, seen, first.CommitPosition)
	})
}
