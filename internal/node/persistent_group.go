package node

import (
	"cmp"
	"context"
	"hash/fnv"
	"log/slog"
	"slices"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	groupLinger  = time.Minute // how long a group without consumers keeps running, with its retry counts
	maxGroupHeld = 64 << 20    // bytes of the messages a group holds, unless a single one is larger
)

// subscriptionGroup runs one persistent subscription. One goroutine owns its state; others send it functions
// to run.
type subscriptionGroup struct {
	node  *Node
	row   groupRow
	lease *lease
	log   *slog.Logger

	calls    chan func()
	feed     chan *message // in log order; a message without an event only advances the checkpoint
	replayed chan *message // out of the parked stream
	stopped  chan struct{}
	running  context.Context    // of the group's workers
	stop     context.CancelFunc // ends running
	reason   error              // what consumers are told when the group ends

	consumers   []*consumer
	next        int        // consumer to try first in round robin
	again       []*message // to send before new ones, in sendingOrder
	waiting     []*message // new ones
	held        int        // bytes of all messages that are not settled
	unsettled   []*message // fed and not yet covered by the checkpoint, in log order
	fed         int64      // place of the last message fed
	saved       int64      // the checkpoint in the database
	covered     int        // messages settled or skipped since then
	unpublished int        // messages settled or skipped since the checkpoint was last published
	replay      replay
	idleSince   time.Time
	sent        int64 // messages sent since the group was started
}

// run works until ctx ends, the lease is lost, or the group has had no consumers for a while.
func (g *subscriptionGroup) run(ctx context.Context) {
	tick := time.NewTicker(min(g.row.settings.checkpointAfter(), time.Second))
	defer tick.Stop()
	for lastSave := time.Now(); ctx.Err() == nil; {
		feed, replayed := g.feed, g.replayed
		if len(g.consumers) == 0 || g.held >= maxGroupHeld {
			feed, replayed = nil, nil
		}
		if len(g.waiting) >= int(g.row.settings.HistoryBuffer) {
			feed = nil
		}
		if len(g.again) >= int(g.row.settings.HistoryBuffer) {
			replayed = nil
		}
		select {
		case m := <-feed:
			g.take(m)
		case m := <-replayed:
			g.takeReplayed(m)
		case call := <-g.calls:
			call()
		case now := <-tick.C:
			g.expire(now)
			g.checkpoint() // updates covered
			if now.Sub(lastSave) >= g.row.settings.checkpointAfter() || g.covered >= int(max(g.row.settings.MaxCheckpoint, 1)) {
				lastSave = now
				if !g.save(ctx, false) {
					g.end(status.Error(codes.Unavailable, "the event log is not available"))
				}
			}
			if len(g.consumers) > 0 {
				g.idleSince = now
			} else if now.Sub(g.idleSince) > groupLinger {
				g.stop()
			}
		case <-ctx.Done():
		}
		g.dispatch()
	}
	final, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	g.save(final, true)
	g.lease.release()
	close(g.stopped)
	for _, c := range g.consumers {
		c.ended = cmp.Or(g.reason, errStopping)
		close(c.dropped)
	}
}

// end ends the group. Its consumers get the reason.
func (g *subscriptionGroup) end(reason error) {
	g.reason = reason
	g.stop()
}

// do runs a function on the group's goroutine and waits for it. It returns false if the group has ended.
func (g *subscriptionGroup) do(call func()) bool {
	done := make(chan struct{})
	select {
	case g.calls <- func() { defer close(done); call() }:
	case <-g.stopped:
		return false
	}
	select {
	case <-done:
		return true
	case <-g.stopped:
		return false
	}
}

func (g *subscriptionGroup) take(m *message) {
	m.before = g.fed
	g.fed = m.at
	if m.empty() {
		g.cover(1)
		return
	}
	g.held += m.size()
	g.unsettled = append(g.unsettled, m)
	g.waiting = append(g.waiting, m)
}

// sendAgain puts a message before all new ones.
func (g *subscriptionGroup) sendAgain(m *message) {
	at, _ := slices.BinarySearchFunc(g.again, m, sendingOrder)
	g.again = slices.Insert(g.again, at, m)
}

// dispatch passes waiting messages to consumers with room for them.
func (g *subscriptionGroup) dispatch() {
	for {
		queue := &g.again
		if len(*queue) == 0 {
			queue = &g.waiting
		}
		if len(*queue) == 0 {
			return
		}
		m := (*queue)[0]
		c := g.choose(m)
		if c == nil {
			return
		}
		(*queue)[0] = nil
		*queue = (*queue)[1:]
		m.owner = c
		if timeout := g.row.settings.timeout(); timeout > 0 {
			m.expires = time.Now().Add(timeout)
		}
		id := m.original().id
		c.inFlight[id] = append(c.inFlight[id], m)
		c.count++
		g.sent++
		c.messages <- delivery{m.resolved, m.retries}
	}
}

// choose applies the consumer strategy. It returns nil if the message must wait.
func (g *subscriptionGroup) choose(m *message) *consumer {
	n := len(g.consumers)
	if n == 0 {
		return nil
	}
	first := 0
	switch g.row.settings.Strategy {
	case strategyPinned:
		h := fnv.New32a()
		_, _ = h.Write([]byte(pinningStream(m)))
		if c := g.consumers[int(h.Sum32()%uint32(n))]; c.free() {
			return c
		}
		return nil
	case strategyRoundRobin:
		first = g.next
	}
	for i := range n {
		c := g.consumers[(first+i)%n]
		if c.free() {
			g.next = (first + i + 1) % n
			return c
		}
	}
	return nil
}

// pinningStream returns the stream by which a message is pinned to a consumer: the stream of the event, not of
// the link to it.
func pinningStream(m *message) string {
	if m.event != nil {
		return m.event.stream
	}
	return m.link.stream
}

// release takes a message away from its consumer.
func (g *subscriptionGroup) release(m *message) {
	c := m.owner
	if c == nil {
		return
	}
	m.owner = nil
	c.count--
	id := m.original().id
	rest := c.inFlight[id]
	for i, other := range rest {
		if other == m {
			rest = append(rest[:i], rest[i+1:]...)
			break
		}
	}
	if len(rest) == 0 {
		delete(c.inFlight, id)
	} else {
		c.inFlight[id] = rest
	}
}

func (g *subscriptionGroup) settle(m *message) {
	m.settled = true
	g.held -= m.size()
	m.resolved = resolved{} // it may have to wait in unsettled for earlier ones
	g.replay.settled(m)
}

// retry sends a message again, ahead of new ones, or parks it after too many retries.
func (g *subscriptionGroup) retry(m *message) {
	if m.retries >= g.row.settings.MaxRetries {
		g.park(m, "too many retries")
		return
	}
	m.retries++
	g.sendAgain(m)
}

func (g *subscriptionGroup) expire(now time.Time) {
	if g.row.settings.MessageTimeout == 0 {
		return
	}
	for _, c := range g.consumers {
		for _, same := range c.inFlight {
			for _, m := range append([]*message(nil), same...) {
				if now.After(m.expires) {
					g.release(m)
					g.retry(m)
				}
			}
		}
	}
}
