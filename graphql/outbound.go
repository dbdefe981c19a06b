package graphql

import (
	"context"

	"parley/graphql/model"
	"parley/projections/deployment"
)

// outbound returns whether messages are sent to customers.
func (r *Resolver) outbound(ctx context.Context) (*model.Outbound, error) {
	row, err := deployment.Read(ctx, r.clear(ctx))
	if err != nil || row.Reason == "" {
		return &model.Outbound{}, err
	}
	reason := model.HoldReason(row.Reason)
	return &model.Outbound{Held: true, Reason: &reason, Note: optional(row.Note), Since: row.Since}, nil
}
