package graphql

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"parley/access"
)

// request is what the fields of one response share: who is looking, and what they have read already. A subscription has
// one for each of its batches.
type request struct {
	mu      sync.Mutex
	known   bool
	viewer  access.Viewer
	err     error
	loaders *loaders
}

type requestKey struct{}

// perResponse gives every response its own request.
func perResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	return next(context.WithValue(ctx, requestKey{}, new(request)))
}

// Viewer is who asks, with the rights he has at this moment. It is worked out once per response.
func (r *Resolver) Viewer(ctx context.Context) (access.Viewer, error) {
	q, ok := ctx.Value(requestKey{}).(*request)
	if !ok {
		return r.freshViewer(ctx)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.known {
		q.viewer, q.err = r.freshViewer(ctx)
		q.known = true
	}
	return q.viewer, q.err
}

func (r *Resolver) freshViewer(ctx context.Context) (access.Viewer, error) {
	id, ok := identity(ctx)
	if !ok {
		return access.Viewer{}, ErrUnauthenticated
	}
	return r.Viewers.Viewer(ctx, id)
}

// loadersOf are the response's loaders, which read as its viewer may.
func (r *Resolver) loadersOf(ctx context.Context) *loaders {
	v, err := r.Viewer(ctx)
	q, ok := ctx.Value(requestKey{}).(*request)
	if err != nil || !ok {
		return r.newLoaders(access.Viewer{}) // sees nothing
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.loaders == nil {
		q.loaders = r.newLoaders(v)
	}
	return q.loaders
}
