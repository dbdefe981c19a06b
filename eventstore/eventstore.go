// Package eventstore keeps streams of domain events in EventStoreDB, over its official client, and survives outages of it.
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

// Store is the one way to the event log. All its methods may be called at once from many goroutines. While the event
// store is away a call waits until its context ends and then fails with ErrUnavailable; give it a deadline.
type Store struct {
	catalog *Catalog
	keys    Keys
	log     *slog.Logger
	config  *esdb.Configuration
	gate    *gate
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// Config says where the event store is and how events are read and written.
type Config struct {
	// URL of the event store: esdb://host:port?tls=false, or esdb+discover:// for a cluster.
	URL string
	// Catalog lists all events, usually All().
	Catalog *Catalog
	// Keys seal personal data; nil when no event in the catalog is personal.
	Keys Keys
	Log  *slog.Logger
}

// Open starts connecting and returns at once; Wait tells when the event store answers. Close the Store after use.
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

// Close ends all calls and subscriptions and the connection.
func (s *Store) Close() {
	s.gate.close()
	s.stop()
	s.done.Wait()
	s.gate.drain(5 * time.Second)
}

// Healthy says whether the event store answered lately.
func (s *Store) Healthy() bool { return s.gate.open() }

// LastError is why the event store is not healthy, nil when it is.
func (s *Store) LastError() error { return s.gate.lastError() }

// Wait returns when the event store answers, or with ErrUnavailable when ctx ends first.
func (s *Store) Wait(ctx context.Context) error {
	c, err := s.gate.acquire(ctx)
	if err != nil {
		return err
	}
	c.release()
	return nil
}
