package graphql

import (
	"context"

	"parley/domain/deployment"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/internal/access"
	readmodel "parley/projections/deployment"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *mutationResolver) ReleaseOutbound(
	ctx context.Context, input model.ReleaseOutboundInput,
) (*model.OutboundPayload, error) {
	err := r.run(ctx, input.CommandID, input, waitFor{readmodel.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.ReleaseOutbound(ctx, deployment.OutboundReleased{By: v.User}, m)
		})
	if err != nil {
		return nil, err
	}
	shown, err := r.outbound(ctx)
	return &model.OutboundPayload{Outbound: shown}, err
}

func (r *queryResolver) Outbound(ctx context.Context) (*model.Outbound, error) {
	return r.outbound(ctx)
}
