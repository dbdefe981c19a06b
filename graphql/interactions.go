package graphql

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"parley/domain/interaction"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/projections/interactions"
	"parley/projections/settings"
)

// presentInteraction fills the fields that come from the row alone. The others have resolvers.
func presentInteraction(r interactions.Row) *model.Interaction {
	i := &model.Interaction{
		ID: globalID(kindInteraction, r.ID), ConversationID: r.AccountID + "." + r.AddressID, Channel: r.Channel,
		Number: int32(r.Number), Status: model.InteractionStatus(r.Status), Waiting: r.Waiting(),
		WaitingSince: r.WaitingSince, StartedAt: r.StartedAt, AcceptedAt: r.AcceptedAt, ClosedAt: r.ClosedAt,
		LastMessageAt: r.LastMessageAt, LastMessageDirection: model.Direction(r.LastMessageDirection),
		Preview: presentPreview(r.Preview), Unread: int32(r.Unread), Read: r.Read(), Unmanaged: int32(r.Unmanaged),
		Joined: interactionIDs(r.Joined), Tags: orEmpty(r.Tags), Disposition: orEmpty(r.DispositionPath), Row: r,
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

func interactionIDs(ids []string) []string {
	all := make([]string, len(ids))
	for i, id := range ids {
		all[i] = globalID(kindInteraction, id)
	}
	return all
}

// presentCustomer prefers the contact's name to the names that the channel knows.
func presentCustomer(v access.Viewer, r interactions.Row, contactName string) *model.Customer {
	return &model.Customer{
		Name: optional(r.CustomerName), Phone: optional(r.CustomerPhone), Username: optional(r.CustomerUsername),
		DisplayName: cmp.Or(contactName, r.CustomerName, r.CustomerUsername, phoneNumber(r.CustomerPhone, v.Masked), "…"),
		Masked:      v.Masked,
	}
}

func phoneNumber(digits string, masked bool) string {
	if digits == "" || masked {
		return digits
	}
	return "+" + digits
}

// windowEnd returns when free text stops being allowed, nil if the channel has no window or the customer never wrote.
func windowEnd(r interactions.Row, a settings.Account) *time.Time {
	if a.Settings.WindowHours == 0 || r.LastInboundAt == nil {
		return nil
	}
	end := interaction.WindowEnd(*r.LastInboundAt, r.WindowClosedAt, a.Settings.Window())
	return &end
}

// windowOpen reports whether free text may be sent now.
func windowOpen(r interactions.Row, a settings.Account, now time.Time) bool {
	var lastInbound time.Time
	if r.LastInboundAt != nil {
		lastInbound = *r.LastInboundAt
	}
	return interaction.WindowOpen(lastInbound, r.WindowClosedAt, a.Settings.Window(), now)
}

// actions returns what a viewer may do with an interaction now, for the screen to show. The deciders enforce the rules.
func actions(
	v access.Viewer, r interactions.Row, a settings.Account, q *settings.Queue, now time.Time,
) []model.InteractionAction {
	owner := r.OwnerID == string(v.User) && v.May(access.HandleInteractions)
	supervisor := v.May(access.Supervise)
	open := r.Status == interactions.StatusOpen
	member := q != nil && slices.Contains(q.Members, string(v.User))
	transferable := open && owner && r.TransferID == "" && r.Inbound > 0
	closer := r.OwnerID == string(v.User) || r.ClosedBy == string(v.User)
	all := []model.InteractionAction{}
	add := func(may bool, action model.InteractionAction) {
		if may {
			all = append(all, action)
		}
	}
	replies := open && owner && windowOpen(r, a, now)
	add(replies, model.InteractionActionReply)
	add(replies && a.Settings.Attachments, model.InteractionActionAttach)
	add(v.Works(), model.InteractionActionNote)
	add(supervisor && r.OwnerID != "", model.InteractionActionWhisper)
	add(transferable && a.Settings.TransferToAgent, model.InteractionActionTransferToAgent)
	add(transferable && a.Settings.TransferToQueue, model.InteractionActionTransferToQueue)
	add(open && r.TransferID != "" && (owner || supervisor), model.InteractionActionCancelTransfer)
	add(r.Waiting() && member && q.Settings.Take && v.May(access.HandleInteractions), model.InteractionActionTake)
	add(open && supervisor, model.InteractionActionAssign)
	add(open && supervisor && r.OwnerID != "", model.InteractionActionRelease)
	add(open && (owner || supervisor), model.InteractionActionClose)
	add(!open && r.JoinedInto == "" && (closer || supervisor), model.InteractionActionDispose)
	add((len(r.Joined) > 0 && open || r.JoinedInto != "") && (owner || supervisor), model.InteractionActionSeparate)
	add(v.Works(), model.InteractionActionTag)
	add(v.May(access.ReadHistory), model.InteractionActionEvents)
	return all
}

// settingsOf returns the account of an interaction, and its queue if it has one.
func (r *Resolver) settingsOf(ctx context.Context, row interactions.Row) (settings.Account, *settings.Queue, error) {
	l := r.loadersOf(ctx)
	a, err := l.accounts.Load(ctx, row.AccountID)
	if err != nil || row.QueueID == "" {
		return a, nil, err
	}
	q, err := l.queues.Load(ctx, row.QueueID)
	return a, &q, err
}

// interactionByID returns an interaction in the viewer's scope, nil if it is not in scope.
func (r *Resolver) interactionByID(ctx context.Context, id string) (*model.Interaction, error) {
	if id == "" {
		return nil, nil
	}
	row, err := r.loadersOf(ctx).interactions.Load(ctx, id)
	if err != nil || row.ID == "" {
		return nil, err
	}
	return presentInteraction(row), nil
}

// journey returns a page of the interactions with some contacts, or with an address while it has no contact.
func (r *Resolver) journey(
	ctx context.Context, contactIDs []string, accountID, addressID string, first *int32, after *string,
) (*model.InteractionConnection, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	n, err := pageSize(first, maxPage)
	if err != nil {
		return nil, err
	}
	from, err := r.place("journey", after)
	if err != nil {
		return nil, err
	}
	page, err := interactions.Journey(ctx, r.DB.For(v), v, contactIDs, accountID, addressID, interactionCursor(from), n)
	if err != nil {
		return nil, err
	}
	return r.interactionPage("journey", interactions.ByStart, page, from), nil
}

func interactionFilter(f *model.InteractionFilter) (out interactions.Filter, err error) {
	if f == nil {
		return out, nil
	}
	if s := value(f.Status); s != nil {
		out.Status = string(*s)
	}
	out.Read, out.Waiting = value(f.Read), value(f.Waiting)
	for _, ids := range []struct {
		kind kind
		from []string
		to   *[]string
	}{
		{kindAccount, f.AccountIds.Value(), &out.AccountIDs}, {kindQueue, f.QueueIds.Value(), &out.QueueIDs},
		{kindUser, f.FirstOwnerIds.Value(), &out.FirstOwnerIDs}, {kindUser, f.OwnerIds.Value(), &out.OwnerIDs},
	} {
		if *ids.to, err = localIDs(ids.kind, ids.from); err != nil {
			return out, err
		}
	}
	contact, err := optionalID(kindContact, value(f.ContactID))
	if err != nil {
		return out, err
	}
	out.ContactIDs = withID(contact)
	out.Tags = f.Tags.Value()
	if match := value(f.TagsMatch); match != nil {
		out.AllTags = *match == model.TagsMatchAll
	}
	out.StartedFrom, out.StartedTo = value(f.StartedFrom), value(f.StartedTo)
	out.Search = strings.TrimSpace(text(value(f.Search)))
	return out, nil
}

// primeDrafts reads the drafts of a page of interactions in one query, if the request selects them.
func (r *Resolver) primeDrafts(ctx context.Context, rows []interactions.Row) error {
	path := []string{"edges", "node", "replyDraft"}
	types := []string{"InteractionConnection", "InteractionEdge", "Interaction"}
	if !selectsPath(ctx, path, types) {
		return nil
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	return r.loadersOf(ctx).drafts.prime(ctx, ids)
}

// selectsPath reports whether the request selects a path below the field being resolved. types lists the types on the path.
func selectsPath(ctx context.Context, path, types []string) bool {
	op := graphql.GetOperationContext(ctx)
	fields := graphql.CollectFieldsCtx(ctx, types)
	for i, name := range path {
		at := slices.IndexFunc(fields, func(f graphql.CollectedField) bool { return f.Name == name })
		if at < 0 {
			return false
		}
		if i < len(path)-1 {
			fields = graphql.CollectFields(op, fields[at].Selections, types)
		}
	}
	return true
}
