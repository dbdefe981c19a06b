package projections

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
	"parley/internal/fault"
)

// isolate does a batch that failed again, one read model after the other. Those that can take all of it go on; of the others
// what comes before the event they cannot take is stored, and they stop there.
func (l *leader) isolate(ctx context.Context, events []eventstore.Recorded, through eventstore.Position, silent bool) error {
	for _, m := range l.members {
		m.forget()
	}
	var stopped []*member
	next := l.progress.next(through, silent)
	err := pgx.BeginFunc(ctx, l.conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SELECT app_data.expect_progress($1, $2)`, l.progress.epoch, int64(l.progress.at.Commit))
		if err != nil {
			return err
		}
		var well []*member
		for _, m := range l.members {
			poison, err := m.takeMost(ctx, tx, events)
			if err != nil {
				return err
			}
			if poison == nil {
				well = append(well, m)
				continue
			}
			stopped = append(stopped, m)
			if err := l.stop(ctx, tx, m, later(m.after, before(events, poison.at, l.progress.at)), poison); err != nil {
				return err
			}
		}
		_ = fault.Hit("projector.rows_written")
		var b pgx.Batch
		if !silent {
			collect(well).write(&b)
		}
		if len(stopped) > 0 {
			next.epoch++
			b.Queue(`SELECT pg_notify('checkpoints', '')`)
		}
		l.progress.advance(&b, next, everything)
		err = tx.SendBatch(ctx, &b).Close()
		_ = fault.Hit("projector.checkpoint_written")
		return err
	})
	for _, m := range l.members {
		m.forget()
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

// stop records that a read model stands before an event.
func (l *leader) stop(ctx context.Context, tx pgx.Tx, m *member, at eventstore.Position, p *poison) error {
	l.log.Error("read model stopped", "model", m.model.Name, "position", p.at.String(), "event", p.event, "error", describe(p.cause))
	return recordStop(ctx, tx, m.model.Name, at, p)
}

func recordStop(ctx context.Context, tx pgx.Tx, name string, at eventstore.Position, p *poison) error {
	_, err := tx.Exec(ctx, `
		UPDATE app_data.checkpoints SET state = CASE state WHEN 'RUNNING' THEN 'STOPPED' ELSE state END, commit_position = $2, prepare_position = $3,
			problem = $4, problem_position = $5, attempts = attempts + 1, updated_at = now() WHERE name = $1`,
		name, int64(at.Commit), int64(at.Prepare), p.event+": "+describe(p.cause), int64(p.at.Commit))
	return err
}

// poison is an event a read model cannot take.
type poison struct {
	at    eventstore.Position
	event string // stored name
	cause error
}

// before is the position of the last event before at, or start when at is the first.
func before(events []eventstore.Recorded, at, start eventstore.Position) eventstore.Position {
	for _, e := range events {
		if !at.After(e.Position) {
			break
		}
		start = e.Position
	}
	return start
}

// takeMost stores as many of the events as m can take, and says which one it cannot.
func (m *member) takeMost(ctx context.Context, tx pgx.Tx, events []eventstore.Recorded) (*poison, error) {
	events = m.relevant(events)
	cause, err := m.try(ctx, tx, events, true)
	if err != nil || cause == nil {
		return nil, err
	}
	good, bad := 0, len(events) // the first good events are fine, the first bad ones are not
	if i := foldIndex(cause); i >= 0 {
		bad = i + 1
	}
	for bad-good > 1 {
		middle := (good + bad) / 2
		c, err := m.try(ctx, tx, events[:middle], false)
		if err != nil {
			return nil, err
		}
		if c == nil {
			good = middle
			continue
		}
		bad, cause = middle, c
		if i := foldIndex(c); i >= 0 {
			bad = min(bad, i+1)
		}
	}
	if good > 0 {
		if c, err := m.try(ctx, tx, events[:good], true); err != nil || c != nil {
			return nil, errors.Join(err, c)
		}
	}
	e := events[bad-1]
	return &poison{at: e.Position, event: e.Type, cause: cause}, nil
}

func foldIndex(err error) int {
	var f *foldError
	if errors.As(err, &f) {
		return f.index
	}
	return -1
}

var errUndo = errors.New("only a trial")

// try folds events and writes them within a savepoint. cause is why these events cannot be taken, err anything else.
func (m *member) try(ctx context.Context, tx pgx.Tx, events []eventstore.Recorded, keep bool) (cause, err error) {
	m.forget()
	defer func() {
		if cause != nil || !keep {
			m.forget()
		}
	}()
	err = pgx.BeginFunc(ctx, tx, func(tx pgx.Tx) error {
		var load, write pgx.Batch
		if err := m.begin(events, &load); err != nil {
			return err
		}
		if err := tx.SendBatch(ctx, &load).Close(); err != nil {
			return err
		}
		if err := m.apply(); err != nil {
			return err
		}
		if err := m.write(&write); err != nil {
			return err
		}
		if err := tx.SendBatch(ctx, &write).Close(); err != nil {
			return err
		}
		if !keep {
			return errUndo
		}
		return nil
	})
	switch {
	case err == nil, errors.Is(err, errUndo):
		return nil, nil
	case transient(ctx, tx.Conn(), err):
		return nil, err
	}
	return err, nil
}
