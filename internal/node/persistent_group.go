package node

import (
	"context"
	"hash/fnv"
	"log/slog"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const groupLinger = time.Minute // how long a group without consumers keeps its retry counts

// message is one event on its way through a group.
type message struct {
	resolved
	at      int64 // place in the source, as in the checkpoint: a revision, or a position for $all
	parked  int64 // its revision in the parked stream if replayed, else -1
	retries int32
	settled bool
	owner   *consumer // nil while it waits
	expires time.Time
}

// delivery is a message as sent to one consumer.
type delivery struct {
	resolved
	retries int32
}

// consumer is one connection to a group.
type consumer struct {
	buffer   int
	messages chan delivery           // has room for buffer messages, so sending never blocks
	inFlight map[[16]byte][]*message // by id of the original event
	count    int                     // messages in flight
	ended    error                   // why it was dropped; set before dropped is closed
	dropped  chan struct{}
}

func (c *consumer) free() bool { return c.count < c.buffer && len(c.messages) < c.buffer }

// subscriptionGroup runs one persistent subscription. One goroutine owns its state; others send it functions
// to run.
type subscriptionGroup struct {
	node  *Node
	row   groupRow
	lease *lease
	log   *slog.Logger

	calls   chan func()
	feed    chan *message // in log order; a message without an event only advances the checkpoint
	stopped chan struct{}
	stop    context.CancelFunc

	consumers []*consumer
	next      int        // consumer to try first in round robin
	waiting   []*message // in sending order; retries and replays come before new messages
	unsettled []*message // fed and not yet covered by the checkpoint, in log order
	fed       int64      // place of the last message fed
	saved     int64      // the checkpoint in the database
	replay    replay
	idleSince time.Time
	sent      int64 // messages sent since the group was started
}

// run works until ctx ends, the lease is lost, or the group has had no consumers for a while.
func (g *subscriptionGroup) run(ctx context.Context) {
	tick := time.NewTicker(min(g.row.settings.checkpointAfter(), time.Second))
	defer tick.Stop()
	reason := errStopping
	for lastSave := time.Now(); ctx.Err() == nil; {
		feed := g.feed
		if len(g.waiting) >= int(g.row.settings.HistoryBuffer) || len(g.consumers) == 0 {
			feed = nil
		}
		select {
		case m := <-feed:
			g.take(m)
		case call := <-g.calls:
			call()
		case now := <-tick.C:
			g.expire(now)
			if now.Sub(lastSave) >= g.row.settings.checkpointAfter() ||
				g.checkpoint()-g.saved >= int64(max(g.row.settings.MaxCheckpoint, 1)) {
				lastSave = now
				if !g.save(ctx) {
					reason = status.Error(codes.Unavailable, "the event log is not available")
					g.stop()
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
	g.save(final)
	g.lease.release()
	close(g.stopped)
	for _, c := range g.consumers {
		c.ended = reason
		close(c.dropped)
	}
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
	g.fed = m.at
	if m.event == nil && m.link == nil {
		return
	}
	g.unsettled = append(g.unsettled, m)
	g.waiting = append(g.waiting, m)
}

// dispatch passes waiting messages to consumers with room for them.
func (g *subscriptionGroup) dispatch() {
	for len(g.waiting) > 0 {
		m := g.waiting[0]
		c := g.choose(m)
		if c == nil {
			return
		}
		g.waiting = g.waiting[1:]
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
	g.replay.settled(m)
}

// retry sends a message again, ahead of new ones, or parks it after too many retries.
func (g *subscriptionGroup) retry(m *message) {
	if m.retries >= g.row.settings.MaxRetries {
		g.park(m, "too many retries")
		return
	}
	m.retries++
	g.waiting = append([]*message{m}, g.waiting...)
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

// checkpoint returns the place up to which all messages are settled.
func (g *subscriptionGroup) checkpoint() int64 {
	settled := 0
	for settled < len(g.unsettled) && g.unsettled[settled].settled {
		settled++
	}
	g.unsettled = g.unsettled[settled:]
	if len(g.unsettled) > 0 {
		return g.unsettled[0].at - 1
	}
	return g.fed
}

// save stores the checkpoint if it has moved. It returns false if the lease is lost and the group must end.
func (g *subscriptionGroup) save(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	g.truncateParked()
	at := g.checkpoint()
	if at <= g.saved {
		return g.lease.alive(ctx) == nil
	}
	if err := g.lease.save(ctx, at); err != nil {
		g.log.Warn("subscription group checkpoint failed", "group", g.row.key.name, cause(err))
		return false
	}
	g.saved = at
	return true
}
