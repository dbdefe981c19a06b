package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/eventstore"
)

// errHalted reports that all read models are halted because the log lacks an event already folded.
var errHalted = errors.New(logReplaced)

// logReplaced is the problem code for a log that lacks the last event folded: it is an older copy. It stays until the
// event is there again, or Reset drops what the read models show. A longer log proves nothing: new events may be at the
// positions of lost ones.
const logReplaced = "LOG_REPLACED"

// Replaced reports whether the projector found that the log lacks events that the read models show, and when they were
// last current.
func Replaced(ctx context.Context, pool *pgxpool.Pool) (lastSeen time.Time, replaced bool, err error) {
	err = pool.QueryRow(ctx, `SELECT updated_at, problem = $1 FROM app_data.progress`, logReplaced).Scan(&lastSeen, &replaced)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read the progress of the read models: %w", err)
	}
	return lastSeen, replaced, nil
}

// CheckLog is Replaced for a process that has yet to look at the log itself.
func CheckLog(
	ctx context.Context, pool *pgxpool.Pool, store *eventstore.Store,
) (lastSeen time.Time, replaced bool, err error) {
	p, err := readProgress(ctx, pool)
	if err == nil {
		lastSeen, _, err = Replaced(ctx, pool)
	}
	if err != nil {
		return time.Time{}, false, err
	}
	err = store.CheckLandmark(ctx, p.last)
	if errors.Is(err, eventstore.ErrReplaced) {
		return lastSeen, true, nil
	}
	return lastSeen, false, err
}

// checkLog halts all read models while the log lacks the last event folded.
func (l *leader) checkLog(ctx context.Context) error {
	l.mu.Lock()
	p := l.progress
	l.mu.Unlock()
	problem := ""
	err := l.config.Store.CheckLandmark(ctx, p.last)
	switch {
	case errors.Is(err, eventstore.ErrReplaced):
		problem = logReplaced
	case err != nil:
		return err
	}
	if problem != p.problem {
		if err := l.recordProblem(ctx, problem); err != nil {
			return err
		}
	}
	if problem != "" {
		return errHalted
	}
	return nil
}

func (l *leader) recordProblem(ctx context.Context, problem string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if problem != "" {
		l.log.Error("the log is an older copy: it lacks the last event that the read models show. Rebuild them from what "+
			"is there: parley projections rebuild", "missing", l.progress.last.Position.String())
	}
	return pgx.BeginFunc(ctx, l.conn, func(tx pgx.Tx) error {
		// A reset begins a new epoch, and what was true before it no longer counts.
		tag, err := tx.Exec(ctx, `UPDATE app_data.progress SET problem = $1 WHERE epoch = $2`,
			problem, l.progress.epoch)
		switch {
		case err != nil:
			return err
		case tag.RowsAffected() == 0:
			return errFenced
		}
		return notifyCheckpoints(ctx, tx)
	})
}
