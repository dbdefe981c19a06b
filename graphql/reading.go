package graphql

import (
	"context"
	"slices"
	"strconv"

	"github.com/99designs/gqlgen/graphql"

	"parley/access"
	"parley/commands"
	"parley/domain"
	"parley/eventstore"
	"parley/graphql/model"
	"parley/projections"
	"parley/projections/agents"
	"parley/projections/interactions"
	"parley/projections/messages"
	"parley/projections/settings"
	"parley/projections/timeline"
)

func (r *Resolver) listInteractions(ctx context.Context, first *int32, after *string, f *model.InteractionFilter, orderBy *model.InteractionOrder) (*model.InteractionConnection, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	n, err := pageSize(first, longestPage)
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
	filter, err := interactionFilter(f)
	if err != nil {
		return nil, err
	}
	if err := r.admitSearch(ctx, v, filter.Search); err != nil {
		return nil, err
	}
	var cursor *interactions.Cursor
	if from != nil {
		cursor = &interactions.Cursor{At: from.At, ID: from.ID}
	}
	page, err := interactions.List(ctx, r.DB.For(v), v, filter, order, cursor, n, r.Now())
	if err != nil {
		return nil, err
	}
	if err := r.primeDrafts(ctx, v, page.Rows); err != nil {
		return nil, err
	}
	return r.interactionPage(list, order, page, from), nil
}

func (r *Resolver) primeDrafts(ctx context.Context, v access.Viewer, rows []interactions.Row) error {
	toDraft, types := []string{"edges", "node", "draft"}, []string{"InteractionConnection", "InteractionEdge", "Interaction"}
	if !v.May(access.HandleInteractions) || !asksFor(ctx, toDraft, types) {
		return nil
	}
	ids := make([]string, len(rows))
	for i, row := range rows {
		ids[i] = row.ID
	}
	return r.loadersOf(ctx).drafts.prime(ctx, ids)
}

// asksFor tells whether the field that is being resolved was asked for what this path leads to; types are those on the way.
func asksFor(ctx context.Context, path, types []string) bool {
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
	if s := value(f.Search); s != nil {
		out.Search = *s
	}
	return out, nil
}

// withID is a list of one, or of none when there is no id.
func withID(id string) []string {
	if id == "" {
		return nil
	}
	return []string{id}
}

// interactionOf is an interaction within the viewer's scope, nil when there is none.
func (r *Resolver) interactionOf(ctx context.Context, id string) (*model.Interaction, error) {
	if id == "" {
		return nil, nil
	}
	row, err := r.loadersOf(ctx).interactions.Load(ctx, id)
	if err != nil || row.ID == "" {
		return nil, err
	}
	return presentInteraction(row), nil
}

func (r *Resolver) messagesOf(ctx context.Context, interactionID string, last *int32, before *string) (*model.MessageConnection, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	n, err := pageSize(last, longestBlock)
	if err != nil {
		return nil, err
	}
	list := "messages " + interactionID
	from, err := r.place(list, before)
	if err != nil {
		return nil, err
	}
	var position *int64
	if from != nil {
		position = &from.Position
	}
	page, err := messages.Last(ctx, r.DB.For(v), v, interactionID, position, n)
	if err != nil {
		return nil, err
	}
	return r.messagePage(list, page), nil
}

func (r *Resolver) journey(ctx context.Context, contactIDs []string, accountID, addressID string, first *int32, after *string) (*model.InteractionConnection, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	n, err := pageSize(first, longestPage)
	if err != nil {
		return nil, err
	}
	from, err := r.place("journey", after)
	if err != nil {
		return nil, err
	}
	var cursor *interactions.Cursor
	if from != nil {
		cursor = &interactions.Cursor{At: from.At, ID: from.ID}
	}
	page, err := interactions.Journey(ctx, r.DB.For(v), v, contactIDs, accountID, addressID, cursor, n)
	if err != nil {
		return nil, err
	}
	return r.interactionPage("journey", interactions.ByStart, page, from), nil
}

func (r *Resolver) tagsCollapsed(ctx context.Context, tags []string) (bool, error) {
	if len(tags) < 2 {
		return false, nil
	}
	p, err := r.policy(ctx)
	return len(tags) >= max(p.TagThreshold, 1), err
}

func (r *Resolver) customerOf(ctx context.Context, row interactions.Row) (*model.Customer, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	name := ""
	if row.ContactID != "" {
		c, err := r.loadersOf(ctx).contacts.Load(ctx, row.ContactID)
		if err != nil {
			return nil, err
		}
		if c.ID != "" {
			name = c.DisplayName()
		}
	}
	return customer(v, row, name), nil
}

func (r *Resolver) timelineOf(ctx context.Context, interactionID string) ([]model.TimelineEntry, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := timeline.Of(ctx, r.DB.For(v), v, interactionID)
	return presentAll(rows, presentTimeline), err
}

func presentTimeline(t timeline.Row) *model.TimelineEntry {
	e := &model.TimelineEntry{
		ID: t.StreamID + "." + strconv.FormatInt(t.Revision, 10), At: t.At, Code: t.Code, Reason: optional(t.Reason),
		ByID: t.By, AgentIDs: t.Agents, QueueID: t.QueueID,
	}
	if t.Seconds != nil {
		s := int32(*t.Seconds)
		e.Seconds = &s
	}
	return e
}

func (r *Resolver) dispositionsFor(ctx context.Context, global string) ([]model.Disposition, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	id, err := localID(kindInteraction, global)
	if err != nil {
		return nil, err
	}
	rows, err := r.outcomes(ctx, v, id)
	return presentAll(rows, presentDisposition), err
}

// outcomes are those an interaction within scope can have.
func (r *Resolver) outcomes(ctx context.Context, v access.Viewer, id string) ([]settings.Disposition, error) {
	row, err := r.interactionRow(ctx, v, id)
	if err != nil {
		return nil, err
	}
	list := ""
	if row.ContactID != "" {
		c, err := r.loadersOf(ctx).contacts.Load(ctx, row.ContactID)
		if err != nil {
			return nil, err
		}
		list = c.ListID
	}
	return settings.DispositionsFor(ctx, r.DB.Clear, list, row.AccountID, row.QueueID)
}

// outcome is the one that an interaction within scope shall get; empty when none is given.
func (r *Resolver) outcome(ctx context.Context, v access.Viewer, id domain.InteractionID, global *string) (domain.DispositionID, error) {
	wanted, err := optionalID(kindDisposition, global)
	if err != nil || wanted == "" {
		return "", err
	}
	rows, err := r.outcomes(ctx, v, string(id))
	if err == nil && !slices.ContainsFunc(rows, func(d settings.Disposition) bool { return d.ID == wanted }) {
		err = ErrNotFound
	}
	return domain.DispositionID(wanted), err
}

func (r *Resolver) realtime(ctx context.Context) (*model.Realtime, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	queues, err := settings.Queues(ctx, r.DB.For(v), v)
	if err != nil {
		return nil, err
	}
	doing, err := agents.Realtime(ctx, r.DB.For(v), v)
	return &model.Realtime{Queues: presentAll(queues, presentQueue), Agents: presentAll(doing, presentActivity)}, err
}

func presentActivity(a agents.Activity) *model.AgentActivity {
	return &model.AgentActivity{Presence: presentPresence(a.Row), Open: int32(a.Open), Capacity: int32(a.Capacity), UserID: a.UserID, QueueIDs: a.Queues}
}

// events is the raw history of an interaction.
func (r *Resolver) events(ctx context.Context, global string) ([]model.RecordedEvent, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	id, err := r.scoped(ctx, v, global)
	if err != nil {
		return nil, err
	}
	return r.history(ctx, v, "interaction-"+string(id))
}

// unplaced is what a provider told an account and belongs in no conversation.
func (r *Resolver) unplaced(ctx context.Context, global string) ([]model.RecordedEvent, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	id, err := localID(kindAccount, global)
	if err != nil {
		return nil, err
	}
	found, err := settings.AccountsByID(ctx, r.DB.For(v), []string{id})
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || !v.SeesAccount(domain.AccountID(id)) {
		return nil, ErrNotFound
	}
	return r.history(ctx, v, commands.UnplacedStream(domain.AccountID(id)))
}

// history is the raw events of a stream. The trace of reading them comes first: without it there is no read.
func (r *Resolver) history(ctx context.Context, v access.Viewer, stream string) ([]model.RecordedEvent, error) {
	if err := r.Commands.RecordHistoryRead(ctx, v.User, stream); err != nil {
		return nil, err
	}
	h, err := r.Store.Read(ctx, stream, 0)
	if err != nil {
		return nil, err
	}
	return presentAll(h.Events, presentEvent(v)), nil
}

// presentEvent shows an event as it is stored; a masked viewer sees it with what is personal still sealed.
func presentEvent(v access.Viewer) func(eventstore.Recorded) *model.RecordedEvent {
	return func(e eventstore.Recorded) *model.RecordedEvent {
		shown := &model.RecordedEvent{
			ID: e.ID.String(), Stream: e.Stream, Revision: int32(e.Revision), Type: e.Type, At: e.Created,
			Actor: optional(e.Metadata.Actor), CommandID: optional(e.Metadata.CommandID), CausationID: optional(e.Metadata.CausationID),
			Data: string(e.Raw),
		}
		if !v.Masked && !e.Erased {
			shown.Data = openEvent(e.Event)
		}
		return shown
	}
}

func (r *Resolver) projections(ctx context.Context) ([]model.Projection, error) {
	rows, err := projections.List(ctx, r.DB.Clear)
	if err != nil {
		return nil, err
	}
	end, err := r.Store.Last(ctx)
	return presentAll(rows, func(s projections.Status) *model.Projection {
		return &model.Projection{
			Name: s.Name, Position: s.Position.String(), Lag: int32(end.Commit - min(end.Commit, s.Position.Commit)), State: string(s.State),
			Problem: optional(s.Problem), Generation: int32(s.Generation),
		}
	}), err
}

// node is anything by its id, within the viewer's scope.
func (r *Resolver) node(ctx context.Context, id string) (model.Node, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	return r.find(ctx, v, id)
}

// whoMay says which right a kind of node asks for.
var whoMay = map[kind]access.Permission{
	kindInteraction: access.ViewInteractions, kindMessage: access.ViewInteractions, kindOffer: access.HandleInteractions,
	kindTransfer: access.HandleInteractions, kindContact: access.ViewContacts, kindList: access.ViewContacts,
	kindAccount: access.ViewInteractions, kindQueue: access.ViewInteractions, kindUser: access.ViewInteractions,
	kindDisposition: access.ViewInteractions, kindCannedAnswer: access.ViewInteractions, kindTag: access.ViewInteractions,
}
