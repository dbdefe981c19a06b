package storetest

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"
)

func link(target string) esdb.EventData {
	e := event(target)
	e.EventType, e.ContentType = "$>", esdb.ContentTypeBinary
	return e
}

func (s *store) testLinks(t *testing.T) {
	target, stream := newStream()+"@home", newStream()
	s.appended(t, target, esdb.NoStream{}, event(`0`), event(`1`))
	s.appended(t, stream, esdb.NoStream{}, link("1@"+target), link("7@"+target), link("0@"+newStream()))

	t.Run("a resolved link returns the event and the link", func(t *testing.T) {
		list, err := s.read(t, stream, esdb.ReadStreamOptions{ResolveLinkTos: true}, 1)
		require.NoError(t, err)
		require.Equal(t, []byte(`1`), list[0].Event.Data)
		require.Equal(t, target, list[0].Event.StreamID)
		require.Equal(t, stream, list[0].Link.StreamID)
		require.EqualValues(t, 0, list[0].OriginalEvent().EventNumber)
	})
	t.Run("a link to a missing event resolves to none", func(t *testing.T) {
		list, err := s.read(t, stream, esdb.ReadStreamOptions{ResolveLinkTos: true, From: esdb.Revision(1)}, 2)
		require.NoError(t, err)
		require.Len(t, list, 2)
		for _, e := range list {
			require.Nil(t, e.Event)
			require.NotNil(t, e.Link)
		}
	})
	t.Run("a link to a truncated or deleted event resolves to none", func(t *testing.T) {
		gone := newStream()
		s.appended(t, gone, esdb.NoStream{}, events(2)...)
		links := newStream()
		s.appended(t, links, esdb.NoStream{}, link("0@"+gone))
		absent := func() {
			list, err := s.read(t, links, esdb.ReadStreamOptions{ResolveLinkTos: true}, 1)
			require.NoError(t, err)
			require.Nil(t, list[0].Event)
		}
		s.setMetadata(t, gone, func(m *esdb.StreamMetadata) { m.SetTruncateBefore(1) })
		absent()
		require.NoError(t, s.delete(t, gone, esdb.Any{}))
		absent()
		require.NoError(t, s.tombstone(t, gone, esdb.Any{}))
		absent()
	})
	t.Run("an unresolved link is an ordinary event", func(t *testing.T) {
		list, err := s.read(t, stream, esdb.ReadStreamOptions{}, 1)
		require.NoError(t, err)
		require.Nil(t, list[0].Link)
		require.Equal(t, "$>", list[0].Event.EventType)
	})
	t.Run("a subscription resolves links", func(t *testing.T) {
		sub, err := s.SubscribeToStream(withTimeout(t), stream, esdb.SubscribeToStreamOptions{From: esdb.Start{},
			ResolveLinkTos: true})
		require.NoError(t, err)
		defer sub.Close()
		e := nextEvent(t, sub)
		require.Equal(t, []byte(`1`), e.Event.Data)
		require.Equal(t, stream, e.Link.StreamID)
	})
}
