package projections

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/eventstore"
)

// Config says what to project, from where to where.
type Config struct {
	Store  *eventstore.Store
	Pool   *pgxpool.Pool // says where the database is; projecting uses connections of its own
	Models []Model       // those that others' views need come first
	Log    *slog.Logger
	// CacheRows is how many rows of each table are remembered between batches; 0 is 20 000.
	CacheRows int
	// Retry is the longest pause before a stopped read model tries again; 0 is 10 s.
	Retry time.Duration
	// BulkMemory is how many bytes a rebuild may hold in memory, roughly; 0 is 1 GiB.
	BulkMemory uint64
}

func (c *Config) defaults() error {
	if c.Store == nil || c.Pool == nil {
		return errors.New("projections: no store or no pool")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.CacheRows == 0 {
		c.CacheRows = defaultCacheRows
	}
	if c.Retry == 0 {
		c.Retry = 10 * time.Second
	}
	if c.BulkMemory == 0 {
		c.BulkMemory = 1 << 30
	}
	return check(c.Models)
}

const (
	defaultCacheRows = 20_000
	standbyPause     = 400 * time.Millisecond // between a waiting process's attempts to lead
	leaderLock       = `SELECT pg_try_advisory_lock(hashtextextended('parley projector', 0))`
)

// Run folds events into the read models until ctx ends. Any number of processes may run it on one database: one leads, the
// others wait and take over within seconds. It goes on through outages of Postgres and of the event store; the error it
// returns is a mistake in its Config.
func Run(ctx context.Context, c Config) error {
	if err := c.defaults(); err != nil {
		return err
	}
	p := newPause(100*time.Millisecond, 2*time.Second)
	away := false
	for ctx.Err() == nil {
		led, err := runSession(ctx, c)
		if errors.Is(err, eventstore.ErrClosed) {
			return nil
		}
		if led {
			p.reset()
			away = false
		}
		if err != nil && ctx.Err() == nil && !away {
			c.Log.Warn("projector begins anew", "error", describe(err))
			away = true
		}
		p.wait(ctx)
	}
	return nil
}

// runSession waits on one connection until it may lead, then leads as long as it can. The lock and all writes belong to the
// same connection, so a process that lost the one cannot do the other.
func runSession(ctx context.Context, c Config) (led bool, err error) {
	conn, err := connect(ctx, c.Pool)
	if err != nil {
		return false, err
	}
	defer closeConn(conn)
	for {
		if err := conn.QueryRow(ctx, leaderLock).Scan(&led); err != nil {
			return false, err
		}
		if led {
			break
		}
		if !sleep(ctx, standbyPause) {
			return false, ctx.Err()
		}
	}
	c.Log.Info("projector leads")
	return true, newLeader(c, conn).lead(ctx)
}

// connect makes a connection for writing read models: what is lost in a crash is folded again from the log, so it need not
// wait for the disk. A peer that has vanished is noticed within seconds, so that its locks become free.
func connect(ctx context.Context, pool *pgxpool.Pool) (*pgx.Conn, error) {
	config := pool.Config().ConnConfig
	for name, value := range map[string]string{
		"synchronous_commit": "off", "search_path": "app_data, public", "application_name": "parley projector",
		"statement_timeout": "0", "lock_timeout": "10000", "idle_in_transaction_session_timeout": "60000",
		"tcp_keepalives_idle": "5", "tcp_keepalives_interval": "2", "tcp_keepalives_count": "3",
	} {
		config.RuntimeParams[name] = value
	}
	config.OnNotification = nil
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("projector: %w", err)
	}
	readUTC(conn)
	return conn, nil
}

func closeConn(conn *pgx.Conn) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_ = conn.Close(ctx)
}
