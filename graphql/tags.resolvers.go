package graphql

import (
	"context"

	"parley/domain"
	"parley/domain/tag"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/settings"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *mutationResolver) AddTag(ctx context.Context, input model.TagInput) (*model.InteractionPayload, error) {
	return r.onInteraction(ctx, input.InteractionID, input.CommandID, input,
		func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error) {
			if !v.Works() {
				return eventstore.Position{}, ErrForbidden
			}
			return r.Commands.AddTag(ctx, id, v.User, input.Tag, m)
		})
}

func (r *mutationResolver) RemoveTag(ctx context.Context, input model.TagInput) (*model.InteractionPayload, error) {
	return r.onInteraction(ctx, input.InteractionID, input.CommandID, input,
		func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error) {
			if !v.Works() {
				return eventstore.Position{}, ErrForbidden
			}
			return r.Commands.RemoveTag(ctx, id, v.User, input.Tag, m)
		})
}

func (r *mutationResolver) SaveTag(ctx context.Context, input model.SaveTagInput) (*model.TagPayload, error) {
	id, err := optionalID(kindTag, value(input.ID))
	if err != nil {
		return nil, err
	}
	s := tag.Settings{Name: input.Name, Color: input.Color}
	err = r.run(ctx, input.CommandID, input, waitFor{settings.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
			id, at, err = r.Commands.SaveTag(ctx, id, s, v.User, m)
			return at, err
		})
	if err != nil {
		return nil, err
	}
	row, err := readBack(settings.TagsByID(ctx, r.clear(ctx), []string{id}))
	if err != nil {
		return nil, err
	}
	return &model.TagPayload{Tag: presentTag(row)}, nil
}

func (r *queryResolver) Tags(ctx context.Context) ([]model.Tag, error) {
	rows, err := settings.Tags(ctx, r.clear(ctx))
	return presentAll(rows, presentTag), err
}
