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
	retryDelay = 200 * time.Millisecond // between attempts while the database is unreachable
)

// follower is a running subscription. It reads the page after its cursor, from memory when it is up to date and
// from the database otherwise. When there are no more events, it waits until the log grows. History and live
// events pass through the same cursor, so none is lost or repeated at the transition.
type follower struct {
	*Node
	ctx    context.Context
	out    sink
	cursor int64 // position of the last event considered
	limit  int   // size of the next page of history
	live   bool  // the client was told that it has caught up, and still has
}

// sink receives what a subscription sends. An error ends the subscription.
type sink interface {
	event(r *record) error
	checkpoint(position int64) error
	caughtUp(all bool, at int64) error
}

func (r *reader) event(record *record) error { return r.send(record) }
func (r *reader) checkpoint(position int64) error {
	prepare := position
	if r.wide && position%2 == 0 {
		prepare = 0 // as some of a cluster's are
	}
	return r.out.Send(checkpoint(position, prepare))
}

func (r *reader) caughtUp(all bool, at int64) error {
	return r.out.Send(caughtUp(time.Now(), all, at))
}

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
			return invalid("the position is beyond the end of the log")
		}
	}
	if err := r.out.Send(confirmation(uuid.NewString())); err != nil {
		return err
	}
	return r.followAll(r.ctx, r, from, f)
}

// followAll sends the events of $all after a position, and later ones as they come, until ctx or the node
// ends.
func (n *Node) followAll(ctx context.Context, out sink, from int64, f *filter) error {
	s := &allSubscription{
		follower: follower{Node: n, ctx: ctx, out: out, cursor: from, limit: firstPage},
		filter:   f, checkpointed: from,
	}
	return s.run(s)
}

// handler holds what differs between following $all and following one stream.
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
			if full(records, f.limit) {
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

// history reads a page from the database, retrying while it is unreachable. It returns false when the call
// ends.
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
	considered   int   // events since the last checkpoint interval ended
	checkpointed int64 // the last checkpoint sent
}

func (s *allSubscription) deliver(records []*record) error {
	for _, record := range records {
		if !hiddenFromAll(record.stream) {
			admitted, err := s.filter.admits(record)
			if err == nil && admitted {
				err = s.out.event(record)
			}
			if err != nil {
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

// checkpoint sends the position of the last event the filter has considered.
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
	return s.out.caughtUp(true, s.cursor)
}

// streamSubscription follows one stream. It reads the stream's history page by page, until a page is empty.
// From then on it follows $all, starting at the end of the log as it was before that page was read.
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

// followStream sends a stream's events after a revision, and later ones as they come, until ctx or the node
// ends.
func (n *Node) followStream(ctx context.Context, out sink, name string, after int64) error {
	s := &streamSubscription{follower: follower{Node: n, ctx: ctx, out: out, limit: firstPage}, name: name, last: after}
	if err := s.catchUp(); err != nil {
		return err
	}
	return s.run(s)
}

// catchUp sends the stream's history. It applies the stream's current metadata to each page.
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

func (s *streamSubscription) caughtUp() error { return s.out.caughtUp(false, s.last) }

var _ streams.StreamsServer = (*streamsService)(nil)
