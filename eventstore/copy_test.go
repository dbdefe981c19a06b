package eventstore

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/domain"
)

func TestACopyHasTheSameEventsAndMayBeRepeated(t *testing.T) {
	source, target := newWorld(t), anotherWorld(t)
	target.keys = source.keys
	from, to := source.store(), target.store()
	a, b := newStream(), newStream()
	for i := range 6 {
		stream := a
		if i%3 == 2 {
			stream = b
		}
		h, err := from.Read(withTimeout(t, patience), stream, 0)
		require.NoError(t, err)
		_, err = from.Append(withTimeout(t, patience), stream, h.Revision, command(),
			[]domain.Event{started(i), queued("ana", "secret")})
		require.NoError(t, err)
		source.appendRaw("elsewhere-"+uuid.NewString(), "Other", `{}`, ``)
	}
	interrupted, cancel := context.WithCancel(withTimeout(t, patience))
	_, err := Copy(interrupted, from, to, func(Copied) { cancel() })
	require.ErrorIs(t, err, context.Canceled)

	done, err := Copy(withTimeout(t, patience), from, to, nil)
	require.NoError(t, err)
	require.Less(t, done.Events, 12, "the copy did not continue where it was interrupted")
	require.NotZero(t, done.Events)
	again, err := Copy(withTimeout(t, patience), from, to, nil)
	require.NoError(t, err)
	require.Equal(t, Copied{At: done.At}, again)

	require.Equal(t, positionless(t, from), positionless(t, to))
}

// positionless returns all events of a store without what differs between stores.
func positionless(t *testing.T, s *Store) (list []Recorded) {
	t.Helper()
	for e, err := range s.ReadAll(withTimeout(t, patience), Position{}) {
		require.NoError(t, err)
		e.Position, e.Created = Position{}, time.Time{}
		list = append(list, e)
	}
	return list
}

func TestACopyOfInterleavedStreamsKeepsTheOrderOfTheLog(t *testing.T) {
	from, to := newWorld(t).store(), anotherWorld(t).store()
	streams := []string{newStream(), newStream(), newStream()}
	for i := range 2*copyBatch + 10 { // more than two requests
		expected := NoStream
		if i >= len(streams) {
			expected = Revision(i/len(streams) - 1)
		}
		_, err := from.Append(withTimeout(t, patience), streams[i%len(streams)], expected, command(), []domain.Event{started(i)})
		require.NoError(t, err)
	}
	n, err := Copy(withTimeout(t, patience), from, to, nil)
	require.NoError(t, err)
	require.Equal(t, 2*copyBatch+10, n.Events)
	require.Equal(t, positionless(t, from), positionless(t, to))
}

func TestACopyIntoAnotherHistoryIsRefusedBeforeAnythingIsWritten(t *testing.T) {
	from, to := newWorld(t).store(), anotherWorld(t).store()
	stream := newStream()
	for _, s := range []*Store{from, to} {
		_, err := s.Append(withTimeout(t, patience), stream, NoStream, command(), []domain.Event{started(1)})
		require.NoError(t, err)
	}
	_, err := from.Append(withTimeout(t, patience), newStream(), NoStream, command(), []domain.Event{started(1)})
	require.NoError(t, err)
	_, err = Copy(withTimeout(t, patience), from, to, nil)
	require.ErrorIs(t, err, ErrOtherHistory)
	require.Len(t, positionless(t, to), 1)
}

func TestComparingACopyCountsItsEventsAndNamesTheFirstDifference(t *testing.T) {
	from, to := newWorld(t).store(), anotherWorld(t).store()
	a, b := newStream(), newStream()
	appends := func(s *Store, stream string, expected Revision, n int) {
		t.Helper()
		_, err := s.Append(withTimeout(t, patience), stream, expected, command(), []domain.Event{started(n)})
		require.NoError(t, err)
	}
	appends(from, a, NoStream, 1)
	appends(from, b, NoStream, 2)
	appends(from, a, 0, 3)
	_, err := Copy(withTimeout(t, patience), from, to, nil)
	require.NoError(t, err)
	pairs := 0
	same, err := Compare(withTimeout(t, patience), from, to, Compared{}, func(here, there Position) { pairs++ })
	require.NoError(t, err)
	require.Equal(t, []int{3, 2, 3}, []int{same.Events, same.Streams, pairs})

	appends(from, b, 0, 4)
	_, err = Copy(withTimeout(t, patience), from, to, nil)
	require.NoError(t, err)
	same, err = Compare(withTimeout(t, patience), from, to, same, nil)
	require.NoError(t, err)
	require.Equal(t, []int{4, 2}, []int{same.Events, same.Streams},
		"the second comparison must continue where the first one ended")

	appends(from, a, 1, 5)
	appends(to, a, 1, 5)
	_, err = Compare(withTimeout(t, patience), from, to, same, nil)
	require.ErrorIs(t, err, ErrDiffers)
	require.ErrorContains(t, err, a+", revision 2")
}

func TestAnExportStaysSealedUnlessPlaintextIsAskedFor(t *testing.T) {
	s := newWorld(t).store()
	stream := newStream()
	_, err := s.Append(withTimeout(t, patience), stream, NoStream, command(),
		[]domain.Event{started(1), queued("ana", "secret")})
	require.NoError(t, err)
	_, err = s.Append(withTimeout(t, patience), newStream(), NoStream, command(), []domain.Event{queued("ben", "secret")})
	require.NoError(t, err)

	var sealed, opened, one bytes.Buffer
	n, err := s.Export(withTimeout(t, patience), &sealed, Position{}, false)
	require.NoError(t, err)
	require.Equal(t, 3, n)
	require.NotContains(t, sealed.String(), "secret")
	_, err = s.Export(withTimeout(t, patience), &opened, Position{}, true)
	require.NoError(t, err)
	require.Contains(t, opened.String(), "secret")
	n, err = s.ExportStream(withTimeout(t, patience), &one, stream, true)
	require.NoError(t, err)
	require.Equal(t, 2, n)

	lines := bufio.NewScanner(&opened)
	for lines.Scan() {
		var l exportLine
		require.NoError(t, json.Unmarshal(lines.Bytes(), &l))
		require.NotEmpty(t, l.Metadata.CommandID)
		require.False(t, l.Position.IsZero())
	}
	_, err = s.Export(withTimeout(t, patience), fullDisk{}, Position{}, false)
	require.ErrorIs(t, err, errFull)
}

var errFull = errors.New("disk full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }
