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

func (r *mutationResolver) SaveList(ctx context.Context, input model.SaveListInput) (*model.ListPayload, error) {
	local, err := optionalID(kindList, value(input.ID))
	if err != nil {
		return nil, err
	}
	id := domain.ListID(local)
	err = r.run(ctx, input.CommandID, input, waitFor{settings.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
			id, at, err = r.Commands.SaveList(ctx, id, listSettings(input), v.User, m)
			return at, err
		})
	if err != nil {
		return nil, err
	}
	row, err := readBack(settings.ListsByID(ctx, r.clear(ctx), []string{string(id)}))
	if err != nil {
		return nil, err
	}
	return &model.ListPayload{List: presentList(row)}, nil
}

func (r *mutationResolver) GrantLists(ctx context.Context, input model.GrantListsInput) (*model.UserPayload, error) {
	id, err := localID(kindUser, input.UserID)
	if err != nil {
		return nil, err
	}
	lists, err := localIDs(kindList, input.ListIds)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{settings.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.GrantLists(ctx, domain.UserID(id), idsOf[domain.ListID](lists), v.User, m)
		})
	if err != nil {
		return nil, err
	}
	return r.userPayload(ctx, id)
}

func (r *queryResolver) Lists(ctx context.Context) ([]model.ContactList, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := settings.Lists(ctx, r.DB.For(v), v)
	return presentAll(rows, presentList), err
}
