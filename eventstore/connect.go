package eventstore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

const (
	dialTimeout   = time.Second
	probeTimeout  = 2 * time.Second // tripled for the first probe, which may try several addresses
	probeInterval = 3 * time.Second // of silence before an idle connection is probed
	probeStream   = "parley-probe"  // never exists
)

// tune limits the client to one search for a server. The client searches on its first call, which is the
// supervisor's probe, while no other caller waits. If the search fails the client is dead and the supervisor
// makes a new one. Otherwise several clients would keep searching side by side for as long as an outage lasts.
func tune(c *esdb.Configuration) {
	c.MaxDiscoverAttempts = 1
	c.DiscoveryInterval = 10 // ms
	c.GossipTimeout = 2      // s, per address
}

// supervise keeps one working connection at the gate until ctx ends.
func (s *Store) supervise(ctx context.Context) {
	unreachable := backoff{first: 50 * time.Millisecond, most: 500 * time.Millisecond}
	refusing := backoff{first: time.Second, most: 5 * time.Second} // someone has to change something first
	said := ""
	for ctx.Err() == nil {
		c, err := s.connect(ctx)
		if err != nil {
			var refused *Refused
			final := errors.As(err, &refused)
			if kind := kindOf(refused); kind != said && ctx.Err() == nil {
				s.log.Warn("event store unreachable", "error", err)
				said = kind
			}
			s.gate.failed(err)
			if final {
				refusing.wait(ctx)
			} else {
				unreachable.wait(ctx)
			}
			continue
		}
		unreachable.reset()
		refusing.reset()
		said = ""
		s.log.Info("event store connected")
		s.gate.admit(c)
		s.watch(ctx, c)
		c.retire(ErrClosed) // no effect if the connection was lost already
	}
}

// connect creates a client, waits until it has answered a read, and checks the user's rights. It dials first, because a
// client without a server would start searching for one.
func (s *Store) connect(ctx context.Context) (*conn, error) {
	if err := reachable(ctx, s.config); err != nil {
		return nil, err
	}
	c := &conn{gate: s.gate, retired: make(chan struct{})}
	config := *s.config
	config.Logger = s.clientLog(c)
	client, err := esdb.NewClient(&config)
	if err != nil {
		return nil, err
	}
	c.client = client
	s.gate.conns.Add(1)
	err = c.probe(ctx, 3*probeTimeout)
	if err == nil {
		err = s.checkRights(ctx, c)
	}
	if err != nil {
		c.retire(err)
		return nil, s.explain(ctx, err)
	}
	return c, nil
}

// watch returns when the connection is lost or ctx ends. It probes an idle connection, because a peer that
// vanished sends no error.
func (s *Store) watch(ctx context.Context, c *conn) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.retired:
			if err := s.gate.lastError(); !errors.Is(err, ErrClosed) {
				s.log.Warn("event store connection lost", "error", err)
			}
			return
		case <-time.After(time.Until(c.idleSince().Add(probeInterval))):
		}
		if time.Since(c.idleSince()) < probeInterval {
			continue
		}
		if err := c.probe(ctx, probeTimeout); err != nil {
			c.retire(err)
			continue
		}
		c.succeeded()
	}
}

// probe reads a stream that does not exist, the cheapest request that reaches the server's storage.
func (c *conn) probe(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	if err := c.enter(); err != nil {
		return err
	}
	_, err := run(ctx, c, func(ctx context.Context, client *esdb.Client) (struct{}, error) {
		if _, err := client.GetServerVersion(); err != nil {
			return struct{}{}, err
		}
		read, err := client.ReadStream(ctx, probeStream, esdb.ReadStreamOptions{From: esdb.Start{}}, 1)
		if err != nil {
			return struct{}{}, err
		}
		defer read.Close()
		if _, err = read.Recv(); errors.Is(err, io.EOF) || classify(err) == notFound {
			err = nil
		}
		return struct{}{}, err
	})
	return err
}

// reachable returns nil if one of the configured addresses accepts connections.
func reachable(ctx context.Context, c *esdb.Configuration) error {
	dialer := net.Dialer{Timeout: dialTimeout}
	var last error
	for _, address := range addresses(c) {
		c, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return c.Close()
		}
		last = err
	}
	return last
}

func addresses(c *esdb.Configuration) []string {
	if len(c.GossipSeeds) == 0 {
		return []string{c.Address}
	}
	var seeds []string
	for _, seed := range c.GossipSeeds {
		seeds = append(seeds, seed.String())
	}
	return seeds
}

// clientLog forwards the client's log and stops the client from searching for a server.
//
// The client logs an error on the goroutine of the call, right before it starts a search. During a search it
// blocks all callers, and it replaces the old connection without closing it. So the logger panics to abort
// the call, and the supervisor makes a new client.
func (s *Store) clientLog(c *conn) esdb.LoggingFunc {
	return func(level esdb.LogLevel, format string, args ...any) {
		if s.log.Enabled(context.Background(), slog.LevelDebug) {
			s.log.Debug("event store client", "level", level, "text", fmt.Sprintf(format, args...))
		}
		if !strings.HasPrefix(format, "unexpected exception") {
			return
		}
		for _, arg := range args {
			if err, ok := arg.(error); ok && status.Code(err) == codes.Unavailable {
				c.retire(err)
				panic(abortedSearch{err})
			}
		}
	}
}

// abortedSearch is what clientLog panics with. It carries the error that made the client search.
type abortedSearch struct{ error }

// panicError returns the error behind a panic of the client. The client also panics on messages it does not know.
func panicError(p any) error {
	if u, ok := p.(abortedSearch); ok {
		return u.error
	}
	return fmt.Errorf("event store client: %v", p)
}
