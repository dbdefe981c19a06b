package storetest

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"
)

func (s *store) testAppend(t *testing.T) {
	t.Run("numbers a stream's events from zero", func(t *testing.T) {
		stream := newStream()
		require.EqualValues(t, 1, s.appended(t, stream, esdb.NoStream{}, events(2)...).NextExpectedVersion)
		require.EqualValues(t, 2, s.appended(t, stream, esdb.Revision(1), event(`{}`)).NextExpectedVersion)
	})
	t.Run("at an exact revision repeated whole is the same append", func(t *testing.T) {
		stream, batch := newStream(), events(3)
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		first := s.appended(t, stream, esdb.Revision(0), batch...)
		again := s.appended(t, stream, esdb.Revision(0), batch...)
		require.Equal(t, first, again)
		list, err := s.read(t, stream, esdb.ReadStreamOptions{}, 100)
		require.NoError(t, err)
		require.Equal(t, []uint64{0, 1, 2, 3}, revisions(list))
	})
	t.Run("at a revision that is not the last is refused", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		_, err := s.append(t, stream, esdb.Revision(0), event(`{}`))
		requireCode(t, esdb.ErrorCodeWrongExpectedVersion, err)
	})
}
