package engine

import (
	"context"
	"errors"
	"fmt"

	"parley/domain"
	"parley/domain/projection"
	"parley/eventstore"
)

// Commands records operators' decisions about read models in the log.
type Commands interface {
	RecordSkipped(ctx context.Context, skipped projection.Skipped) (eventstore.Position, error)
	RecordRebuilt(ctx context.Context, rebuilt projection.Rebuilt) error
}

// ErrNotStopped reports that the read model is not stopped at that event, so there is nothing to skip.
var ErrNotStopped = errors.New("the read model is not stopped at that event; see the list of read models")

// Skip makes a stopped read model skip the event at a commit position, now and in every rebuild. The name *
// stands for all read models, of which one at least must be stopped there. They resume within seconds. The
// decision is recorded as an event.
func Skip(ctx context.Context, c Config, name string, commit uint64, reason string, by domain.UserID) error {
	if err := c.defaults(); err != nil {
		return err
	}
	var stopped bool
	err := c.Pool.QueryRow(ctx, `SELECT EXISTS (
			SELECT FROM app_data.checkpoints WHERE $1 IN (name, '*') AND problem <> '' AND problem_position = $2)`,
		name, int64(commit)).Scan(&stopped)
	if err != nil {
		return fmt.Errorf("skip: %w", err)
	}
	if !stopped {
		return ErrNotStopped
	}
	skipped := projection.Skipped{Name: name, Commit: commit, Reason: reason, By: by}
	if _, err := c.Commands.RecordSkipped(ctx, skipped); err != nil {
		return fmt.Errorf("skip: %w", err)
	}
	_, err = c.Pool.Exec(ctx, `
		INSERT INTO app_data.skips (name, commit_position, reason, at) VALUES ($1, $2, $3, now())
		ON CONFLICT DO NOTHING`, name, int64(commit), reason)
	if err != nil {
		return fmt.Errorf("skip: %w", err)
	}
	return nil
}

// skips holds the commit positions of events that operators have skipped, by read model; "*" applies to
// all.
type skips map[string]map[uint64]bool

func (s skips) has(name string, commit uint64) bool { return s[name][commit] || s["*"][commit] }

func readSkips(ctx context.Context, q querier) (skips, error) {
	rows, err := q.Query(ctx, `SELECT name, commit_position FROM app_data.skips`)
	if err != nil {
		return nil, err
	}
	all := make(skips)
	for rows.Next() {
		var name string
		var commit uint64
		if err := rows.Scan(&name, &commit); err != nil {
			return nil, err
		}
		if all[name] == nil {
			all[name] = make(map[uint64]bool)
		}
		all[name][commit] = true
	}
	return all, rows.Err()
}
