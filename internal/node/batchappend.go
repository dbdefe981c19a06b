package node

import (
	"cmp"
	"context"
	"errors"
	"io"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/shared"
	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"golang.org/x/sync/semaphore"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	maxBatched      = 256     // appends of one call that wait for the writer or their reply
	maxBatchedBytes = 8 << 20 // bytes of these, unless a single append is larger
	maxUnfinished   = 256     // appends of one call that are still incomplete
)

// batched is one append of a batch call.
type batched struct {
	*proposal
	id      *shared.UUID // by which the client recognises the reply
	options *streams.BatchAppendReq_Options
	refused error // why it was refused, or nil
	cancel  context.CancelFunc
	weight  int64
	replied chan struct{} // closed after the reply
}

// batchCall is one call of BatchAppend. Some clients keep one open for as long as they run.
type batchCall struct {
	*streamsService
	stream     streams.Streams_BatchAppendServer
	queued     chan *batched
	room       *semaphore.Weighted // for the bytes in queued
	turn       largeTurn
	unfinished map[string]*batched // by correlation id
	received   int                 // bytes of the unfinished appends
}

// BatchAppend writes appends to any streams in the order in which they arrive, and replies to each once it is durable.
// An append that fails does not hold up the next ones.
func (s *streamsService) BatchAppend(stream streams.Streams_BatchAppendServer) error {
	c := &batchCall{
		streamsService: s, stream: stream, queued: make(chan *batched, maxBatched),
		room: semaphore.NewWeighted(maxBatchedBytes), turn: largeTurn{turns: s.large}, unfinished: map[string]*batched{},
	}
	defer c.turn.end()
	replied := make(chan error, 1)
	go func() { replied <- c.reply() }()
	err := c.receive()
	close(c.queued)
	for _, b := range c.unfinished {
		b.cancel()
	}
	return cmp.Or(err, <-replied)
}

// receive queues the appends of a call until it ends.
func (c *batchCall) receive() error {
	for {
		req, err := c.stream.Recv()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		b, err := c.unfinishedAppend(req)
		if err != nil {
			return err
		}
		if err := c.add(b, req.GetProposedMessages()); err != nil {
			return err
		}
		if req.GetIsFinal() {
			if err := c.finish(b); err != nil {
				return err
			}
		}
	}
}

// unfinishedAppend returns the append that a request belongs to.
func (c *batchCall) unfinishedAppend(req *streams.BatchAppendReq) (*batched, error) {
	key := req.GetCorrelationId().String()
	if b := c.unfinished[key]; b != nil {
		return b, nil
	}
	if len(c.unfinished) == maxUnfinished {
		return nil, status.Error(codes.ResourceExhausted, "too many appends of the call are unfinished")
	}
	b := &batched{id: req.GetCorrelationId(), options: req.GetOptions(), replied: make(chan struct{})}
	b.proposal, b.refused = batchProposal(req.GetOptions())
	b.ctx, b.cancel = batchDeadline(c.stream.Context(), req.GetOptions())
	c.unfinished[key] = b
	return b, nil
}

// add adds events to an append, and drops them if the append was refused already.
func (c *batchCall) add(b *batched, messages []*streams.BatchAppendReq_ProposedMessage) error {
	for _, m := range messages {
		if b.refused != nil {
			return nil
		}
		e, err := proposedEvent(b.ctx, &streams.AppendReq_ProposedMessage{
			Id: m.GetId(), Metadata: m.GetMetadata(), CustomMetadata: m.GetCustomMetadata(), Data: m.GetData(),
		})
		switch {
		case err != nil:
			c.refuse(b, err)
			return nil
		case e.size() > maxEventSize || c.received+e.size() > maxAppendSize:
			c.refuse(b, errAppendTooLarge)
			return nil
		}
		c.received += e.size()
		b.weight += int64(e.size())
		b.events = append(b.events, e)
	}
	return c.turn.take(c.stream.Context(), c.received)
}

func (c *batchCall) refuse(b *batched, err error) {
	c.received -= int(b.weight)
	b.refused, b.events, b.weight = err, nil, 0
}

// finish queues an append for the writer once it is complete. After a large one it waits for the reply, so that others
// get their turn.
func (c *batchCall) finish(b *batched) error {
	delete(c.unfinished, b.id.String())
	size := int(b.weight)
	b.weight = min(b.weight, maxBatchedBytes)
	if err := c.room.Acquire(c.stream.Context(), b.weight); err != nil {
		return err
	}
	if b.refused == nil {
		b.refused = c.writer.enqueue(b.ctx, b.proposal)
	}
	c.queued <- b
	if c.turn.taken {
		<-b.replied
	}
	if c.received -= size; c.received <= smallAppend {
		c.turn.end()
	}
	return nil
}

// reply answers the queued appends in order. After a failure it keeps emptying the queue, so that nothing
// waits for it.
func (c *batchCall) reply() (failed error) {
	for b := range c.queued {
		var out outcome
		err := b.refused
		if err == nil {
			out, err = c.writer.await(b.proposal)
		}
		if failed == nil {
			failed = c.stream.Send(batchReply(b, out, err))
		}
		b.cancel()
		c.room.Release(b.weight)
		close(b.replied)
	}
	return failed
}

// batchDeadline limits the time for an append as its options ask. Clients older than 2022 send a point in
// time instead of a duration.
func batchDeadline(ctx context.Context, o *streams.BatchAppendReq_Options) (context.Context, context.CancelFunc) {
	switch v := o.GetDeadlineOption().(type) {
	case *streams.BatchAppendReq_Options_Deadline:
		return context.WithTimeout(ctx, v.Deadline.AsDuration())
	case *streams.BatchAppendReq_Options_Deadline_21_10_0:
		return context.WithDeadline(ctx, v.Deadline_21_10_0.AsTime())
	}
	return context.WithCancel(ctx)
}

func batchProposal(o *streams.BatchAppendReq_Options) (*proposal, error) {
	p := &proposal{action: actionAppend}
	var err error
	if p.stream, err = streamName(o.GetStreamIdentifier()); err != nil {
		return p, err
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
