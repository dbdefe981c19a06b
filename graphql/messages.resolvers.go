package graphql

import (
	"context"

	"parley/commands"
	"parley/domain"
	"parley/eventstore"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/interactions"
	"parley/projections/messages"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *messageResolver) By(ctx context.Context, obj *model.Message) (*model.User, error) {
	return r.userByID(ctx, obj.ByID)
}

func (r *mutationResolver) SendMessage(
	ctx context.Context, input model.SendMessageInput,
) (*model.MessagePayload, error) {
	id, err := r.interactionInScope(ctx, input.InteractionID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{messages.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			draft, err := r.composed(ctx, v, input)
			if err != nil {
				return eventstore.Position{}, err
			}
			at, err := r.Commands.Send(ctx, id, v.User, draft, m)
			if err == nil {
				r.forgetSent(ctx, v, id, input)
			}
			return at, err
		})
	if err != nil {
		return nil, err
	}
	return r.messagePayload(ctx, input.CommandID)
}

func (r *mutationResolver) RetryMessage(
	ctx context.Context, input model.RetryMessageInput,
) (*model.MessagePayload, error) {
	_, id, err := r.joinedInScope(ctx, input.InteractionID)
	if err != nil {
		return nil, err
	}
	messageID, err := localID(kindMessage, input.MessageID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{messages.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.Retry(ctx, id, v.User, domain.MessageID(messageID), m)
		})
	if err != nil {
		return nil, err
	}
	return r.messagePayload(ctx, input.CommandID)
}

func (r *mutationResolver) SettleMessages(
	ctx context.Context, input model.SettleMessagesInput,
) (*model.SettleMessagesPayload, error) {
	if n := len(input.MessageIds); n == 0 || n > maxSettled {
		return nil, badInput("Settle 1 to 100 messages at a time.")
	}
	local, err := localIDs(kindMessage, input.MessageIds)
	if err != nil {
		return nil, err
	}
	in, err := r.homesOf(ctx, local)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{messages.Name, interactions.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.Settle(ctx, v.User, in, commands.Settlement(input.As), m)
		})
	if err != nil {
		return nil, err
	}
	rows, err := r.messageRows(ctx, local)
	if err != nil {
		return nil, err
	}
	return &model.SettleMessagesPayload{Messages: presentAll(rows, presentMessage)}, nil
}

func (r *mutationResolver) React(ctx context.Context, input model.ReactInput) (*model.MessagePayload, error) {
	_, id, err := r.joinedInScope(ctx, input.InteractionID)
	if err != nil {
		return nil, err
	}
	messageID, err := localID(kindMessage, input.MessageID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{messages.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.React(ctx, id, v.User, domain.MessageID(messageID), input.Emoji, m)
		})
	if err != nil {
		return nil, err
	}
	return r.messagePayload(ctx, messageID)
}

func (r *mutationResolver) AddNote(ctx context.Context, input model.NoteInput) (*model.MessagePayload, error) {
	id, err := r.interactionInScope(ctx, input.InteractionID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{messages.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			if !v.Works() {
				return eventstore.Position{}, ErrForbidden
			}
			return r.Commands.AddNote(ctx, id, v.User, input.Text, m)
		})
	if err != nil {
		return nil, err
	}
	return r.messagePayload(ctx, input.CommandID)
}

func (r *mutationResolver) AddWhisper(ctx context.Context, input model.NoteInput) (*model.MessagePayload, error) {
	id, err := r.interactionInScope(ctx, input.InteractionID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{messages.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.AddWhisper(ctx, id, v.User, input.Text, m)
		})
	if err != nil {
		return nil, err
	}
	return r.messagePayload(ctx, input.CommandID)
}

func (r *mutationResolver) RevokeNote(ctx context.Context, input model.RevokeNoteInput) (*model.MessagePayload, error) {
	id, err := r.interactionInScope(ctx, input.InteractionID)
	if err != nil {
		return nil, err
	}
	messageID, err := localID(kindMessage, input.MessageID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{messages.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.RevokeNote(ctx, id, v.User, domain.NoteID(messageID), m)
		})
	if err != nil {
		return nil, err
	}
	return r.messagePayload(ctx, messageID)
}

func (r *queryResolver) UnknownMessages(ctx context.Context) ([]model.Message, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := messages.Unknown(ctx, r.DB.For(v), v, maxSettled)
	if err != nil {
		return nil, err
	}
	return presentAll(rows, presentMessage), nil
}

// Message returns generated.MessageResolver implementation.
func (r *Resolver) Message() generated.MessageResolver { return &messageResolver{r} }

type messageResolver struct{ *Resolver }
