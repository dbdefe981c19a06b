package storetest

import (
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"
)

func (s *store) setMetadata(t *testing.T, stream string, change func(*esdb.StreamMetadata)) {
	t.Helper()
	metadata := esdb.StreamMetadata{}
	change(&metadata)
	_, err := s.SetStreamMetadata(withTimeout(t), stream, esdb.AppendToStreamOptions{ExpectedRevision: esdb.Any{}}, metadata)
	require.NoError(t, err)
}

func (s *store) testMetadata(t *testing.T) {
	ten := func(t *testing.T, change func(*esdb.StreamMetadata)) string {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(10)...)
		s.setMetadata(t, stream, change)
		return stream
	}
	forwards := func(t *testing.T, stream string, from esdb.StreamPosition) []uint64 {
		list, err := s.read(t, stream, esdb.ReadStreamOptions{From: from}, 100)
		require.NoError(t, err)
		return revisions(list)
	}
	backwards := func(t *testing.T, stream string, from esdb.StreamPosition) []uint64 {
		list, err := s.read(t, stream, esdb.ReadStreamOptions{Direction: esdb.Backwards, From: from}, 100)
		require.NoError(t, err)
		return revisions(list)
	}
	t.Run("the latest metadata is returned", func(t *testing.T) {
		stream := ten(t, func(m *esdb.StreamMetadata) { m.SetMaxCount(3) })
		s.setMetadata(t, stream, func(m *esdb.StreamMetadata) { m.SetMaxCount(4) })
		metadata, err := s.GetStreamMetadata(withTimeout(t), stream, esdb.ReadStreamOptions{})
		require.NoError(t, err)
		require.EqualValues(t, 4, *metadata.MaxCount())
		require.Equal(t, []uint64{1}, forwards(t, "$$"+stream, esdb.Start{}))
	})
	t.Run("metadata that was never set is not found", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		_, err := s.GetStreamMetadata(withTimeout(t), stream, esdb.ReadStreamOptions{})
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
	})
	t.Run("max count hides all but the last events", func(t *testing.T) {
		stream := ten(t, func(m *esdb.StreamMetadata) { m.SetMaxCount(3) })
		require.Equal(t, []uint64{7, 8, 9}, forwards(t, stream, esdb.Start{}))
		require.Equal(t, []uint64{9, 8, 7}, backwards(t, stream, esdb.End{}))
		require.Empty(t, backwards(t, stream, esdb.Revision(6)))
		s.appended(t, stream, esdb.Revision(9), event(`{}`))
		require.Equal(t, []uint64{8, 9, 10}, forwards(t, stream, esdb.Start{}))
	})
	t.Run("max count larger than the stream hides nothing", func(t *testing.T) {
		stream := ten(t, func(m *esdb.StreamMetadata) { m.SetMaxCount(11) })
		require.Len(t, forwards(t, stream, esdb.Start{}), 10)
	})
	t.Run("truncate before hides earlier events", func(t *testing.T) {
		stream := ten(t, func(m *esdb.StreamMetadata) { m.SetTruncateBefore(8) })
		require.Equal(t, []uint64{8, 9}, forwards(t, stream, esdb.Revision(2)))
		require.Equal(t, []uint64{9, 8}, backwards(t, stream, esdb.End{}))
	})
	t.Run("truncating all events leaves an empty stream, not a missing one", func(t *testing.T) {
		stream := ten(t, func(m *esdb.StreamMetadata) { m.SetTruncateBefore(10) })
		require.Empty(t, forwards(t, stream, esdb.Start{}))
		require.Empty(t, backwards(t, stream, esdb.End{}))
		require.EqualValues(t, 10, s.appended(t, stream, esdb.Revision(9), event(`{}`)).NextExpectedVersion)
	})
	t.Run("max age hides events that are older", func(t *testing.T) {
		stream := ten(t, func(m *esdb.StreamMetadata) { m.SetMaxAge(time.Second) })
		require.Eventually(t, func() bool { return len(forwards(t, stream, esdb.Start{})) == 0 }, patience,
			100*time.Millisecond)
		require.Empty(t, backwards(t, stream, esdb.End{}))
	})
	t.Run("max age hides no younger events", func(t *testing.T) {
		stream := ten(t, func(m *esdb.StreamMetadata) { m.SetMaxAge(time.Hour) })
		require.Len(t, forwards(t, stream, esdb.Start{}), 10)
	})
	t.Run("a subscription catches up on visible events only", func(t *testing.T) {
		stream := ten(t, func(m *esdb.StreamMetadata) { m.SetMaxCount(2) })
		sub := s.subscribe(t, stream, esdb.Start{})
		require.EqualValues(t, 8, nextEvent(t, sub).OriginalEvent().EventNumber)
		require.EqualValues(t, 9, nextEvent(t, sub).OriginalEvent().EventNumber)
	})
	t.Run("metadata that is not JSON is ignored", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		broken := event(`{"$maxCount":`)
		broken.EventType = "$metadata"
		s.appended(t, "$$"+stream, esdb.Any{}, broken)
		require.Len(t, forwards(t, stream, esdb.Start{}), 2)
	})
	t.Run("custom metadata survives deletion and re-creation of the stream", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		kept := event(`{"$tb":9223372036854775807,"colour":"blue"}`)
		kept.EventType = "$metadata"
		s.appended(t, "$$"+stream, esdb.Any{}, kept)
		s.appended(t, stream, esdb.Any{}, event(`{}`))
		metadata, err := s.GetStreamMetadata(withTimeout(t), stream, esdb.ReadStreamOptions{})
		require.NoError(t, err)
		require.Equal(t, "blue", metadata.CustomProperty("colour"))
		require.EqualValues(t, 1, *metadata.TruncateBefore())
	})
}
