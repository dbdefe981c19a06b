package projections

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

// errJoined says a read model is level with the others and runs in step again.
var errJoined = errors.New("level with the others")

// runAlone takes a stopped read model on from where it stands, with a subscription of its own, trying again and again, until it
// is level with the others.
func (l *leader) runAlone(ctx context.Context, m Model) {
	p := newPause(min(500*time.Millisecond, l.config.Retry), l.config.Retry)
	for p.wait(ctx) {
		err := l.attemptAlone(ctx, m)
		switch {
		case errors.Is(err, errJoined):
			l.log.Info("read model runs in step again", "model", m.Name)
			return
		case errors.Is(err, errFenced): // somebody rebuilt it
			return
		case err != nil && ctx.Err() == nil:
			l.log.Warn("read model is still stopped", "model", m.Name, "error", describe(err))
		}
	}
}

func (l *leader) attemptAlone(ctx context.Context, m Model) error {
	conn, err := connect(ctx, l.config.Pool)
	if err != nil {
		return err
	}
	defer closeConn(conn)
	checkpoints, err := readCheckpoints(ctx, conn)
	if err != nil {
		return err
	}
	c := checkpoints[m.Name]
	if c.state != Stopped {
		return errFenced
	}
	skipped, err := readSkips(ctx, conn)
	if err != nil {
		return err
	}
	s := &solo{store: l.config.Store, conn: conn, member: newMember(m, c.generation, l.config.CacheRows, c.at, skipped), at: c.at}
	return l.config.Store.Subscribe(ctx, c.at, s.take)
}

// solo is a read model on its own.
type solo struct {
	store  *eventstore.Store
	conn   *pgx.Conn
	member *member
	at     eventstore.Position
}

func (s *solo) take(ctx context.Context, b eventstore.Batch) error {
	if i := unknownEvent(b.Events, s.member.skips, s.member.model.Name); i >= 0 {
		return &blockedError{code: "UNKNOWN_EVENT " + b.Events[i].Type, at: b.Events[i].Position}
	}
	if len(b.Events) > 0 {
		if err := s.step(ctx, b.Events, b.Through); err != nil {
			return err
		}
	}
	s.at = later(s.at, b.Through)
	if !b.CaughtUp {
		return nil
	}
	return s.join(ctx)
}

// step stores the events and the read model's own position. Screens hear of it when it is level.
func (s *solo) step(ctx context.Context, events []eventstore.Recorded, through eventstore.Position) error {
	m := s.member
	var found *poison
	err := pgx.BeginFunc(ctx, s.conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SELECT app_data.expect_checkpoint($1, $2, $3)`, m.model.Name, m.generation, int64(s.at.Commit))
		if err != nil {
			return err
		}
		if found, err = m.takeMost(ctx, tx, events); err != nil {
			return err
		}
		if found != nil {
			if err := recordStop(ctx, tx, m.model.Name, before(events, found.at, s.at), found); err != nil {
				return err
			}
			return announceStates(ctx, tx)
		}
		_, err = tx.Exec(ctx, `
			UPDATE app_data.checkpoints SET commit_position = $2, prepare_position = $3, problem = '', problem_position = 0, attempts = 0, updated_at = now()
			WHERE name = $1`, m.model.Name, int64(through.Commit), int64(through.Prepare))
		return err
	})
	if err != nil {
		return fenced(err)
	}
	if found != nil {
		return found.cause
	}
	m.after, s.at = through, through
	return nil
}

// join makes the read model run in step if it is as far as the others.
func (s *solo) join(ctx context.Context) error {
	level := false
	err := pgx.BeginFunc(ctx, s.conn, func(tx pgx.Tx) error {
		p, err := lockProgress(ctx, tx)
		if err != nil {
			return err
		}
		if p.at.After(s.at) {
			next, err := s.next(ctx)
			if err != nil {
				return err
			}
			if !next.IsZero() && !next.After(p.at) {
				return nil // it comes with the next batch
			}
			s.at = p.at
		}
		tag, err := tx.Exec(ctx, `
			UPDATE app_data.checkpoints SET state = 'RUNNING', commit_position = $3, prepare_position = $4,
				problem = '', problem_position = 0, attempts = 0, updated_at = now()
			WHERE name = $1 AND generation = $2 AND state = 'STOPPED'`,
			s.member.model.Name, s.member.generation, int64(s.at.Commit), int64(s.at.Prepare))
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errFenced
		}
		level = true
		return bump(ctx, tx)
	})
	if err == nil && level {
		return errJoined
	}
	return err
}

// next is the position of our next event after what was folded, zero if there is none yet.
func (s *solo) next(ctx context.Context) (eventstore.Position, error) {
	for e, err := range s.store.ReadAll(ctx, s.at) {
		return e.Position, err
	}
	return eventstore.Position{}, nil
}
