package storetest

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
)

func (s *store) subscribe(t *testing.T, stream string, from esdb.StreamPosition) *esdb.Subscription {
	t.Helper()
	sub, err := s.SubscribeToStream(within(t), stream, esdb.SubscribeToStreamOptions{From: from})
	require.NoError(t, err)
	t.Cleanup(func() { _ = sub.Close() })
	return sub
}

func (s *store) subscribeAll(t *testing.T, options esdb.SubscribeToAllOptions) *esdb.Subscription {
	t.Helper()
	sub, err := s.SubscribeToAll(within(t), options)
	require.NoError(t, err)
	t.Cleanup(func() { _ = sub.Close() })
	return sub
}

// next is what the subscription says next; being dropped fails the test.
func next(t *testing.T, sub *esdb.Subscription) *esdb.SubscriptionEvent {
	t.Helper()
	e := sub.Recv()
	if e.SubscriptionDropped != nil {
		require.NoError(t, e.SubscriptionDropped.Error)
	}
	return e
}

// nextEvent skips whatever is not an event.
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
	t.Run("to a stream sends history, says caught up, and goes on live", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		sub := s.subscribe(t, stream, esdb.Start{})
		require.EqualValues(t, 0, next(t, sub).EventAppeared.OriginalEvent().EventNumber)
		require.EqualValues(t, 1, next(t, sub).EventAppeared.OriginalEvent().EventNumber)
		require.NotNil(t, next(t, sub).CaughtUp)
		s.appended(t, stream, esdb.Revision(1), event(`{}`))
		require.EqualValues(t, 2, nextEvent(t, sub).OriginalEvent().EventNumber)
	})
	t.Run("to a stream from a revision begins after it", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(3)...)
		sub := s.subscribe(t, stream, esdb.Revision(1))
		require.EqualValues(t, 2, nextEvent(t, sub).OriginalEvent().EventNumber)
	})
	t.Run("to a stream from the end sends only what is written later", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(3)...)
		sub := s.subscribe(t, stream, esdb.End{})
		require.NotNil(t, next(t, sub).CaughtUp)
		s.appended(t, stream, esdb.Revision(2), event(`{}`))
		require.EqualValues(t, 3, nextEvent(t, sub).OriginalEvent().EventNumber)
	})
	t.Run("to a stream that does not exist waits for it", func(t *testing.T) {
		stream := newStream()
		sub := s.subscribe(t, stream, esdb.Start{})
		require.NotNil(t, next(t, sub).CaughtUp)
		s.appended(t, newStream(), esdb.NoStream{}, event(`{}`))
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		require.Equal(t, stream, nextEvent(t, sub).OriginalEvent().StreamID)
	})
	t.Run("to a tombstoned stream is refused", func(t *testing.T) {
		stream := newStream()
		require.NoError(t, s.tombstone(t, stream, esdb.Any{}))
		_, err := s.SubscribeToStream(within(t), stream, esdb.SubscribeToStreamOptions{From: esdb.Start{}})
		var known *esdb.Error
		require.ErrorAs(t, err, &known)
		require.Equal(t, esdb.ErrorCodeStreamDeleted, known.Code())
	})
	t.Run("to a stream that is tombstoned later shows that and ends", func(t *testing.T) {
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
	t.Run("to a stream goes on when it is deleted and written again", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		sub := s.subscribe(t, stream, esdb.End{})
		require.NotNil(t, next(t, sub).CaughtUp)
		require.NoError(t, s.delete(t, stream, esdb.Any{}))
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		require.EqualValues(t, 1, nextEvent(t, sub).OriginalEvent().EventNumber)
	})
	t.Run("to everything from a position begins after it", func(t *testing.T) {
		stream := newStream()
		first := s.appended(t, stream, esdb.NoStream{}, event(`1`))
		s.appended(t, stream, esdb.Revision(0), event(`2`))
		sub := s.subscribeAll(t, esdb.SubscribeToAllOptions{From: positionOf(first)})
		require.Equal(t, []byte(`2`), nextOf(t, sub, stream).Event.Data)
	})
	t.Run("to everything from the end sends only what is written later", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`1`))
		sub := s.subscribeAll(t, esdb.SubscribeToAllOptions{From: esdb.End{}})
		s.appended(t, stream, esdb.Revision(0), event(`2`))
		require.Equal(t, []byte(`2`), nextOf(t, sub, stream).Event.Data)
	})
	t.Run("to everything says caught up after history", func(t *testing.T) {
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
