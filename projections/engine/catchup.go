package engine

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
	"parley/internal/database"
	"parley/projections"
)

// errCaughtUp reports that a stopped read model has rejoined the running ones.
var errCaughtUp = errors.New("caught up with the running read models")

// catchUp resumes a stopped read model on a catch-up subscription of its own, retrying until it rejoins the
// running ones.
func (l *leader) catchUp(ctx context.Context, m projections.Model) {
	retry := newBackoff(min(500*time.Millisecond, l.config.Retry), l.config.Retry)
	for retry.wait(ctx) {
		err := l.tryCatchUp(ctx, m)
		switch {
		case errors.Is(err, errCaughtUp):
			l.log.Info("read model is running again", "model", m.Name)
			return
		case errors.Is(err, errFenced): // it was rebuilt
			return
		case err != nil && ctx.Err() == nil:
			l.log.Warn("read model is still stopped", "model", m.Name, "error", describe(err))
		}
	}
}

func (l *leader) tryCatchUp(ctx context.Context, m projections.Model) error {
	conn, err := connect(ctx, l.config.Pool)
	if err != nil {
		return err
	}
	defer database.CloseSession(conn)
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
	resumed := &catchUp{
		store: l.config.Store, conn: conn, at: c.at,
		projector: newProjector(m, c.generation, l.config.CacheBytes, c.at, skipped),
	}
	return l.config.Store.Subscribe(ctx, c.at, resumed.handle)
}

// catchUp brings one stopped read model level with the running ones.
type catchUp struct {
	store     *eventstore.Store
	conn      *pgx.Conn
	projector *projector
	at        eventstore.Position
}

func (c *catchUp) handle(ctx context.Context, b eventstore.Batch) error {
	if len(b.Events) > 0 {
		if err := c.apply(ctx, b.Events, b.Through); err != nil {
			return err
		}
	}
	c.at = later(c.at, b.Through)
	if !b.CaughtUp {
		return nil
	}
	return c.rejoin(ctx)
}

// apply stores the events and the read model's own position. Screens are told only when it rejoins.
func (c *catchUp) apply(ctx context.Context, events []eventstore.Recorded, through eventstore.Position) error {
	p := c.projector
	var found *eventError
	err := pgx.BeginFunc(ctx, c.conn, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `SELECT app_data.expect_checkpoint($1, $2, $3)`,
			p.model.Name, p.generation, int64(c.at.Commit))
		if err != nil {
			return err
		}
		if found, err = p.applyUntilPoison(ctx, tx, events); err != nil {
			return err
		}
		if found != nil {
			if err := recordStop(ctx, tx, positionBefore(events, found.at, c.at), found); err != nil {
				return err
			}
			return notifyCheckpoints(ctx, tx)
		}
		_, err = tx.Exec(ctx, `
			UPDATE app_data.checkpoints SET commit_position = $2, prepare_position = $3,
				problem = '', problem_position = 0, attempts = 0, updated_at = now()
			WHERE name = $1`, p.model.Name, int64(through.Commit), int64(through.Prepare))
		return err
	})
	if err != nil {
		return fenced(err)
	}
	if found != nil {
		return found
	}
	p.foldedTo, c.at = through, through
	return nil
}

// rejoin marks the read model as running if it has reached the position of the others.
func (c *catchUp) rejoin(ctx context.Context) error {
	rejoined := false
	err := pgx.BeginFunc(ctx, c.conn, func(tx pgx.Tx) error {
		p, err := lockProgress(ctx, tx)
		if err != nil {
			return err
		}
		if p.at.After(c.at) {
			next, err := c.nextEvent(ctx)
			if err != nil {
				return err
			}
			if !next.IsZero() && !next.After(p.at) {
				return nil // not there yet: the next batch brings that event
			}
			c.at = p.at
		}
		tag, err := tx.Exec(ctx, `
			UPDATE app_data.checkpoints SET state = 'RUNNING', commit_position = $3, prepare_position = $4,
				problem = '', problem_position = 0, attempts = 0, updated_at = now()
			WHERE name = $1 AND generation = $2 AND state = 'STOPPED'`,
			c.projector.model.Name, c.projector.generation, int64(c.at.Commit), int64(c.at.Prepare))
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return errFenced
		}
		rejoined = true
		return startEpoch(ctx, tx)
	})
	if err == nil && rejoined {
		return errCaughtUp
	}
	return err
}

// nextEvent returns the position of the next event to fold, or zero at the end of the log.
func (c *catchUp) nextEvent(ctx context.Context) (eventstore.Position, error) {
	for e, err := range c.store.ReadAll(ctx, c.at) {
		return e.Position, err
	}
	return eventstore.Position{}, nil
}
