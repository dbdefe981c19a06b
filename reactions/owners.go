package reactions

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/commands"
	"parley/domain"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/projections/waiting"
)

// owners puts interactions back to waiting whose owner signed out and did not come back within the disconnection timeout.
type owners struct {
	Config
	notBefore map[string]time.Time
}

func newOwners(c Config) *owners { return &owners{Config: c, notBefore: make(map[string]time.Time)} }

func (o *owners) loop() loop {
	return loop{name: "owners", sweep: o.sweep, gap: 250 * time.Millisecond, idle: time.Second, of: []string{"agents", "open_interactions"}}
}

func (o *owners) sweep(ctx context.Context) (time.Duration, error) {
	after, err := disconnectAfter(ctx, o.Config)
	if err != nil || after == 0 {
		return 0, err
	}
	now := o.Now()
	rows, err := o.Pool.Query(ctx, `
		SELECT a.user_id FROM agents a WHERE a.state = 'SIGNED_OUT' AND a.since <= $1
			AND EXISTS (SELECT FROM open_interactions o WHERE o.owner_id = a.user_id AND o.transfer_id = '')`, now.Add(-after))
	if err != nil {
		return 0, fmt.Errorf("read who is gone: %w", err)
	}
	gone, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return 0, fmt.Errorf("read who is gone: %w", err)
	}
	for _, id := range gone {
		if o.notBefore[id].After(now) {
			continue
		}
		o.notBefore[id] = now.Add(stale)
		since, err := o.signedOut(ctx, domain.AgentID(id))
		if err != nil {
			return 0, err
		}
		if since.IsZero() || now.Sub(since) < after {
			continue // he is back, and the row does not say so yet
		}
		if err := releaseAll(ctx, o.Config, domain.AgentID(id), interaction.ReleasedOwnerSignedOut); err != nil {
			return 0, err
		}
	}
	return 0, nil
}

// signedOut is since when an agent has been signed out, by his stream; zero when he is signed in.
func (o *owners) signedOut(ctx context.Context, id domain.AgentID) (time.Time, error) {
	history, err := o.Store.Read(ctx, agent.Decider.Stream(string(id)), 0)
	if err != nil {
		return time.Time{}, err
	}
	var since time.Time
	for _, r := range history.Events {
		switch e := r.Event.(type) {
		case agent.SignedIn:
			since = time.Time{}
		case agent.SignedOut:
			since = e.At
		}
	}
	return since, nil
}

// releaseAll puts what an agent owns back to waiting, but for what is being transferred: that ends by itself soon.
func releaseAll(ctx context.Context, c Config, from domain.AgentID, reason interaction.ReleaseReason) error {
	rows, err := waiting.OwnedBy(ctx, c.Pool, string(from))
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.TransferID != "" {
			continue
		}
		meta := commands.Ours("deadlines", commands.NewID())
		if _, err := c.Commands.Release(ctx, domain.InteractionID(row.InteractionID), "", from, reason, meta); err != nil && !refused(err) {
			return err
		}
		c.Count("owner gone")
	}
	return nil
}
