package graphql

import (
	"context"
	"slices"

	"parley/domain"
	"parley/domain/token"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/settings"
)

// newToken returns the token that an input asks for.
func newToken(userID string, by domain.UserID, input model.CreateTokenInput) token.Created {
	t := token.Created{UserID: domain.UserID(userID), Name: input.Name, Permissions: texts(input.Permissions.Value()), By: by}
	if at := value(input.ExpiresAt); at != nil {
		t.ExpiresAt = *at
	}
	return t
}

// tokens returns all tokens, newest first.
func (r *Resolver) tokens(ctx context.Context) ([]model.APIToken, error) {
	all, err := r.Auth.Tokens(ctx)
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, t := range all {
		ids = append(ids, t.UserID, t.CreatedBy)
	}
	slices.Sort(ids)
	rows, err := settings.UsersByID(ctx, r.clear(ctx), slices.Compact(ids))
	if err != nil {
		return nil, err
	}
	users := make(map[string]*model.User, len(rows))
	for _, u := range rows {
		users[u.ID] = presentUser(u)
	}
	shown := make([]model.APIToken, 0, len(all))
	for _, t := range all {
		if users[t.UserID] == nil {
			continue // the read models do not show the user yet
		}
		shown = append(shown, model.APIToken{
			ID: globalID(kindToken, t.ID), Name: t.Name, Prefix: t.Prefix, User: users[t.UserID],
			Permissions: presentPermissions(t.Permissions), CreatedBy: users[t.CreatedBy], CreatedAt: t.CreatedAt,
			ExpiresAt: t.ExpiresAt, LastUsedAt: t.LastUsedAt, RevokedAt: t.RevokedAt,
		})
	}
	return shown, nil
}

// sessionsOf returns the id of the user whose browser sessions the viewer asks for: themselves, or for an admin any.
func (r *Resolver) sessionsOf(ctx context.Context, userID *string) (string, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return "", err
	}
	id, err := optionalID(kindUser, userID)
	switch {
	case err != nil:
		return "", err
	case id == "" || id == string(v.User):
		return string(v.User), nil
	case !v.May(access.Administer):
		return "", ErrNotFound
	}
	return id, nil
}

func (r *Resolver) browserSessions(ctx context.Context, user string) ([]model.BrowserSession, error) {
	all, err := r.Auth.Sessions(ctx, user)
	if err != nil {
		return nil, err
	}
	me, _ := identity(ctx)
	shown := make([]model.BrowserSession, len(all))
	for i, s := range all {
		shown[i] = model.BrowserSession{
			ID: globalID(kindSession, s.ID), UserAgent: s.UserAgent, Network: s.Network, CreatedAt: s.CreatedAt,
			LastUsedAt: s.LastUsedAt, ExpiresAt: s.ExpiresAt, Current: s.ID == me.Session,
		}
	}
	return shown, nil
}
