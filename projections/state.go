package projections

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"parley/eventstore"
)

// State says what a read model is doing.
type State string

// The states of a read model.
const (
	Running    State = "RUNNING"    // in step with the others
	Stopped    State = "STOPPED"    // at an event it could not apply, or catching up after that
	Rebuilding State = "REBUILDING" // new, and being filled; an older version may serve its views
)

// progress is how far the read models in step are.
type progress struct {
	logID  string
	epoch  int64
	at     eventstore.Position
	silent bool
	// problem is why all stand still, a code; empty when they do not.
	problem string
}

// checkpoint is one read model's own state.
type checkpoint struct {
	name           string
	generation     int
	lastGeneration int
	state          State
	at             eventstore.Position // of a running one: only when later than progress
}

// queryer is what reads states: a connection or a transaction.
type queryer interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func readProgress(ctx context.Context, q queryer) (progress, error) {
	var p progress
	err := q.QueryRow(ctx, `SELECT log_id::text, epoch, commit_position, prepare_position, silent, problem FROM app_data.progress`).
		Scan(&p.logID, &p.epoch, &p.at.Commit, &p.at.Prepare, &p.silent, &p.problem)
	return p, err
}

// lockProgress is readProgress that keeps everybody from going on until the transaction ends.
func lockProgress(ctx context.Context, tx pgx.Tx) (progress, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM app_data.progress FOR UPDATE`); err != nil {
		return progress{}, err
	}
	return readProgress(ctx, tx)
}

func readCheckpoints(ctx context.Context, q queryer) (map[string]checkpoint, error) {
	rows, err := q.Query(ctx, `SELECT name, generation, last_generation, state, commit_position, prepare_position FROM app_data.checkpoints`)
	if err != nil {
		return nil, err
	}
	all := make(map[string]checkpoint)
	for rows.Next() {
		var c checkpoint
		if err := rows.Scan(&c.name, &c.generation, &c.lastGeneration, &c.state, &c.at.Commit, &c.at.Prepare); err != nil {
			return nil, err
		}
		all[c.name] = c
	}
	return all, rows.Err()
}

func readSkips(ctx context.Context, q queryer) (skips, error) {
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

// later is the later of two positions.
func later(a, b eventstore.Position) eventstore.Position {
	if b.After(a) {
		return b
	}
	return a
}

// bump begins a new epoch: whoever projects looks again who runs with which tables, and open screens fetch anew.
func bump(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE app_data.progress SET epoch = epoch + 1, updated_at = now()`)
	if err != nil {
		return err
	}
	return announceStates(ctx, tx)
}

// announceStates tells all processes that checkpoints have changed.
func announceStates(ctx context.Context, q queryer) error {
	_, err := q.Exec(ctx, `SELECT pg_notify('checkpoints', '')`)
	return err
}
