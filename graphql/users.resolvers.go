package graphql

import (
	"context"
	"errors"

	"parley/commands"
	"parley/domain"
	"parley/eventstore"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/internal/auth"
	"parley/projections/settings"
)

// gqlgen writes the signatures in this file anew and keeps comments and bodies. Everything else belongs in another file.

func (r *mutationResolver) SaveUser(ctx context.Context, input model.SaveUserInput) (*model.UserPayload, error) {
	local, err := optionalID(kindUser, value(input.ID))
	if err != nil {
		return nil, err
	}
	p, s, err := userSettings(input)
	if err != nil {
		return nil, err
	}
	password := text(value(input.Password))
	if password != "" {
		if err := auth.CheckNewPassword(password); err != nil {
			return nil, err
		}
	}
	id, withoutSecrets := domain.UserID(local), input
	withoutSecrets.Password = leftOut
	err = r.run(ctx, input.CommandID, withoutSecrets, waitFor{settings.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
			id, at, err = r.Commands.SaveUser(ctx, id, p, s, v.User, m)
			if err == nil && password != "" {
				err = r.Auth.SetPassword(ctx, string(id), password, true)
			}
			return at, err
		})
	if err != nil {
		return nil, err
	}
	return r.userPayload(ctx, string(id))
}

func (r *mutationResolver) CreateToken(ctx context.Context, input model.CreateTokenInput) (*model.TokenPayload, error) {
	if !isUUID(input.CommandID) {
		return nil, errCommandID
	}
	id, err := localID(kindUser, input.UserID)
	if err != nil {
		return nil, err
	}
	users, err := settings.UsersByID(ctx, r.DB.Clear, []string{id})
	if err != nil {
		return nil, err
	}
	if len(users) == 0 {
		return nil, ErrNotFound
	}
	token, _, err := r.Auth.CreateToken(ctx, auth.NewToken{
		ID: input.CommandID, UserID: id, Name: input.Name, Role: string(users[0].Settings.Role),
		ExpiresAt: value(input.ExpiresAt),
	})
	if errors.Is(err, auth.ErrTokenIDReused) {
		err = commands.ErrCommandReused
	}
	if err != nil {
		return nil, err
	}
	return &model.TokenPayload{Token: token}, nil
}

func (r *queryResolver) Users(ctx context.Context) ([]model.User, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := settings.Users(ctx, r.DB.For(v), v)
	return presentAll(rows, presentUser), err
}

func (r *userResolver) Presence(ctx context.Context, obj *model.User) (*model.Presence, error) {
	a, err := r.loadersOf(ctx).presences.Load(ctx, obj.UUID)
	return presentPresence(a), err
}

func (r *userResolver) Settings(ctx context.Context, obj *model.User) (*model.UserSettings, error) {
	if v, err := r.Viewer(ctx); err != nil || !v.May(access.Administer) {
		return nil, err
	}
	u, err := r.loadersOf(ctx).users.Load(ctx, obj.UUID)
	return presentUserSettings(u), err
}

func (r *userSettingsResolver) Lists(ctx context.Context, obj *model.UserSettings) ([]model.ContactList, error) {
	rows, err := r.loadersOf(ctx).lists.LoadAll(ctx, obj.ListIDs)
	return presentAll(rows, presentList), err
}

func (r *userSettingsResolver) Queues(ctx context.Context, obj *model.UserSettings) ([]model.Queue, error) {
	return r.queuesByID(ctx, obj.QueueIDs)
}

// User returns generated.UserResolver implementation.
func (r *Resolver) User() generated.UserResolver { return &userResolver{r} }

// UserSettings returns generated.UserSettingsResolver implementation.
func (r *Resolver) UserSettings() generated.UserSettingsResolver { return &userSettingsResolver{r} }

type (
	userResolver         struct{ *Resolver }
	userSettingsResolver struct{ *Resolver }
)
