package graphql

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
)

const (
	initTime = 5 * time.Second

	cachedDocuments = 200 // the desktop has fewer than a hundred
)

// Handler serves the API: queries and mutations by POST, subscriptions over graphql-transport-ws. Requests
// must carry an Identity in their context. WebSockets are accepted from the host itself and from origins.
func (r *Resolver) Handler(origins []string) http.Handler {
	srv := handler.New(generated.NewExecutableSchema(r.config()))
	readLimit := int64(64 << 10)
	srv.AddTransport(transport.Websocket{
		Implementation: accepter{r.Sockets, origins}, InitFunc: r.admit, InitTimeout: initTime,
		PingPongInterval: r.Sockets.pingEvery, PayloadReadLimit: &readLimit,
	})
	srv.AddTransport(transport.Options{})
	srv.AddTransport(transport.POST{ResponseHeaders: map[string][]string{"Cache-Control": {"no-store"}}})
	validated := lru.New[*ast.QueryDocument](cachedDocuments)
	srv.SetQueryCache(validated)
	srv.SetParserTokenLimit(maxTokens)
	srv.SetDisableSuggestion(true)
	srv.SetErrorPresenter(present(r.Log))
	srv.SetRecoverFunc(func(ctx context.Context, panicked any) error {
		r.Log.Error("a resolver panicked", "path", graphql.GetPath(ctx).String())
		return errPanicked
	})
	srv.Use(shapeLimits{validated})
	srv.Use(documentLimits{}) // before the complexity limit, which expands all fragments
	srv.Use(extension.FixedComplexityLimit(maxComplexity, scalarsAreFree))
	srv.AroundOperations(r.takeTurns)
	srv.AroundOperations(r.introspection)
	srv.AroundResponses(perResponse)
	return http.MaxBytesHandler(refuseGet(srv), maxBody)
}

var errPanicked = gqlerror.Errorf("a resolver panicked")

// introspection allows only admins to query the schema.
func (r *Resolver) introspection(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	v, err := r.freshViewer(ctx)
	op := graphql.GetOperationContext(ctx)
	op.DisableIntrospection = err != nil || !v.May(access.Administer)
	fields := graphql.CollectFields(op, op.Operation.SelectionSet, []string{"Query"})
	asked := slices.ContainsFunc(fields, func(f graphql.CollectedField) bool {
		return f.Name == "__schema" || f.Name == "__type"
	})
	if asked && op.DisableIntrospection {
		return graphql.OneShot(&graphql.Response{Errors: gqlerror.List{present(r.Log)(ctx, ErrForbidden)}})
	}
	return next(ctx)
}

// refuseGet refuses GET requests that do not open a WebSocket.
func refuseGet(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if req.Method == http.MethodGet && req.Header.Get("Upgrade") == "" {
			http.Error(w, "POST JSON, or open a WebSocket with graphql-transport-ws.", http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, req)
	})
}

// config wires up the resolvers, the @may directive and the cost of fields that return pages.
func (r *Resolver) config() generated.Config {
	c := generated.Config{Resolvers: r}
	c.Directives.May = func(ctx context.Context, obj any, next graphql.Resolver, permission model.Permission) (any, error) {
		return r.May(ctx, obj, next, permission)
	}
	page := func(child int, n *int32) int {
		if n == nil {
			return defaultPage * child
		}
		return int(min(max(*n, 1), maxMessages)) * child
	}
	c.Complexity.Query.Interactions = func(
		child int, n *int32, _ *string, _ *model.InteractionFilter, _ *model.InteractionOrder,
	) int {
		return page(child, n)
	}
	c.Complexity.Query.Contacts = func(child int, n *int32, _ *string, _ *model.ContactFilter) int { return page(child, n) }
	c.Complexity.Interaction.Messages = func(child int, n *int32, _ *string) int { return page(child, n) }
	c.Complexity.Interaction.Journey = func(child int, n *int32, _ *string) int { return page(child, n) }
	c.Complexity.Contact.Journey = func(child int, n *int32, _ *string) int { return page(child, n) }
	return c
}
