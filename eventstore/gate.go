package eventstore

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// gate admits calls to the client. It is open while a connection is known to work.
//
// The client must never search for a server while it serves calls: it would block regardless of contexts, and
// stay dead after giving up. So a failed connection is retired as a whole, and the next one gets a new client.
type gate struct {
	mu      sync.Mutex
	current *conn         // nil while the gate is closed
	changed chan struct{} // closed and renewed whenever current or closed changes
	closed  bool
	last    error // why it is closed
	conns   sync.WaitGroup
	workers workers
}

// conn is one client and the calls running on it.
type conn struct {
	gate      *gate
	client    *esdb.Client
	retired   chan struct{} // closed to stop new calls and to end running ones
	refs      int           // guarded by gate.mu
	isRetired bool          // guarded by gate.mu
	used      time.Time     // last success; guarded by gate.mu
}

func newGate() *gate {
	return &gate{changed: make(chan struct{}), last: errors.New("not connected yet"), workers: newWorkers()}
}

// acquire waits until the gate is open and registers the caller on the connection. The caller must release it. It does
// not wait when the event store refuses this program.
func (g *gate) acquire(ctx context.Context) (*conn, error) { return g.admitted(ctx, true) }

// await is acquire for a caller with nothing else to do, which waits even then.
func (g *gate) await(ctx context.Context) (*conn, error) { return g.admitted(ctx, false) }

func (g *gate) admitted(ctx context.Context, impatient bool) (*conn, error) {
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
		if refused := new(Refused); impatient && errors.As(last, &refused) {
			return nil, fmt.Errorf("%w (%w)", ErrUnavailable, refused)
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, contextError(ctx, last)
		}
	}
}

// enter registers a caller without waiting at the gate. It returns errLost if the connection was retired,
// because the client may be closed by then.
func (c *conn) enter() error {
	c.gate.mu.Lock()
	defer c.gate.mu.Unlock()
	if c.isRetired {
		return errLost
	}
	c.refs++
	return nil
}

// release unregisters a caller. The last one to leave a retired connection closes its client; closing it
// under a running call would make the client panic.
func (c *conn) release() {
	g := c.gate
	g.mu.Lock()
	c.refs--
	end := c.isRetired && c.refs == 0
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
	if g.closed || c.isRetired {
		return
	}
	c.used = time.Now()
	g.current, g.last = c, nil
	g.notify()
}

// retire closes the gate if c is the current connection, and ends all calls on c.
func (c *conn) retire(cause error) {
	g := c.gate
	g.mu.Lock()
	if c.isRetired {
		g.mu.Unlock()
		return
	}
	c.isRetired = true
	close(c.retired)
	if g.current == c {
		g.current, g.last = nil, cause
		g.notify()
	}
	c.refs++ // release closes the client when this is the last reference
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
		g.notify() // callers need not wait for what is refused
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

// close admits no more callers.
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

// drain waits for all clients to close, up to a limit: a client searching for a server cannot be interrupted.
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
