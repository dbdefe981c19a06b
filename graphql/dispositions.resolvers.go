package graphql

import (
	"context"

	"parley/domain"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/settings"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *mutationResolver) DisposeInteraction(
	ctx context.Context, input model.DisposeInteractionInput,
) (*model.InteractionPayload, error) {
	return r.onInteraction(ctx, input.InteractionID, input.CommandID, input,
		func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error) {
			disposition, err := localID(kindDisposition, input.DispositionID)
			if err != nil {
				return eventstore.Position{}, err
			}
			return r.Commands.Dispose(ctx, id, v.User, v.May(access.Supervise), domain.DispositionID(disposition), m)
		})
}

func (r *mutationResolver) SaveDisposition(
	ctx context.Context, input model.SaveDispositionInput,
) (*model.DispositionPayload, error) {
	local, err := optionalID(kindDisposition, value(input.ID))
	if err != nil {
		return nil, err
	}
	s, err := dispositionSettings(input)
	if err != nil {
		return nil, err
	}
	id := domain.DispositionID(local)
	err = r.run(ctx, input.CommandID, input, waitFor{settings.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
			id, at, err = r.Commands.SaveDisposition(ctx, id, s, v.User, m)
			return at, err
		})
	if err != nil {
		return nil, err
	}
	row, err := readBack(settings.DispositionsByID(ctx, r.clear(ctx), []string{string(id)}))
	if err != nil {
		return nil, err
	}
	return &model.DispositionPayload{Disposition: presentDisposition(row)}, nil
}

func (r *queryResolver) DispositionsFor(ctx context.Context, interactionID string) ([]model.Disposition, error) {
	id, err := localID(kindInteraction, interactionID)
	if err != nil {
		return nil, err
	}
	rows, err := r.dispositionsFor(ctx, id)
	return presentAll(rows, presentDisposition), err
}

func (r *queryResolver) Dispositions(ctx context.Context) ([]model.Disposition, error) {
	rows, err := settings.Dispositions(ctx, r.clear(ctx))
	return presentAll(rows, presentDisposition), err
}
