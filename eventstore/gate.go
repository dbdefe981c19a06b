package eventstore

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// gate is what every call passes before it may use the client. It is open while a connection is known to work.
//
// The client must never search for a server while it serves calls: it would block without regard to contexts, and when it
// gives up it stays dead. So a connection that failed is given up as a whole, and a new client is made for the next one.
type gate struct {
	mu      sync.Mutex
	current *conn         // nil while the gate is shut
	changed chan struct{} // closed and renewed whenever current or closed changes
	closed  bool
	last    error // why it is shut
	conns   sync.WaitGroup
	workers workers
}

// conn is one client with the calls that run on it.
type conn struct {
	gate    *gate
	client  *esdb.Client
	retired chan struct{} // closed when no new call may use it and running ones should end
	refs    int           // guarded by gate.mu
	gone    bool          // guarded by gate.mu
	used    time.Time     // of the last success; guarded by gate.mu
}

func newGate() *gate {
	return &gate{changed: make(chan struct{}), last: errors.New("not connected yet"), workers: newWorkers()}
}

// acquire waits for the gate and counts the caller in; the caller releases.
func (g *gate) acquire(ctx context.Context) (*conn, error) {
	for {
		g.mu.Lock()
		if g.closed {
			g.mu.Unlock()
			return nil, ErrClosed
		}
		if c := g.current; c != nil {
			c.refs++
			g.mu.Unlock()
			return c, nil
		}
		changed, last := g.changed, g.last
		g.mu.Unlock()
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, outOfTime(ctx, last)
		}
	}
}

// enter counts a caller in without asking the gate; errLost when the connection was given up, for its client may be closed by now.
func (c *conn) enter() error {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	if c.gone {
		return errLost
	}
	c.refs++
	return nil
}

// release counts the caller out. The last one to leave a retired connection closes its client, never an earlier one:
// the client panics when it is closed under a running call.
func (c *conn) release() {
	g := c.gate
	g.mu.Lock()
	c.refs--
	end := c.gone && c.refs == 0
	g.mu.Unlock()
	if end {
		_ = c.client.Close()
		g.conns.Done()
	}
}

// admit opens the gate with a connection that has just answered.
func (g *gate) admit(c *conn) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed || c.gone {
		return
	}
	c.used = time.Now()
	g.current, g.last = c, nil
	g.notify()
}

// retire shuts the gate if c is the connection in use, and ends what runs on it.
func (c *conn) retire(cause error) {
	g := c.gate
	g.mu.Lock()
	if c.gone {
		g.mu.Unlock()
		return
	}
	c.gone = true
	close(c.retired)
	if g.current == c {
		g.current, g.last = nil, cause
		g.notify()
	}
	c.refs++ // so that release closes the client when nobody else will
	g.mu.Unlock()
	c.release()
}

func (c *conn) succeeded() {
	c.gate.mu.Lock()
	c.used = time.Now()
	c.gate.mu.Unlock()
}

func (c *conn) idleSince() time.Time {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	return c.used
}

func (g *gate) notify() {
	close(g.changed)
	g.changed = make(chan struct{})
}

func (g *gate) failed(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.current == nil {
		g.last = err
	}
}

func (g *gate) open() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.current != nil
}

func (g *gate) lastError() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.last
}

// close lets nobody in any more.
func (g *gate) close() {
	g.mu.Lock()
	c := g.current
	if !g.closed {
		close(g.workers.ended)
	}
	g.closed = true
	g.last = ErrClosed
	g.notify()
	g.mu.Unlock()
	if c != nil {
		c.retire(ErrClosed)
	}
}

// drain waits until every client is closed, but not for ever: one that is looking for a server cannot be interrupted.
func (g *gate) drain(limit time.Duration) {
	drained := make(chan struct{})
	go func() {
		g.conns.Wait()
		close(drained)
	}()
	select {
	case <-drained:
	case <-time.After(limit):
	}
}
