package engine

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"parley/eventstore"
)

// progress is how far the running read models have got.
type progress struct {
	eventLog string // identity of the log that positions refer to, or empty
	epoch    int64
	at       eventstore.Position
	last     eventstore.Landmark // the last event folded, by which a replaced log is recognised
	silent   bool                // during a catch-up whose changes are not recorded
	// problem is a code for what halts all read models, or empty.
	problem string
}

// folded returns the position of the last event that the running read models hold. An event store may still send one
// that lies before the position they resume from.
func (p progress) folded() eventstore.Position {
	if p.last.IsZero() {
		return p.at
	}
	return p.last.Position
}

// checkpoint is the state of one read model.
type checkpoint struct {
	name           string
	generation     int
	lastGeneration int
	state          State
	at             eventstore.Position // of a running one, only if later than progress
}

// querier is a connection or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func readProgress(ctx context.Context, q querier) (progress, error) {
	var p progress
	var last string
	err := q.QueryRow(ctx, `
		SELECT coalesce(event_log::text, ''), epoch, commit_position, prepare_position, silent, problem,
			coalesce(last_event::text, ''), last_commit, last_prepare FROM app_data.progress`).
		Scan(&p.eventLog, &p.epoch, &p.at.Commit, &p.at.Prepare, &p.silent, &p.problem,
			&last, &p.last.Position.Commit, &p.last.Position.Prepare)
	if err == nil && last != "" {
		p.last.ID, err = uuid.Parse(last)
	}
	return p, err
}

// lockProgress reads the progress and stops other writers until the transaction ends.
func lockProgress(ctx context.Context, tx pgx.Tx) (progress, error) {
	if _, err := tx.Exec(ctx, `SELECT FROM app_data.progress FOR UPDATE`); err != nil {
		return progress{}, err
	}
	return readProgress(ctx, tx)
}

func readCheckpoints(ctx context.Context, q querier) (map[string]checkpoint, error) {
	rows, err := q.Query(ctx, `
		SELECT name, generation, last_generation, state, commit_position, prepare_position
		FROM app_data.checkpoints`)
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

// later returns the later of two positions.
func later(a, b eventstore.Position) eventstore.Position {
	if b.After(a) {
		return b
	}
	return a
}

// landmarkOf returns the last of the events, or the given landmark if there are none.
func landmarkOf(events []eventstore.Recorded, otherwise eventstore.Landmark) eventstore.Landmark {
	if len(events) == 0 {
		return otherwise
	}
	return events[len(events)-1].Landmark()
}

// startEpoch begins a new epoch: the leader reloads which read models run on which tables, and open screens
// reload.
func startEpoch(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE app_data.progress SET epoch = epoch + 1`)
	if err != nil {
		return err
	}
	return notifyCheckpoints(ctx, tx)
}

// notifyCheckpoints tells all processes that checkpoints have changed.
func notifyCheckpoints(ctx context.Context, q querier) error {
	_, err := q.Exec(ctx, `SELECT pg_notify('checkpoints', '')`)
	return err
}
