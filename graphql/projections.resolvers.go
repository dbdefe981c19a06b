package graphql

import (
	"context"

	"parley/graphql/model"
	"parley/projections/engine"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *queryResolver) Projections(ctx context.Context) ([]model.Projection, error) {
	view, err := engine.Look(ctx, r.clear(ctx), r.Store)
	if view.Models == nil {
		return nil, err
	}
	return presentAll(view.Models, presentProjection(r.Now())), nil
}
