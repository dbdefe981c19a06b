package graphql

import (
	"context"

	"parley/eventstore"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/settings"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *mutationResolver) Archive(ctx context.Context, input model.ArchiveInput) (*model.ArchivePayload, error) {
	k, id, err := splitID(input.ID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{settings.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.Archive(ctx, archivable[k], id, v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return &model.ArchivePayload{ID: input.ID}, nil
}

func (r *queryResolver) Me(ctx context.Context) (*model.Viewer, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	l := r.loadersOf(ctx)
	u, err := l.users.Load(ctx, string(v.User))
	if err != nil {
		return nil, err
	}
	a, err := l.presences.Load(ctx, string(v.User))
	return presentViewer(v, u, a), err
}

func (r *queryResolver) Node(ctx context.Context, id string) (model.Node, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	return r.nodeByID(ctx, v, id)
}

// Mutation returns generated.MutationResolver implementation.
func (r *Resolver) Mutation() generated.MutationResolver { return &mutationResolver{r} }

// Query returns generated.QueryResolver implementation.
func (r *Resolver) Query() generated.QueryResolver { return &queryResolver{r} }

// Subscription returns generated.SubscriptionResolver implementation.
func (r *Resolver) Subscription() generated.SubscriptionResolver { return &subscriptionResolver{r} }

type (
	mutationResolver     struct{ *Resolver }
	queryResolver        struct{ *Resolver }
	subscriptionResolver struct{ *Resolver }
)
