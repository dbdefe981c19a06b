package graphql

import (
	"context"

	"parley/commands"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/projections/settings"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *queryResolver) Events(ctx context.Context, interactionID string) ([]model.RecordedEvent, error) {
	id, err := r.interactionInScope(ctx, interactionID)
	if err != nil {
		return nil, err
	}
	return r.history(ctx, "interaction-"+string(id))
}

func (r *queryResolver) UserEvents(ctx context.Context, userID string) ([]model.RecordedEvent, error) {
	id, err := localID(kindUser, userID)
	if err != nil {
		return nil, err
	}
	known, err := settings.UsersByID(ctx, r.clear(ctx), []string{id})
	switch {
	case err != nil:
		return nil, err
	case len(known) == 0:
		return nil, ErrNotFound
	}
	return r.history(ctx, "user-"+id)
}

func (r *queryResolver) Unplaced(ctx context.Context, accountID string) ([]model.RecordedEvent, error) {
	id, err := r.accountInScope(ctx, accountID)
	if err != nil {
		return nil, err
	}
	return r.history(ctx, commands.UnplacedStream(id))
}

func (r *timelineEntryResolver) By(ctx context.Context, obj *model.TimelineEntry) (*model.User, error) {
	return r.userByID(ctx, obj.ByID)
}

func (r *timelineEntryResolver) Agents(ctx context.Context, obj *model.TimelineEntry) ([]model.User, error) {
	return r.usersByID(ctx, obj.AgentIDs)
}

func (r *timelineEntryResolver) Queue(ctx context.Context, obj *model.TimelineEntry) (*model.Queue, error) {
	return r.queueByID(ctx, obj.QueueID)
}

// TimelineEntry returns generated.TimelineEntryResolver implementation.
func (r *Resolver) TimelineEntry() generated.TimelineEntryResolver { return &timelineEntryResolver{r} }

type timelineEntryResolver struct{ *Resolver }
