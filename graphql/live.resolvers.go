package graphql

import (
	"context"
	"slices"

	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/internal/live"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *mutationResolver) SignalPresence(ctx context.Context, input model.SignalPresenceInput) (bool, error) {
	id, err := r.interactionInScope(ctx, input.InteractionID)
	if err != nil {
		return false, err
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return false, err
	}
	r.Hub.Signal(live.Signal{InteractionID: string(id), UserID: string(v.User), Typing: input.Typing})
	return true, nil
}

func (r *subscriptionResolver) Live(ctx context.Context, after *string) (<-chan *model.LiveBatch, error) {
	v, err := r.freshViewer(ctx)
	if err != nil {
		return nil, err
	}
	sub, err := r.Hub.Subscribe(ctx, text(after), desktopInterest(v))
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, r.Heartbeats.Open(string(v.User)))
	return stream(ctx, r.Resolver, sub, func(v access.Viewer, b live.Batch) (*model.LiveBatch, error) {
		return r.desktopBatch(ctx, v, sub, b)
	}), nil
}

func (r *subscriptionResolver) Conversation(
	ctx context.Context, interactionID string, after *string,
) (<-chan *model.ConversationBatch, error) {
	id, err := localID(kindInteraction, interactionID)
	if err != nil {
		return nil, err
	}
	row, err := r.interactionRow(ctx, id)
	if err != nil {
		return nil, err
	}
	sub, err := r.Hub.Subscribe(ctx, text(after), interestIn(row))
	if err != nil {
		return nil, err
	}
	joined := row.Joined
	return stream(ctx, r.Resolver, sub, func(v access.Viewer, b live.Batch) (*model.ConversationBatch, error) {
		batch, err := r.conversationBatch(ctx, v, id, b)
		if err == nil && batch != nil && batch.Interaction != nil && !slices.Equal(batch.Interaction.Row.Joined, joined) {
			joined = batch.Interaction.Row.Joined
			sub.Change(interestIn(batch.Interaction.Row))
		}
		return batch, err
	}), nil
}

func (r *watcherResolver) User(ctx context.Context, obj *model.Watcher) (*model.User, error) {
	return r.userByID(ctx, obj.UserID)
}

// Watcher returns generated.WatcherResolver implementation.
func (r *Resolver) Watcher() generated.WatcherResolver { return &watcherResolver{r} }

type watcherResolver struct{ *Resolver }
