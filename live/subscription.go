package live

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// queueLimit is how many batches wait for a subscriber before it is cut off.
const queueLimit = 256

// Subscription is one listener. It ends with the context it was made with.
type Subscription struct {
	hub      *Hub
	interest Interest // guarded by hub.mu
	from     place    // changes up to here are not told; guarded by hub.mu
	told     uint64   // the position it was last given; guarded by hub.mu
	mark     uint64   // the last change considered; guarded by hub.mu
	pending  []*Change
	stop     func() bool // of the context's end

	mu     sync.Mutex
	queue  []queued
	held   bool // queued batches wait for the first one
	err    error
	signal chan struct{}
}

type queued struct {
	place    place
	resync   bool
	changes  []*Change
	watchers []Watcher
}

// Next waits for something to tell. What has come up since the last call is one batch.
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

// Change replaces what the subscriber is interested in, from now on.
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
	if s.held || len(s.queue) == 0 {
		return Batch{}, false, nil
	}
	q := s.queue
	s.queue = nil
	return join(q), true, nil
}

// join makes one batch of several, with each row once.
func join(queue []queued) Batch {
	if len(queue) == 1 && !mayRepeat(queue[0].changes) {
		q := queue[0]
		b := Batch{Position: q.place.String(), Through: q.place.position, Resync: q.resync, Watchers: q.watchers}
		if len(q.changes) > 0 {
			b.Changes = make([]Change, len(q.changes))
			for i, c := range q.changes {
				b.Changes[i] = *c
			}
		}
		return b
	}
	var b Batch
	last := make(map[[2]string]*Change)
	var order []*Change
	for _, q := range queue {
		b.Position, b.Through = q.place.String(), q.place.position
		if q.resync {
			b.Resync = true
			order = order[:0]
			clear(last)
		}
		if q.watchers != nil {
			b.Watchers = q.watchers
		}
		for _, c := range q.changes {
			row := [2]string{c.Kind, c.ID}
			if earlier := last[row]; earlier != nil {
				c = c.since(earlier)
			}
			last[row] = c
			order = append(order, c)
		}
	}
	for _, c := range order {
		if last[[2]string{c.Kind, c.ID}] == c {
			b.Changes = append(b.Changes, *c)
		}
	}
	return b
}

// mayRepeat says whether a row may be among the changes twice, as it is where several batches were read at once. Few are
// compared, since that makes no garbage for thousands of subscribers.
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

// since is the change seen together with an earlier one of the same row: what the scope was before both.
func (c *Change) since(earlier *Change) *Change {
	both := *c
	both.QueueBefore = cmp.Or(earlier.QueueBefore, earlier.Queue)
	both.AccountBefore = cmp.Or(earlier.AccountBefore, earlier.Account)
	both.ListBefore = cmp.Or(earlier.ListBefore, earlier.List)
	both.AgentsBefore = slices.Concat(earlier.AgentsBefore, c.AgentsBefore)
	return &both
}

// put queues something and returns false when the subscriber has too much waiting. It never blocks.
func (s *Subscription) put(q queued) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) >= queueLimit {
		return false
	}
	s.queue = append(s.queue, q)
	s.wake()
	return true
}

// begin puts the first batch before those that have come up meanwhile, and lets them go.
func (s *Subscription) begin(q queued) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queue = append([]queued{q}, s.queue...)
	s.held = false
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
