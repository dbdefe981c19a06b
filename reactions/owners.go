package reactions

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain"
	"parley/domain/interaction"
	"parley/projections/waiting"
)

// owners returns interactions to the queue if their owner signed out and did not come
// back within the disconnection timeout.
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
		watches: []string{"agents", "open_interactions"}}
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
	for _, id := range gone {
		if o.notBefore[id].After(now) {
			continue
		}
		o.notBefore[id] = now.Add(stale)
		if err := releaseAll(ctx, o.Config, o.retries, domain.AgentID(id), interaction.ReleasedOwnerSignedOut,
			after); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// releaseAll returns an agent's interactions to the queue if the agent has been signed out for at least this long.
func releaseAll(
	ctx context.Context, c Config, retries *retries, from domain.AgentID, reason interaction.ReleaseReason,
	after time.Duration,
) error {
	rows, err := waiting.OwnedBy(ctx, c.Pool, string(from))
	if err != nil {
		return err
	}
	for _, row := range rows {
		if retries.delayed(row.InteractionID) {
			continue
		}
		released, err := c.Commands.ReleaseGone(ctx, domain.InteractionID(row.InteractionID), from, reason, after)
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
