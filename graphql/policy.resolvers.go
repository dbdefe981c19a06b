package graphql

import (
	"context"

	"parley/eventstore"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/settings"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *mutationResolver) SavePolicy(ctx context.Context, input model.SavePolicyInput) (*model.PolicyPayload, error) {
	err := r.run(ctx, input.CommandID, input, waitFor{settings.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.SavePolicy(ctx, policySettings(input), v.User, m)
		})
	if err != nil {
		return nil, err
	}
	p, err := r.policy(ctx)
	return &model.PolicyPayload{Policy: presentPolicy(p)}, err
}

func (r *queryResolver) Policy(ctx context.Context) (*model.Policy, error) {
	p, err := r.policy(ctx)
	return presentPolicy(p), err
}
