// Package engine folds the event log into the read models. One process, the leader, stores each batch and
// its position in one transaction; followers wait to take over. The package also rebuilds, verifies and
// switches read models, and tells every process how far they have got.
package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/eventstore"
	"parley/internal/database"
	"parley/projections"
)

// Config says which read models to project, from which event store into which database.
type Config struct {
	Store    *eventstore.Store
	LogID    string              // identity of the log in Store, which the read models must belong to
	Commands Commands            // records decisions about read models in the log
	Pool     *pgxpool.Pool       // the database; projecting opens its own connections
	Models   []projections.Model // those that other views depend on come first
	Log      *slog.Logger
	// CacheBytes is how many bytes of each table's rows are cached between batches. The default is 2 MiB.
	CacheBytes int
	// Retry is the longest delay before a stopped read model is retried. The default is 10 s.
	Retry time.Duration
	// BulkMemory is roughly how many bytes a rebuild may hold in memory. The default is 1 GiB.
	BulkMemory uint64
}

func (c *Config) defaults() error {
	if c.Store == nil || c.Commands == nil || c.Pool == nil {
		return errors.New("projections: no store, no commands or no pool")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.CacheBytes == 0 {
		c.CacheBytes = defaultCacheBytes
	}
	if c.Retry == 0 {
		c.Retry = 10 * time.Second
	}
	if c.BulkMemory == 0 {
		c.BulkMemory = 1 << 30
	}
	return checkModels(c.Models)
}

const (
	defaultCacheBytes = 2 << 20
	standbyInterval   = 400 * time.Millisecond // between a follower's attempts to become the leader
	leadsSQL          = `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
		AND (classid::bigint << 32 | objid::bigint) = hashtextextended('parley projector', 0)
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`
)

// Run projects events into the read models until ctx ends. Any number of processes may run it on one
// database: one leads, the others take over within seconds. It survives outages of Postgres and the event
// store. Its only errors are mistakes in the Config.
func Run(ctx context.Context, c Config) error {
	if err := c.defaults(); err != nil {
		return err
	}
	retry := newBackoff(100*time.Millisecond, 2*time.Second)
	warned := false
	for ctx.Err() == nil {
		led, err := runSession(ctx, c)
		if errors.Is(err, eventstore.ErrClosed) {
			return nil
		}
		if led {
			retry.reset()
			warned = false
		}
		if err != nil && ctx.Err() == nil && !warned {
			c.Log.Warn("projector restarts", "error", describe(err))
			warned = true
		}
		retry.wait(ctx)
	}
	return nil
}

// runSession waits on one connection for the leader lock, then leads until that connection is lost. All
// writes use the same connection, so a process that loses the lock can no longer write.
func runSession(ctx context.Context, c Config) (led bool, err error) {
	conn, err := connect(ctx, c.Pool)
	if err != nil {
		return false, err
	}
	defer database.CloseSession(conn)
	f := &follower{config: c, conn: conn, unread: make(map[eventstore.Position]bool)}
	if err := f.waitToLead(ctx); err != nil {
		return false, err
	}
	c.Log.Info("became the leader of the projectors")
	return true, newLeader(c, conn).lead(ctx)
}

// connect opens a connection for writing read models. Commits do not wait for the disk, since rows lost in
// a crash are folded again from the log.
func connect(ctx context.Context, pool *pgxpool.Pool) (*pgx.Conn, error) {
	conn, err := database.Session(ctx, pool, "parley projector", map[string]string{
		"synchronous_commit": "off", "search_path": "app_data, public", "statement_timeout": "0",
		"lock_timeout": "10000", "idle_in_transaction_session_timeout": "60000",
	})
	if err != nil {
		return nil, fmt.Errorf("projector: %w", err)
	}
	return conn, nil
}
