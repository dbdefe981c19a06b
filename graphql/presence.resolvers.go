package graphql

import (
	"context"

	"parley/domain/agent"
	"parley/eventstore"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/agents"
	"parley/projections/settings"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *agentActivityResolver) User(ctx context.Context, obj *model.AgentActivity) (*model.User, error) {
	return r.userByID(ctx, obj.UserID)
}

func (r *agentActivityResolver) Queues(ctx context.Context, obj *model.AgentActivity) ([]model.Queue, error) {
	return r.queuesByID(ctx, obj.QueueIDs)
}

func (r *mutationResolver) SignIn(ctx context.Context, input model.PresenceInput) (*model.PresencePayload, error) {
	err := r.run(ctx, input.CommandID, input, waitFor{agents.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.SignIn(ctx, v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return r.presencePayload(ctx)
}

func (r *mutationResolver) Pause(ctx context.Context, input model.PauseInput) (*model.PresencePayload, error) {
	err := r.run(ctx, input.CommandID, input, waitFor{agents.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.Pause(ctx, v.User, input.Reason, v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return r.presencePayload(ctx)
}

func (r *mutationResolver) Resume(ctx context.Context, input model.PresenceInput) (*model.PresencePayload, error) {
	err := r.run(ctx, input.CommandID, input, waitFor{agents.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.Resume(ctx, v.User, v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return r.presencePayload(ctx)
}

func (r *mutationResolver) SignOut(ctx context.Context, input model.PresenceInput) (*model.PresencePayload, error) {
	err := r.run(ctx, input.CommandID, input, waitFor{agents.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.SignOut(ctx, v.User, agent.SignOut{Reason: agent.SignedOutSelf}, m)
		})
	if err != nil {
		return nil, err
	}
	return r.presencePayload(ctx)
}

func (r *queryResolver) Realtime(ctx context.Context) (*model.Realtime, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	queues, err := settings.Queues(ctx, r.DB.For(v), v)
	if err != nil {
		return nil, err
	}
	active, err := agents.Realtime(ctx, r.DB.For(v), v)
	return &model.Realtime{
		Queues: presentAll(queues, presentQueue), Agents: presentAll(active, presentActivity),
	}, err
}

// AgentActivity returns generated.AgentActivityResolver implementation.
func (r *Resolver) AgentActivity() generated.AgentActivityResolver { return &agentActivityResolver{r} }

type agentActivityResolver struct{ *Resolver }
