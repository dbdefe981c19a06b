package reactions

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/internal/database"
)

const (
	lockPause = 400 * time.Millisecond // between attempts to become the leader
	lockPing  = time.Second
	lockLimit = 3 * time.Second // the lock counts as lost after this long without an answer
	tryLock   = `SELECT pg_try_advisory_lock(hashtextextended('parley reactions', 0))`
)

// underLock waits until this process becomes the leader, and then calls lead. The ctx of lead ends when the
// lock is lost. underLock returns after lead has returned.
func underLock(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger, lead func(context.Context)) error {
	conn, err := database.Session(ctx, pool, "parley reactions", nil)
	if err != nil {
		return fmt.Errorf("connect for the lock: %w", err)
	}
	defer database.CloseSession(conn)
	for leads := false; !leads; {
		if err := conn.QueryRow(ctx, tryLock).Scan(&leads); err != nil {
			return err
		}
		if !leads {
			if pause(ctx, lockPause); ctx.Err() != nil {
				return ctx.Err()
			}
		}
	}
	log.Info("this process leads the reactions")
	leading, lost := context.WithCancelCause(ctx)
	defer lost(nil)
	done := make(chan struct{})
	var watch sync.WaitGroup
	// Keep pinging while lead shuts down, to hold the lock until the last call to a provider has ended.
	watch.Go(func() { lost(hold(conn, done)) })
	lead(leading)
	close(done)
	watch.Wait()
	if ctx.Err() != nil {
		return nil
	}
	return context.Cause(leading)
}

// hold returns when the connection is lost or done is closed.
func hold(conn *pgx.Conn, done <-chan struct{}) error {
	tick := time.NewTicker(lockPing)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return nil
		case <-tick.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), lockLimit)
		err := conn.Ping(ctx)
		cancel()
		if err != nil {
			return fmt.Errorf("keep the lock: %w", err)
		}
	}
}
