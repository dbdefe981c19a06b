package storetest

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
)

func (s *store) createGroup(t *testing.T, stream string, from esdb.StreamPosition, change ...func(*esdb.PersistentSubscriptionSettings)) string {
	t.Helper()
	settings := esdb.SubscriptionSettingsDefault()
	settings.CheckpointAfter = 200
	for _, c := range change {
		c(&settings)
	}
	group := "group-" + uuid.NewString()
	err := s.CreatePersistentSubscription(within(t), stream, group, esdb.PersistentStreamSubscriptionOptions{StartFrom: from, Settings: &settings})
	require.NoError(t, err)
	return group
}

func (s *store) connect(t *testing.T, stream, group string, buffer uint32) *esdb.PersistentSubscription {
	t.Helper()
	sub, err := s.SubscribeToPersistentSubscription(within(t), stream, group, esdb.SubscribeToPersistentSubscriptionOptions{BufferSize: buffer})
	require.NoError(t, err)
	t.Cleanup(func() { _ = sub.Close() })
	return sub
}

// nextMessage is the next message of a group; being dropped fails the test.
func nextMessage(t *testing.T, sub *esdb.PersistentSubscription) *esdb.EventAppeared {
	t.Helper()
	e := sub.Recv()
	if e.SubscriptionDropped != nil {
		require.NoError(t, e.SubscriptionDropped.Error)
	}
	return e.EventAppeared
}

func (s *store) testGroups(t *testing.T) {
	t.Run("cannot be made twice", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Start{})
		err := s.CreatePersistentSubscription(within(t), stream, group, esdb.PersistentStreamSubscriptionOptions{})
		requireCode(t, esdb.ErrorCodeResourceAlreadyExists, err)
	})
	t.Run("that does not exist cannot be updated, deleted, connected to or asked about", func(t *testing.T) {
		stream := newStream()
		settings := esdb.SubscriptionSettingsDefault()
		err := s.UpdatePersistentSubscription(within(t), stream, "none", esdb.PersistentStreamSubscriptionOptions{Settings: &settings})
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
		requireCode(t, esdb.ErrorCodeResourceNotFound, s.DeletePersistentSubscription(within(t), stream, "none", esdb.DeletePersistentSubscriptionOptions{}))
		_, err = s.SubscribeToPersistentSubscription(within(t), stream, "none", esdb.SubscribeToPersistentSubscriptionOptions{})
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
		_, err = s.GetPersistentSubscriptionInfo(within(t), stream, "none", esdb.GetPersistentSubscriptionOptions{})
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
		_, err = s.ListPersistentSubscriptionsForStream(within(t), stream, esdb.ListPersistentSubscriptionsOptions{})
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
	})
	t.Run("tells how it was made", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Revision(7), func(p *esdb.PersistentSubscriptionSettings) {
			p.MaxRetryCount, p.MessageTimeout, p.MaxSubscriberCount, p.ResolveLinkTos = 3, 1234, 5, true
			p.ConsumerStrategyName = esdb.ConsumerStrategyPinned
		})
		info, err := s.GetPersistentSubscriptionInfo(within(t), stream, group, esdb.GetPersistentSubscriptionOptions{})
		require.NoError(t, err)
		require.Equal(t, stream, info.EventSource)
		require.Equal(t, group, info.GroupName)
		require.EqualValues(t, 3, info.Settings.MaxRetryCount)
		require.EqualValues(t, 1234, info.Settings.MessageTimeout)
		require.EqualValues(t, 5, info.Settings.MaxSubscriberCount)
		require.True(t, info.Settings.ResolveLinkTos)
		require.Equal(t, esdb.ConsumerStrategyPinned, info.Settings.ConsumerStrategyName)
	})
	t.Run("deleted while somebody is connected drops him", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Start{})
		sub := s.connect(t, stream, group, 10)
		require.NoError(t, s.DeletePersistentSubscription(within(t), stream, group, esdb.DeletePersistentSubscriptionOptions{}))
		dropped := sub.Recv().SubscriptionDropped
		require.NotNil(t, dropped)
		require.Equal(t, codes.Canceled, statusCode(dropped.Error))
	})
	t.Run("takes no more consumers than it may have", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Start{}, func(p *esdb.PersistentSubscriptionSettings) { p.MaxSubscriberCount = 1 })
		s.connect(t, stream, group, 10)
		_, err := s.SubscribeToPersistentSubscription(within(t), stream, group, esdb.SubscribeToPersistentSubscriptionOptions{})
		require.ErrorContains(t, err, "Maximum subscriptions")
	})
	t.Run("refuses a read batch as large as its history buffer", func(t *testing.T) {
		settings := esdb.SubscriptionSettingsDefault()
		settings.ReadBatchSize, settings.HistoryBufferSize = 50, 50
		err := s.CreatePersistentSubscription(within(t), newStream(), "group", esdb.PersistentStreamSubscriptionOptions{Settings: &settings})
		require.Error(t, err)
	})
}

func (s *store) testGroupDelivery(t *testing.T) {
	t.Run("begins at the revision it is told to, inclusive", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(5)...)
		sub := s.connect(t, stream, s.createGroup(t, stream, esdb.Revision(3)), 10)
		require.EqualValues(t, 3, nextMessage(t, sub).Event.OriginalEvent().EventNumber)
	})
	t.Run("from the end begins after the last event at its creation", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		group := s.createGroup(t, stream, esdb.End{})
		s.appended(t, stream, esdb.Revision(1), event(`{}`))
		require.EqualValues(t, 2, nextMessage(t, s.connect(t, stream, group, 10)).Event.OriginalEvent().EventNumber)
	})
	t.Run("sends no more than the buffer before it is answered", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(4)...)
		group := s.createGroup(t, stream, esdb.Start{})
		sub := s.connect(t, stream, group, 2)
		first, second := nextMessage(t, sub), nextMessage(t, sub)
		s.eventuallyInfo(t, stream, group, func(info *esdb.PersistentSubscriptionInfo) bool { return info.Stats.TotalInFlightMessages == 2 })
		require.NoError(t, sub.Ack(first.Event))
		require.EqualValues(t, 2, nextMessage(t, sub).Event.OriginalEvent().EventNumber)
		require.EqualValues(t, 1, second.Event.OriginalEvent().EventNumber)
	})
	t.Run("shares the work among its consumers", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Start{})
		one, two := s.connect(t, stream, group, 1), s.connect(t, stream, group, 1)
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		require.NotEqual(t, nextMessage(t, one).Event.OriginalEvent().EventNumber, nextMessage(t, two).Event.OriginalEvent().EventNumber)
	})
	t.Run("goes on from its checkpoint for those who come later", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(30)...)
		group := s.createGroup(t, stream, esdb.Start{}, func(p *esdb.PersistentSubscriptionSettings) { p.CheckpointLowerBound = 1 })
		sub := s.connect(t, stream, group, 10)
		for range 20 {
			require.NoError(t, sub.Ack(nextMessage(t, sub).Event))
		}
		s.eventuallyInfo(t, stream, group, func(info *esdb.PersistentSubscriptionInfo) bool {
			at := info.Stats.LastCheckpointedEventRevision
			return at != nil && *at >= 19
		})
		require.NoError(t, sub.Close())
		require.GreaterOrEqual(t, nextMessage(t, s.connect(t, stream, group, 10)).Event.OriginalEvent().EventNumber, uint64(20))
	})
	t.Run("sends again what was refused, with its count", func(t *testing.T) {
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
	t.Run("sends again what nobody answered for in time", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		sub := s.connect(t, stream, s.createGroup(t, stream, esdb.Start{}, func(p *esdb.PersistentSubscriptionSettings) { p.MessageTimeout = 300 }), 10)
		require.Zero(t, nextMessage(t, sub).RetryCount)
		require.Equal(t, 1, nextMessage(t, sub).RetryCount)
	})
	t.Run("gives what a lost consumer had to another", func(t *testing.T) {
		stream := newStream()
		group := s.createGroup(t, stream, esdb.Start{})
		one := s.connect(t, stream, group, 10)
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		first := nextMessage(t, one)
		two := s.connect(t, stream, group, 10)
		require.NoError(t, one.Close())
		require.Equal(t, first.Event.OriginalEvent().EventID, nextMessage(t, two).Event.OriginalEvent().EventID)
	})
	t.Run("does not send again what was skipped", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		sub := s.connect(t, stream, s.createGroup(t, stream, esdb.Start{}), 1)
		require.NoError(t, sub.Nack("no", esdb.NackActionSkip, nextMessage(t, sub).Event))
		require.EqualValues(t, 1, nextMessage(t, sub).Event.OriginalEvent().EventNumber)
	})
	t.Run("to everything sends what its filter admits", func(t *testing.T) {
		stream, group := newStream(), "group-"+uuid.NewString()
		err := s.CreatePersistentSubscriptionToAll(within(t), group, esdb.PersistentAllSubscriptionOptions{
			StartFrom: esdb.End{}, Filter: &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: []string{stream}},
		})
		require.NoError(t, err)
		s.appended(t, newStream(), esdb.NoStream{}, event(`{}`))
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		sub, err := s.SubscribeToPersistentSubscriptionToAll(within(t), group, esdb.SubscribeToPersistentSubscriptionOptions{})
		require.NoError(t, err)
		defer sub.Close()
		require.Equal(t, stream, nextMessage(t, sub).Event.OriginalEvent().StreamID)
	})
	t.Run("resolves links and is answered by the id of the link", func(t *testing.T) {
		target, stream := newStream(), newStream()
		s.appended(t, target, esdb.NoStream{}, event(`7`))
		s.appended(t, stream, esdb.NoStream{}, link("0@"+target), link("0@"+target))
		sub := s.connect(t, stream, s.createGroup(t, stream, esdb.Start{}, func(p *esdb.PersistentSubscriptionSettings) { p.ResolveLinkTos = true }), 1)
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
	t.Run("keeps a message aside and replays it ahead of new ones", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(3)...)
		group := s.createGroup(t, stream, esdb.Start{})
		sub := s.connect(t, stream, group, 1)
		require.NoError(t, sub.Nack("bad", esdb.NackActionPark, nextMessage(t, sub).Event))
		second := nextMessage(t, sub)
		require.EqualValues(t, 1, second.Event.OriginalEvent().EventNumber)
		s.eventuallyInfo(t, stream, group, parked(1))
		require.NoError(t, s.ReplayParkedMessages(within(t), stream, group, esdb.ReplayParkedMessagesOptions{}))
		require.NoError(t, sub.Ack(second.Event))
		again := nextMessage(t, sub)
		for again.Event.OriginalEvent().EventNumber != 0 { // the third may have been on its way already
			require.NoError(t, sub.Ack(again.Event))
			again = nextMessage(t, sub)
		}
		require.NoError(t, sub.Ack(again.Event))
		s.eventuallyInfo(t, stream, group, parked(0))
	})
	t.Run("takes messages that were tried too often", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		group := s.createGroup(t, stream, esdb.Start{}, func(p *esdb.PersistentSubscriptionSettings) { p.MaxRetryCount = 2 })
		sub := s.connect(t, stream, group, 1)
		for try := range 3 {
			m := nextMessage(t, sub)
			require.EqualValues(t, 0, m.Event.OriginalEvent().EventNumber)
			require.Equal(t, try, m.RetryCount)
			require.NoError(t, sub.Nack("bad", esdb.NackActionRetry, m.Event))
		}
		require.EqualValues(t, 1, nextMessage(t, sub).Event.OriginalEvent().EventNumber)
		s.eventuallyInfo(t, stream, group, parked(1))
		list, err := s.read(t, "$persistentsubscription-"+stream+"::"+group+"-parked", esdb.ReadStreamOptions{ResolveLinkTos: true}, 10)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.Equal(t, stream, list[0].Event.StreamID)
	})
	t.Run("replays as many as asked for", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(3)...)
		group := s.createGroup(t, stream, esdb.Start{})
		sub := s.connect(t, stream, group, 3)
		for range 3 {
			require.NoError(t, sub.Nack("bad", esdb.NackActionPark, nextMessage(t, sub).Event))
		}
		s.eventuallyInfo(t, stream, group, parked(3))
		require.NoError(t, s.ReplayParkedMessages(within(t), stream, group, esdb.ReplayParkedMessagesOptions{StopAt: 2}))
		for range 2 {
			require.NoError(t, sub.Ack(nextMessage(t, sub).Event))
		}
		s.eventuallyInfo(t, stream, group, parked(1))
	})
}

// eventuallyInfo waits until the group says what is expected.
func (s *store) eventuallyInfo(t *testing.T, stream, group string, expected func(*esdb.PersistentSubscriptionInfo) bool) {
	t.Helper()
	require.Eventually(t, func() bool {
		info, err := s.GetPersistentSubscriptionInfo(within(t), stream, group, esdb.GetPersistentSubscriptionOptions{})
		return err == nil && expected(info)
	}, patience, pollEvery)
}
