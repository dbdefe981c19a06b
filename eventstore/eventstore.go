// Package eventstore reads and writes streams of domain events in EventStoreDB through its official client,
// and keeps working across outages.
package eventstore

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
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
	late    atomic.Int64 // events that came behind a checkpoint
	writes  *writes
	stop    context.CancelFunc
	done    sync.WaitGroup
}

// Config holds what Open needs.
type Config struct {
	// URL of the event store: esdb://host:port?tls=false, or esdb+discover:// for a cluster. kurrentdb:// is the same.
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
	config, err := esdb.ParseConnectionString(officialURL(c.URL))
	if err != nil {
		return nil, fmt.Errorf("event store url: %w", err)
	}
	tune(config)
	ctx, stop := context.WithCancel(context.Background())
	s := &Store{catalog: c.Catalog, keys: c.Keys, log: c.Log, config: config, gate: newGate(), stop: stop}
	s.writes = newWrites(config)
	s.done.Go(func() { s.supervise(ctx) })
	s.done.Go(func() { s.writes.watch(ctx, s.gate) })
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

// Writable returns why the event store cannot take events at the moment, or nil if it can. A node of a cluster without
// a leader still answers reads.
func (s *Store) Writable() error {
	if err := s.gate.lastError(); err != nil {
		return err
	}
	return s.writes.lastError()
}

// Late returns how many events the event store has sent behind a checkpoint, which it must not do.
func (s *Store) Late() int64 { return s.late.Load() }

// Wait blocks until the event store answers. It returns ErrUnavailable with the reason if ctx ends first, and at once if
// the event store will not serve this program before someone changes something (see Refused).
func (s *Store) Wait(ctx context.Context) error {
	c, err := s.gate.acquire(ctx)
	if err != nil {
		return err
	}
	c.release()
	return nil
}

// officialURL returns a connection string with the scheme that the client knows. The vendor's documentation gives the
// same strings with the product's new name.
func officialURL(url string) string {
	if rest, renamed := strings.CutPrefix(url, "kurrentdb"); renamed {
		return "esdb" + rest
	}
	return url
}
