package graphql

import (
	"context"
	"sync"

	"github.com/99designs/gqlgen/graphql"

	"parley/internal/access"
	"parley/internal/database"
)

// request holds what the fields of one response share: the viewer, and the rows read so far. Every batch of a
// subscription has a request of its own.
type request struct {
	mu       sync.Mutex
	resolved bool
	viewer   access.Viewer
	err      error
	loaders  *loaders
}

type requestKey struct{}

// perResponse gives every response a request of its own.
func perResponse(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	return next(context.WithValue(ctx, requestKey{}, new(request)))
}

// clear returns the pool for what the program reads in clear on behalf of the viewer, limited to their part
// of the connections.
func (r *Resolver) clear(ctx context.Context) database.Querier {
	id, _ := identity(ctx)
	return r.DB.ClearFor(id.User)
}

// Viewer returns the caller with their current permissions. It is computed once per response.
func (r *Resolver) Viewer(ctx context.Context) (access.Viewer, error) {
	q, ok := ctx.Value(requestKey{}).(*request)
	if !ok {
		return r.freshViewer(ctx)
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if !q.resolved {
		q.viewer, q.err = r.freshViewer(ctx)
		q.resolved = true
	}
	return q.viewer, q.err
}

// freshViewer computes the caller's permissions again.
func (r *Resolver) freshViewer(ctx context.Context) (access.Viewer, error) {
	id, ok := identity(ctx)
	if !ok {
		return access.Viewer{}, ErrUnauthenticated
	}
	return r.Viewers.Viewer(ctx, id)
}

// loadersOf returns the response's loaders. They read only what its viewer may see.
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
