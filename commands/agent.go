package commands

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"parley/domain"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/setting"
	"parley/domain/user"
	"parley/eventstore"
)

func (c *Commands) onAgent(
	ctx context.Context, id domain.AgentID, meta eventstore.Metadata, cmd agent.Command,
) (eventstore.Position, error) {
	r, err := c.agents.handle(ctx, string(id), meta, cmd)
	return r.Position, err
}

// SignIn starts an agent's working day.
func (c *Commands) SignIn(
	ctx context.Context, id domain.AgentID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.onAgent(ctx, id, meta, agent.SignIn{At: c.now()})
}

// Pause stops offers to an agent, for one of the policy's reasons.
func (c *Commands) Pause(
	ctx context.Context, id domain.AgentID, reason string, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	p, err := c.policy(ctx)
	if err == nil {
		err = p.CheckPause(reason)
	}
	if err != nil {
		return eventstore.Position{}, err
	}
	return c.onAgent(ctx, id, meta, agent.Pause{Reason: reason, By: by, At: c.now()})
}

// Resume ends a pause.
func (c *Commands) Resume(
	ctx context.Context, id domain.AgentID, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	return c.onAgent(ctx, id, meta, agent.Resume{By: by, At: c.now()})
}

// GoAway records that an agent's last browser disconnected.
func (c *Commands) GoAway(ctx context.Context, id domain.AgentID) error {
	_, err := c.onAgent(ctx, id, SystemMetadata("presence", NewID()), agent.GoAway{At: c.now()})
	return err
}

// Return records that an agent's browser is connected again.
func (c *Commands) Return(ctx context.Context, id domain.AgentID) error {
	_, err := c.onAgent(ctx, id, SystemMetadata("presence", NewID()), agent.Return{At: c.now()})
	return err
}

// SignOut ends an agent's working day. The reason is one of package agent's.
func (c *Commands) SignOut(
	ctx context.Context, id domain.AgentID, cmd agent.SignOut, meta eventstore.Metadata,
) (eventstore.Position, error) {
	cmd.At = c.now()
	return c.onAgent(ctx, id, meta, cmd)
}

func (c *Commands) presence(ctx context.Context, id domain.AgentID) (interaction.Presence, error) {
	return query(ctx, c.agents, string(id),
		func(s agent.State) interaction.Presence { return interaction.Presence(s.Presence()) })
}

// availableOf returns the agents who can get offers now, in the given order.
func (c *Commands) availableOf(ctx context.Context, ids []domain.AgentID) ([]domain.AgentID, error) {
	presences := make([]interaction.Presence, len(ids))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(16)
	for i, id := range ids {
		g.Go(func() (err error) {
			presences[i], err = c.presence(ctx, id)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	var available []domain.AgentID
	for i, id := range ids {
		if presences[i] == interaction.Available && !slices.Contains(available, id) {
			available = append(available, id)
		}
	}
	return available, nil
}

// ErrNoAgent refuses to assign an interaction to someone who is not an agent.
var ErrNoAgent = &domain.Refusal{Kind: domain.Invalid, Code: "NOT_AN_AGENT",
	Message: "This person doesn't handle interactions."}

func (c *Commands) mustBeAgent(ctx context.Context, id domain.AgentID) error {
	u, err := query(ctx, c.users, string(id), func(s user.State) user.State { return s })
	switch {
	case err != nil:
		return err
	case !u.Exists:
		return setting.ErrUnknown
	case u.Archived || u.Value.Settings.Disabled || u.Value.Settings.Role != user.Agent:
		return ErrNoAgent
	}
	return nil
}
