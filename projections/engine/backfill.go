package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
	"parley/projections"
)

// backfill brings new read models to the end of the log in one pass before they start running. If one of
// them fails on an event, all start empty and run batch by batch instead, which isolates the one that
// fails.
func (l *leader) backfill(ctx context.Context) error {
	p, err := readProgress(ctx, l.conn)
	if err != nil || !p.at.IsZero() {
		return err
	}
	if p.eventLog != l.config.LogID {
		return ErrOtherLog
	}
	end, err := l.config.Store.Last(ctx)
	if err != nil {
		return err
	}
	err = l.backfillTo(ctx, end)
	if err != nil && !end.IsZero() && !transient(ctx, l.conn, err) {
		l.log.Warn("backfill failed, read models start batch by batch", "error", describe(err))
		err = l.backfillTo(ctx, eventstore.Position{})
	}
	if err != nil {
		return fmt.Errorf("backfill read models: %w", err)
	}
	return nil
}

func (l *leader) backfillTo(ctx context.Context, end eventstore.Position) error {
	checkpoints, err := readCheckpoints(ctx, l.conn)
	if err != nil {
		return err
	}
	skipped, err := readSkips(ctx, l.conn)
	if err != nil {
		return err
	}
	var projectors []*projector
	var names []string
	for _, m := range l.config.Models {
		if c := checkpoints[m.Name]; c.state != Stopped {
			projectors = append(projectors, newProjector(m, c.generation, 1, eventstore.Position{}, skipped))
			names = append(names, m.Name)
		}
	}
	if err := truncateTables(ctx, l.conn, projectors); err != nil {
		return err
	}
	b := newBulkLoader(l.config, l.conn, projectors)
	if !end.IsZero() {
		if _, err := b.readTo(ctx, end); err != nil {
			return err
		}
	}
	err = pgx.BeginFunc(ctx, l.conn, func(tx pgx.Tx) error {
		if err := b.flush(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE app_data.checkpoints SET state = 'RUNNING', problem = '', updated_at = now()
			WHERE name = ANY($1)`, names)
		if err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `UPDATE app_data.progress SET log_id = gen_random_uuid(),
			commit_position = $1, prepare_position = $2, last_event = $4, last_commit = $1, last_prepare = $2
			WHERE coalesce(event_log::text, '') = $3`,
			int64(b.at.Commit), int64(b.at.Prepare), l.config.LogID, eventID(b.last))
		if err == nil && tag.RowsAffected() == 0 {
			err = ErrOtherLog
		}
		if err != nil {
			return err
		}
		return startEpoch(ctx, tx)
	})
	if err == nil && b.events > 0 {
		l.log.Info("read models backfilled", "events", b.events)
	}
	return err
}

// truncateTables removes what an interrupted backfill left behind.
func truncateTables(ctx context.Context, conn *pgx.Conn, projectors []*projector) error {
	var b pgx.Batch
	for _, p := range projectors {
		for _, s := range p.statements {
			b.Queue(`TRUNCATE ` + s.Table)
		}
	}
	return conn.SendBatch(ctx, &b).Close()
}

// backfillNew builds read models that a new version of the program added, while the others keep running. It
// retries until they run too.
func (l *leader) backfillNew(ctx context.Context, models []projections.Model) {
	names := make([]string, len(models))
	for i, m := range models {
		names[i] = m.Name
	}
	retry := newBackoff(min(500*time.Millisecond, l.config.Retry), l.config.Retry)
	for len(names) > 0 && retry.wait(ctx) {
		names = l.tryBackfillNew(ctx, names)
	}
}

// tryBackfillNew builds new read models and returns those that could not be built. One that stops at an event
// does not hold up the others.
func (l *leader) tryBackfillNew(ctx context.Context, names []string) (failed []string) {
	for len(names) > 0 && ctx.Err() == nil {
		_, err := Rebuild(ctx, l.config, names...)
		if err == nil {
			l.log.Info("new read models are running", "models", names)
			l.requestReload()
			return failed
		}
		if ctx.Err() != nil {
			break
		}
		stopped := names
		var at eventstore.Position
		problem := describe(err)
		if e := new(eventError); errors.As(err, &e) {
			stopped, at, problem = []string{e.model}, e.at, e.problem()
		}
		l.log.Warn("cannot backfill new read models", "models", stopped, "error", problem)
		l.recordBackfillProblem(ctx, stopped, at, problem)
		failed = append(failed, stopped...)
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(stopped, name) })
	}
	return append(failed, names...)
}

// recordBackfillProblem shows operators why a new read model is not ready, and the event it stops at, if any.
func (l *leader) recordBackfillProblem(ctx context.Context, names []string, at eventstore.Position, problem string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.conn.Exec(ctx, `UPDATE app_data.checkpoints
		SET problem = $2, problem_position = $3, attempts = attempts + 1, updated_at = now()
		WHERE name = ANY($1) AND state = 'REBUILDING'`,
		names, problem, int64(at.Commit))
	if err == nil {
		err = notifyCheckpoints(ctx, l.conn)
	}
	if err != nil && ctx.Err() == nil {
		l.log.Warn("cannot record the state of new read models", "error", describe(err))
	}
}
