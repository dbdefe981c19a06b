package graphql

import (
	"context"

	"parley/domain"
	"parley/eventstore"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/interactions"
	"parley/projections/transfers"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *mutationResolver) RequestTransfer(
	ctx context.Context, input model.RequestTransferInput,
) (*model.TransferPayload, error) {
	id, err := r.interactionInScope(ctx, input.InteractionID)
	if err != nil {
		return nil, err
	}
	to, err := transferTo(input)
	if err != nil {
		return nil, err
	}
	var transferID domain.TransferID
	err = r.run(ctx, input.CommandID, input, waitFor{transfers.Name, interactions.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
			transferID, at, err = r.Commands.RequestTransfer(ctx, id, v.User, to, m)
			return at, err
		})
	if err != nil {
		return nil, err
	}
	return r.transferPayload(ctx, transferID)
}

func (r *mutationResolver) AcceptTransfer(
	ctx context.Context, input model.TransferInput,
) (*model.TransferPayload, error) {
	id, err := r.transferInScope(ctx, input.TransferID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{transfers.Name, interactions.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.AcceptTransfer(ctx, id, v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return r.transferPayload(ctx, id)
}

func (r *mutationResolver) RejectTransfer(
	ctx context.Context, input model.TransferInput,
) (*model.TransferPayload, error) {
	id, err := r.transferInScope(ctx, input.TransferID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{transfers.Name, interactions.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.RejectTransfer(ctx, id, v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return r.transferPayload(ctx, id)
}

func (r *mutationResolver) CancelTransfer(
	ctx context.Context, input model.TransferInput,
) (*model.TransferPayload, error) {
	id, err := r.transferInScope(ctx, input.TransferID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{transfers.Name, interactions.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.CancelTransfer(ctx, id, v.User, v.May(access.Supervise), m)
		})
	if err != nil {
		return nil, err
	}
	return r.transferPayload(ctx, id)
}

func (r *queryResolver) Transfers(ctx context.Context) ([]model.Transfer, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := transfers.Of(ctx, r.DB.For(v), string(v.User))
	return presentAll(rows, presentTransfer(v)), err
}

func (r *queryResolver) TransferTargets(ctx context.Context, interactionID string) (*model.TransferTargets, error) {
	id, err := localID(kindInteraction, interactionID)
	if err != nil {
		return nil, err
	}
	row, err := r.interactionRow(ctx, id)
	if err != nil {
		return nil, err
	}
	a, err := r.loadersOf(ctx).accounts.Load(ctx, row.AccountID)
	if err != nil {
		return nil, err
	}
	targets := &model.TransferTargets{Agents: []model.User{}, Queues: []model.Queue{}}
	if a.Settings.TransferToAgent {
		if targets.Agents, err = r.targetAgents(ctx, row.AccountID); err != nil {
			return nil, err
		}
	}
	if a.Settings.TransferToQueue {
		if targets.Queues, err = r.targetQueues(ctx, a); err != nil {
			return nil, err
		}
	}
	return targets, nil
}

func (r *transferResolver) Interaction(ctx context.Context, obj *model.Transfer) (*model.Interaction, error) {
	return r.interactionByID(ctx, obj.InteractionID)
}

func (r *transferResolver) From(ctx context.Context, obj *model.Transfer) (*model.User, error) {
	return r.userByID(ctx, obj.FromID)
}

func (r *transferResolver) ToAgent(ctx context.Context, obj *model.Transfer) (*model.User, error) {
	return r.userByID(ctx, obj.ToAgentID)
}

func (r *transferResolver) ToQueue(ctx context.Context, obj *model.Transfer) (*model.Queue, error) {
	return r.queueByID(ctx, obj.ToQueueID)
}

func (r *transferResolver) AcceptedBy(ctx context.Context, obj *model.Transfer) (*model.User, error) {
	return r.userByID(ctx, obj.AcceptedByID)
}

// Transfer returns generated.TransferResolver implementation.
func (r *Resolver) Transfer() generated.TransferResolver { return &transferResolver{r} }

type transferResolver struct{ *Resolver }
