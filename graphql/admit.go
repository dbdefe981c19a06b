package graphql

import (
	"context"
	"errors"

	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
)

const noCredentials = websocket.StatusCode(4403)

// admit is called with the first message of a socket. Credentials in it replace those of the HTTP request.
func (r *Resolver) admit(
	ctx context.Context, payload transport.InitPayload,
) (context.Context, *transport.InitPayload, error) {
	var err error
	if sent := payload.Authorization(); sent != "" {
		if signIn, ok := ctx.Value(signInKey{}).(SignIn); ok {
			ctx, err = signIn(ctx, sent)
		}
	}
	if _, ok := identity(ctx); !ok && err == nil {
		err = ErrUnauthenticated
	}
	if err == nil {
		return ctx, nil, nil
	}
	code, reason := noCredentials, ErrUnauthenticated.Message
	if !errors.Is(err, ErrUnauthenticated) {
		r.Log.Error("a socket could not be authenticated", "error", err)
		code, reason = websocket.StatusTryAgainLater, "Please try again in a moment."
	}
	return transport.WithWebsocketCloseCode(transport.AppendCloseReason(ctx, reason), int(code)), nil, err
}
