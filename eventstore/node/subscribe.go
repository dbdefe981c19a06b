package node

import (
	"context"
	"math"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/protos/streams"
	"github.com/google/uuid"
)

const (
	livePage   = 512                    // events taken from the tail at a time
	retryDelay = 200 * time.Millisecond // between attempts to read while the database is away
)

// follower is a subscription in progress. It reads the next page behind its cursor, from memory if it is up
// to date, else from the database, and waits for the bell when there is none: there is no seam between
// history and live where an event could be lost or doubled.
type follower struct {
	*Node
	ctx    context.Context
	out    sink
	cursor int64 // position of the last event considered
	limit  int   // of the next page of history
	live   bool  // caught_up was said and holds
}

// sink takes what a subscription has to say. An error from it ends the subscription.
type sink interface {
	event(r *record) error
	checkpoint(position int64) error
	caughtUp() error
}

func (r *reader) event(record *record) error      { return r.send(record) }
func (r *reader) checkpoint(position int64) error { return r.out.Send(checkpoint(position)) }
func (r *reader) caughtUp() error                 { return r.out.Send(caughtUp()) }

func (r *reader) subscribeAll(from int64, f *filter) error {
	head, _ := r.tail.watch()
	switch {
	case from == fromEnd:
		from = head
	case from == fromStart:
		from = 0
	case from > head:
		if known, err := r.pages.head(r.ctx); err != nil {
			return r.fault(err)
		} else if from > known {
			return invalid("the position lies behind the end of the log")
		}
	}
	if err := r.out.Send(confirmation(uuid.NewString())); err != nil {
		return err
	}
	return r.followAll(r.ctx, r, from, f)
}

// followAll sends what stands behind a position in $all, and what is added later, until ctx or the node ends.
func (n *Node) followAll(ctx context.Context, out sink, from int64, f *filter) error {
	s := &allSubscription{
		follower: follower{Node: n, ctx: ctx, out: out, cursor: from, limit: firstPage},
		filter:   f, checkpointed: from,
	}
	return s.run(s)
}

// handler is what differs between following $all and following a stream.
type handler interface {
	deliver(records []*record) error
	caughtUp() error
}

func (f *follower) run(h handler) error {
	for {
		_, grown := f.tail.watch()
		records, recent := f.tail.after(f.cursor, livePage)
		if !recent {
			var ok bool
			records, ok = f.history(func() ([]*record, error) { return f.pages.after(f.ctx, f.cursor, f.limit) })
			if !ok {
				return f.ended()
			}
			if len(records) == f.limit {
				f.live = false
			}
			f.limit = nextPage(f.limit, records)
		}
		if len(records) > 0 {
			if err := h.deliver(records); err != nil {
				return err
			}
			continue
		}
		if !f.live {
			f.live = true
			if err := h.caughtUp(); err != nil {
				return err
			}
		}
		select {
		case <-grown:
		case <-f.ctx.Done():
			return f.ended()
		case <-f.stopping:
			return f.ended()
		}
	}
}

// history reads a page from the database, waiting for as long as it is away. False means the end of the call.
func (f *follower) history(page func() ([]*record, error)) ([]*record, bool) {
	for {
		records, err := page()
		if err == nil {
			return records, true
		}
		select {
		case <-time.After(retryDelay):
		case <-f.ctx.Done():
			return nil, false
		case <-f.stopping:
			return nil, false
		}
	}
}

func (f *follower) ended() error {
	if err := f.ctx.Err(); err != nil {
		return err
	}
	return errStopping
}

// allSubscription follows $all, with or without a filter.
type allSubscription struct {
	follower
	filter       *filter
	considered   int   // events since the last interval ended
	checkpointed int64 // the highest checkpoint sent
}

func (s *allSubscription) deliver(records []*record) error {
	for _, record := range records {
		if !hiddenFromAll(record.stream) && s.filter.admits(record) {
			if err := s.out.event(record); err != nil {
				return err
			}
		}
		s.cursor = record.position
		if s.filter == nil {
			continue
		}
		if s.considered++; s.considered >= s.filter.interval {
			if err := s.checkpoint(); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkpoint tells how far the filter has looked: at the last event considered, never further.
func (s *allSubscription) checkpoint() error {
	s.considered = 0
	if s.cursor <= s.checkpointed {
		return nil
	}
	s.checkpointed = s.cursor
	return s.out.checkpoint(s.cursor)
}

func (s *allSubscription) caughtUp() error {
	if s.filter != nil {
		if err := s.checkpoint(); err != nil {
			return err
		}
	}
	return s.out.caughtUp()
}

// streamSubscription follows one stream: first its own history, page by page, then $all from where the log
// stood before the last, empty page was read.
type streamSubscription struct {
	follower
	name string
	last int64 // revision of the last event sent
}

func (r *reader) subscribeStream(name string, from int64) error {
	v, err := r.pages.stream(r.ctx, name)
	if err != nil {
		return r.fault(err)
	}
	if v.tombstoned {
		return streamDeleted(r.ctx, name)
	}
	if from == fromEnd {
		from = v.revision
	}
	if err := r.out.Send(confirmation(uuid.NewString())); err != nil {
		return err
	}
	return r.followStream(r.ctx, r, name, from)
}

// followStream sends what stands behind a revision of a stream, and what is added later, until ctx or the node ends.
func (n *Node) followStream(ctx context.Context, out sink, name string, after int64) error {
	s := &streamSubscription{follower: follower{Node: n, ctx: ctx, out: out, limit: firstPage}, name: name, last: after}
	if err := s.catchUp(); err != nil {
		return err
	}
	return s.run(s)
}

// catchUp sends the stream's history. The bounds of its metadata are looked at anew for each page.
func (s *streamSubscription) catchUp() error {
	limit := firstPage
	for s.last < math.MaxInt64 {
		head, _ := s.tail.watch()
		records, ok := s.history(func() ([]*record, error) { return s.page(limit) })
		if !ok {
			return s.ended()
		}
		if len(records) == 0 {
			s.cursor = head
			break
		}
		if err := s.deliver(records); err != nil {
			return err
		}
		limit = nextPage(limit, records)
	}
	return nil
}

func (s *streamSubscription) page(limit int) ([]*record, error) {
	v, err := s.pages.stream(s.ctx, s.name)
	if err != nil || v.id == 0 {
		return nil, err
	}
	return s.pages.forward(s.ctx, v, s.last+1, limit)
}

func (s *streamSubscription) deliver(records []*record) error {
	for _, record := range records {
		s.cursor = record.position
		if record.stream != s.name || record.revision <= s.last {
			continue
		}
		if err := s.out.event(record); err != nil {
			return err
		}
		s.last = record.revision
		if record.kind == typeTombstone {
			return streamDeleted(s.ctx, s.name)
		}
	}
	return nil
}

func (s *streamSubscription) caughtUp() error { return s.out.caughtUp() }

var _ streams.StreamsServer = (*streamsService)(nil)
