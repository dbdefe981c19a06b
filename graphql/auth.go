package graphql

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"parley/access"
	"parley/domain"
	"parley/domain/user"
	"parley/graphql/model"
)

// The refusals of the door.
var (
	ErrUnauthenticated = &domain.Refusal{Kind: domain.Forbidden, Code: "UNAUTHENTICATED", Message: "Please sign in."}
	ErrForbidden       = &domain.Refusal{Kind: domain.Forbidden, Code: "FORBIDDEN", Message: "You may not do this."}
	ErrNotFound        = &domain.Refusal{Kind: domain.NotFound, Code: "NOT_FOUND", Message: "There is no such thing here."}
)

// Identity is whoever a session or token belongs to.
type Identity struct {
	User domain.UserID
	Role user.Role // a token's rights end at this role's; empty for a session: all the user may
	// StillGood says whether session or token hold on; asked again for every batch of a subscription.
	StillGood func(context.Context) error
}

type identityKey struct{}

// WithIdentity says whose request this is.
func WithIdentity(ctx context.Context, id Identity) context.Context {
	return context.WithValue(ctx, identityKey{}, id)
}

func identity(ctx context.Context) (Identity, bool) {
	id, ok := ctx.Value(identityKey{}).(Identity)
	return id, ok && id.User != ""
}

// May is the directive that stands at every field of Query, Mutation and Subscription.
func (r *Resolver) May(ctx context.Context, _ any, next graphql.Resolver, permission model.Permission) (any, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	if !v.May(access.Permission(permission)) {
		return nil, ErrForbidden
	}
	return next(ctx)
}

// ViewerOf is who a request with an Identity is from, for handlers beside the API.
func ViewerOf(ctx context.Context, viewers Viewers) (access.Viewer, error) {
	id, ok := identity(ctx)
	if !ok {
		return access.Viewer{}, ErrUnauthenticated
	}
	return viewers.Viewer(ctx, id)
}
