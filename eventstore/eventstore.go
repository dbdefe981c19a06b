// Package eventstore reads and writes streams of domain events in EventStoreDB through its official client,
// and keeps working across outages.
package eventstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// Store is the only way to the event log. It is safe for concurrent use. While the event store is down, a
// call blocks until its context ends and then fails with ErrUnavailable, so give every context a deadline.
type Store struct {
	catalog *Catalog
	keys    Keys
	log     *slog.Logger
	config  *esdb.Configuration
	gate    *gate
	hold    hold
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// Config holds what Open needs.
type Config struct {
	// URL of the event store: esdb://host:port?tls=false, or esdb+discover:// for a cluster.
	URL string
	// Catalog of all events, usually All().
	Catalog *Catalog
	// Keys encrypt personal data. May be nil when no event in the catalog holds any.
	Keys Keys
	Log  *slog.Logger
}

// Open starts connecting in the background and returns immediately. Use Wait to block until the event store
// answers. Close the Store after use.
func Open(_ context.Context, c Config) (*Store, error) {
	if c.Catalog == nil {
		return nil, errors.New("eventstore: no catalog")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	config, err := esdb.ParseConnectionString(c.URL)
	if err != nil {
		return nil, fmt.Errorf("event store url: %w", err)
	}
	tune(config)
	ctx, stop := context.WithCancel(context.Background())
	s := &Store{catalog: c.Catalog, keys: c.Keys, log: c.Log, config: config, gate: newGate(), stop: stop}
	s.done.Go(func() { s.supervise(ctx) })
	return s, nil
}

// Close ends all calls and subscriptions and closes the connection.
func (s *Store) Close() {
	s.gate.close()
	s.stop()
	s.done.Wait()
	s.gate.drain(5 * time.Second)
}

// Healthy reports whether the event store is connected and answering.
func (s *Store) Healthy() bool { return s.gate.open() }

// LastError returns why the event store is unhealthy, or nil when it is healthy.
func (s *Store) LastError() error { return s.gate.lastError() }

// Wait blocks until the event store answers. It returns ErrUnavailable if ctx ends first.
func (s *Store) Wait(ctx context.Context) error {
	c, err := s.gate.acquire(ctx)
	if err != nil {
		return err
	}
	c.release()
	return nil
}
