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
	probeTimeout  = 2 * time.Second // three times that for the first, which may ask several addresses
	probeInterval = 3 * time.Second // of silence, before the connection is asked whether it still works
)

// tune makes the client search for a server once and no more. It does so on its first call, the supervisor's probe,
// when nobody else waits; a client whose search fails is dead, and the supervisor makes another. Without that the
// searches of several clients would go on side by side for as long as an outage lasts.
func tune(c *esdb.Configuration) {
	c.MaxDiscoverAttempts = 1
	c.DiscoveryInterval = 10 // ms
	c.GossipTimeout = 2      // s, for each address
}

// supervise keeps one working connection at the gate until ctx ends.
func (s *Store) supervise(ctx context.Context) {
	p := pause{first: 50 * time.Millisecond, most: 500 * time.Millisecond}
	away := false
	for ctx.Err() == nil {
		c, err := s.connect(ctx)
		if err != nil {
			if !away && ctx.Err() == nil {
				s.log.Warn("event store is away", "error", err)
				away = true
			}
			s.gate.failed(err)
			p.wait(ctx)
			continue
		}
		p.reset()
		away = false
		s.log.Info("event store is there")
		s.gate.admit(c)
		s.watch(ctx, c)
		c.retire(ErrClosed) // unless it was lost already
	}
}

// connect makes a client and sees it answer a read. It dials first, so that the client is not left searching.
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
	if err := c.probe(ctx, 3*probeTimeout); err != nil {
		c.retire(err)
		return nil, fmt.Errorf("probe: %w", err)
	}
	return c, nil
}

// watch returns when the connection is lost or ctx ends. A silent one is probed, for a peer that vanished says nothing.
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

// probe reads a stream that does not exist: the cheapest question that goes all the way.
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
		read, err := client.ReadStream(ctx, "parley-probe", esdb.ReadStreamOptions{From: esdb.Start{}}, 1)
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

// reachable says whether anything accepts connections at one of the configured addresses.
func reachable(ctx context.Context, c *esdb.Configuration) error {
	addresses := []string{c.Address}
	if len(c.GossipSeeds) > 0 {
		addresses = addresses[:0]
		for _, seed := range c.GossipSeeds {
			addresses = append(addresses, seed.String())
		}
	}
	dialer := net.Dialer{Timeout: dialTimeout}
	var last error
	for _, address := range addresses {
		c, err := dialer.DialContext(ctx, "tcp", address)
		if err == nil {
			return c.Close()
		}
		last = err
	}
	return last
}

// clientLog takes what the client would print, and keeps it from searching for a server by itself.
//
// The client reports an error to its log, on the goroutine of the call, right before it begins that search. While it
// searches it blocks everybody, and what it finds replaces the old connection without closing it. So the call is
// unwound from here; the supervisor makes a new client instead.
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
				panic(unwound{err})
			}
		}
	}
}

// unwound carries an error out of the client past its search for a server.
type unwound struct{ error }

// recovered is the error a call of the client ended with when it panicked, as it also does on messages it does not know.
func recovered(p any) error {
	if u, ok := p.(unwound); ok {
		return u.error
	}
	return fmt.Errorf("event store client: %v", p)
}
