package engine

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

// errHalted reports that all read models are halted because the log ends before events already folded.
var errHalted = errors.New(logBehind)

// logBehind is the problem code for a log that ends before events already folded: it is another log or an
// older copy. Only Reset clears it, because new events would soon make the log look long enough.
const logBehind = "LOG_BEHIND"

// checkLogIsComplete halts all read models if the log ends before events already folded. It first waits a
// few seconds, because a node of a cluster may lag.
func (l *leader) checkLogIsComplete(ctx context.Context) error {
	l.mu.Lock()
	p := l.progress
	l.mu.Unlock()
	var end eventstore.Position
	for lag := newBackoff(20*time.Millisecond, time.Second); ; {
		var err error
		if end, err = l.config.Store.Last(ctx); err != nil {
			return err
		}
		if p.problem != logBehind && !p.at.After(end) {
			return nil
		}
		if p.problem == logBehind || lag.total > maxReplicaLag {
			break
		}
		if !lag.wait(ctx) {
			return ctx.Err()
		}
	}
	if p.problem == logBehind {
		return errHalted
	}
	l.log.Error("the log ends before events already folded: it is another log or an older copy",
		"log", end.String(), "read_models", p.at.String())
	l.mu.Lock()
	defer l.mu.Unlock()
	err := pgx.BeginFunc(ctx, l.conn, func(tx pgx.Tx) error {
		// A reset begins a new epoch, and what was true before it no longer counts.
		tag, err := tx.Exec(ctx, `UPDATE app_data.progress SET problem = $1, updated_at = now() WHERE epoch = $2`,
			logBehind, p.epoch)
		switch {
		case err != nil:
			return err
		case tag.RowsAffected() == 0:
			return errFenced
		}
		return notifyCheckpoints(ctx, tx)
	})
	if err != nil {
		return err
	}
	return errHalted
}
