package graphql

import (
	"context"

	"parley/graphql/model"
	"parley/projections/agents"
)

func presentPresence(a agents.Row) *model.Presence {
	if a.UserID == "" {
		return nil
	}
	reason, interactionID := a.Why()
	p := &model.Presence{State: model.PresenceState(a.State), Reason: optional(reason), Since: a.Since}
	if interactionID != "" {
		p.InteractionID = optional(globalID(kindInteraction, interactionID))
	}
	return p
}

func presentActivity(a agents.Activity) *model.AgentActivity {
	return &model.AgentActivity{
		Presence: presentPresence(a.Row), Open: int32(a.Open), Capacity: int32(a.Capacity),
		UserID: a.UserID, QueueIDs: a.Queues,
	}
}

// presencePayload answers a mutation with the viewer's own presence.
func (r *Resolver) presencePayload(ctx context.Context) (*model.PresencePayload, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	row, err := readBack(agents.ByIDs(ctx, r.DB.For(v), []string{string(v.User)}))
	if err != nil {
		return nil, err
	}
	return &model.PresencePayload{Presence: presentPresence(row)}, nil
}
