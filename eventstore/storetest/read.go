package storetest

import (
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"
)

func (s *store) testRead(t *testing.T) {
	stream := newStream()
	first := event(`{"a":1}`)
	written := s.appended(t, stream, esdb.NoStream{}, append([]esdb.EventData{first}, events(9)...)...)

	read := func(t *testing.T, direction esdb.Direction, from esdb.StreamPosition, count uint64) []uint64 {
		list, err := s.read(t, stream, esdb.ReadStreamOptions{Direction: direction, From: from}, count)
		require.NoError(t, err)
		return revisions(list)
	}
	t.Run("a read returns what was written", func(t *testing.T) {
		list, err := s.read(t, stream, esdb.ReadStreamOptions{}, 1)
		require.NoError(t, err)
		got := list[0].Event
		require.Equal(t, first.EventID, got.EventID)
		require.Equal(t, first.EventType, got.EventType)
		require.Equal(t, "application/json", got.ContentType)
		require.Equal(t, first.Data, got.Data)
		require.Equal(t, first.Metadata, got.UserMetadata)
		require.Equal(t, stream, got.StreamID)
		require.WithinDuration(t, time.Now(), got.CreatedDate, time.Minute)
		require.Len(t, got.SystemMetadata, 3)
	})
	t.Run("binary data and empty fields are kept as they are", func(t *testing.T) {
		other := newStream()
		e := esdb.EventData{EventType: "Binary", ContentType: esdb.ContentTypeBinary, Data: []byte{0, 255, 1}}
		s.appended(t, other, esdb.NoStream{}, e)
		list, err := s.read(t, other, esdb.ReadStreamOptions{}, 1)
		require.NoError(t, err)
		require.Equal(t, "application/octet-stream", list[0].Event.ContentType)
		require.Equal(t, e.Data, list[0].Event.Data)
		require.Empty(t, list[0].Event.UserMetadata)
	})
	t.Run("an event has the position its append returned", func(t *testing.T) {
		list, err := s.read(t, stream, esdb.ReadStreamOptions{Direction: esdb.Backwards, From: esdb.End{}}, 1)
		require.NoError(t, err)
		require.Equal(t, written.CommitPosition, list[0].Event.Position.Commit)
		require.Equal(t, written.CommitPosition, *list[0].Commit)
	})
	t.Run("a forward read includes its start revision", func(t *testing.T) {
		require.Equal(t, []uint64{4, 5, 6}, read(t, esdb.Forwards, esdb.Revision(4), 3))
	})
	t.Run("a backward read includes its start revision", func(t *testing.T) {
		require.Equal(t, []uint64{4, 3, 2}, read(t, esdb.Backwards, esdb.Revision(4), 3))
	})
	t.Run("a backward read from the end starts with the last event", func(t *testing.T) {
		require.Equal(t, []uint64{9, 8}, read(t, esdb.Backwards, esdb.End{}, 2))
	})
	t.Run("a backward read from the start returns the first event only", func(t *testing.T) {
		require.Equal(t, []uint64{0}, read(t, esdb.Backwards, esdb.Start{}, 5))
	})
	t.Run("a forward read from the end is refused", func(t *testing.T) {
		_, err := s.read(t, stream, esdb.ReadStreamOptions{From: esdb.End{}}, 5)
		require.Error(t, err)
	})
	t.Run("a forward read from beyond the last event returns nothing", func(t *testing.T) {
		require.Empty(t, read(t, esdb.Forwards, esdb.Revision(10), 5))
	})
	t.Run("a backward read from beyond the last event starts with the last", func(t *testing.T) {
		require.Equal(t, []uint64{9, 8}, read(t, esdb.Backwards, esdb.Revision(1000), 2))
	})
	t.Run("a read of more events than there are ends with the last", func(t *testing.T) {
		require.Len(t, read(t, esdb.Forwards, esdb.Start{}, ^uint64(0)), 10)
	})
	t.Run("a stream that never existed is not found in either direction", func(t *testing.T) {
		for _, direction := range []esdb.Direction{esdb.Forwards, esdb.Backwards} {
			_, err := s.read(t, newStream(), esdb.ReadStreamOptions{Direction: direction}, 10)
			requireCode(t, esdb.ErrorCodeResourceNotFound, err)
		}
	})
	t.Run("a long stream is returned in full and in order", func(t *testing.T) {
		long := newStream()
		for range 5 {
			s.appended(t, long, esdb.Any{}, events(500)...)
		}
		list, err := s.read(t, long, esdb.ReadStreamOptions{}, ^uint64(0))
		require.NoError(t, err)
		require.Len(t, list, 2500)
		for i, e := range list {
			require.EqualValues(t, i, e.Event.EventNumber)
		}
	})
}

func (s *store) readAll(t *testing.T, options esdb.ReadAllOptions, count uint64) []*esdb.ResolvedEvent {
	t.Helper()
	reading, err := s.ReadAll(withTimeout(t), options, count)
	require.NoError(t, err)
	defer reading.Close()
	list, err := receiveAll(reading)
	require.NoError(t, err)
	return list
}

func positionOf(result *esdb.WriteResult) esdb.Position {
	return esdb.Position{Commit: result.CommitPosition, Prepare: result.PreparePosition}
}

func (s *store) testReadAll(t *testing.T) {
	stream := newStream()
	first := s.appended(t, stream, esdb.NoStream{}, event(`1`))
	second := s.appended(t, stream, esdb.Revision(0), event(`2`))

	t.Run("a forward read of the log includes its start position", func(t *testing.T) {
		list := s.readAll(t, esdb.ReadAllOptions{From: positionOf(first)}, 1)
		require.Equal(t, []byte(`1`), list[0].Event.Data)
	})
	t.Run("a backward read of the log excludes its start position", func(t *testing.T) {
		for _, e := range s.readAll(t, esdb.ReadAllOptions{Direction: esdb.Backwards, From: positionOf(second)}, 20) {
			require.Less(t, e.Event.Position.Commit, second.CommitPosition)
		}
	})
	t.Run("a backward read from the end starts with the last event", func(t *testing.T) {
		list := s.readAll(t, esdb.ReadAllOptions{Direction: esdb.Backwards, From: esdb.End{}}, 1)
		require.GreaterOrEqual(t, list[0].Event.Position.Commit, second.CommitPosition)
	})
	t.Run("a backward read of the log from the start returns nothing", func(t *testing.T) {
		require.Empty(t, s.readAll(t, esdb.ReadAllOptions{Direction: esdb.Backwards, From: esdb.Start{}}, 5))
	})
	t.Run("a forward read from the end returns nothing", func(t *testing.T) {
		require.Empty(t, s.readAll(t, esdb.ReadAllOptions{From: esdb.End{}}, 5))
	})
	t.Run("positions in the log strictly increase", func(t *testing.T) {
		var last uint64
		for _, e := range s.readAll(t, esdb.ReadAllOptions{From: esdb.Start{}}, 500) {
			require.Greater(t, e.Event.Position.Commit, last)
			last = e.Event.Position.Commit
		}
	})
	t.Run("the log includes metadata events", func(t *testing.T) {
		other := newStream()
		at := s.appended(t, other, esdb.NoStream{}, event(`{}`))
		s.setMetadata(t, other, func(m *esdb.StreamMetadata) { m.SetMaxCount(1) })
		for _, e := range s.readAll(t, esdb.ReadAllOptions{From: positionOf(at)}, 50) {
			if e.Event.StreamID == "$$"+other {
				require.Equal(t, "$metadata", e.Event.EventType)
				return
			}
		}
		require.Fail(t, "the metadata event is missing")
	})
}
