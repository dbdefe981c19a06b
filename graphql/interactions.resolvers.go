package graphql

import (
	"context"
	"errors"
	"time"

	"parley/domain"
	"parley/eventstore"
	"parley/graphql/generated"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/interactions"
	"parley/projections/messages"
	"parley/projections/timeline"
)

// gqlgen rewrites the signatures in this file and keeps comments and bodies. Everything else belongs in another file.

func (r *draftResolver) Quoted(ctx context.Context, obj *model.Draft) (*model.Message, error) {
	return r.quotedBy(ctx, obj)
}

func (r *interactionResolver) Account(ctx context.Context, obj *model.Interaction) (*model.Account, error) {
	return r.accountByID(ctx, obj.Row.AccountID)
}

func (r *interactionResolver) Queue(ctx context.Context, obj *model.Interaction) (*model.Queue, error) {
	return r.queueByID(ctx, obj.Row.QueueID)
}

func (r *interactionResolver) Customer(ctx context.Context, obj *model.Interaction) (*model.Customer, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	name, err := r.contactName(ctx, obj.Row.ContactID)
	return presentCustomer(v, obj.Row, name), err
}

func (r *interactionResolver) Contact(ctx context.Context, obj *model.Interaction) (*model.Contact, error) {
	return r.contactByID(ctx, obj.Row.ContactID)
}

func (r *interactionResolver) Owner(ctx context.Context, obj *model.Interaction) (*model.User, error) {
	return r.userByID(ctx, obj.Row.OwnerID)
}

func (r *interactionResolver) FirstOwner(ctx context.Context, obj *model.Interaction) (*model.User, error) {
	return r.userByID(ctx, obj.Row.FirstOwnerID)
}

func (r *interactionResolver) ClosedBy(ctx context.Context, obj *model.Interaction) (*model.User, error) {
	return r.userByID(ctx, obj.Row.ClosedBy)
}

func (r *interactionResolver) TagsCollapsed(ctx context.Context, obj *model.Interaction) (bool, error) {
	return r.tagsCollapsed(ctx, obj.Row.Tags)
}

func (r *interactionResolver) WindowExpiresAt(ctx context.Context, obj *model.Interaction) (*time.Time, error) {
	a, err := r.loadersOf(ctx).accounts.Load(ctx, obj.Row.AccountID)
	return windowEnd(obj.Row, a), err
}

func (r *interactionResolver) DispositionDue(ctx context.Context, obj *model.Interaction) (bool, error) {
	a, err := r.loadersOf(ctx).accounts.Load(ctx, obj.Row.AccountID)
	return a.Settings.MandatoryDispose && obj.Row.DispositionMissing(), err
}

func (r *interactionResolver) Transfer(ctx context.Context, obj *model.Interaction) (*model.Transfer, error) {
	return r.transferByID(ctx, obj.Row.TransferID)
}

func (r *interactionResolver) Transfers(ctx context.Context, obj *model.Interaction) ([]model.Transfer, error) {
	return r.transfersOf(ctx, obj.Row.ID)
}

func (r *interactionResolver) Actions(ctx context.Context, obj *model.Interaction) ([]model.InteractionAction, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	a, q, err := r.settingsOf(ctx, obj.Row)
	return actions(v, obj.Row, a, q, r.Now()), err
}

func (r *interactionResolver) ReplyDraft(ctx context.Context, obj *model.Interaction) (*string, error) {
	return r.replyDraft(ctx, obj.Row.ID)
}

func (r *interactionResolver) Drafts(ctx context.Context, obj *model.Interaction) ([]model.Draft, error) {
	return r.draftsOf(ctx, obj.Row.ID)
}

func (r *interactionResolver) Messages(
	ctx context.Context, obj *model.Interaction, last *int32, before *string,
) (*model.MessageConnection, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	n, err := pageSize(last, maxMessages)
	if err != nil {
		return nil, err
	}
	list := "messages " + obj.Row.ID
	from, err := r.place(list, before)
	if err != nil {
		return nil, err
	}
	var position *int64
	if from != nil {
		position = &from.Position
	}
	page, err := messages.Last(ctx, r.DB.For(v), v, obj.Row.ID, obj.Row.Joined, position, n)
	if err != nil {
		return nil, err
	}
	return r.messagePage(list, page), nil
}

func (r *interactionResolver) Journey(
	ctx context.Context, obj *model.Interaction, first *int32, after *string,
) (*model.InteractionConnection, error) {
	return r.journey(ctx, withID(obj.Row.ContactID), obj.Row.AccountID, obj.Row.AddressID, first, after)
}

func (r *interactionResolver) Timeline(ctx context.Context, obj *model.Interaction) ([]model.TimelineEntry, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := timeline.Of(ctx, r.DB.For(v), v, obj.Row.ID)
	return presentAll(rows, presentTimeline), err
}

func (r *interactionResolver) JoinedInto(ctx context.Context, obj *model.Interaction) (*model.Join, error) {
	row := obj.Row
	if row.JoinedInto == "" || row.ClosedAt == nil {
		return nil, nil
	}
	survivor, err := r.interactionByID(ctx, row.JoinedInto)
	if err != nil {
		return nil, err
	}
	keeper, err := r.userByID(ctx, row.JoinKeeper)
	return &model.Join{Interaction: survivor, Keeper: keeper, Reason: model.JoinReason(row.JoinReason), At: *row.ClosedAt}, err
}

func (r *mutationResolver) TakeInteraction(
	ctx context.Context, input model.InteractionInput,
) (*model.InteractionPayload, error) {
	return r.onInteraction(ctx, input.InteractionID, input.CommandID, input,
		func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.Take(ctx, id, v.User, m)
		})
}

func (r *mutationResolver) AssignInteraction(
	ctx context.Context, input model.AssignInteractionInput,
) (*model.InteractionPayload, error) {
	agentID, err := localID(kindUser, input.AgentID)
	if err != nil {
		return nil, err
	}
	return r.onInteraction(ctx, input.InteractionID, input.CommandID, input,
		func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.Assign(ctx, id, domain.AgentID(agentID), v.User, m)
		})
}

func (r *mutationResolver) ReleaseInteraction(
	ctx context.Context, input model.InteractionInput,
) (*model.InteractionPayload, error) {
	return r.onInteraction(ctx, input.InteractionID, input.CommandID, input,
		func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.Release(ctx, id, v.User, m)
		})
}

func (r *mutationResolver) SeparateInteraction(
	ctx context.Context, input model.InteractionInput,
) (*model.InteractionPayload, error) {
	id, survivor, err := r.joinedInScope(ctx, input.InteractionID)
	if err != nil {
		return nil, err
	}
	err = r.run(ctx, input.CommandID, input, waitFor{interactions.Name},
		func(ctx context.Context, v access.Viewer, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.SeparateInteraction(ctx, id, v.User, v.May(access.Supervise), m)
		})
	if err != nil {
		return nil, err
	}
	payload, err := r.interactionPayload(ctx, id)
	if errors.Is(err, ErrNotFound) { // it is in a queue of someone else's
		return r.interactionPayload(ctx, survivor)
	}
	return payload, err
}

func (r *mutationResolver) CloseInteraction(
	ctx context.Context, input model.CloseInteractionInput,
) (*model.InteractionPayload, error) {
	seen, err := optionalID(kindMessage, value(input.SeenThrough))
	if err != nil {
		return nil, err
	}
	disposition, err := optionalID(kindDisposition, value(input.DispositionID))
	if err != nil {
		return nil, err
	}
	return r.onInteraction(ctx, input.InteractionID, input.CommandID, input,
		func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error) {
			supervisor := v.May(access.Supervise)
			return r.Commands.Close(ctx, id, v.User, supervisor, domain.MessageID(seen), domain.DispositionID(disposition), m)
		})
}

func (r *mutationResolver) Monitor(
	ctx context.Context, input model.InteractionInput,
) (*model.InteractionPayload, error) {
	return r.onInteraction(ctx, input.InteractionID, input.CommandID, input,
		func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.Monitor(ctx, id, v.User, m)
		})
}

func (r *mutationResolver) MarkSeen(ctx context.Context, input model.MarkSeenInput) (*model.InteractionPayload, error) {
	messageID, err := localID(kindMessage, input.MessageID)
	if err != nil {
		return nil, err
	}
	return r.onInteraction(ctx, input.InteractionID, input.CommandID, input,
		func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.MarkSeen(ctx, id, v.User, domain.MessageID(messageID), m)
		})
}

func (r *mutationResolver) MarkUnread(
	ctx context.Context, input model.InteractionInput,
) (*model.InteractionPayload, error) {
	return r.onInteraction(ctx, input.InteractionID, input.CommandID, input,
		func(ctx context.Context, v access.Viewer, id domain.InteractionID, m eventstore.Metadata) (eventstore.Position, error) {
			return r.Commands.MarkUnread(ctx, id, v.User, m)
		})
}

func (r *mutationResolver) SaveDraft(ctx context.Context, input model.DraftInput) (*model.InteractionPayload, error) {
	id, err := r.interactionInScope(ctx, input.InteractionID)
	if err != nil {
		return nil, err
	}
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	if err := r.saveDraft(ctx, v, id, input); err != nil {
		return nil, err
	}
	return r.interactionPayload(ctx, id)
}

func (r *queryResolver) Interactions(
	ctx context.Context, first *int32, after *string, filter *model.InteractionFilter, orderBy *model.InteractionOrder,
) (*model.InteractionConnection, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	n, err := pageSize(first, maxPage)
	if err != nil {
		return nil, err
	}
	order := interactions.ByLastMessage
	if orderBy != nil {
		order = interactions.Order(*orderBy)
	}
	list := "interactions " + string(order)
	from, err := r.place(list, after)
	if err != nil {
		return nil, err
	}
	f, err := interactionFilter(filter)
	if err == nil {
		f.ContactIDs, err = r.withMerged(ctx, f.ContactIDs)
	}
	if err != nil {
		return nil, err
	}
	done, err := r.admitSearch(ctx, v, f.Search)
	if err != nil {
		return nil, err
	}
	defer done()
	page, err := interactions.List(ctx, r.DB.For(v), v, f, order, interactionCursor(from), n, r.Now())
	if err != nil {
		return nil, err
	}
	if err := r.primeDrafts(ctx, page.Rows); err != nil {
		return nil, err
	}
	return r.interactionPage(list, order, page, from), nil
}

func (r *queryResolver) Interaction(ctx context.Context, id string) (*model.Interaction, error) {
	local, err := localID(kindInteraction, id)
	if err != nil {
		return nil, err
	}
	return r.interactionByID(ctx, local)
}

func (r *queryResolver) Sessions(ctx context.Context) ([]model.Interaction, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := interactions.Sessions(ctx, r.DB.For(v), string(v.User))
	return presentAll(rows, presentInteraction), err
}

// Draft returns generated.DraftResolver implementation.
func (r *Resolver) Draft() generated.DraftResolver { return &draftResolver{r} }

// Interaction returns generated.InteractionResolver implementation.
func (r *Resolver) Interaction() generated.InteractionResolver { return &interactionResolver{r} }

type (
	draftResolver       struct{ *Resolver }
	interactionResolver struct{ *Resolver }
)
