package projections

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

// firstFill brings read models that have seen nothing yet to the end of the log, all in one pass, before they run in step. When
// one cannot take an event all begin in step instead, where it is found out which.
func (l *leader) firstFill(ctx context.Context) error {
	p, err := readProgress(ctx, l.conn)
	if err != nil || !p.at.IsZero() {
		return err
	}
	end, err := l.config.Store.Last(ctx)
	if err != nil {
		return err
	}
	err = l.fillAll(ctx, end)
	if err != nil && !end.IsZero() && !transient(ctx, l.conn, err) {
		l.log.Warn("read models are filled step by step", "error", describe(err))
		err = l.fillAll(ctx, eventstore.Position{})
	}
	if err != nil {
		return fmt.Errorf("fill read models: %w", err)
	}
	return nil
}

func (l *leader) fillAll(ctx context.Context, end eventstore.Position) error {
	checkpoints, err := readCheckpoints(ctx, l.conn)
	if err != nil {
		return err
	}
	skipped, err := readSkips(ctx, l.conn)
	if err != nil {
		return err
	}
	var members []*member
	var names []string
	for _, m := range l.config.Models {
		if c := checkpoints[m.Name]; c.state != Stopped {
			members = append(members, newMember(m, c.generation, 1, eventstore.Position{}, skipped))
			names = append(names, m.Name)
		}
	}
	if err := emptyTables(ctx, l.conn, members); err != nil {
		return err
	}
	f := newFiller(l.config, l.conn, members, skipped)
	if !end.IsZero() {
		if _, err := f.read(ctx, end); err != nil {
			return err
		}
	}
	err = pgx.BeginFunc(ctx, l.conn, func(tx pgx.Tx) error {
		if err := f.flush(ctx, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE app_data.checkpoints SET state = 'RUNNING', problem = '', updated_at = now() WHERE name = ANY($1)`, names)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE app_data.progress SET log_id = gen_random_uuid(), commit_position = $1, prepare_position = $2`, int64(f.at.Commit), int64(f.at.Prepare))
		if err != nil {
			return err
		}
		return bump(ctx, tx)
	})
	if err == nil && f.events > 0 {
		l.log.Info("read models filled", "events", f.events)
	}
	return err
}

// emptyTables clears what a fill that was interrupted has left.
func emptyTables(ctx context.Context, conn *pgx.Conn, members []*member) error {
	var b pgx.Batch
	for _, m := range members {
		for _, s := range m.statements {
			b.Queue(`TRUNCATE ` + s.table)
		}
	}
	return conn.SendBatch(ctx, &b).Close()
}

// buildNew fills read models that came with a new version of the program, beside those that serve, until they run in step.
func (l *leader) buildNew(ctx context.Context, models []Model) {
	names := make([]string, len(models))
	for i, m := range models {
		names[i] = m.Name
	}
	p := newPause(min(500*time.Millisecond, l.config.Retry), l.config.Retry)
	for p.wait(ctx) {
		_, err := Rebuild(ctx, l.config, names...)
		if err == nil {
			l.log.Info("new read models run", "models", names)
			return
		}
		if ctx.Err() == nil {
			l.log.Warn("new read models cannot be filled", "models", names, "error", describe(err))
			l.noteNew(ctx, names, err)
		}
	}
}

// noteNew shows operators why a new read model is not there yet.
func (l *leader) noteNew(ctx context.Context, names []string, cause error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	_, err := l.conn.Exec(ctx, `UPDATE app_data.checkpoints SET problem = $2, attempts = attempts + 1, updated_at = now() WHERE name = ANY($1) AND state = 'REBUILDING'`,
		names, describe(cause))
	if err == nil {
		err = announceStates(ctx, l.conn)
	}
	if err != nil && ctx.Err() == nil {
		l.log.Warn("state of read models not recorded", "error", describe(err))
	}
}
