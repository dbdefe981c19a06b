package node

import (
	"cmp"
	"errors"
	"io"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// maxBatched bounds the appends of one request that wait for the writer.
const maxBatched = 256

// batched is one append of a batch request.
type batched struct {
	id *shared.UUID // by which the client recognises the reply
	*proposal
}

// BatchAppend writes appends to any streams in the order in which they arrive, and replies to each once it is durable.
// An append that fails does not hold up the next ones.
func (s *streamsService) BatchAppend(stream streams.Streams_BatchAppendServer) error {
	queued := make(chan batched, maxBatched)
	replied := make(chan error, 1)
	go func() { replied <- s.replyToBatch(stream, queued) }()
	err := s.receiveBatch(stream, queued)
	close(queued)
	return cmp.Or(err, <-replied)
}

// receiveBatch queues the appends of a request until it ends.
func (s *streamsService) receiveBatch(stream streams.Streams_BatchAppendServer, queued chan<- batched) error {
	unfinished := make(map[string]*proposal) // by correlation id
	for {
		req, err := stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		id := req.GetCorrelationId().String()
		p := unfinished[id]
		if p == nil {
			if p, err = batchProposal(req.GetOptions()); err != nil {
				return err
			}
			unfinished[id] = p
		}
		for _, m := range req.GetProposedMessages() {
			e, err := proposedEvent(stream.Context(), &streams.AppendReq_ProposedMessage{
				Id: m.GetId(), Metadata: m.GetMetadata(), CustomMetadata: m.GetCustomMetadata(), Data: m.GetData(),
			})
			if err != nil {
				return err
			}
			p.events = append(p.events, e)
		}
		if p.size() > maxAppendSize {
			return appendTooLarge(stream.Context())
		}
		if !req.GetIsFinal() {
			continue
		}
		delete(unfinished, id)
		if err := s.writer.enqueue(stream.Context(), p); err != nil {
			return err
		}
		queued <- batched{req.GetCorrelationId(), p}
	}
}

func batchProposal(o *streams.BatchAppendReq_Options) (*proposal, error) {
	p := &proposal{action: actionAppend}
	var err error
	if p.stream, err = streamName(o.GetStreamIdentifier()); err != nil {
		return nil, err
	}
	switch v := o.GetExpectedStreamPosition().(type) {
	case *streams.BatchAppendReq_Options_StreamPosition:
		p.expected, err = exactRevision(v.StreamPosition)
	case *streams.BatchAppendReq_Options_NoStream:
		p.expected = expectNoStream
	case *streams.BatchAppendReq_Options_Any:
		p.expected = expectAny
	case *streams.BatchAppendReq_Options_StreamExists:
		p.expected = expectStreamExists
	default:
		err = invalid("the expected revision is missing")
	}
	return p, err
}

// replyToBatch replies to queued appends in order. After a failure it keeps reading, so that no one waits for it.
func (s *streamsService) replyToBatch(stream streams.Streams_BatchAppendServer, queued <-chan batched) (failed error) {
	for p := range queued {
		out, err := s.writer.await(p.proposal)
		if failed == nil {
			failed = stream.Send(batchReply(p, out, err))
		}
	}
	return failed
}

func batchReply(p batched, out outcome, err error) *streams.BatchAppendResp {
	reply := &streams.BatchAppendResp{
		CorrelationId:    p.id,
		StreamIdentifier: &shared.StreamIdentifier{StreamName: []byte(p.stream)},
	}
	switch {
	case err != nil:
		reply.Result = batchError(status.Convert(err))
	case out.verdict == verdictDeleted:
		reply.Result = batchError(status.New(codes.FailedPrecondition, "the stream is deleted"))
	case out.verdict == verdictWrongVersion:
		refused := status.New(codes.FailedPrecondition, "WrongExpectedVersion")
		if detailed, err := refused.WithDetails(&shared.WrongExpectedVersion{}); err == nil {
			refused = detailed
		}
		reply.Result = batchError(refused)
	default:
		reply.Result = &streams.BatchAppendResp_Success_{Success: &streams.BatchAppendResp_Success{
			CurrentRevisionOption: &streams.BatchAppendResp_Success_CurrentRevision{CurrentRevision: uint64(out.revision)},
			PositionOption: &streams.BatchAppendResp_Success_Position{Position: &shared.AllStreamPosition{
				CommitPosition: uint64(out.position), PreparePosition: uint64(out.position),
			}},
		}}
	}
	return reply
}

func batchError(s *status.Status) *streams.BatchAppendResp_Error {
	return &streams.BatchAppendResp_Error{Error: s.Proto()}
}
