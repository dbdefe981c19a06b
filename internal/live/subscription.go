package live

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"parley/projections"
)

// queueLimit is the number of batches that may wait for a subscriber before it is cut off.
const queueLimit = 256

// row identifies a changed row.
type row struct {
	kind projections.ChangeKind
	id   string
}

// Subscription is one subscriber. It ends with the context it was created with.
type Subscription struct {
	hub       *Hub
	interest  Interest // guarded by hub.mu
	from      cursor   // changes up to here are not sent; guarded by hub.mu
	sent      uint64   // the last position queued; guarded by hub.mu
	lastMatch uint64   // the last change matched; guarded by hub.mu
	pending   []*Change
	stop      func() bool // stops watching the context

	mu       sync.Mutex
	queue    []queued
	starting bool // batches are held back until the first one is queued
	err      error
	signal   chan struct{}
}

type queued struct {
	cursor   cursor
	resync   bool
	changes  []*Change
	watchers []Watcher
}

// Next waits for changes and returns everything since the last call as one batch.
//
// Errors: ErrSlow, ErrClosed, or that of ctx.
func (s *Subscription) Next(ctx context.Context) (Batch, error) {
	for {
		b, ok, err := s.take()
		if ok || err != nil {
			return b, err
		}
		select {
		case <-s.signal:
		case <-ctx.Done():
			return Batch{}, ctx.Err()
		}
	}
}

// Change replaces the subscriber's interest from now on.
func (s *Subscription) Change(i Interest) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	if !s.hub.subs[s] {
		return
	}
	s.hub.unindex(s)
	s.interest = i
	s.hub.index(s)
}

// Close ends the subscription.
func (s *Subscription) Close() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.remove(s, ErrClosed)
}

func (s *Subscription) take() (Batch, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err != nil {
		return Batch{}, false, s.err
	}
	if s.starting || len(s.queue) == 0 {
		return Batch{}, false, nil
	}
	q := s.queue
	s.queue = nil
	return merge(q), true, nil
}

// merge merges batches into one that contains each row once.
func merge(queue []queued) Batch {
	if len(queue) == 1 && !mayRepeat(queue[0].changes) {
		q := queue[0]
		b := Batch{Position: q.cursor.String(), Through: q.cursor.position, Resync: q.resync,
			Watchers: q.watchers}
		if len(q.changes) > 0 {
			b.Changes = make([]Change, len(q.changes))
			for i, c := range q.changes {
				b.Changes[i] = *c
			}
		}
		return b
	}
	var b Batch
	last := make(map[row]*Change)
	var order []*Change
	for _, q := range queue {
		b.Position, b.Through = q.cursor.String(), q.cursor.position
		if q.resync {
			b.Resync = true
			order = order[:0]
			clear(last)
		}
		if q.watchers != nil {
			b.Watchers = q.watchers
		}
		for _, c := range q.changes {
			row := row{c.Kind, c.ID}
			if earlier := last[row]; earlier != nil {
				c = c.after(earlier)
			}
			last[row] = c
			order = append(order, c)
		}
	}
	for _, c := range order {
		if last[row{c.Kind, c.ID}] == c {
			b.Changes = append(b.Changes, *c)
		}
	}
	return b
}

// mayRepeat reports whether a row may occur twice, which happens when several batches were read at once. Only
// short lists are compared, which needs no allocation for thousands of subscribers.
func mayRepeat(changes []*Change) bool {
	if len(changes) > 8 {
		return true
	}
	for i, c := range changes {
		for _, other := range changes[:i] {
			if c.Kind == other.Kind && c.ID == other.ID {
				return true
			}
		}
	}
	return false
}

// after merges the change with an earlier one of the same row: its scope before is the one before both.
func (c *Change) after(earlier *Change) *Change {
	both := *c
	both.QueueBefore = cmp.Or(earlier.QueueBefore, earlier.Queue)
	both.AccountBefore = cmp.Or(earlier.AccountBefore, earlier.Account)
	both.ListBefore = cmp.Or(earlier.ListBefore, earlier.List)
	both.AgentsBefore = slices.Concat(earlier.AgentsBefore, c.AgentsBefore)
	return &both
}

// push queues a batch, or returns false if too many are waiting. It never blocks.
func (s *Subscription) push(q queued) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) >= queueLimit {
		return false
	}
	s.queue = append(s.queue, q)
	s.wake()
	return true
}

// start puts the first batch ahead of those queued in the meantime and releases them.
func (s *Subscription) start(q queued) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append([]queued{q}, s.queue...)
	s.starting = false
	s.wake()
}

func (s *Subscription) end(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err, s.queue = err, nil
	}
	s.wake()
}

func (s *Subscription) wake() {
	select {
	case s.signal <- struct{}{}:
	default:
	}
}
