package storetest

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

func (s *store) testFilter(t *testing.T) {
	typed := func(kind string) esdb.EventData {
		e := event(`{}`)
		e.EventType = kind
		return e
	}
	mark := uuid.NewString()
	one, other := "one-"+mark, "other-"+mark
	start := positionOf(s.appended(t, newStream(), esdb.NoStream{}, event(`{}`)))
	s.appended(t, one, esdb.NoStream{}, typed("Red"+mark), typed("Green"+mark))
	s.appended(t, other, esdb.NoStream{}, typed("Red"+mark), typed("Blue"+mark))

	for name, c := range map[string]struct {
		filter esdb.SubscriptionFilter
		want   []string
	}{
		"a stream prefix": {esdb.SubscriptionFilter{Type: esdb.StreamFilterType,
			Prefixes: []string{"nothing", "one-" + mark}}, []string{"Red", "Green"}},
		"a stream pattern": {esdb.SubscriptionFilter{Type: esdb.StreamFilterType,
			Regex: "^o[a-z]+er-" + mark}, []string{"Red", "Blue"}},
		"a type prefix": {esdb.SubscriptionFilter{Type: esdb.EventFilterType,
			Prefixes: []string{"Red" + mark, "Blue" + mark}}, []string{"Red", "Red", "Blue"}},
		"an unanchored type pattern": {esdb.SubscriptionFilter{Type: esdb.EventFilterType,
			Regex: "reen" + mark}, []string{"Green"}},
	} {
		t.Run(name+" admits only matching events", func(t *testing.T) {
			sub := s.subscribeAll(t, esdb.SubscribeToAllOptions{From: start, Filter: &c.filter})
			for _, want := range c.want {
				require.Equal(t, want+mark, nextEvent(t, sub).Event.EventType)
			}
		})
	}
	t.Run("an invalid pattern is refused", func(t *testing.T) {
		_, err := s.SubscribeToAll(withTimeout(t),
			esdb.SubscribeToAllOptions{Filter: &esdb.SubscriptionFilter{Type: esdb.EventFilterType, Regex: "("}})
		require.Error(t, err)
	})
	t.Run("a checkpoint follows every interval of considered events", func(t *testing.T) {
		stream := newStream()
		at := positionOf(s.appended(t, newStream(), esdb.NoStream{}, event(`{}`)))
		s.appended(t, stream, esdb.NoStream{}, events(100)...)
		sub := s.subscribeAll(t, esdb.SubscribeToAllOptions{
			From: at, MaxSearchWindow: 10, CheckpointInterval: 2,
			Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"none-" + mark}},
		})
		checkpoints := 0
		for last := at.Commit; ; {
			e := next(t, sub)
			if e.CaughtUp != nil {
				break
			}
			require.NotNil(t, e.CheckPointReached)
			require.GreaterOrEqual(t, e.CheckPointReached.Commit, last) // the first may repeat the start
			last = e.CheckPointReached.Commit
			checkpoints++
		}
		require.GreaterOrEqual(t, checkpoints, 5)
	})
	t.Run("a checkpoint comes before caught up, not beyond the end of history", func(t *testing.T) {
		s.appended(t, newStream(), esdb.NoStream{}, events(3)...)
		sub := s.subscribeAll(t, esdb.SubscribeToAllOptions{
			From: start, MaxSearchWindow: 32, CheckpointInterval: 1_000,
			Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{"none-" + mark}},
		})
		reached := next(t, sub).CheckPointReached
		require.NotNil(t, reached)
		require.GreaterOrEqual(t, reached.Commit, start.Commit)
		require.NotNil(t, next(t, sub).CaughtUp)
		later := s.appended(t, newStream(), esdb.NoStream{}, event(`{}`))
		require.Less(t, reached.Commit, later.CommitPosition)
	})
	t.Run("a checkpoint never overtakes an admitted event", func(t *testing.T) { s.checkpointsStayBehind(t) })
}

// checkpointsStayBehind resubscribes from every checkpoint and requires that no admitted event is missing.
func (s *store) checkpointsStayBehind(t *testing.T) {
	stream := newStream()
	at := positionOf(s.appended(t, newStream(), esdb.NoStream{}, event(`{}`)))
	filter := &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{stream}}
	const wanted = 60
	go func() {
		for range wanted {
			_, _ = s.AppendToStream(t.Context(), newStream(), esdb.AppendToStreamOptions{}, events(3)...)
			_, _ = s.AppendToStream(t.Context(), stream, esdb.AppendToStreamOptions{}, event(`{}`))
		}
	}()
	for expected := uint64(0); expected < wanted; {
		sub := s.subscribeAll(t, esdb.SubscribeToAllOptions{From: at, MaxSearchWindow: 1,
			CheckpointInterval: 1, Filter: filter})
		for resubscribe := false; !resubscribe && expected < wanted; {
			e := next(t, sub)
			switch {
			case e.EventAppeared != nil:
				require.Equal(t, expected, e.EventAppeared.OriginalEvent().EventNumber)
				expected++
			case e.CheckPointReached != nil:
				require.GreaterOrEqual(t, e.CheckPointReached.Commit, at.Commit)
				at, resubscribe = *e.CheckPointReached, true
			}
		}
		_ = sub.Close()
	}
}
