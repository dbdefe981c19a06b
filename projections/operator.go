package projections

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/domain"
	"parley/domain/projection"
	"parley/eventstore"
)

// Stream is where an operator's decisions about a read model are.
func Stream(name string) string {
	return "projection-" + uuid.NewSHA1(uuid.NameSpaceOID, []byte("parley projection "+name)).String()
}

// ErrNotStopped says there is nothing to skip: the read model does not stand before that event.
var ErrNotStopped = errors.New("the read model does not stand before that event; the list of read models says where it does")

// Skip tells a stopped read model to go past the event at a commit position, now and in every rebuild. The name * stands for all
// read models, when an event that this program does not know stops them. It goes on within seconds. The decision is itself
// an event.
func Skip(ctx context.Context, c Config, name string, commit uint64, reason string, by domain.UserID) error {
	if err := c.defaults(); err != nil {
		return err
	}
	if reason == "" {
		return errors.New("skip: a reason is needed")
	}
	var stopped bool
	err := c.Pool.QueryRow(ctx, `
		SELECT CASE WHEN $1 = '*' THEN EXISTS (SELECT FROM app_data.progress WHERE problem <> '' AND problem_position = $2)
			ELSE EXISTS (SELECT FROM app_data.checkpoints WHERE name = $1 AND problem <> '' AND problem_position = $2) END`,
		name, int64(commit)).Scan(&stopped)
	if err != nil {
		return fmt.Errorf("skip: %w", err)
	}
	if !stopped {
		return ErrNotStopped
	}
	now := time.Now().UTC()
	if err := record(ctx, c.Store, name, string(by), projection.Skipped{Name: name, Commit: commit, Reason: reason, By: by, At: now}); err != nil {
		return fmt.Errorf("skip: %w", err)
	}
	_, err = c.Pool.Exec(ctx, `INSERT INTO app_data.skips (name, commit_position, reason, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`,
		name, int64(commit), reason, now)
	if err != nil {
		return fmt.Errorf("skip: %w", err)
	}
	return nil
}

func recordRebuilt(ctx context.Context, store *eventstore.Store, r Report, events int64) error {
	return record(ctx, store, r.Model, "projections",
		projection.Rebuilt{Name: r.Model, Generation: r.Generation, Events: events, At: time.Now().UTC()})
}

// record appends to the read model's stream, after whatever is there.
func record(ctx context.Context, store *eventstore.Store, name, actor string, e domain.Event) error {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	meta := eventstore.Metadata{Actor: actor, CommandID: uuid.NewString()}
	for {
		h, err := store.Read(ctx, Stream(name), 0)
		if err != nil {
			return err
		}
		_, err = store.Append(ctx, Stream(name), h.Revision, meta, []domain.Event{e})
		if !errors.Is(err, eventstore.ErrWrongRevision) {
			return err
		}
	}
}

// Status is how far a read model is.
type Status struct {
	Name       string
	Generation int
	State      State
	Position   eventstore.Position
	// Problem is why it stands, a code without personal data, and ProblemPosition the commit position of the event it stands
	// before; empty and 0 when it does not.
	Problem         string
	ProblemPosition uint64
	UpdatedAt       time.Time
}

// List is the status of every read model the database knows, by name. One that stands at an event stands in State RUNNING
// with a Problem when the event stops them all.
func List(ctx context.Context, pool *pgxpool.Pool) ([]Status, error) {
	rows, err := pool.Query(ctx, `
		SELECT c.name, c.generation, c.state,
			CASE c.state WHEN 'RUNNING' THEN greatest(c.commit_position, p.commit_position) ELSE c.commit_position END,
			CASE c.state WHEN 'RUNNING' THEN greatest(c.prepare_position, p.prepare_position) ELSE c.prepare_position END,
			CASE c.problem WHEN '' THEN p.problem ELSE c.problem END,
			CASE c.problem WHEN '' THEN p.problem_position ELSE c.problem_position END,
			CASE c.state WHEN 'RUNNING' THEN greatest(c.updated_at, p.updated_at) ELSE c.updated_at END
		FROM app_data.checkpoints c, app_data.progress p ORDER BY c.name`)
	if err != nil {
		return nil, fmt.Errorf("list read models: %w", err)
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Status, error) {
		var s Status
		err := row.Scan(&s.Name, &s.Generation, &s.State, &s.Position.Commit, &s.Position.Prepare, &s.Problem, &s.ProblemPosition, &s.UpdatedAt)
		return s, err
	})
	if err != nil {
		return nil, fmt.Errorf("list read models: %w", err)
	}
	return all, nil
}
