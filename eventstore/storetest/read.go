package storetest

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"
)

func (s *store) testRead(t *testing.T) {
	t.Run("gives back what was written", func(t *testing.T) {
		stream, e := newStream(), event(`{"a":1}`)
		result := s.appended(t, stream, esdb.NoStream{}, e)
		list, err := s.read(t, stream, esdb.ReadStreamOptions{}, 10)
		require.NoError(t, err)
		require.Len(t, list, 1)
		got := list[0].Event
		require.Equal(t, e.EventID, got.EventID)
		require.Equal(t, e.EventType, got.EventType)
		require.Equal(t, "application/json", got.ContentType)
		require.Equal(t, e.Data, got.Data)
		require.Equal(t, e.Metadata, got.UserMetadata)
		require.Equal(t, stream, got.StreamID)
		require.Equal(t, result.CommitPosition, got.Position.Commit)
	})
	t.Run("of a stream that never existed is not found", func(t *testing.T) {
		_, err := s.read(t, newStream(), esdb.ReadStreamOptions{}, 10)
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
	})
}
