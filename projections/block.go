package projections

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

// logBehind is the problem of a log that lacks what was folded: it is another one, or an older copy. It stays until Reset, since
// new events would soon make the log look long enough.
const logBehind = "LOG_BEHIND"

// checkLog looks that the log holds all that the read models have folded. A server of a cluster may be a moment late.
func (l *leader) checkLog(ctx context.Context) error {
	l.mu.Lock()
	p := l.progress
	l.mu.Unlock()
	var end eventstore.Position
	for late := newPause(20*time.Millisecond, time.Second); ; {
		var err error
		if end, err = l.config.Store.Last(ctx); err != nil {
			return err
		}
		if p.problem != logBehind && !p.at.After(end) {
			return nil
		}
		if p.problem == logBehind || late.waited > lateLog {
			break
		}
		if !late.wait(ctx) {
			return ctx.Err()
		}
	}
	l.log.Error("the log is behind the read models: another log, or an older copy", "log", end.String(), "read_models", p.at.String())
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.recordBlock(ctx, &blockedError{code: logBehind, at: end})
}

// block records the event that stands in the way of all.
func (l *leader) block(ctx context.Context, e eventstore.Recorded) error {
	u, _ := e.Event.(eventstore.Unknown)
	err := &blockedError{code: "UNKNOWN_EVENT " + u.Type + ": " + u.Reason, at: e.Position}
	l.log.Error("an event this program does not know stops all read models", "event", e.ID, "type", u.Type, "position", e.Position.String())
	return l.recordBlock(ctx, err)
}

func (l *leader) recordBlock(ctx context.Context, problem *blockedError) error {
	var b pgx.Batch
	b.Queue(`UPDATE app_data.progress SET problem = $1, problem_position = $2, updated_at = now()`, problem.code, int64(problem.at.Commit))
	b.Queue(`SELECT pg_notify('checkpoints', '')`)
	if err := l.conn.SendBatch(ctx, &b).Close(); err != nil {
		return err
	}
	return problem
}
