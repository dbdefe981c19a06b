package storetest

import (
	"slices"
	"strings"
	"testing"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// appendCase writes the events in before one by one, then appends with expected. Each letter is an event id.
type appendCase struct {
	name     string
	before   string
	expected esdb.ExpectedRevision
	append   string
	after    string // what the stream holds at the end
	refused  bool   // with a wrong expected version
	answer   uint64 // the revision in the reply, unless refused
}

func (s *store) testAppend(t *testing.T) {
	for _, c := range []appendCase{
		{name: "any on a new stream writes", expected: esdb.Any{}, append: "ab", after: "ab", answer: 1},
		{name: "any with unknown ids writes", before: "a", expected: esdb.Any{}, append: "bc", after: "abc", answer: 2},
		{name: "any with all ids known is idempotent", before: "abc", expected: esdb.Any{}, append: "ab", after: "abc", answer: 1},
		{name: "any with a known first id and an unknown later one is refused", before: "ab",
			expected: esdb.Any{}, append: "bc", after: "ab", refused: true},
		{name: "stream exists on a new stream is refused", expected: esdb.StreamExists{}, append: "a", refused: true},
		{name: "stream exists with an unknown id writes", before: "a", expected: esdb.StreamExists{}, append: "b", after: "ab", answer: 1},
		{name: "stream exists with all ids known is idempotent", before: "ab", expected: esdb.StreamExists{},
			append: "b", after: "ab", answer: 1},
		{name: "no stream on a new stream writes", expected: esdb.NoStream{}, append: "abc", after: "abc", answer: 2},
		{name: "no stream repeated in full is idempotent", before: "abc", expected: esdb.NoStream{},
			append: "abc", after: "abc", answer: 2},
		{name: "no stream repeated in part is idempotent", before: "abc", expected: esdb.NoStream{}, append: "ab", after: "abc", answer: 1},
		{name: "no stream with a different first id is refused", before: "ab", expected: esdb.NoStream{},
			append: "c", after: "ab", refused: true},
		{name: "no stream with a different later id is refused", before: "ab", expected: esdb.NoStream{},
			append: "ac", after: "ab", refused: true},
		{name: "no stream with more events than stored is refused", before: "ab", expected: esdb.NoStream{},
			append: "abc", after: "ab", refused: true},
		{name: "the last revision writes", before: "ab", expected: esdb.Revision(1), append: "cd", after: "abcd", answer: 3},
		{name: "the last revision writes a used id again", before: "ab", expected: esdb.Revision(1), append: "a", after: "aba", answer: 2},
		{name: "a revision beyond the last is refused", before: "ab", expected: esdb.Revision(2), append: "c", after: "ab", refused: true},
		{name: "a revision on a new stream is refused", expected: esdb.Revision(0), append: "a", refused: true},
		{name: "an earlier revision repeated in full is idempotent", before: "abcd",
			expected: esdb.Revision(0), append: "bcd", after: "abcd", answer: 3},
		{name: "an earlier revision repeated inside a longer history is idempotent", before: "abcde",
			expected: esdb.Revision(1), append: "cd", after: "abcde", answer: 3},
		{name: "an earlier revision with a different first id is refused", before: "abc",
			expected: esdb.Revision(0), append: "d", after: "abc", refused: true},
		{name: "an earlier revision with more events than stored is refused", before: "abc",
			expected: esdb.Revision(0), append: "bcd", after: "abc", refused: true},
		{name: "appending nothing at the last revision succeeds", before: "ab", expected: esdb.Revision(1),
			append: "", after: "ab", answer: 1},
		{name: "appending nothing at an earlier revision is refused", before: "ab",
			expected: esdb.Revision(0), append: "", after: "ab", refused: true},
	} {
		t.Run(c.name, func(t *testing.T) { s.runAppend(t, c) })
	}
	t.Run("a repeated append returns the first position", func(t *testing.T) {
		stream, batch := newStream(), events(3)
		first := s.appended(t, stream, esdb.NoStream{}, batch...)
		s.appended(t, stream, esdb.Revision(2), event(`{}`))
		require.Equal(t, first, s.appended(t, stream, esdb.NoStream{}, batch...))
		require.Equal(t, first, s.appended(t, stream, esdb.Any{}, batch...))
	})
	t.Run("stream exists accepts a stream with metadata only", func(t *testing.T) {
		stream := newStream()
		s.setMetadata(t, stream, func(m *esdb.StreamMetadata) { m.SetMaxCount(10) })
		require.EqualValues(t, 0, s.appended(t, stream, esdb.StreamExists{}, event(`{}`)).NextExpectedVersion)
	})
	t.Run("an empty stream name is refused", func(t *testing.T) {
		_, err := s.append(t, "", esdb.Any{}, event(`{}`))
		require.Error(t, err)
	})
}

func (s *store) runAppend(t *testing.T, c appendCase) {
	ids := map[rune]uuid.UUID{}
	letters := func(text string) (list []esdb.EventData) {
		for _, letter := range text {
			if _, known := ids[letter]; !known {
				ids[letter] = uuid.New()
			}
			e := event(`{}`)
			e.EventID = ids[letter]
			list = append(list, e)
		}
		return list
	}
	stream := newStream()
	for i, e := range letters(c.before) {
		expected := esdb.ExpectedRevision(esdb.NoStream{})
		if i > 0 {
			expected = esdb.Revision(uint64(i) - 1)
		}
		s.appended(t, stream, expected, e)
	}
	result, err := s.append(t, stream, c.expected, letters(c.append)...)
	if c.refused {
		requireCode(t, esdb.ErrorCodeWrongExpectedVersion, err)
	} else {
		require.NoError(t, err)
		require.Equal(t, c.answer, result.NextExpectedVersion)
	}
	if c.after == "" {
		return
	}
	list, err := s.read(t, stream, esdb.ReadStreamOptions{}, 100)
	require.NoError(t, err)
	stored := make([]uuid.UUID, len(list))
	for i, e := range list {
		require.EqualValues(t, i, e.Event.EventNumber)
		stored[i] = e.Event.EventID
	}
	wanted := letters(c.after)
	require.True(t, slices.EqualFunc(stored, wanted,
		func(id uuid.UUID, e esdb.EventData) bool { return id == e.EventID }))
}

// testAppendSize uses only sizes on which all servers agree, because their limits differ, and so does what
// they count. A server may end the call while the client is still sending; the client then does not see the
// reason.
func (s *store) testAppendSize(t *testing.T) {
	sized := func(size int) esdb.EventData {
		e := event(strings.Repeat("x", size))
		e.Metadata = nil
		return e
	}
	t.Run("an append of one megabyte succeeds", func(t *testing.T) {
		s.appended(t, newStream(), esdb.NoStream{}, sized(1_000_000))
	})
	t.Run("an event of 16 MiB and more is refused and leaves nothing", func(t *testing.T) {
		stream := newStream()
		_, err := s.append(t, stream, esdb.NoStream{}, event(`{}`), sized(16<<20))
		require.Error(t, err)
		_, err = s.read(t, stream, esdb.ReadStreamOptions{}, 1)
		requireCode(t, esdb.ErrorCodeResourceNotFound, err)
	})
}
