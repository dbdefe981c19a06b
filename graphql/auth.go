package graphql

import (
	"context"

	"github.com/99designs/gqlgen/graphql"

	"parley/domain"
	"parley/domain/user"
	"parley/graphql/model"
	"parley/internal/access"
)

// The refusals that any field may answer with.
var (
	ErrUnauthenticated = &domain.Refusal{Kind: domain.Forbidden, Code: "UNAUTHENTICATED", Message: "Please sign in."}
	ErrForbidden       = &domain.Refusal{Kind: domain.Forbidden, Code: "FORBIDDEN", Message: "You don't have permission."}
	ErrNotFound        = &domain.Refusal{Kind: domain.NotFound, Code: "NOT_FOUND", Message: "Not found."}
)

// Identity is the user that a session or a token belongs to.
type Identity struct {
	User    domain.UserID
	Session string    // UUID of the browser's session; empty for a token
	Role    user.Role // caps a token's permissions; empty for a session, which has all of its user's permissions
	// Permissions are the most a token may do; none for a session.
	Permissions []string
	// StillValid returns an error once the session or token has ended. Subscriptions call it before every batch.
	StillValid func(context.Context) error
}

type identityKey struct{}

// WithIdentity attaches the user who made a request.
func WithIdentity(ctx context.Context, id Identity) context.Context {
	return context.WithValue(ctx, identityKey{}, id)
}

// SignIn identifies a client by the value of an Authorization header. It returns a context with its Identity, or
// ErrUnauthenticated.
type SignIn func(ctx context.Context, authorization string) (context.Context, error)

type signInKey struct{}

// WithSignIn lets the client of a socket send its credentials in the first message.
func WithSignIn(ctx context.Context, s SignIn) context.Context {
	return context.WithValue(ctx, signInKey{}, s)
}

func identity(ctx context.Context) (Identity, bool) {
	id, ok := ctx.Value(identityKey{}).(Identity)
	return id, ok && id.User != ""
}

// May resolves a field only if the viewer has a permission. It is the @may directive of the schema.
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
