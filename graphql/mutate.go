package graphql

import (
	"context"

	"parley/access"
	"parley/domain"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/projections/interactions"
	"parley/projections/messages"
)

// interactionRow is an interaction within the viewer's scope; any other is NOT_FOUND.
func (r *Resolver) interactionRow(ctx context.Context, v access.Viewer, id string) (interactions.Row, error) {
	row, ok, err := interactions.ByID(ctx, r.DB.For(v), v, id)
	if err == nil && !ok {
		err = ErrNotFound
	}
	return row, err
}

// scoped reads an id of an interaction and looks that the viewer may see it.
func (r *Resolver) scoped(ctx context.Context, v access.Viewer, global string) (domain.InteractionID, error) {
	id, err := localID(kindInteraction, global)
	if err != nil {
		return "", err
	}
	_, err = r.interactionRow(ctx, v, id)
	return domain.InteractionID(id), err
}

// onInteraction gives a command to an interaction within scope and answers with the interaction as it is afterwards.
func (r *Resolver) onInteraction(ctx context.Context, commandID, global string, input any,
	do func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error),
) (*model.InteractionPayload, error) {
	v, m, err := r.asking(ctx, commandID, input)
	if err != nil {
		return nil, err
	}
	id, err := r.scoped(ctx, v, global)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	at, err := do(limited, v, id, m)
	if err != nil {
		return nil, err
	}
	return r.interactionPayload(ctx, v, id, at)
}

func (r *Resolver) interactionPayload(ctx context.Context, v access.Viewer, id domain.InteractionID, at eventstore.Position) (*model.InteractionPayload, error) {
	r.caughtUp(ctx, at, interactions.Name)
	row, err := r.interactionRow(ctx, v, string(id))
	if err != nil {
		return nil, err
	}
	return &model.InteractionPayload{Interaction: presentInteraction(row)}, nil
}

// onMessage gives a command that makes a message, whose id is the command's, and answers with that message.
func (r *Resolver) onMessage(ctx context.Context, commandID, global string, input any,
	do func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error),
) (*model.MessagePayload, error) {
	return r.saidBy(ctx, commandID, global, commandID, input, do)
}

// toMessage gives a command about a message that is there and answers with that message as it is afterwards.
func (r *Resolver) toMessage(ctx context.Context, commandID, global, globalMessage string, input any,
	do func(ctx context.Context, v access.Viewer, id domain.InteractionID, message string, m eventstore.Metadata) (eventstore.Position, error),
) (*model.MessagePayload, error) {
	message, err := localID(kindMessage, globalMessage)
	if err != nil {
		return nil, err
	}
	return r.saidBy(ctx, commandID, global, message, input, func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error) {
		return do(ctx, v, id, message, m)
	})
}

// saidBy gives a command to an interaction within scope and answers with one of its messages.
func (r *Resolver) saidBy(ctx context.Context, commandID, global, message string, input any,
	do func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error),
) (*model.MessagePayload, error) {
	v, m, err := r.asking(ctx, commandID, input)
	if err != nil {
		return nil, err
	}
	id, err := r.scoped(ctx, v, global)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, commandTime)
	defer cancel()
	at, err := do(limited, v, id, m)
	if err != nil {
		return nil, err
	}
	return r.messagePayload(ctx, v, message, at)
}

func (r *Resolver) messagePayload(ctx context.Context, v access.Viewer, id string, at eventstore.Position) (*model.MessagePayload, error) {
	r.caughtUp(ctx, at, messages.Name)
	row, ok, err := messages.ByID(ctx, r.DB.For(v), v, id)
	if err == nil && !ok {
		err = ErrUnavailableRow // it was queued; the same command id asks again
	}
	if err != nil {
		return nil, err
	}
	return &model.MessagePayload{Message: presentMessage(row)}, nil
}
