package graphql

import (
	"context"
	"slices"

	"parley/domain"
	"parley/domain/token"
	"parley/eventstore"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/internal/auth"
	"parley/projections/settings"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

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
				err = r.Commands.ResetPassword(ctx, id, password, v.User, m)
			}
			return at, err
		})
	if err != nil {
		return nil, err
	}
	return r.userPayload(ctx, string(id))
}

func (r *mutationResolver) CreateToken(ctx context.Context, input model.CreateTokenInput) (*model.TokenPayload, error) {
	id, err := localID(kindUser, input.UserID)
	if err != nil {
		return nil, err
	}
	owner, err := r.Viewers.user(ctx, domain.UserID(id))
	if err != nil {
		return nil, err
	}
	var t token.Created
	err = r.run(ctx, input.CommandID, input, nil,
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (at eventstore.Position, err error) {
			t, at, err = r.Commands.CreateToken(ctx, newToken(id, v.User, input), texts(owner.viewer.Permissions), m)
			return at, err
		})
	if err != nil {
		return nil, err
	}
	secret, _, err := r.Auth.CreateToken(ctx, auth.NewToken{
		ID: input.CommandID, UserID: id, Name: t.Name, Role: string(owner.viewer.Role), Permissions: t.Permissions,
		ExpiresAt: t.ExpiresAt, CreatedBy: string(t.By),
	})
	if err != nil {
		return nil, err
	}
	return &model.TokenPayload{Token: secret}, nil
}

func (r *mutationResolver) RevokeToken(
	ctx context.Context, input model.RevokeTokenInput,
) (*model.RevokeTokenPayload, error) {
	id, err := localID(kindToken, input.TokenID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, nil,
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.RevokeToken(ctx, id, token.Revoked{Reason: token.ByHand, By: v.User}, m)
		})
	if err != nil {
		return nil, err
	}
	all, err := r.tokens(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(t model.APIToken) bool { return t.ID == globalID(kindToken, id) })
	if i < 0 {
		return nil, ErrNotFound
	}
	return &model.RevokeTokenPayload{Token: &all[i]}, nil
}

func (r *mutationResolver) EndBrowserSession(
	ctx context.Context, input model.EndBrowserSessionInput,
) (*model.BrowserSessionsPayload, error) {
	session, err := localID(kindSession, input.SessionID)
	if err != nil {
		return nil, err
	}
	user, err := r.sessionsOf(ctx, value(input.UserID))
	if err != nil {
		return nil, err
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.Commands.EndSession(ctx, domain.UserID(user), session, v.User); err != nil {
		return nil, err
	}
	remain, err := r.browserSessions(ctx, user)
	return &model.BrowserSessionsPayload{Sessions: remain}, err
}

func (r *queryResolver) Users(ctx context.Context) ([]model.User, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := settings.Users(ctx, r.DB.For(v), v)
	return presentAll(rows, presentUser), err
}

func (r *queryResolver) Tokens(ctx context.Context) ([]model.APIToken, error) {
	return r.tokens(ctx)
}

func (r *queryResolver) BrowserSessions(ctx context.Context, userID *string) ([]model.BrowserSession, error) {
	user, err := r.sessionsOf(ctx, userID)
	if err != nil {
		return nil, err
	}
	return r.browserSessions(ctx, user)
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
