package storetest

import (
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

func (s *store) delete(t *testing.T, stream string, expected esdb.ExpectedRevision) error {
	t.Helper()
	_, err := s.DeleteStream(withTimeout(t), stream, esdb.DeleteStreamOptions{ExpectedRevision: expected})
	return err
}

func (s *store) tombstone(t *testing.T, stream string, expected esdb.ExpectedRevision) error {
	t.Helper()
	_, err := s.TombstoneStream(withTimeout(t), stream, esdb.TombstoneStreamOptions{ExpectedRevision: expected})
	return err
}

// requireWrongVersion checks how deletes report a wrong version: as an error of the call.
func requireWrongVersion(t *testing.T, err error) {
	t.Helper()
	require.Error(t, err)
	require.Equal(t, codes.FailedPrecondition, statusCode(err), "%v", err)
	require.ErrorContains(t, err, "WrongExpectedVersion")
}

func statusCode(err error) codes.Code {
	for ; err != nil; err = unwrap(err) {
		if known, ok := status.FromError(err); ok {
			return known.Code()
		}
	}
	return codes.Unknown
}

func unwrap(err error) error {
	if u, ok := err.(interface{ Unwrap() error }); ok {
		return u.Unwrap()
	}
	return nil
}

func (s *store) testDelete(t *testing.T) {
	deleted := func(t *testing.T) string {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(3)...)
		require.NoError(t, s.delete(t, stream, esdb.Revision(2)))
		return stream
	}
	t.Run("a deleted stream is not found", func(t *testing.T) {
		_, err := s.read(t, deleted(t), esdb.ReadStreamOptions{}, 1)
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
	})
	for name, expected := range map[string]esdb.ExpectedRevision{
		"any": esdb.Any{}, "no stream": esdb.NoStream{}, "the last revision": esdb.Revision(2),
	} {
		t.Run("a deleted stream can be written expecting "+name+" and keeps counting", func(t *testing.T) {
			stream := deleted(t)
			require.EqualValues(t, 4, s.appended(t, stream, expected, events(2)...).NextExpectedVersion)
			list, err := s.read(t, stream, esdb.ReadStreamOptions{}, 10)
			require.NoError(t, err)
			require.Equal(t, []uint64{3, 4}, revisions(list))
			metadata, err := s.GetStreamMetadata(withTimeout(t), stream, esdb.ReadStreamOptions{})
			require.NoError(t, err)
			require.EqualValues(t, 3, *metadata.TruncateBefore())
		})
	}
	t.Run("a deleted stream refuses writes that expect it to exist", func(t *testing.T) {
		_, err := s.append(t, deleted(t), esdb.StreamExists{}, event(`{}`))
		requireCode(t, esdb.ErrorCodeStreamDeleted, err)
	})
	t.Run("a deleted stream refuses writes at an earlier revision", func(t *testing.T) {
		_, err := s.append(t, deleted(t), esdb.Revision(1), event(`{}`))
		requireCode(t, esdb.ErrorCodeWrongExpectedVersion, err)
	})
	t.Run("a delete replaces all other metadata", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		s.setMetadata(t, stream,
			func(m *esdb.StreamMetadata) { m.SetMaxCount(5); m.AddCustomProperty("colour", "blue") })
		require.NoError(t, s.delete(t, stream, esdb.Any{}))
		list, err := s.read(t, "$$"+stream, esdb.ReadStreamOptions{}, 10)
		require.NoError(t, err)
		require.Len(t, list, 1)
		require.JSONEq(t, `{"$tb":9223372036854775807}`, string(list[0].Event.Data))
	})
	t.Run("a stream that never existed cannot be deleted", func(t *testing.T) {
		for _, expected := range []esdb.ExpectedRevision{esdb.Any{}, esdb.NoStream{}, esdb.StreamExists{},
			esdb.Revision(0)} {
			requireWrongVersion(t, s.delete(t, newStream(), expected))
		}
	})
	t.Run("a delete at an earlier revision is refused", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		requireWrongVersion(t, s.delete(t, stream, esdb.Revision(0)))
		requireWrongVersion(t, s.delete(t, stream, esdb.NoStream{}))
	})
	t.Run("a delete leaves the events in the log", func(t *testing.T) {
		stream := newStream()
		at := s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		require.NoError(t, s.delete(t, stream, esdb.Any{}))
		list := s.readAll(t, esdb.ReadAllOptions{From: positionOf(at)}, 1)
		require.Equal(t, stream, list[0].Event.StreamID)
	})
}

func (s *store) testTombstone(t *testing.T) {
	closed := func(t *testing.T) string {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		require.NoError(t, s.tombstone(t, stream, esdb.Revision(1)))
		return stream
	}
	t.Run("a tombstoned stream and its metadata read as deleted", func(t *testing.T) {
		stream := closed(t)
		_, err := s.read(t, stream, esdb.ReadStreamOptions{}, 1)
		requireCode(t, esdb.ErrorCodeStreamDeleted, err)
		_, err = s.read(t, "$$"+stream, esdb.ReadStreamOptions{}, 1)
		requireCode(t, esdb.ErrorCodeStreamDeleted, err)
	})
	t.Run("a tombstoned stream refuses every write", func(t *testing.T) {
		stream := closed(t)
		for _, expected := range []esdb.ExpectedRevision{esdb.Any{}, esdb.NoStream{}, esdb.StreamExists{},
			esdb.Revision(1)} {
			_, err := s.append(t, stream, expected, event(`{}`))
			requireCode(t, esdb.ErrorCodeStreamDeleted, err)
		}
		_, err := s.append(t, "$$"+stream, esdb.Any{}, event(`{}`))
		requireCode(t, esdb.ErrorCodeStreamDeleted, err)
	})
	t.Run("a tombstoned stream cannot be deleted again", func(t *testing.T) {
		stream := closed(t)
		var known *esdb.Error
		require.ErrorAs(t, s.tombstone(t, stream, esdb.Any{}), &known)
		require.Equal(t, esdb.ErrorCodeStreamDeleted, known.Code())
		require.ErrorAs(t, s.delete(t, stream, esdb.Any{}), &known)
		require.Equal(t, esdb.ErrorCodeStreamDeleted, known.Code())
	})
	t.Run("a stream that never existed can be tombstoned", func(t *testing.T) {
		for _, expected := range []esdb.ExpectedRevision{esdb.Any{}, esdb.NoStream{}} {
			stream := newStream()
			require.NoError(t, s.tombstone(t, stream, expected))
			_, err := s.read(t, stream, esdb.ReadStreamOptions{}, 1)
			requireCode(t, esdb.ErrorCodeStreamDeleted, err)
		}
	})
	t.Run("a tombstone at a wrong revision is refused", func(t *testing.T) {
		stream := newStream()
		s.appended(t, stream, esdb.NoStream{}, events(2)...)
		requireWrongVersion(t, s.tombstone(t, stream, esdb.Revision(0)))
		requireWrongVersion(t, s.tombstone(t, stream, esdb.NoStream{}))
		requireWrongVersion(t, s.tombstone(t, newStream(), esdb.Revision(0)))
	})
	t.Run("the tombstone is in the log at the highest revision", func(t *testing.T) {
		stream := newStream()
		at := s.appended(t, stream, esdb.NoStream{}, event(`{}`))
		result, err := s.TombstoneStream(withTimeout(t), stream, esdb.TombstoneStreamOptions{ExpectedRevision: esdb.Any{}})
		require.NoError(t, err)
		require.Greater(t, result.Position.Commit, at.CommitPosition)
		e := s.readAll(t, esdb.ReadAllOptions{From: result.Position}, 1)[0].Event
		require.Equal(t, "$streamDeleted", e.EventType)
		require.Equal(t, stream, e.StreamID)
		require.EqualValues(t, uint64(1<<63-1), e.EventNumber)
	})
}
