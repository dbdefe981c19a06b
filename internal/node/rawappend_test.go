package node_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/timestamppb"
)

func TestAppendsOfOtherClients(t *testing.T) {
	r := newRaw(t)
	t.Run("an append without events answers with the revision and a position", func(t *testing.T) {
		stream := unique("empty")
		last := r.written(t, stream, "Tested", 2)
		reply, err := r.append(t, expectAny(stream))
		require.NoError(t, err)
		require.EqualValues(t, 1, reply.GetSuccess().GetCurrentRevision())
		require.GreaterOrEqual(t, reply.GetSuccess().GetPosition().GetCommitPosition(), last)
	})
	t.Run("an append without events to a missing stream answers with a position", func(t *testing.T) {
		reply, err := r.append(t, expectAny(unique("missing")))
		require.NoError(t, err)
		require.NotNil(t, reply.GetSuccess().GetNoStream())
		require.NotNil(t, reply.GetSuccess().GetPosition())
	})
	t.Run("a wrong version names what was expected", func(t *testing.T) {
		stream := unique("wrong")
		o := expectAny(stream)
		o.ExpectedStreamRevision = &streams.AppendReq_Options_StreamExists{StreamExists: empty}
		reply, err := r.append(t, o, proposal("Tested", `{}`))
		require.NoError(t, err)
		wrong := reply.GetWrongExpectedVersion()
		require.NotNil(t, wrong.GetExpectedStreamExists())
		require.NotNil(t, wrong.GetStreamExists_20_6_0())
		require.NotNil(t, wrong.GetCurrentNoStream())
		require.NotNil(t, wrong.GetNoStream_20_6_0())

		r.written(t, stream, "Tested", 3)
		o.ExpectedStreamRevision = &streams.AppendReq_Options_Revision{Revision: 7}
		reply, err = r.append(t, o)
		require.NoError(t, err)
		wrong = reply.GetWrongExpectedVersion()
		require.EqualValues(t, 7, wrong.GetExpectedRevision())
		require.EqualValues(t, 7, wrong.GetExpectedRevision_20_6_0())
		require.EqualValues(t, 2, wrong.GetCurrentRevision())
		require.EqualValues(t, 2, wrong.GetCurrentRevision_20_6_0())
	})
	t.Run("setting metadata brings a deleted stream back without its events", func(t *testing.T) {
		stream := unique("deleted")
		r.written(t, stream, "Tested", 2)
		_, err := r.streams.Delete(withTimeout(t), &streams.DeleteReq{Options: &streams.DeleteReq_Options{
			StreamIdentifier: named(stream), ExpectedStreamRevision: &streams.DeleteReq_Options_Any{Any: empty},
		}})
		require.NoError(t, err)
		reply, err := r.append(t, expectAny("$$"+stream), proposal("$metadata", `{"$maxCount":100,"colour":"blue"}`))
		require.NoError(t, err)
		require.EqualValues(t, 1, reply.GetSuccess().GetCurrentRevision())
		got, err := r.read(t, fromStream(stream, 0, 10))
		require.NoError(t, err)
		require.Equal(t, []any{"first", uint64(2), "last", uint64(1)}, shape(got))
		got, err = r.read(t, fromStream("$$"+stream, 0, 10))
		require.NoError(t, err)
		kept := got[1].GetEvent().GetEvent()
		require.EqualValues(t, 2, kept.GetStreamRevision())
		require.JSONEq(t, `{"$maxCount":100,"colour":"blue","$tb":2}`, string(kept.GetData()))
	})
}

func TestAppendsUpToTheSizesOfKurrentDB(t *testing.T) {
	r := newRaw(t)
	const limit = 16 << 20
	sized := func(size int) *streams.AppendReq_ProposedMessage {
		return proposal("Tested", strings.Repeat("x", size-2*len("Tested")))
	}
	t.Run("events of 16 MiB are written and read", func(t *testing.T) {
		stream := unique("large")
		largest := sized(limit)
		reply, err := r.append(t, expectAny(stream), proposal("Tested", `{}`), largest, proposal("Tested", `{}`))
		require.NoError(t, err)
		require.EqualValues(t, 2, reply.GetSuccess().GetCurrentRevision())
		call, err := r.streams.Read(withTimeout(t), &streams.ReadReq{Options: fromStream(stream, 0, 10)},
			grpc.MaxCallRecvMsgSize(limit+1<<20))
		require.NoError(t, err)
		_, err = call.Recv()
		require.NoError(t, err)
		got, err := call.Recv()
		require.NoError(t, err)
		require.True(t, bytes.Equal(largest.Data, got.GetEvent().GetEvent().GetData()))
	})
	t.Run("one byte more is refused with the reason, after all of the request was read", func(t *testing.T) {
		stream := unique("larger")
		call, err := r.streams.Append(withTimeout(t))
		require.NoError(t, err)
		require.NoError(t, call.Send(&streams.AppendReq{Content: &streams.AppendReq_Options_{Options: expectAny(stream)}}))
		large := sized(limit + 1)
		for _, e := range []*streams.AppendReq_ProposedMessage{large, sized(2 << 20), sized(2 << 20)} {
			require.NoError(t, call.Send(&streams.AppendReq{
				Content: &streams.AppendReq_ProposedMessage_{ProposedMessage: e},
			}))
		}
		_, err = call.CloseAndRecv()
		require.Equal(t, codes.InvalidArgument, status.Code(err))
		require.Equal(t, []string{"maximum-append-event-size-exceeded"}, call.Trailer().Get("exception"))
		require.Equal(t, []string{"16777216"}, call.Trailer().Get("maximum-append-event-size"))
		require.Equal(t, []string{"16777217"}, call.Trailer().Get("proposed-append-event-size"))
		require.Equal(t, []string{large.Id.GetString_()}, call.Trailer().Get("event-id"))
		got, err := r.read(t, fromStream(stream, 0, 1))
		require.NoError(t, err)
		require.Equal(t, []any{"not found"}, shape(got))
	})
	t.Run("large appends take turns and small ones do not wait for them", func(t *testing.T) {
		var open []streams.Streams_AppendClient
		for range 5 { // more than may be received at a time
			call, err := r.streams.Append(withTimeout(t))
			require.NoError(t, err)
			stream := unique("turn")
			require.NoError(t, call.Send(&streams.AppendReq{Content: &streams.AppendReq_Options_{Options: expectAny(stream)}}))
			require.NoError(t, call.Send(&streams.AppendReq{
				Content: &streams.AppendReq_ProposedMessage_{ProposedMessage: sized(1 << 20)},
			}))
			require.NoError(t, call.Send(&streams.AppendReq{
				Content: &streams.AppendReq_ProposedMessage_{ProposedMessage: sized(1 << 10)},
			}))
			open = append(open, call)
		}
		r.written(t, unique("small"), "Tested", 1)
		for _, call := range open {
			require.NoError(t, call.CloseSend())
		}
		for _, call := range open {
			reply, err := call.CloseAndRecv()
			require.NoError(t, err)
			require.EqualValues(t, 1, reply.GetSuccess().GetCurrentRevision())
		}
	})
}

func TestBatchesOfOtherClients(t *testing.T) {
	r := newRaw(t)
	request := func(stream string) *streams.BatchAppendReq {
		return &streams.BatchAppendReq{
			CorrelationId: stringID(uuid.NewString()), IsFinal: true,
			Options: &streams.BatchAppendReq_Options{
				StreamIdentifier:       named(stream),
				ExpectedStreamPosition: &streams.BatchAppendReq_Options_Any{Any: &emptypb.Empty{}},
			},
			ProposedMessages: []*streams.BatchAppendReq_ProposedMessage{{
				Id: stringID(uuid.NewString()), Data: []byte("{}"), Metadata: described("Made"),
			}},
		}
	}
	call, err := r.streams.BatchAppend(withTimeout(t))
	require.NoError(t, err)
	reply := func(t *testing.T, req *streams.BatchAppendReq) *streams.BatchAppendResp {
		t.Helper()
		require.NoError(t, call.Send(req))
		got, err := call.Recv()
		require.NoError(t, err)
		require.Equal(t, req.CorrelationId.GetString_(), got.GetCorrelationId().GetString_())
		return got
	}
	failure := func(t *testing.T, got *streams.BatchAppendResp, code codes.Code, detail interface{ ProtoMessage() }) {
		t.Helper()
		require.EqualValues(t, code, got.GetError().GetCode(), "%v", got)
		details := status.FromProto(got.GetError()).Details()
		require.Len(t, details, 1)
		require.IsType(t, detail, details[0])
	}
	t.Run("a success names the revision, the position and the expected revision", func(t *testing.T) {
		req := request(unique("batch"))
		req.ProposedMessages = append(req.ProposedMessages, request("x").ProposedMessages...)
		got := reply(t, req)
		require.EqualValues(t, 1, got.GetSuccess().GetCurrentRevision())
		require.Positive(t, got.GetSuccess().GetPosition().GetCommitPosition())
		require.NotNil(t, got.GetAny())
		require.Equal(t, req.Options.StreamIdentifier.StreamName, got.GetStreamIdentifier().GetStreamName())
	})
	t.Run("a wrong version names what was expected and what is", func(t *testing.T) {
		req := request(unique("batch"))
		req.Options.ExpectedStreamPosition = &streams.BatchAppendReq_Options_StreamExists{StreamExists: &emptypb.Empty{}}
		got := reply(t, req)
		failure(t, got, codes.FailedPrecondition, &shared.WrongExpectedVersion{})
		wrong := status.FromProto(got.GetError()).Details()[0].(*shared.WrongExpectedVersion)
		require.NotNil(t, wrong.GetExpectedStreamExists())
		require.NotNil(t, wrong.GetCurrentNoStream())

		r.written(t, string(req.Options.StreamIdentifier.StreamName), "Tested", 3)
		req.Options.ExpectedStreamPosition = &streams.BatchAppendReq_Options_StreamPosition{StreamPosition: 9}
		wrong = status.FromProto(reply(t, req).GetError()).Details()[0].(*shared.WrongExpectedVersion)
		require.EqualValues(t, 9, wrong.GetExpectedStreamPosition())
		require.EqualValues(t, 2, wrong.GetCurrentStreamRevision())
	})
	t.Run("an append to a tombstoned stream is refused as deleted", func(t *testing.T) {
		stream := unique("batch")
		_, err := r.streams.Tombstone(withTimeout(t), &streams.TombstoneReq{Options: &streams.TombstoneReq_Options{
			StreamIdentifier: named(stream), ExpectedStreamRevision: &streams.TombstoneReq_Options_Any{Any: empty},
		}})
		require.NoError(t, err)
		failure(t, reply(t, request(stream)), codes.FailedPrecondition, &shared.StreamDeleted{})
	})
	t.Run("an append whose deadline has passed is not written", func(t *testing.T) {
		stream := unique("batch")
		req := request(stream)
		req.Options.DeadlineOption = &streams.BatchAppendReq_Options_Deadline{Deadline: durationpb.New(-time.Second)}
		failure(t, reply(t, req), codes.DeadlineExceeded, &shared.Timeout{})
		req.Options.DeadlineOption = &streams.BatchAppendReq_Options_Deadline_21_10_0{
			Deadline_21_10_0: timestamppb.New(time.Now().Add(-time.Minute)),
		}
		failure(t, reply(t, req), codes.DeadlineExceeded, &shared.Timeout{})
		got, err := r.read(t, fromStream(stream, 0, 1))
		require.NoError(t, err)
		require.Equal(t, []any{"not found"}, shape(got))
		req.Options.DeadlineOption = &streams.BatchAppendReq_Options_Deadline{Deadline: durationpb.New(time.Hour)}
		require.NotNil(t, reply(t, req).GetSuccess())
	})
	t.Run("an invalid append is refused, and the call continues", func(t *testing.T) {
		req := request("")
		failure(t, reply(t, req), codes.InvalidArgument, &shared.BadRequest{})
		req = request(unique("batch"))
		req.ProposedMessages[0].Metadata = map[string]string{}
		failure(t, reply(t, req), codes.InvalidArgument, &shared.BadRequest{})
		require.NotNil(t, reply(t, request(unique("batch"))).GetSuccess())
	})
	t.Run("an append in many parts may be larger than the limit on waiting appends", func(t *testing.T) {
		req := request(unique("batch"))
		part := &streams.BatchAppendReq_ProposedMessage{Id: stringID(uuid.NewString()), Metadata: described("Made"),
			Data: bytes.Repeat([]byte("x"), 3<<20)}
		for range 4 {
			part.Id = stringID(uuid.NewString())
			require.NoError(t, call.Send(&streams.BatchAppendReq{CorrelationId: req.CorrelationId, Options: req.Options,
				ProposedMessages: []*streams.BatchAppendReq_ProposedMessage{part}}))
		}
		require.EqualValues(t, 4, reply(t, req).GetSuccess().GetCurrentRevision())
	})
	t.Run("an event above the limit is refused as too large", func(t *testing.T) {
		req := request(unique("batch"))
		req.ProposedMessages[0].Data = bytes.Repeat([]byte("x"), 16<<20)
		failure(t, reply(t, req), codes.InvalidArgument, &shared.MaximumAppendSizeExceeded{})
	})
	require.NoError(t, call.CloseSend())
}
