package engine

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
	"parley/internal/database"
)

// State describes what a read model is doing.
type State string

// The states of a read model.
const (
	Running    State = "RUNNING"    // follows the log with the others
	Stopped    State = "STOPPED"    // at an event, or catching up after it
	Rebuilding State = "REBUILDING" // new and being backfilled; an older version may serve its views
)

// retired is the problem of a read model that this version of the program no longer has.
const retired = "RETIRED"

// Status describes how far a read model has got.
type Status struct {
	Name       string
	Generation int
	State      State
	Position   eventstore.Position
	// Problem is why it stopped, a code without personal data. It is empty while it runs.
	Problem string
	// ProblemPosition is the commit position of the event it stopped at, which Skip accepts. It is 0 if no
	// event is the problem.
	ProblemPosition uint64
	// OldestUnseen is when the oldest event that the read model does not show was written. It is zero if the
	// model shows everything, or if that is not known. Only Look sets it.
	OldestUnseen time.Time
}

// Stuck reports whether the read model needs someone's help to continue.
func (s Status) Stuck() bool { return s.State == Stopped || s.Problem != "" && s.Problem != retired }

// List returns the status of every read model in the database, by name.
func List(ctx context.Context, q database.Querier) ([]Status, error) {
	rows, err := q.Query(ctx, `
		SELECT c.name, c.generation,
			CASE WHEN c.state = 'RUNNING' AND p.problem <> '' THEN 'STOPPED' ELSE c.state END,
			CASE c.state WHEN 'RUNNING' THEN greatest(c.commit_position, p.commit_position) ELSE c.commit_position END,
			CASE c.state WHEN 'RUNNING' THEN greatest(c.prepare_position, p.prepare_position) ELSE c.prepare_position END,
			CASE c.problem WHEN '' THEN p.problem ELSE c.problem END, c.problem_position
		FROM app_data.checkpoints c, app_data.progress p ORDER BY c.name`)
	if err != nil {
		return nil, fmt.Errorf("list read models: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Status, error) {
		var s Status
		err := row.Scan(&s.Name, &s.Generation, &s.State, &s.Position.Commit, &s.Position.Prepare,
			&s.Problem, &s.ProblemPosition)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("list read models: %w", err)
	}
	return all, nil
}

// View describes all read models, and whether anything keeps them current.
type View struct {
	Models     []Status
	Projecting bool // some process leads
}

// OldestUnseen returns when the oldest event that some read model does not show was written, or zero.
func (v View) OldestUnseen() time.Time {
	var oldest time.Time
	for _, s := range v.Models {
		if !s.OldestUnseen.IsZero() && (oldest.IsZero() || s.OldestUnseen.Before(oldest)) {
			oldest = s.OldestUnseen
		}
	}
	return oldest
}

// LogReplaced reports whether the read models are halted because the log lacks events that they show.
func (v View) LogReplaced() bool {
	return slices.ContainsFunc(v.Models, func(s Status) bool { return s.Problem == logReplaced })
}

// Look returns the state of the read models and how old what they show is. Age is measured in time, because the
// distance between two positions says nothing: on a cluster, positions are offsets in a file. If the event
// store does not answer, the ages are unknown and err says so; the rest is valid.
func Look(ctx context.Context, q database.Querier, store *eventstore.Store) (v View, err error) {
	if v.Models, err = List(ctx, q); err != nil {
		return v, err
	}
	if err := q.QueryRow(ctx, leadsSQL).Scan(&v.Projecting); err != nil {
		return v, fmt.Errorf("look for the leader: %w", err)
	}
	next := make(map[eventstore.Position]time.Time) // most read models share one position
	for i, s := range v.Models {
		if s.State == Rebuilding || s.Problem == logReplaced {
			continue // its views show an older version or nothing yet, or its position means nothing in this log
		}
		written, known := next[s.Position]
		if !known {
			if written, _, err = store.NextWritten(ctx, s.Position); err != nil {
				return v, err
			}
			next[s.Position] = written
		}
		v.Models[i].OldestUnseen = written
	}
	return v, nil
}
