// Package move takes a deployment to another event store while it is at work.
//
// Every process holds a lock while it may append (Fence). The mover copies the log and fills the read models
// from the copy while work continues. Then it asks for the lock exclusively: every process stops its work,
// lets its appends finish and gives up its share. The mover copies and compares what the log has received
// since, and switches the read models. When a process or the mover dies, Postgres frees its locks. So no
// process stays stopped for good, and none appends to the old log after the switch.
package move

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/eventstore"
	"parley/internal/database"
	"parley/internal/restore"
	"parley/projections/engine"
)

const (
	appendLock = `hashtextextended('parley appends', 0)` // shared by the processes that may append
	switchLock = `hashtextextended('parley switch', 0)`  // held by a mover that wants appendLock

	look       = 500 * time.Millisecond // how often a process looks for a mover
	lookLimit  = 5 * time.Second        // for one look; Postgres notices a lost connection after 11 s
	appendWait = 30 * time.Second       // for a process that starts during a switch
)

// ErrSwitching reports that a process could not start, because a mover was switching for too long.
var ErrSwitching = errors.New("the deployment is moving to another event store; start again when `parley move` has ended")

// Fence lets this process append while it holds its share of the lock.
type Fence struct {
	pool *pgxpool.Pool
	log  *slog.Logger

	mu     sync.Mutex
	conn   *pgx.Conn
	open   chan struct{} // closed while work may continue
	closed chan struct{} // closed while work must stop
	work   sync.WaitGroup
}

// Join takes this process's share of the lock. It waits while a mover switches.
func Join(ctx context.Context, pool *pgxpool.Pool, log *slog.Logger) (*Fence, error) {
	f := &Fence{pool: pool, log: log, open: make(chan struct{}), closed: make(chan struct{})}
	close(f.open)
	limited, cancel := context.WithTimeout(ctx, appendWait)
	defer cancel()
	if err := f.join(limited); err != nil {
		if limited.Err() != nil && ctx.Err() == nil {
			err = ErrSwitching
		}
		return nil, err
	}
	return f, nil
}

// join connects and waits for the lock.
func (f *Fence) join(ctx context.Context) error {
	conn, err := database.Session(ctx, f.pool, "parley fence", map[string]string{"statement_timeout": "0", "lock_timeout": "0"})
	if err != nil {
		return fmt.Errorf("fence: %w", err)
	}
	if _, err := conn.Exec(ctx, `SELECT pg_advisory_lock_shared(`+appendLock+`)`); err != nil {
		database.CloseSession(conn)
		return fmt.Errorf("fence: %w", err)
	}
	f.mu.Lock()
	f.conn = conn
	f.mu.Unlock()
	return nil
}

// Close gives up the share of the lock. The process must not append afterwards.
func (f *Fence) Close() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.conn != nil {
		database.CloseSession(f.conn)
		f.conn = nil
	}
}

// Run stops the work and the appends of this process while a mover switches. It returns restore.ErrMoved if the
// deployment has another log afterwards, and nil when ctx ends.
func (f *Fence) Run(ctx context.Context, store *eventstore.Store, logID string) error {
	t := time.NewTicker(look)
	defer t.Stop()
	for ctx.Err() == nil {
		asked, err := f.asked(ctx)
		if err == nil && !asked {
			select {
			case <-t.C:
			case <-ctx.Done():
			}
			continue
		}
		if ctx.Err() != nil {
			return nil
		}
		why := error(eventstore.ErrMoving)
		if err != nil {
			why = eventstore.ErrUnavailable
			f.log.Warn("the lock on appends was lost; taking it again", "error", err)
		} else {
			f.log.Info("work stops: the deployment is moving to another event store")
		}
		f.stop(store, why, err != nil)
		if err := f.comeBack(ctx, logID); err != nil || ctx.Err() != nil {
			return err
		}
		store.AllowAppends()
		f.resume()
		f.log.Info("work continues")
	}
	return nil
}

// asked reports whether a mover wants the lock. After an error this process may have lost its share.
func (f *Fence) asked(ctx context.Context) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, lookLimit)
	defer cancel()
	var asked bool
	err := f.conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
		AND (classid::bigint << 32 | objid::bigint) = `+switchLock+`
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`).Scan(&asked)
	return asked, err
}

// stop ends all work and waits for the appends in flight. Work that ends may still record what it has done, unless the
// lock is lost: then nothing is appended from now on.
func (f *Fence) stop(store *eventstore.Store, why error, lost bool) {
	if lost {
		store.HoldAppends(why)
	}
	f.mu.Lock()
	close(f.closed)
	f.open = make(chan struct{})
	f.mu.Unlock()
	f.work.Wait()
	store.HoldAppends(why)
	f.Close()
}

func (f *Fence) resume() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.closed = make(chan struct{})
	close(f.open)
}

// comeBack waits for this process's share of the lock. It returns restore.ErrMoved if the deployment has
// another log by then.
func (f *Fence) comeBack(ctx context.Context, logID string) error {
	for ctx.Err() == nil {
		err := f.join(ctx)
		if err == nil {
			var bound string
			if bound, err = engine.LogOf(ctx, f.pool); err == nil && bound != logID {
				return restore.ErrMoved
			}
		}
		if err == nil {
			return nil
		}
		f.Close()
		select {
		case <-time.After(look):
		case <-ctx.Done():
		}
	}
	return nil
}

// While runs background work that calls providers or appends. When a mover asks for the lock, the work's
// context ends and the fence waits for the work to return. When the process has its share again, the work
// starts again. While returns what work returns, or nil when ctx ends.
func (f *Fence) While(ctx context.Context, work func(context.Context) error) error {
	for {
		f.mu.Lock()
		open, closed := f.open, f.closed
		select {
		case <-open:
			f.work.Add(1)
			f.mu.Unlock()
		default:
			f.mu.Unlock()
			select {
			case <-open:
				continue
			case <-ctx.Done():
				return nil
			}
		}
		working, cancel := context.WithCancel(ctx)
		go func() {
			select {
			case <-closed:
				cancel()
			case <-working.Done():
			}
		}()
		err := work(working)
		f.work.Done()
		stopped := working.Err() != nil && ctx.Err() == nil
		cancel()
		if !stopped {
			return err
		}
	}
}
