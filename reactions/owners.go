package reactions

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/user"
	"parley/projections/waiting"
)

// owners returns interactions to the queue if their owner signed out and did not come back within the
// disconnection timeout, and at once if their owner was disabled or is no longer an agent.
type owners struct {
	Config
	retries   *retries
	notBefore map[string]time.Time
}

func newOwners(c Config) *owners {
	return &owners{Config: c, retries: newRetries(c, "owners"), notBefore: make(map[string]time.Time)}
}

func (o *owners) loop() loop {
	return loop{name: "owners", sweep: o.sweep, gap: 250 * time.Millisecond, idle: time.Second,
		watches: []string{"agents", "open_interactions", "users"}}
}

func (o *owners) sweep(ctx context.Context) (time.Duration, error) {
	after, err := disconnectAfter(ctx, o.Config)
	if err != nil {
		return 0, err
	}
	now := o.Now()
	rows, err := o.Pool.Query(ctx, `
		SELECT a.user_id FROM agents a WHERE a.state = 'SIGNED_OUT' AND a.since <= $1
			AND EXISTS (SELECT FROM open_interactions o WHERE o.owner_id = a.user_id AND o.transfer_id = '')`, now.Add(-after))
	if err != nil {
		return 0, fmt.Errorf("read the absent owners: %w", err)
	}
	gone, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, fmt.Errorf("read the absent owners: %w", err)
	}
	removed, err := o.removed(ctx)
	if err != nil {
		return 0, err
	}
	for _, id := range append(removed, gone...) {
		if o.notBefore[id].After(now) {
			continue
		}
		o.notBefore[id] = now.Add(stale)
		release := releaseGone(o.Config, interaction.ReleasedOwnerSignedOut, after)
		if slices.Contains(removed, id) {
			release = o.Commands.ReleaseRemoved
		}
		if err := releaseAll(ctx, o.Config, o.retries, domain.AgentID(id), release); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// removed returns owners who were disabled or are no longer agents.
func (o *owners) removed(ctx context.Context) ([]string, error) {
	rows, err := o.Pool.Query(ctx, `
		SELECT u.id FROM users u WHERE (u.disabled OR u.archived OR u.role <> $1)
			AND EXISTS (SELECT FROM open_interactions o WHERE o.owner_id = u.id)`, user.Agent)
	if err != nil {
		return nil, fmt.Errorf("read the disabled owners: %w", err)
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// release returns one interaction to the queue if the rules allow it, and reports whether it did.
type release func(ctx context.Context, id domain.InteractionID, owner domain.AgentID) (bool, error)

// releaseGone returns a release for owners who have been signed out for at least this long.
func releaseGone(c Config, reason interaction.ReleaseReason, after time.Duration) release {
	return func(ctx context.Context, id domain.InteractionID, owner domain.AgentID) (bool, error) {
		return c.Commands.ReleaseGone(ctx, id, owner, reason, after)
	}
}

// releaseAll returns an agent's interactions to the queue, as far as the rules allow it.
func releaseAll(ctx context.Context, c Config, retries *retries, from domain.AgentID, release release) error {
	rows, err := waiting.OwnedBy(ctx, c.Pool, string(from))
	if err != nil {
		return err
	}
	for _, row := range rows {
		if retries.delayed(row.InteractionID) {
			continue
		}
		released, err := release(ctx, domain.InteractionID(row.InteractionID), from)
		if refused(err) {
			err = nil
		}
		if err := retries.record(row.InteractionID, err); err != nil {
			return err
		}
		if released {
			c.Count("owner gone")
		}
	}
	return nil
}
