package graphql

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"parley/domain"
	"parley/graphql/model"
	"parley/internal/access"
	"parley/internal/live"
	"parley/projections"
	"parley/projections/agents"
	"parley/projections/contacts"
	"parley/projections/interactions"
	"parley/projections/messages"
	"parley/projections/offers"
	"parley/projections/settings"
	"parley/projections/transfers"
)

// settingKinds lists the kinds of settings whose changes a batch only announces. The desktop fetches them again.
var settingKinds = []projections.ChangeKind{
	projections.AccountChanged, projections.QueueSettingsChanged, projections.ListChanged, projections.DispositionChanged,
	projections.CannedAnswerChanged, projections.TagChanged, projections.PolicyChanged,
	projections.OutboundChanged,
}

// desktopInterest selects the changes that a viewer's desktop needs: those in scope, those of the viewer, and
// settings.
func desktopInterest(v access.Viewer) live.Interest {
	return live.Interest{
		All: v.Everything, Agents: []string{string(v.User)}, Queues: texts(v.Queues), Lists: texts(v.Lists),
		Kinds: append([]projections.ChangeKind{
			projections.AccessChanged, projections.QueueChanged, projections.UserChanged,
		}, settingKinds...),
		Match: func(c *live.Change) bool {
			return c.Kind != projections.MessageChanged && c.Kind != projections.OutboxChanged
		},
	}
}

// stream forwards batches until the client leaves or its session ends. Each batch is read with the
// permissions the viewer has at that time.
func stream[M any](
	ctx context.Context, r *Resolver, sub *live.Subscription, read func(access.Viewer, live.Batch) (*M, error),
) <-chan *M {
	out := make(chan *M)
	go func() {
		defer close(out)
		defer sub.Close()
		for {
			b, err := sub.Next(ctx)
			if err != nil {
				return
			}
			if id, _ := identity(ctx); changesPermissions(b, id.User) {
				r.Viewers.Forget(id.User) // the cached permissions may be older than the change
			}
			v, err := r.freshViewer(ctx)
			if err != nil {
				return
			}
			m, err := withRetries(ctx, func() (*M, error) { return read(v, b) })
			if err != nil {
				if !errors.Is(err, context.Canceled) {
					r.Log.Warn("gave up on a live batch; the client will reconnect", "error", err)
				}
				return
			}
			if m == nil {
				continue
			}
			select {
			case out <- m:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// changesPermissions reports whether a batch says that a user's permissions have changed.
func changesPermissions(b live.Batch, user domain.UserID) bool {
	for _, c := range b.Changes {
		if c.Kind == projections.AccessChanged && (c.ID == "" || c.ID == string(user)) {
			return true
		}
	}
	return false
}

// withRetries retries a read for a few seconds, so that a short database outage does not end all subscriptions.
func withRetries[M any](ctx context.Context, read func() (*M, error)) (*M, error) {
	for wait := 100 * time.Millisecond; ; wait *= 2 {
		m, err := read()
		if err == nil || wait > 5*time.Second || ctx.Err() != nil {
			return m, err
		}
		select {
		case <-time.After(wait):
		case <-ctx.Done():
			return nil, context.Canceled
		}
	}
}

// desktopBatch reads the rows that a batch names, as the viewer may see them now.
func (r *Resolver) desktopBatch(
	ctx context.Context, v access.Viewer, sub *live.Subscription, b live.Batch,
) (*model.LiveBatch, error) {
	out := &model.LiveBatch{
		Position: b.Position, Resync: b.Resync, Interactions: []model.Interaction{}, Removed: []string{},
		Offers: []model.Offer{}, Transfers: []model.Transfer{}, Queues: []model.Queue{}, Users: []model.User{},
		Contacts: []model.Contact{}, Settings: []projections.ChangeKind{},
	}
	if age, stale := r.Behind(); stale {
		behind := seconds(age)
		out.Behind = &behind
	}
	ids, seen := make(map[projections.ChangeKind][]string), make(map[string]bool)
	for _, c := range b.Changes {
		if c.Kind == projections.AccessChanged && (c.ID == "" || c.ID == string(v.User)) {
			sub.Change(desktopInterest(v))
			out.Resync = true
		}
		ids[c.Kind] = append(ids[c.Kind], c.ID)
		if c.Kind == projections.InteractionChanged && wasInScope(v, c) {
			seen[c.ID] = true
		}
		if slices.Contains(settingKinds, c.Kind) && !slices.Contains(out.Settings, c.Kind) {
			out.Settings = append(out.Settings, c.Kind)
		}
	}
	if err := r.readInteractions(ctx, v, ids[projections.InteractionChanged], seen, b.Through, out); err != nil {
		return nil, err
	}
	return out, r.readOthers(ctx, v, ids, out)
}

// wasInScope reports whether the viewer could see an interaction before it changed.
func wasInScope(v access.Viewer, c live.Change) bool {
	queue, account := cmp.Or(c.QueueBefore, c.Queue), cmp.Or(c.AccountBefore, c.Account)
	return v.SeesInteraction(domain.QueueID(queue), domain.AccountID(account)) ||
		slices.Contains(c.AgentsBefore, string(v.User))
}

// readInteractions reads the interactions that changed. Of those that left the viewer's scope it returns only
// the ids.
func (r *Resolver) readInteractions(
	ctx context.Context, v access.Viewer, ids []string, seen map[string]bool, since uint64, out *model.LiveBatch,
) error {
	if len(ids) == 0 {
		return nil
	}
	read := func(missing []string) (map[string]interactions.Row, error) {
		rows, err := interactions.ByIDs(ctx, r.DB.Shared(v), v, missing)
		found := make(map[string]interactions.Row, len(rows))
		for _, row := range rows {
			found[row.ID] = row
		}
		return found, err
	}
	found, err := r.Shared.interactions.load(ctx, rightsClass(v), ids, since, read)
	if err != nil {
		return err
	}
	for _, id := range ids {
		if row, ok := found[id]; ok {
			out.Interactions = append(out.Interactions, *presentInteraction(row))
		} else if seen[id] {
			out.Removed = append(out.Removed, globalID(kindInteraction, id))
		}
	}
	return nil
}

// readOthers reads everything else that changed.
func (r *Resolver) readOthers(
	ctx context.Context, v access.Viewer, ids map[projections.ChangeKind][]string, out *model.LiveBatch,
) error {
	q := r.DB.Shared(v)
	if wanted := ids[projections.OfferChanged]; len(wanted) > 0 && v.May(access.HandleInteractions) {
		rows, err := offers.ByIDs(ctx, q, v, wanted)
		if err != nil {
			return err
		}
		out.Offers = presentAll(rows, presentOffer)
	}
	if wanted := ids[projections.TransferChanged]; len(wanted) > 0 {
		rows, err := transfers.ByIDs(ctx, q, v, wanted)
		if err != nil {
			return err
		}
		out.Transfers = presentAll(rows, presentTransfer(v))
	}
	if wanted := ids[projections.QueueChanged]; len(wanted) > 0 {
		read := func() ([]settings.Queue, error) { return settings.Queues(ctx, q, v) }
		rows, err := r.Shared.allQueues.one(ctx, rightsClass(v), read)
		if err != nil {
			return err
		}
		unwanted := func(row settings.Queue) bool { return !slices.Contains(wanted, row.ID) }
		out.Queues = presentAll(slices.DeleteFunc(slices.Clone(rows), unwanted), presentQueue)
	}
	if wanted := ids[projections.UserChanged]; len(wanted) > 0 {
		if err := r.readUsers(ctx, v, wanted, out); err != nil {
			return err
		}
	}
	if wanted := ids[projections.ContactChanged]; len(wanted) > 0 && v.May(access.ViewContacts) {
		return r.readContacts(ctx, v, wanted, out)
	}
	return nil
}

// readUsers reads the users that changed, and the viewer's own presence if they are among them.
func (r *Resolver) readUsers(ctx context.Context, v access.Viewer, wanted []string, out *model.LiveBatch) error {
	read := func() ([]settings.User, error) { return settings.Users(ctx, r.DB.Shared(v), v) }
	rows, err := r.Shared.allUsers.one(ctx, rightsClass(v), read)
	if err != nil {
		return err
	}
	unwanted := func(row settings.User) bool { return !slices.Contains(wanted, row.ID) }
	out.Users = presentAll(slices.DeleteFunc(slices.Clone(rows), unwanted), presentUser)
	if !slices.Contains(wanted, string(v.User)) || !v.May(access.HandleInteractions) {
		return nil
	}
	mine, err := agents.ByIDs(ctx, r.DB.Shared(v), []string{string(v.User)})
	if err == nil && len(mine) > 0 {
		out.Presence = presentPresence(mine[0])
	}
	return err
}

func (r *Resolver) readContacts(ctx context.Context, v access.Viewer, wanted []string, out *model.LiveBatch) error {
	read := func(missing []string) (map[string]contacts.Row, error) {
		return contacts.ByIDs(ctx, r.DB.Shared(v), v, missing)
	}
	rows, err := r.Shared.contacts.load(ctx, rightsClass(v), wanted, 0, read)
	if err != nil {
		return err
	}
	for _, row := range rows {
		out.Contacts = append(out.Contacts, *presentContact(v)(row))
	}
	return nil
}

// interestIn returns the interest in an interaction and in what was joined into it, because a message of a joined one can
// still change.
func interestIn(row interactions.Row) live.Interest {
	return live.Interest{Interactions: append([]string{row.ID}, row.Joined...), Watch: row.ID}
}

// conversationBatch reads what changed in an interaction on screen. It returns nil if the viewer may not see it.
func (r *Resolver) conversationBatch(
	ctx context.Context, v access.Viewer, id string, b live.Batch,
) (*model.ConversationBatch, error) {
	out := &model.ConversationBatch{Position: b.Position, Resync: b.Resync, Messages: []model.Message{}}
	var changed []string
	for _, c := range b.Changes {
		if c.Kind == projections.MessageChanged {
			changed = append(changed, c.ID)
		}
	}
	if len(b.Changes) > 0 || b.Watchers != nil {
		row, ok, err := interactions.ByID(ctx, r.DB.For(v), v, id)
		switch {
		case err != nil:
			return nil, err
		case !ok && len(b.Changes) == 0 && !b.Resync:
			return nil, nil // only the watchers changed, and the interaction is out of scope
		case !ok:
			out.Resync = true // it left the viewer's scope; fetching it again shows that
			return out, nil
		case len(b.Changes) > 0:
			out.Interaction = presentInteraction(row)
		}
	}
	if len(changed) > 0 {
		rows, err := messages.ByIDs(ctx, r.DB.For(v), v, changed)
		if err != nil {
			return nil, err
		}
		out.Messages = presentAll(rows, presentMessage)
	}
	if b.Watchers != nil {
		out.Watchers = []model.Watcher{}
		for _, w := range b.Watchers {
			if w.UserID != string(v.User) {
				out.Watchers = append(out.Watchers, model.Watcher{Typing: w.Typing, UserID: w.UserID})
			}
		}
	}
	return out, nil
}
