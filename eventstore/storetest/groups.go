package storetest

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
)

func (s *store) createGroup(
	t *testing.T, stream string, from esdb.StreamPosition, change ...func(*esdb.PersistentSubscriptionSettings),
) string {
	t.Helper()
	settings := esdb.SubscriptionSettingsDefault()
	settings.CheckpointAfter = 200
	for _, c := range change {
		c(&settings)
	}
	group := "group-" + uuid.NewString()
	err := s.CreatePersistentSubscription(withTimeout(t), stream, group,
		esdb.PersistentStreamSubscriptionOptions{StartFrom: from, Settings: &settings})
	require.NoError(t, err)
	return group
}

func (s *store) connect(t *testing.T, stream, group string, buffer uint32) *esdb.PersistentSubscription {
	t.Helper()
	sub, err := s.SubscribeToPersistentSubscription(withTimeout(t), stream, group,
		esdb.SubscribeToPersistentSubscriptionOptions{BufferSize: buffer})
	require.NoError(t, err)
	t.Cleanup(func() { _ = sub.Close() })
	return sub
}

// nextMessage returns the next message of a group. A dropped subscription fails the test.
func nextMessage(t *testing.T, sub *esdb.PersistentSubscription) *esdb.EventAppeared {
	t.Helper()
	e := sub.Recv()
	if e.SubscriptionDropped != nil {
		require.NoError(t, e.SubscriptionDropped.Error)
	}
	return e.EventAppeared
}

func (s *store) testGroups(t *testing.T) {
	t.Run("a group cannot be created twice", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Start{})
		err := s.CreatePersistentSubscription(withTimeout(t), stream, group, esdb.PersistentStreamSubscriptionOptions{})
		requireCode(t, esdb.ErrorCodeResourceAlreadyExists, err)
	})
	t.Run("a missing group cannot be updated, deleted, joined or described", func(t *testing.T) {
		stream := newStream()
		settings := esdb.SubscriptionSettingsDefault()
		err := s.UpdatePersistentSubscription(withTimeout(t), stream, "none",
			esdb.PersistentStreamSubscriptionOptions{Settings: &settings})
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
		requireCode(t, esdb.ErrorCodeResourceNotFound, s.DeletePersistentSubscription(withTimeout(t), stream,
			"none", esdb.DeletePersistentSubscriptionOptions{}))
		_, err = s.SubscribeToPersistentSubscription(withTimeout(t), stream, "none",
			esdb.SubscribeToPersistentSubscriptionOptions{})
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
		_, err = s.GetPersistentSubscriptionInfo(withTimeout(t), stream, "none", esdb.GetPersistentSubscriptionOptions{})
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
		_, err = s.ListPersistentSubscriptionsForStream(withTimeout(t), stream, esdb.ListPersistentSubscriptionsOptions{})
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
	})
	t.Run("a group reports its settings", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Revision(7), func(p *esdb.PersistentSubscriptionSettings) {
			p.MaxRetryCount, p.MessageTimeout, p.MaxSubscriberCount, p.ResolveLinkTos = 3, 1234, 5, true
			p.ConsumerStrategyName = esdb.ConsumerStrategyPinned
		})
		info, err := s.GetPersistentSubscriptionInfo(withTimeout(t), stream, group, esdb.GetPersistentSubscriptionOptions{})
		require.NoError(t, err)
		require.Equal(t, stream, info.EventSource)
		require.Equal(t, group, info.GroupName)
		require.EqualValues(t, 3, info.Settings.MaxRetryCount)
		require.EqualValues(t, 1234, info.Settings.MessageTimeout)
		require.EqualValues(t, 5, info.Settings.MaxSubscriberCount)
		require.True(t, info.Settings.ResolveLinkTos)
		require.Equal(t, esdb.ConsumerStrategyPinned, info.Settings.ConsumerStrategyName)
	})
	t.Run("deleting a group drops its consumers", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Start{})
		sub := s.connect(t, stream, group, 10)
		require.NoError(t, s.DeletePersistentSubscription(withTimeout(t), stream, group,
			esdb.DeletePersistentSubscriptionOptions{}))
		dropped := sub.Recv().SubscriptionDropped
		require.NotNil(t, dropped)
		require.Equal(t, codes.Canceled, statusCode(dropped.Error))
	})
	t.Run("a group refuses consumers above its limit", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Start{},
			func(p *esdb.PersistentSubscriptionSettings) { p.MaxSubscriberCount = 1 })
		s.connect(t, stream, group, 10)
		_, err := s.SubscribeToPersistentSubscription(withTimeout(t), stream, group,
			esdb.SubscribeToPersistentSubscriptionOptions{})
		require.ErrorContains(t, err, "Maximum subscriptions")
	})
	t.Run("a read batch as large as the history buffer is refused", func(t *testing.T) {
		settings := esdb.SubscriptionSettingsDefault()
		settings.ReadBatchSize, settings.HistoryBufferSize = 50, 50
		err := s.CreatePersistentSubscription(withTimeout(t), newStream(), "group",
			esdb.PersistentStreamSubscriptionOptions{Settings: &settings})
		require.Error(t, err)
	})
}

func (s *store) testGroupDelivery(t *testing.T) {
	t.Run("a group starts with the event at its start revision", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(5)...)
		sub := s.connect(t, stream, s.createGroup(t, stream, esdb.Revision(3)), 10)
		require.EqualValues(t, 3, nextMessage(t, sub).Event.OriginalEvent().EventNumber)
	})
	t.Run("a group from the end starts with the first event after its creation", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		group := s.createGroup(t, stream, esdb.End{})
		s.appended(t, stream, esdb.Revision(1), event(`{}`))
		require.EqualValues(t, 2, nextMessage(t, s.connect(t, stream, group, 10)).Event.OriginalEvent().EventNumber)
	})
	t.Run("a consumer gets no more than its buffer before it acknowledges", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(4)...)
		group := s.createGroup(t, stream, esdb.Start{})
		sub := s.connect(t, stream, group, 2)
		first, second := nextMessage(t, sub), nextMessage(t, sub)
		s.eventuallyInfo(t, stream, group,
			func(info *esdb.PersistentSubscriptionInfo) bool { return info.Stats.TotalInFlightMessages == 2 })
		require.NoError(t, sub.Ack(first.Event))
		require.EqualValues(t, 2, nextMessage(t, sub).Event.OriginalEvent().EventNumber)
		require.EqualValues(t, 1, second.Event.OriginalEvent().EventNumber)
	})
	t.Run("consumers of a group share the events", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Start{})
		one, two := s.connect(t, stream, group, 1), s.connect(t, stream, group, 1)
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		require.NotEqual(t, nextMessage(t, one).Event.OriginalEvent().EventNumber,
			nextMessage(t, two).Event.OriginalEvent().EventNumber)
	})
	t.Run("a later consumer continues from the checkpoint", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(30)...)
		group := s.createGroup(t, stream, esdb.Start{},
			func(p *esdb.PersistentSubscriptionSettings) { p.CheckpointLowerBound = 1 })
		sub := s.connect(t, stream, group, 10)
		for range 20 {
			require.NoError(t, sub.Ack(nextMessage(t, sub).Event))
		}
		s.eventuallyInfo(t, stream, group, func(info *esdb.PersistentSubscriptionInfo) bool {
			at := info.Stats.LastCheckpointedEventRevision
			return at != nil && *at >= 19
		})
		require.NoError(t, sub.Close())
		require.GreaterOrEqual(t, nextMessage(t,
			s.connect(t, stream, group, 10)).Event.OriginalEvent().EventNumber, uint64(20))
	})
	t.Run("a rejected message is sent again with its retry count", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		sub := s.connect(t, stream, s.createGroup(t, stream, esdb.Start{}), 10)
		first := nextMessage(t, sub)
		require.Zero(t, first.RetryCount)
		require.NoError(t, sub.Nack("again", esdb.NackActionRetry, first.Event))
		again := nextMessage(t, sub)
		require.Equal(t, 1, again.RetryCount)
		require.Equal(t, first.Event.OriginalEvent().EventID, again.Event.OriginalEvent().EventID)
	})
	t.Run("a message without an answer in time is sent again", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		sub := s.connect(t, stream, s.createGroup(t, stream, esdb.Start{},
			func(p *esdb.PersistentSubscriptionSettings) { p.MessageTimeout = 300 }), 10)
		require.Zero(t, nextMessage(t, sub).RetryCount)
		require.Equal(t, 1, nextMessage(t, sub).RetryCount)
	})
	t.Run("messages of a lost consumer go to another one", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Start{})
		one := s.connect(t, stream, group, 10)
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		first := nextMessage(t, one)
		two := s.connect(t, stream, group, 10)
		require.NoError(t, one.Close())
		require.Equal(t, first.Event.OriginalEvent().EventID, nextMessage(t, two).Event.OriginalEvent().EventID)
	})
	t.Run("a skipped message is not sent again", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		sub := s.connect(t, stream, s.createGroup(t, stream, esdb.Start{}), 1)
		require.NoError(t, sub.Nack("no", esdb.NackActionSkip, nextMessage(t, sub).Event))
		require.EqualValues(t, 1, nextMessage(t, sub).Event.OriginalEvent().EventNumber)
	})
	t.Run("a group on the log gets what its filter admits", func(t *testing.T) {
		stream, group := newStream(), "group-"+uuid.NewString()
		err := s.CreatePersistentSubscriptionToAll(withTimeout(t), group, esdb.PersistentAllSubscriptionOptions{
			StartFrom: esdb.End{}, Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType,
				Prefixes: []string{stream}},
		})
		require.NoError(t, err)
		s.appended(t, newStream(), esdb.NoStream{}, event(`{}`))
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		sub, err := s.SubscribeToPersistentSubscriptionToAll(withTimeout(t), group,
			esdb.SubscribeToPersistentSubscriptionOptions{})
		require.NoError(t, err)
		defer sub.Close()
		require.Equal(t, stream, nextMessage(t, sub).Event.OriginalEvent().StreamID)
	})
	t.Run("a resolved link is acknowledged by the id of the link", func(t *testing.T) {
		target, stream := newStream(), newStream()
		s.appended(t, target, esdb.NoStream{}, event(`7`))
		s.appended(t, stream, esdb.NoStream{}, link("0@"+target), link("0@"+target))
		sub := s.connect(t, stream, s.createGroup(t, stream, esdb.Start{},
			func(p *esdb.PersistentSubscriptionSettings) { p.ResolveLinkTos = true }), 1)
		first := nextMessage(t, sub)
		require.Equal(t, []byte(`7`), first.Event.Event.Data)
		require.NoError(t, sub.Ack(first.Event))
		require.EqualValues(t, 1, nextMessage(t, sub).Event.Link.EventNumber)
	})
}

func (s *store) testGroupParking(t *testing.T) {
	parked := func(count int64) func(*esdb.PersistentSubscriptionInfo) bool {
		return func(info *esdb.PersistentSubscriptionInfo) bool { return info.Stats.ParkedMessagesCount == count }
	}
	t.Run("a parked message is replayed ahead of new ones", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(3)...)
		group := s.createGroup(t, stream, esdb.Start{})
		sub := s.connect(t, stream, group, 1)
		require.NoError(t, sub.Nack("bad", esdb.NackActionPark, nextMessage(t, sub).Event))
		second := nextMessage(t, sub)
		require.EqualValues(t, 1, second.Event.OriginalEvent().EventNumber)
		s.eventuallyInfo(t, stream, group, parked(1))
		require.NoError(t, s.ReplayParkedMessages(withTimeout(t), stream, group, esdb.ReplayParkedMessagesOptions{}))
		require.NoError(t, sub.Ack(second.Event))
		again := nextMessage(t, sub)
		for again.Event.OriginalEvent().EventNumber != 0 { // the third may have been in flight already
			require.NoError(t, sub.Ack(again.Event))
			again = nextMessage(t, sub)
		}
		require.NoError(t, sub.Ack(again.Event))
		s.eventuallyInfo(t, stream, group, parked(0))
	})
	t.Run("a message is parked after too many retries", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		group := s.createGroup(t, stream, esdb.Start{},
			func(p *esdb.PersistentSubscriptionSettings) { p.MaxRetryCount = 2 })
		sub := s.connect(t, stream, group, 1)
		for try := range 3 {
			m := nextMessage(t, sub)
			require.EqualValues(t, 0, m.Event.OriginalEvent().EventNumber)
			require.Equal(t, try, m.RetryCount)
			require.NoError(t, sub.Nack("bad", esdb.NackActionRetry, m.Event))
		}
		require.EqualValues(t, 1, nextMessage(t, sub).Event.OriginalEvent().EventNumber)
		s.eventuallyInfo(t, stream, group, parked(1))
		list, err := s.read(t, "$persistentsubscription-"+stream+"::"+group+"-parked",
			esdb.ReadStreamOptions{ResolveLinkTos: true}, 10)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, stream, list[0].Event.StreamID)
	})
	t.Run("a replay may be limited to a number of messages", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(3)...)
		group := s.createGroup(t, stream, esdb.Start{})
		sub := s.connect(t, stream, group, 3)
		for range 3 {
			require.NoError(t, sub.Nack("bad", esdb.NackActionPark, nextMessage(t, sub).Event))
		}
		s.eventuallyInfo(t, stream, group, parked(3))
		require.NoError(t, s.ReplayParkedMessages(withTimeout(t), stream, group,
			esdb.ReplayParkedMessagesOptions{StopAt: 2}))
		for range 2 {
			require.NoError(t, sub.Ack(nextMessage(t, sub).Event))
		}
		s.eventuallyInfo(t, stream, group, parked(1))
	})
}

// eventuallyInfo waits until the group's info is as expected.
func (s *store) eventuallyInfo(
	t *testing.T, stream, group string, expected func(*esdb.PersistentSubscriptionInfo) bool,
) {
	t.Helper()
	require.Eventually(t, func() bool {
		info, err := s.GetPersistentSubscriptionInfo(withTimeout(t), stream, group, esdb.GetPersistentSubscriptionOptions{})
		return err == nil && expected(info)
	}, patience, pollEvery)
}
