package engine

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/internal/database"
)

// barrier describes what to do while all other writers wait and the new tables have caught up with the live
// ones.
type barrier struct {
	exact   bool // the new tables must be at the same position as the live ones
	timeout time.Duration
	do      func(tx pgx.Tx, checkpoints map[string]checkpoint) error
}

// errAhead reports that the new tables are further along than the live ones.
var errAhead = errors.New("the running read models have not reached the end of the log")

// atBarrier makes all other writers wait, folds the remaining events and runs the barrier's action. It
// retries while readers of the views or the leader hold locks. The timeout is checked between attempts
// only: cancelling a statement would close the connection and release the rebuild lock.
func (b *rebuilder) atBarrier(ctx context.Context, at barrier) error {
	deadline, cancel := context.WithTimeout(ctx, at.timeout)
	defer cancel()
	retry := newBackoff(50*time.Millisecond, 500*time.Millisecond)
	for {
		err := pgx.BeginFunc(ctx, b.control, func(tx pgx.Tx) error { return b.tryBarrier(ctx, tx, at) })
		if !errors.Is(err, errAhead) && database.Code(err) != "55P03" {
			return err
		}
		if !retry.wait(deadline) {
			return err
		}
		if errors.Is(err, errAhead) {
			continue
		}
		if err := b.catchUpAndFlush(ctx); err != nil {
			return err
		}
	}
}

func (b *rebuilder) tryBarrier(ctx context.Context, tx pgx.Tx, at barrier) error {
	if _, err := tx.Exec(ctx, `SET LOCAL lock_timeout = '500ms'`); err != nil {
		return err
	}
	p, err := lockProgress(ctx, tx)
	if err == nil && p.eventLog != b.config.LogID {
		err = ErrOtherLog
	}
	if err != nil {
		return err
	}
	checkpoints, err := readCheckpoints(ctx, tx)
	if err != nil {
		return err
	}
	if p.at.After(b.loader.at) {
		if _, err := b.loader.readTo(ctx, p.at); err != nil {
			return err
		}
		if err := b.loader.flush(ctx, b.loader.conn); err != nil {
			return err
		}
		b.loader.at = p.at // p.at may lie beyond our last event
	}
	if at.exact {
		for _, m := range b.models {
			if later(checkpoints[m.Name].at, b.loader.at).After(p.at) {
				return errAhead
			}
		}
	}
	return at.do(tx, checkpoints)
}
