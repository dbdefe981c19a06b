package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
	"parley/projections"
)

const (
	idleSaveInterval    = 10 * time.Second // between saving the position when no events arrive
	historyAge          = 10 * time.Minute // events older than this are caught up silently
	maintenanceInterval = 2 * time.Second
	batchTimeout        = time.Minute // after which the connection is abandoned
)

// leader projects events. At most one process at a time has one.
type leader struct {
	config Config
	log    *slog.Logger
	conn   *pgx.Conn

	mu         sync.Mutex // guards conn and this group of fields
	progress   progress
	projectors []*projector
	savedAt    time.Time // when the position was last saved

	reload       chan struct{}
	background   map[string]bool // running workers, guarded by backgroundMu
	backgroundMu sync.Mutex
	workers      sync.WaitGroup
}

func newLeader(c Config, conn *pgx.Conn) *leader {
	return &leader{
		config: c, log: c.Log, conn: conn, reload: make(chan struct{}, 1), background: make(map[string]bool),
	}
}

// lead projects until ctx ends or the database connection is lost.
func (l *leader) lead(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer l.workers.Wait()
	defer cancel(nil)
	if err := prepareModels(ctx, l.conn, l.config.Models); err != nil {
		return err
	}
	if err := l.backfill(ctx); err != nil {
		return err
	}
	l.workers.Go(func() { cancel(l.maintain(ctx)) })
	halted := newBackoff(time.Second, l.config.Retry)
	for {
		if err := l.loadState(ctx); err != nil {
			return err
		}
		err := l.checkLog(ctx)
		if err == nil {
			err = l.subscribe(ctx)
		}
		switch {
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case errors.Is(err, errFenced), errors.Is(err, errReload):
		case errors.Is(err, eventstore.ErrReplaced): // checked and recorded in the next round
		case errors.Is(err, errHalted):
			halted.wait(ctx)
			continue
		case err != nil:
			return err
		}
		halted.reset()
	}
}

// loadState reads which read models are running and from which position, and starts a background worker for
// each of the others.
func (l *leader) loadState(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var checkpoints map[string]checkpoint
	var skipped skips
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, l.conn, snapshot, func(tx pgx.Tx) (err error) {
		if l.progress, err = readProgress(ctx, tx); err != nil {
			return err
		}
		if l.progress.eventLog != l.config.LogID {
			return ErrOtherLog
		}
		if checkpoints, err = readCheckpoints(ctx, tx); err != nil {
			return err
		}
		skipped, err = readSkips(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("read checkpoints: %w", err)
	}
	if err := l.markRetired(ctx, checkpoints); err != nil {
		return err
	}
	l.projectors = nil
	var fresh []projections.Model
	for _, m := range l.config.Models {
		c, known := checkpoints[m.Name]
		if !known {
			return errReset
		}
		switch c.state {
		case Running:
			foldedTo := later(c.at, l.progress.folded())
			l.projectors = append(l.projectors, newProjector(m, c.generation, l.config.CacheBytes, foldedTo, skipped))
		case Stopped:
			l.startBackground(ctx, m.Name, func(ctx context.Context) { l.catchUp(ctx, m) })
		case Rebuilding:
			fresh = append(fresh, m)
		}
	}
	if len(fresh) > 0 {
		l.startBackground(ctx, "*", func(ctx context.Context) { l.backfillNew(ctx, fresh) })
	}
	return nil
}

// markRetired marks the read models this version of the program no longer has. If an older version returns,
// it rebuilds them.
func (l *leader) markRetired(ctx context.Context, checkpoints map[string]checkpoint) error {
	names := slices.Collect(maps.Keys(checkpoints))
	for _, m := range l.config.Models {
		names = slices.DeleteFunc(names, func(name string) bool { return name == m.Name })
	}
	if len(names) == 0 {
		return nil
	}
	_, err := l.conn.Exec(ctx, `
		UPDATE app_data.checkpoints SET state = 'REBUILDING', problem = $2, problem_position = 0, updated_at = now()
		WHERE name = ANY($1) AND problem <> $2`, names, retired)
	return err
}

// startBackground starts a worker unless one of that name is running.
func (l *leader) startBackground(ctx context.Context, name string, run func(context.Context)) {
	l.backgroundMu.Lock()
	defer l.backgroundMu.Unlock()
	if l.background[name] {
		return
	}
	l.background[name] = true
	l.workers.Go(func() {
		run(ctx)
		l.backgroundMu.Lock()
		delete(l.background, name)
		l.backgroundMu.Unlock()
		l.requestReload()
	})
}

func (l *leader) requestReload() {
	select {
	case l.reload <- struct{}{}:
	default:
	}
}

// subscribe projects what the event store delivers until an error, a halt or a reload. A reload ends the
// subscription between batches: cancelling a batch would close the connection and lose the leader lock.
func (l *leader) subscribe(ctx context.Context) error {
	subscription, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := make(chan struct{})
	defer close(stop)
	go func() {
		select {
		case <-l.reload:
			cancel(errReload)
		case <-stop:
		}
	}()
	from := eventstore.Checkpoint{Through: l.progress.at, Last: l.progress.last}
	err := l.config.Store.Resume(subscription, from,
		func(_ context.Context, b eventstore.Batch) error { return l.handle(ctx, b) })
	if err == nil {
		err = context.Cause(subscription)
	}
	return err
}

// handle projects a batch.
func (l *leader) handle(ctx context.Context, b eventstore.Batch) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, batchTimeout)
	defer cancel()
	if len(b.Events) == 0 && (!b.Through.After(l.progress.at) || time.Since(l.savedAt) <= idleSaveInterval) {
		return nil
	}
	if err := l.project(ctx, b.Events, b.Through, l.isHistory(b)); err != nil {
		return err
	}
	l.savedAt = time.Now()
	return nil
}

// isHistory reports whether a batch is too old for any open screen to be waiting for it.
func (l *leader) isHistory(b eventstore.Batch) bool {
	return !b.CaughtUp && len(b.Events) > 0 && time.Since(b.Events[0].Created) > historyAge
}

func (l *leader) project(
	ctx context.Context, events []eventstore.Recorded, through eventstore.Position, silent bool,
) error {
	err := l.applyBatch(ctx, events, through, silent)
	if err == nil || transient(ctx, l.conn, err) {
		return err
	}
	return l.isolatePoison(ctx, events, through, silent)
}
