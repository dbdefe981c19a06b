package graphql

import (
	"context"
	"slices"
	"time"

	"parley/access"
	"parley/graphql/model"
	"parley/projections/interactions"
	"parley/projections/settings"
)

// presentInteraction puts a row into the API's words; what needs other rows is left to the fields' resolvers.
func presentInteraction(r interactions.Row) *model.Interaction {
	i := &model.Interaction{
		ID: globalID(kindInteraction, r.ID), ConversationID: r.AccountID + "." + r.AddressID, Channel: r.Channel, Number: int32(r.Number), Status: model.InteractionStatus(r.Status),
		Waiting: r.Waiting(), WaitingSince: r.WaitingSince, StartedAt: r.StartedAt, AcceptedAt: r.AcceptedAt, ClosedAt: r.ClosedAt,
		LastMessageAt: r.LastMessageAt, LastMessageDirection: model.Direction(r.LastMessageDirection), Preview: r.Preview,
		Unread: int32(r.Unread), Read: r.Read(), Unmanaged: int32(r.Unmanaged), Tags: orEmpty(r.Tags), Disposition: orEmpty(r.DispositionPath),
		Row: r,
	}
	if i.LastMessageDirection == "" {
		i.LastMessageDirection = model.DirectionIn
	}
	if r.LastMessageDirection == interactions.DirectionOut && r.LastMessageStatus != "" {
		status := model.MessageStatus(r.LastMessageStatus)
		i.LastMessageStatus = &status
	}
	return i
}

func presentInteractions(rows []interactions.Row) []model.Interaction {
	all := make([]model.Interaction, len(rows))
	for i, r := range rows {
		all[i] = *presentInteraction(r)
	}
	return all
}

func orEmpty[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// windowEnd is until when free text is allowed; nil when the channel has no window or the customer never wrote.
func windowEnd(r interactions.Row, a settings.Account) *time.Time {
	if a.Settings.WindowHours == 0 || r.LastInboundAt == nil {
		return nil
	}
	end := r.LastInboundAt.Add(time.Duration(a.Settings.WindowHours) * time.Hour)
	return &end
}

// actions is what a viewer may do with an interaction now. The deciders refuse everything else, so this is a courtesy
// to the screen and never the guard.
func actions(v access.Viewer, r interactions.Row, a settings.Account, q *settings.Queue) []model.InteractionAction {
	owner := r.OwnerID == string(v.User) && v.May(access.HandleInteractions)
	supervisor := v.May(access.Supervise)
	open := r.Status == interactions.StatusOpen
	member := q != nil && slices.Contains(q.Members, string(v.User))
	all := []model.InteractionAction{}
	add := func(may bool, action model.InteractionAction) {
		if may {
			all = append(all, action)
		}
	}
	add(open && owner, model.InteractionActionReply)
	add(open && owner && a.Settings.Attachments, model.InteractionActionAttach)
	add(v.Works(), model.InteractionActionNote)
	add(supervisor && r.OwnerID != "", model.InteractionActionWhisper)
	add(open && owner && r.TransferID == "" && r.Inbound > 0 && a.Settings.TransferToAgent, model.InteractionActionTransferToAgent)
	add(open && owner && r.TransferID == "" && r.Inbound > 0 && a.Settings.TransferToQueue, model.InteractionActionTransferToQueue)
	add(open && r.TransferID != "" && (owner || supervisor), model.InteractionActionCancelTransfer)
	add(r.Waiting() && member && q.Settings.Take && v.May(access.HandleInteractions), model.InteractionActionTake)
	add(open && supervisor, model.InteractionActionAssign)
	add(open && supervisor && r.OwnerID != "", model.InteractionActionRelease)
	add(open && (owner || supervisor), model.InteractionActionClose)
	add(!open && (r.OwnerID == string(v.User) || r.ClosedBy == string(v.User) || supervisor), model.InteractionActionDispose)
	add(v.Works(), model.InteractionActionTag)
	add(v.May(access.ReadHistory), model.InteractionActionEvents)
	return all
}

// customer names the customer; a contact's name goes before the one he gave himself.
func customer(v access.Viewer, r interactions.Row, contactName string) *model.Customer {
	c := &model.Customer{Name: optional(r.CustomerName), Phone: optional(r.CustomerPhone), Username: optional(r.CustomerUsername), Masked: v.Masked}
	for _, name := range []string{contactName, r.CustomerName, r.CustomerUsername, phoneNumber(r.CustomerPhone, v.Masked)} {
		if name != "" {
			c.DisplayName = name
			break
		}
	}
	if c.DisplayName == "" {
		c.DisplayName = "…"
	}
	return c
}

func phoneNumber(digits string, masked bool) string {
	if digits == "" || masked {
		return digits
	}
	return "+" + digits
}

func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// account, queue: settings of an interaction, read once per request.
func (r *Resolver) settingsOf(ctx context.Context, row interactions.Row) (settings.Account, *settings.Queue, error) {
	l := r.loadersOf(ctx)
	a, err := l.accounts.Load(ctx, row.AccountID)
	if err != nil {
		return settings.Account{}, nil, err
	}
	if row.QueueID == "" {
		return a, nil, nil
	}
	q, err := l.queues.Load(ctx, row.QueueID)
	if err != nil {
		return a, nil, err
	}
	return a, &q, nil
}
