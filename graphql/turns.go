package graphql

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// takeTurns lets each user have a limited number of queries and mutations in progress. Subscriptions are limited by
// the socket.
func (r *Resolver) takeTurns(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	id, known := identity(ctx)
	if !known || graphql.GetOperationContext(ctx).Operation.Operation == ast.Subscription {
		return next(ctx)
	}
	leave, err := r.Requests.Enter(ctx, id.User)
	if err != nil {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{present(r.Log)(ctx, err)}})
	}
	respond := next(ctx)
	return func(ctx context.Context) *graphql.Response {
		defer leave()
		return respond(ctx)
	}
}
