package node

import (
	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/protoadapt"
	"google.golang.org/protobuf/types/known/emptypb"
)

var errAppendTooLarge = status.Error(codes.InvalidArgument, "Maximum Append Size Exceeded")

// batchReply is the reply to one append. Clients tell errors apart by the type of the detail.
func batchReply(b *batched, out outcome, err error) *streams.BatchAppendResp {
	reply := &streams.BatchAppendResp{CorrelationId: b.id, StreamIdentifier: b.options.GetStreamIdentifier()}
	switch v := b.options.GetExpectedStreamPosition().(type) {
	case *streams.BatchAppendReq_Options_StreamPosition:
		reply.ExpectedStreamPosition = &streams.BatchAppendResp_StreamPosition{StreamPosition: v.StreamPosition}
	case *streams.BatchAppendReq_Options_NoStream:
		reply.ExpectedStreamPosition = &streams.BatchAppendResp_NoStream{NoStream: v.NoStream}
	case *streams.BatchAppendReq_Options_Any:
		reply.ExpectedStreamPosition = &streams.BatchAppendResp_Any{Any: v.Any}
	case *streams.BatchAppendReq_Options_StreamExists:
		reply.ExpectedStreamPosition = &streams.BatchAppendResp_StreamExists{StreamExists: v.StreamExists}
	}
	switch {
	case err != nil:
		reply.Result = batchFailure(err)
	case out.verdict == verdictDeleted:
		reply.Result = batchError(codes.FailedPrecondition, "Event stream '"+b.stream+"' is deleted.",
			&shared.StreamDeleted{StreamIdentifier: b.options.GetStreamIdentifier()})
	case out.verdict == verdictWrongVersion:
		reply.Result = batchError(codes.FailedPrecondition, "WrongExpectedVersion", batchWrongVersion(b.expected, out.revision))
	default:
		reply.Result = &streams.BatchAppendResp_Success_{Success: batchSuccess(out)}
	}
	return reply
}

func batchSuccess(out outcome) *streams.BatchAppendResp_Success {
	at := uint64(out.position)
	success := &streams.BatchAppendResp_Success{PositionOption: &streams.BatchAppendResp_Success_Position{
		Position: &shared.AllStreamPosition{CommitPosition: at, PreparePosition: at},
	}}
	if out.revision < 0 {
		success.CurrentRevisionOption = &streams.BatchAppendResp_Success_NoStream{NoStream: &emptypb.Empty{}}
	} else {
		success.CurrentRevisionOption = &streams.BatchAppendResp_Success_CurrentRevision{CurrentRevision: uint64(out.revision)}
	}
	return success
}

func batchFailure(err error) *streams.BatchAppendResp_Error {
	known := status.Convert(err)
	switch {
	case err == errTimeout:
		return batchError(codes.DeadlineExceeded, known.Message(), &shared.Timeout{})
	case err == errAppendTooLarge:
		return batchError(known.Code(), known.Message(), &shared.MaximumAppendSizeExceeded{MaxAppendSize: maxAppendSize})
	case known.Code() == codes.InvalidArgument:
		return batchError(known.Code(), known.Message(), &shared.BadRequest{Message: known.Message()})
	}
	return batchError(known.Code(), known.Message(), &shared.Unknown{})
}

func batchError(code codes.Code, text string, detail protoadapt.MessageV1) *streams.BatchAppendResp_Error {
	s := status.New(code, text)
	if detailed, err := s.WithDetails(detail); err == nil {
		s = detailed
	}
	return &streams.BatchAppendResp_Error{Error: s.Proto()}
}

func batchWrongVersion(expected expectation, current int64) *shared.WrongExpectedVersion {
	wrong, none := &shared.WrongExpectedVersion{}, &emptypb.Empty{}
	if current < 0 {
		wrong.CurrentStreamRevisionOption = &shared.WrongExpectedVersion_CurrentNoStream{CurrentNoStream: none}
	} else {
		wrong.CurrentStreamRevisionOption =
			&shared.WrongExpectedVersion_CurrentStreamRevision{CurrentStreamRevision: uint64(current)}
	}
	switch expected {
	case expectAny:
		wrong.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedAny{ExpectedAny: none}
	case expectNoStream:
		wrong.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedNoStream{ExpectedNoStream: none}
	case expectStreamExists:
		wrong.ExpectedStreamPositionOption = &shared.WrongExpectedVersion_ExpectedStreamExists{ExpectedStreamExists: none}
	default:
		wrong.ExpectedStreamPositionOption =
			&shared.WrongExpectedVersion_ExpectedStreamPosition{ExpectedStreamPosition: uint64(expected)}
	}
	return wrong
}
