package node

import (
	"context"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
)

// Delete hides a stream until it is written again.
func (s *streamsService) Delete(ctx context.Context, req *streams.DeleteReq) (*streams.DeleteResp, error) {
	o := req.GetOptions()
	expected, err := deleteExpectation(o.GetExpectedStreamRevision())
	if err != nil {
		return nil, err
	}
	name, err := streamName(o.GetStreamIdentifier())
	if err != nil {
		return nil, err
	}
	at, err := s.remove(ctx, &proposal{action: actionDelete, stream: name, expected: expected})
	if err != nil {
		return nil, err
	}
	position := &streams.DeleteResp_Position{CommitPosition: at, PreparePosition: at}
	return &streams.DeleteResp{PositionOption: &streams.DeleteResp_Position_{Position: position}}, nil
}

// Tombstone deletes a stream permanently.
func (s *streamsService) Tombstone(ctx context.Context, req *streams.TombstoneReq) (*streams.TombstoneResp, error) {
	o := req.GetOptions()
	expected, err := deleteExpectation(o.GetExpectedStreamRevision())
	if err != nil {
		return nil, err
	}
	name, err := streamName(o.GetStreamIdentifier())
	if err != nil {
		return nil, err
	}
	at, err := s.remove(ctx, &proposal{action: actionTombstone, stream: name, expected: expected})
	if err != nil {
		return nil, err
	}
	position := &streams.TombstoneResp_Position{CommitPosition: at, PreparePosition: at}
	return &streams.TombstoneResp{PositionOption: &streams.TombstoneResp_Position_{Position: position}}, nil
}

// remove performs a delete and returns the position of the resulting event. In contrast to appends, a wrong
// version is an error of the call.
func (s *streamsService) remove(ctx context.Context, p *proposal) (uint64, error) {
	out, err := s.writer.submit(ctx, p)
	if err != nil {
		return 0, err
	}
	switch out.verdict {
	case verdictDeleted:
		return 0, streamDeleted(ctx, p.stream)
	case verdictWrongVersion:
		return 0, wrongVersion(ctx, p.stream, p.expected, out.revision)
	}
	return uint64(out.position), nil
}

// deleteExpectation reads the oneof of both requests; their wrapper types differ in name only.
func deleteExpectation(oneof any) (expectation, error) {
	switch v := oneof.(type) {
	case *streams.DeleteReq_Options_Revision:
		return exactRevision(v.Revision)
	case *streams.TombstoneReq_Options_Revision:
		return exactRevision(v.Revision)
	case *streams.DeleteReq_Options_NoStream, *streams.TombstoneReq_Options_NoStream:
		return expectNoStream, nil
	case *streams.DeleteReq_Options_Any, *streams.TombstoneReq_Options_Any:
		return expectAny, nil
	case *streams.DeleteReq_Options_StreamExists, *streams.TombstoneReq_Options_StreamExists:
		return expectStreamExists, nil
	}
	return 0, invalid("the expected revision is missing")
}
