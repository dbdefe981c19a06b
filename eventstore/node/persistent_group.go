package node

import (
	"context"
	"hash/fnv"
	"log/slog"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const groupLinger = time.Minute // a group without consumers keeps its retry counts for this long

// message is one event on its way through a group.
type message struct {
	resolved
	at      int64 // revision, or position for $all: what the checkpoint counts in
	parked  int64 // revision in the parked stream it is replayed from, else -1
	retries int32
	settled bool
	owner   *consumer // nil while it waits
	expires time.Time
}

// delivery is a message as it is sent to one consumer.
type delivery struct {
	resolved
	retries int32
}

// consumer is one connection to a group.
type consumer struct {
	buffer   int
	messages chan delivery           // never full: room for buffer messages
	inFlight map[[16]byte][]*message // by id of the original event
	count    int
	ended    error // why it was dropped; set before dropped is closed
	dropped  chan struct{}
}

func (c *consumer) free() bool { return c.count < c.buffer && len(c.messages) < c.buffer }

// subscriptionGroup runs one persistent subscription. All its state belongs to one goroutine; others send it functions.
type subscriptionGroup struct {
	node  *Node
	row   groupRow
	lease *lease
	log   *slog.Logger

	calls   chan func()
	feed    chan *message // in the order of the log; one without an event only moves the checkpoint on
	stopped chan struct{}
	stop    context.CancelFunc

	consumers []*consumer
	next      int        // round robin
	waiting   []*message // first to be sent first; retries and replays come before new ones
	unsettled []*message // everything fed and not yet below the checkpoint, in the order of the log
	fed       int64      // the last message fed
	saved     int64
	replay    replay
	idleSince time.Time
	sent      int64
}

// run works until ctx ends, the lease is lost or nobody was interested for a while.
func (g *subscriptionGroup) run(ctx context.Context) {
	tick := time.NewTicker(min(g.row.settings.checkpointAfter(), time.Second))
	defer tick.Stop()
	reason := errStopping
	for saved := time.Now(); ctx.Err() == nil; {
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
			if now.Sub(saved) >= g.row.settings.checkpointAfter() || g.checkpoint()-g.saved >= int64(max(g.row.settings.MaxCheckpoint, 1)) {
				saved = now
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

// do has the group's goroutine run a function and waits for it. False means that the group has ended.
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

// dispatch hands waiting messages to consumers with room for them.
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

// choose applies the consumer strategy. Nil means that the message must wait.
func (g *subscriptionGroup) choose(m *message) *consumer {
	n := len(g.consumers)
	if n == 0 {
		return nil
	}
	first := 0
	switch g.row.settings.Strategy {
	case strategyPinned:
		h := fnv.New32a()
		_, _ = h.Write([]byte(pinnedTo(m)))
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

// pinnedTo is the stream whose events are to go to one consumer: that of the event itself, not of a link to it.
func pinnedTo(m *message) string {
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

// retry sends a message again, ahead of new ones, or parks it when it was tried often enough.
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

// checkpoint is the place below which everything is settled.
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

// save writes the checkpoint if it moved. False means that the lease is lost and the group must end.
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
