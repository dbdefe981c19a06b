package engine

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
	"parley/internal/fault"
)

// isolatePoison retries a failed batch for each read model separately. A read model with a poison event
// stores the events before it and stops there; the others store the whole batch.
func (l *leader) isolatePoison(
	ctx context.Context, events []eventstore.Recorded, through eventstore.Position, silent bool,
) error {
	for _, p := range l.projectors {
		p.forgetCache()
	}
	var stopped []*projector
	next := l.progress.after(events, through, silent)
	err := pgx.BeginFunc(ctx, l.conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SELECT app_data.expect_progress($1, $2)`, l.progress.epoch, int64(l.progress.at.Commit))
		if err != nil {
			return err
		}
		var healthy []*projector
		for _, p := range l.projectors {
			found, err := p.applyUntilPoison(ctx, tx, events)
			if err != nil {
				return err
			}
			if found == nil {
				healthy = append(healthy, p)
				continue
			}
			stopped = append(stopped, p)
			at := later(p.foldedTo, positionBefore(events, found.at, l.progress.at))
			if err := l.recordStopped(ctx, tx, at, found); err != nil {
				return err
			}
		}
		_ = fault.Hit("projector.rows_written")
		var b pgx.Batch
		if !silent {
			collectChanges(healthy).write(&b)
		}
		if len(stopped) > 0 {
			next.epoch++
			b.Queue(`SELECT pg_notify('checkpoints', '')`)
		}
		l.progress.save(&b, next, allTables)
		err = tx.SendBatch(ctx, &b).Close()
		_ = fault.Hit("projector.checkpoint_written")
		return err
	})
	for _, p := range l.projectors {
		p.forgetCache()
	}
	if err != nil {
		return fenced(err)
	}
	if len(stopped) > 0 {
		return errReload
	}
	l.progress = next
	return nil
}

// recordStopped logs and stores that a read model stopped at an event.
func (l *leader) recordStopped(ctx context.Context, tx pgx.Tx, at eventstore.Position, found *eventError) error {
	l.log.Error("read model stopped at an event", "model", found.model, "position", found.at.String(),
		"event", found.event, "error", describe(found.cause))
	return recordStop(ctx, tx, at, found)
}

func recordStop(ctx context.Context, tx pgx.Tx, at eventstore.Position, found *eventError) error {
	_, err := tx.Exec(ctx, `
		UPDATE app_data.checkpoints SET state = CASE state WHEN 'RUNNING' THEN 'STOPPED' ELSE state END,
			commit_position = $2, prepare_position = $3, problem = $4, problem_position = $5,
			attempts = attempts + 1, updated_at = now()
		WHERE name = $1`,
		found.model, int64(at.Commit), int64(at.Prepare), found.problem(), int64(found.at.Commit))
	return err
}

// positionBefore returns the position of the last event before at, or start if there is none.
func positionBefore(events []eventstore.Recorded, at, start eventstore.Position) eventstore.Position {
	for _, e := range events {
		if !at.After(e.Position) {
			break
		}
		start = e.Position
	}
	return start
}

// applyUntilPoison stores as many of the events as possible and returns the first one that fails, found by
// bisection, or nil.
func (p *projector) applyUntilPoison(ctx context.Context, tx pgx.Tx, events []eventstore.Recorded) (*eventError, error) {
	events = p.relevant(events)
	cause, err := p.tryApply(ctx, tx, events, true)
	if err != nil || cause == nil {
		return nil, err
	}
	good, bad := 0, len(events) // events[:good] can be applied, events[:bad] cannot
	if i := failedIndex(cause); i >= 0 {
		bad = i + 1
	}
	for bad-good > 1 {
		middle := (good + bad) / 2
		c, err := p.tryApply(ctx, tx, events[:middle], false)
		if err != nil {
			return nil, err
		}
		if c == nil {
			good = middle
			continue
		}
		bad, cause = middle, c
		if i := failedIndex(c); i >= 0 {
			bad = min(bad, i+1)
		}
	}
	if good > 0 {
		if c, err := p.tryApply(ctx, tx, events[:good], true); err != nil || c != nil {
			return nil, errors.Join(err, c)
		}
	}
	e := events[bad-1]
	return &eventError{model: p.model.Name, at: e.Position, event: e.Type, cause: cause}, nil
}

var errRollBack = errors.New("roll back the trial")

// tryApply folds and writes events within a savepoint, and rolls back unless keep is set. cause is why
// these events cannot be applied; err is any other failure.
func (p *projector) tryApply(
	ctx context.Context, tx pgx.Tx, events []eventstore.Recorded, keep bool,
) (cause, err error) {
	p.forgetCache()
	defer func() {
		if cause != nil || !keep {
			p.forgetCache()
		}
	}()
	err = pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		var load, write pgx.Batch
		if err := p.begin(events, &load); err != nil {
			return err
		}
		if err := tx.SendBatch(ctx, &load).Close(); err != nil {
			return err
		}
		if err := p.apply(); err != nil {
			return err
		}
		if err := p.write(&write); err != nil {
			return err
		}
		if err := tx.SendBatch(ctx, &write).Close(); err != nil {
			return err
		}
		if !keep {
			return errRollBack
		}
		return nil
	})
	switch {
	case err == nil, errors.Is(err, errRollBack):
		return nil, nil
	case transient(ctx, tx.Conn(), err):
		return nil, err
	}
	return err, nil
}
