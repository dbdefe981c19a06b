package node_test

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protowire"
)

func TestReadsOfOtherClients(t *testing.T) {
	r := newRaw(t)
	stream := unique("read")
	last := r.written(t, stream, "Tested", 10)
	truncated := unique("truncated")
	r.written(t, truncated, "Tested", 10)
	r.setMetadata(t, truncated, `{"$tb":8}`)
	hidden := unique("hidden")
	r.written(t, hidden, "Tested", 3)
	r.setMetadata(t, hidden, `{"$tb":3}`)

	for name, c := range map[string]struct {
		ask  *streams.ReadReq_Options
		back bool
		want []any
	}{
		"a read to the end of a stream names its last revision": {
			ask: fromStream(stream, 8, math.MaxUint64), want: []any{uint64(8), uint64(9), "last", uint64(9)}},
		"a read that stops before the end names no last revision": {
			ask: fromStream(stream, 2, 2), want: []any{uint64(2), uint64(3)}},
		"a read that stops with the last event names its revision": {
			ask: fromStream(stream, 8, 2), want: []any{uint64(8), uint64(9), "last", uint64(9)}},
		"a read from beyond the last event names the last revision and nothing else": {
			ask: fromStream(stream, 10, 5), want: []any{"last", uint64(9)}},
		"a read far beyond the last event names the last revision and nothing else": {
			ask: fromStream(stream, 5000, 5), want: []any{"last", uint64(9)}},
		"a read of a truncated stream names the first revision that is left": {
			ask: fromStream(truncated, 0, 100), want: []any{"first", uint64(8), uint64(8), uint64(9), "last", uint64(9)}},
		"a read from a revision that is left names no first one": {
			ask: fromStream(truncated, 9, 100), want: []any{uint64(9), "last", uint64(9)}},
		"a read of a stream without any events left names where it continues": {
			ask: fromStream(hidden, 0, 100), want: []any{"first", uint64(3), "last", uint64(2)}},
		"a backward read to the beginning names the last revision": {
			ask: fromStream(stream, 1, 100), back: true, want: []any{uint64(1), uint64(0), "last", uint64(9)}},
		"a backward read that stops before the beginning names none": {
			ask: fromStream(stream, 9, 1), back: true, want: []any{uint64(9)}},
		"a backward read of a stream without any events left names the last revision": {
			ask: fromStream(hidden, 2, 5), back: true, want: []any{"last", uint64(2)}},
		"a missing stream is not found and has no revisions": {
			ask: fromStream(unique("none"), 0, 5), want: []any{"not found"}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.back {
				c.ask.ReadDirection = streams.ReadReq_Options_Backwards
			}
			got, err := r.read(t, c.ask)
			require.NoError(t, err)
			require.Equal(t, c.want, shape(got))
		})
	}
	t.Run("a client that does not ask for revisions gets events only", func(t *testing.T) {
		ask := fromStream(truncated, 0, 100)
		ask.ControlOption = nil
		got, err := r.read(t, ask)
		require.NoError(t, err)
		require.Equal(t, []any{uint64(8), uint64(9)}, shape(got))
	})
	t.Run("a forward read from the end of a stream is refused", func(t *testing.T) {
		ask := fromStream(stream, 0, 5)
		ask.GetStream().RevisionOption = &streams.ReadReq_Options_StreamOptions_End{End: empty}
		_, err := r.read(t, ask)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	})
	t.Run("ids are text for a client that asks for text", func(t *testing.T) {
		linked := unique("linked")
		link := proposal("$>", "0@"+stream)
		_, err := r.append(t, expectAny(linked), link)
		require.NoError(t, err)
		ask := fromStream(linked, 0, 1)
		ask.ResolveLinks = true
		got, err := r.read(t, ask)
		require.NoError(t, err)
		require.Equal(t, link.Id.GetString_(), got[0].GetEvent().GetLink().GetId().GetString_())
		require.NoError(t, uuid.Validate(got[0].GetEvent().GetEvent().GetId().GetString_()))

		got, err = r.read(t, fromAll(last, 1))
		require.NoError(t, err)
		require.NoError(t, uuid.Validate(got[0].GetEvent().GetEvent().GetId().GetString_()))

		ask = fromStream(linked, 0, 1)
		ask.GetStream().RevisionOption = &streams.ReadReq_Options_StreamOptions_Start{Start: empty}
		got0, err := r.subscribe(t, ask).Recv()
		require.NoError(t, err)
		require.Equal(t, link.Id.GetString_(), got0.GetEvent().GetEvent().GetId().GetString_())
	})
	t.Run("a filtered read of the log needs no checkpoint interval", func(t *testing.T) {
		kind := unique("Only")
		r.written(t, stream, kind, 3)
		ask := fromAll(0, 2)
		ask.FilterOption = typePattern("^" + kind + "$")
		got, err := r.read(t, ask)
		require.NoError(t, err)
		require.Len(t, got, 2)
		require.Equal(t, kind, got[1].GetEvent().GetEvent().GetMetadata()["type"])
		ask.ReadDirection, ask.GetAll().AllOption = streams.ReadReq_Options_Backwards,
			&streams.ReadReq_Options_AllOptions_End{End: empty}
		got, err = r.read(t, ask)
		require.NoError(t, err)
		require.Len(t, got, 2)
	})
}

func (r *raw) setMetadata(t *testing.T, stream, metadata string) {
	t.Helper()
	_, err := r.append(t, expectAny("$$"+stream), proposal("$metadata", metadata))
	require.NoError(t, err)
}

func TestPatternsOfOtherClients(t *testing.T) {
	r := newRaw(t)
	stream := unique("pattern")
	before := r.written(t, stream, "Before", 1)
	slow := "Pay" + strings.Repeat("a", 40) + "!"
	for _, kind := range []string{"$system", "Ordered", "PersistentConfig7", "Déjà vu", slow} {
		r.written(t, stream, kind, 1)
	}
	types := func(t *testing.T, pattern string) (found []string) {
		ask := fromAll(before, 100)
		ask.FilterOption = typePattern(pattern)
		got, err := r.read(t, ask)
		require.NoError(t, err)
		for _, m := range got {
			found = append(found, m.GetEvent().GetEvent().GetMetadata()["type"])
		}
		return found
	}
	t.Run("the Python client excludes system events with a negative lookahead", func(t *testing.T) {
		found := types(t, `^(?!((?:\$.+)|(?:PersistentConfig\d+))$).*`)
		require.Equal(t, []string{"Before", "Ordered", "Déjà vu", slow}, found)
	})
	t.Run("word characters include letters of all languages, as on a KurrentDB", func(t *testing.T) {
		require.Equal(t, []string{"Déjà vu"}, types(t, `^D\w+ \w+$`))
	})
	t.Run("a pattern that backtracks too long ends the read with that reason", func(t *testing.T) {
		ask := fromAll(before, 100)
		ask.FilterOption = typePattern(`^Pay(?=a)(a+)+$`)
		_, err := r.read(t, ask)
		require.Equal(t, codes.InvalidArgument, status.Code(err))
		require.ErrorContains(t, err, "takes too long")
		_, err = r.read(t, fromAll(before, 1))
		require.NoError(t, err, "the node still answers")
	})
	t.Run("a subscription with a pattern that backtracks too long ends", func(t *testing.T) {
		ask := fromAll(before, 100)
		ask.FilterOption = typePattern(`^Pay(?=a)(a+)+$`)
		ask.GetFilter().CheckpointIntervalMultiplier = 1
		_, err := r.subscribe(t, ask).Recv()
		require.Equal(t, codes.InvalidArgument, status.Code(err))
	})
}

// The fields of the message are newer than the generated code.
func TestCaughtUpCarriesItsPlaceAndTime(t *testing.T) {
	r := newRaw(t)
	stream := unique("caught")
	last := r.written(t, stream, "Tested", 3)
	caughtUp := func(t *testing.T, ask *streams.ReadReq_Options) map[protowire.Number][]byte {
		call := r.subscribe(t, ask)
		for {
			m, err := call.Recv()
			require.NoError(t, err)
			if m.GetCaughtUp() != nil {
				return fields(t, m.GetCaughtUp().ProtoReflect().GetUnknown())
			}
		}
	}
	varint := func(value []byte) uint64 { n, _ := protowire.ConsumeVarint(value); return n }

	t.Run("on a stream, it carries the last revision", func(t *testing.T) {
		got := caughtUp(t, fromStream(stream, 0, 0))
		require.EqualValues(t, 2, varint(got[2]))
		require.Nil(t, got[3])
		seconds := varint(fields(t, got[1])[1])
		require.WithinDuration(t, time.Now(), time.Unix(int64(seconds), 0), time.Hour)
	})
	t.Run("on a stream without events, it carries only the time", func(t *testing.T) {
		ask := fromStream(unique("none"), 0, 0)
		ask.GetStream().RevisionOption = &streams.ReadReq_Options_StreamOptions_Start{Start: empty}
		got := caughtUp(t, ask)
		require.Len(t, got, 1)
		require.NotEmpty(t, got[1])
	})
	t.Run("on the log, it carries the last position", func(t *testing.T) {
		position := fields(t, caughtUp(t, fromAll(0, 0))[3])
		require.Equal(t, last, varint(position[1]))
		require.Equal(t, last, varint(position[2]))
	})
}

// fields splits an encoded message. The content of a nested one is without its length.
func fields(t *testing.T, encoded []byte) map[protowire.Number][]byte {
	t.Helper()
	found := map[protowire.Number][]byte{}
	for len(encoded) > 0 {
		number, kind, n := protowire.ConsumeTag(encoded)
		require.Positive(t, n)
		encoded = encoded[n:]
		n = protowire.ConsumeFieldValue(number, kind, encoded)
		require.Positive(t, n)
		value := encoded[:n]
		if kind == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(value)
		}
		found[number], encoded = value, encoded[n:]
	}
	return found
}
