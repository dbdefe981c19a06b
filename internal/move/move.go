package move

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
	"parley/internal/database"
	"parley/projections/engine"
)

const (
	quiet      = time.Second // without an append, until the old log counts as ended
	fenceLimit = time.Minute // for all processes to stop
	fewLeft    = 1000        // events: once a pass copies fewer, the processes are stopped
)

// errBusy reports that a process did not stop.
var errBusy = errors.New("a process did not stop within a minute, so the deployment has not moved. " +
	"Find the process that hangs, and run `parley move` again")

// Step is a part of a move.
type Step string

// The steps, in order. The first three may take long, and work continues during them.
const (
	Copying   Step = "copying the log"
	Comparing Step = "comparing the copy"
	Filling   Step = "filling the read models"
	Switching Step = "switching"
)

// Config says what to move, and where to.
type Config struct {
	From, To *eventstore.Store
	// Engine projects from the present log.
	Engine engine.Config
	// LogID returns the identity of the log in To.
	LogID func(context.Context) (string, error)
	// Announce records where the log with this identity is. It runs before the switch, after which the
	// processes look for it.
	Announce func(ctx context.Context, logID string) error
	// Progress receives each step and the share of it that is done, between 0 and 1.
	Progress func(step Step, events int, share float64)
}

// Moved is the result of a move.
type Moved struct {
	Events, Streams int           // the same in both logs
	Stopped         time.Duration // how long nothing could be appended
}

// Run copies the log, fills the read models from the copy, and switches the deployment to it. Until the
// switch, an error leaves the deployment as it was, and calling Run again continues the copy.
func Run(ctx context.Context, c Config) (Moved, error) {
	m := &mover{Config: c, skipped: make(map[uint64]uint64)}
	if err := m.copyMost(ctx); err != nil {
		return Moved{}, fmt.Errorf("copy the log: %w", err)
	}
	logID, err := c.LogID(ctx)
	if err != nil {
		return Moved{}, err
	}
	if logID == m.Engine.LogID {
		return Moved{}, errors.New("the deployment already uses this event store")
	}
	if m.wanted, err = engine.Skipped(ctx, c.Engine); err != nil {
		return Moved{}, err
	}
	if err := m.compare(ctx, Comparing); err != nil {
		return Moved{}, err
	}
	there := c.Engine
	there.Store, there.LogID = c.To, logID
	c.Progress(Filling, 0, 0)
	r, err := engine.Relocate(ctx, there, m.skipped)
	if err != nil {
		return Moved{}, err
	}
	defer r.Close(ctx)
	c.Progress(Filling, int(r.Events()), 1)
	if err := m.copyMost(ctx); err != nil {
		return Moved{}, fmt.Errorf("copy the log: %w", err)
	}
	if err := r.CatchUp(ctx); err != nil {
		return Moved{}, err
	}
	if err := c.Announce(ctx, logID); err != nil {
		return Moved{}, err
	}
	took, err := m.whileStopped(ctx, r.Conn(), func() error { return m.finish(ctx, r) })
	if err != nil {
		return Moved{}, err
	}
	return Moved{Events: m.compared.Events, Streams: m.compared.Streams, Stopped: took}, m.requireEnd(ctx)
}

type mover struct {
	Config
	compared eventstore.Compared
	copied   int
	wanted   map[uint64]bool   // positions of the skipped events in From
	skipped  map[uint64]uint64 // from these positions to those in To
}

// copyMost copies until little is left.
func (m *mover) copyMost(ctx context.Context) error {
	for {
		end, err := m.From.Last(ctx)
		if err != nil {
			return err
		}
		done, err := eventstore.Copy(ctx, m.From, m.To, func(c eventstore.Copied) {
			m.Progress(Copying, m.copied+c.Events, share(c.At, end))
		})
		m.copied += done.Events
		if err != nil || done.Events < fewLeft {
			return err
		}
	}
}

// share returns the share of the log before a position, between 0 and 1.
func share(at, end eventstore.Position) float64 {
	if end.Commit == 0 {
		return 1
	}
	return min(1, float64(at.Commit)/float64(end.Commit))
}

// compare compares what was copied since the last comparison.
func (m *mover) compare(ctx context.Context, during Step) (err error) {
	end, err := m.To.Last(ctx)
	if err != nil {
		return err
	}
	n := m.compared.Events
	m.compared, err = eventstore.Compare(ctx, m.From, m.To, m.compared, func(here, there eventstore.Position) {
		if m.wanted[here.Commit] {
			m.skipped[here.Commit] = there.Commit
		}
		if n++; n%1000 == 0 {
			m.Progress(during, n, share(there, end))
		}
	})
	if err == nil {
		m.Progress(during, m.compared.Events, 1)
	}
	return err
}

// whileStopped runs do while no process can append, and returns how long that was. The locks belong to the connection
// that commits the switch, so it cannot commit without them.
func (m *mover) whileStopped(ctx context.Context, conn *pgx.Conn, do func() error) (time.Duration, error) {
	m.Progress(Switching, 0, 0)
	var alone bool
	if err := conn.QueryRow(ctx, `SELECT pg_try_advisory_lock(`+switchLock+`)`).Scan(&alone); err != nil {
		return 0, err
	}
	if !alone {
		return 0, errors.New("another `parley move` is running")
	}
	defer func() {
		unlock, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		_, err := conn.Exec(unlock, `SELECT pg_advisory_unlock(`+switchLock+`), pg_advisory_unlock(`+appendLock+`)`)
		if err != nil {
			_ = conn.Close(unlock) // Postgres then frees the locks
		}
	}()
	began := time.Now()
	err := pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error { // the lock itself belongs to the connection
		_, err := tx.Exec(ctx, `SELECT set_config('lock_timeout', $1, true)`, fmt.Sprint(fenceLimit.Milliseconds()))
		if err == nil {
			_, err = tx.Exec(ctx, `SELECT pg_advisory_lock(`+appendLock+`)`)
		}
		return err
	})
	if database.Code(err) == "55P03" {
		return 0, errBusy
	}
	if err != nil {
		return 0, err
	}
	err = do()
	return time.Since(began), err
}

// finish copies and compares the rest of the log, and switches.
func (m *mover) finish(ctx context.Context, r *engine.Relocation) error {
	for last := time.Now(); time.Since(last) < quiet; {
		done, err := eventstore.Copy(ctx, m.From, m.To, nil)
		if err != nil {
			return err
		}
		if done.Events > 0 {
			last = time.Now()
		}
		select {
		case <-time.After(quiet / 5):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if err := m.compare(ctx, Switching); err != nil {
		return err
	}
	return r.Switch(ctx)
}

// requireEnd returns an error if anything was appended to the old log after the copy.
func (m *mover) requireEnd(ctx context.Context) error {
	late := 0
	for _, err := range m.From.ReadAll(ctx, m.compared.Here) {
		if err != nil {
			return fmt.Errorf("the deployment has moved, but the end of the old log could not be read: %w", err)
		}
		late++
	}
	if late > 0 {
		return fmt.Errorf("the deployment has moved, but a process that kept running has appended %d events to the old log "+
			"since. Stop it, and compare the two logs with `parley events export`", late)
	}
	return nil
}
