package graphql

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"parley/access"
	"parley/domain"
	"parley/graphql/model"
	"parley/live"
	"parley/projections/agents"
	"parley/projections/contacts"
	"parley/projections/interactions"
	"parley/projections/messages"
	"parley/projections/offers"
	"parley/projections/settings"
	"parley/projections/transfers"
)

// settingKinds are the changes that only say "fetch it again".
var settingKinds = []string{"account", "queue", "user", "list", "disposition", "cannedanswer", "tag", "policy"}

// deskInterest is what a viewer's desktop is told: what his scope, his own name or a setting touches.
func deskInterest(v access.Viewer) live.Interest {
	return live.Interest{
		All: v.Everything, Agents: []string{string(v.User)}, Queues: texts(v.Queues), Lists: texts(v.Lists),
		Kinds: append([]string{"access"}, settingKinds...),
		Match: func(c *live.Change) bool { return c.Kind != "message" && c.Kind != "outbox" },
	}
}

// live tells a desktop what changes, until its client goes.
func (r *Resolver) live(ctx context.Context, after *string) (<-chan *model.LiveBatch, error) {
	v, err := r.freshViewer(ctx)
	if err != nil {
		return nil, err
	}
	sub, err := r.Hub.Subscribe(ctx, text(after), deskInterest(v))
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, r.Heartbeats.Open(string(v.User)))
	return stream(ctx, r, sub, func(v access.Viewer, b live.Batch) (*model.LiveBatch, error) {
		return r.deskBatch(ctx, v, sub, b)
	}), nil
}

// stream forwards batches as long as the viewer may see them. Rights are looked at anew for each.
func stream[M any](ctx context.Context, r *Resolver, sub *live.Subscription, present func(access.Viewer, live.Batch) (*M, error)) <-chan *M {
	out := make(chan *M)
	go func() {
		defer close(out)
		defer sub.Close()
		for {
			b, err := sub.Next(ctx)
			if err != nil {
				return
			}
			if id, _ := identity(ctx); aboutRights(b, id.User) {
				r.Viewers.Forget(id.User) // what is remembered may be from before the change
			}
			v, err := r.freshViewer(ctx)
			if err != nil {
				return
			}
			m, err := patiently(ctx, func() (*M, error) { return present(v, b) })
			if err != nil {
				if !errors.Is(err, context.Canceled) {
					r.Log.Warn("a live batch was given up; the client will come back", "error", err)
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

// aboutRights says whether a batch announces that a user's rights have changed.
func aboutRights(b live.Batch, user domain.UserID) bool {
	for _, c := range b.Changes {
		if c.Kind == "access" && (c.ID == "" || c.ID == string(user)) {
			return true
		}
	}
	return false
}

// patiently reads again for a while when the database is away, so that a short outage does not end all subscriptions.
func patiently[M any](ctx context.Context, read func() (*M, error)) (*M, error) {
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

// deskBatch reads what a batch is about, as the viewer may see it now.
func (r *Resolver) deskBatch(ctx context.Context, v access.Viewer, sub *live.Subscription, b live.Batch) (*model.LiveBatch, error) {
	out := &model.LiveBatch{
		Position: b.Position, Resync: b.Resync, Interactions: []model.Interaction{}, Removed: []string{}, Offers: []model.Offer{},
		Transfers: []model.Transfer{}, Queues: []model.Queue{}, Users: []model.User{}, Contacts: []model.Contact{}, Settings: []string{},
	}
	ids, known, seen := make(map[string][]string), make(map[[2]string]bool), make(map[string]bool)
	for _, c := range b.Changes {
		if c.Kind == "access" && (c.ID == "" || c.ID == string(v.User)) {
			sub.Change(deskInterest(v))
			out.Resync = true
		}
		if key := [2]string{c.Kind, c.ID}; !known[key] {
			known[key] = true
			ids[c.Kind] = append(ids[c.Kind], c.ID)
		}
		if c.Kind == "interaction" && sawBefore(v, c) {
			seen[c.ID] = true
		}
		if kind := settingTold(c.Kind); kind != "" && !slices.Contains(out.Settings, kind) {
			out.Settings = append(out.Settings, kind)
		}
	}
	if err := r.readInteractions(ctx, v, ids["interaction"], seen, b.Through, out); err != nil {
		return nil, err
	}
	return out, r.readOthers(ctx, v, ids, out)
}

// settingTold is the kind of setting that a change says to fetch again; none where rows are told instead.
func settingTold(kind string) string {
	switch {
	case kind == "queuesettings":
		return "queue"
	case kind == "queue" || kind == "user" || !slices.Contains(settingKinds, kind):
		return ""
	}
	return kind
}

// sawBefore says whether an interaction was within the viewer's scope before it changed.
func sawBefore(v access.Viewer, c live.Change) bool {
	queue, account := cmp.Or(c.QueueBefore, c.Queue), cmp.Or(c.AccountBefore, c.Account)
	return v.SeesInteraction(domain.QueueID(queue), domain.AccountID(account)) || slices.Contains(c.AgentsBefore, string(v.User))
}

// readInteractions reads what has changed. Of what the viewer may not see now he is told only that he no longer does.
func (r *Resolver) readInteractions(ctx context.Context, v access.Viewer, ids []string, seen map[string]bool, since uint64, out *model.LiveBatch) error {
	if len(ids) == 0 {
		return nil
	}
	found, err := r.Shared.interactions.load(ctx, rightsClass(v), ids, since, func(missing []string) (map[string]interactions.Row, error) {
		rows, err := interactions.ByIDs(ctx, r.DB.For(v), v, missing)
		found := make(map[string]interactions.Row, len(rows))
		for _, row := range rows {
			found[row.ID] = row
		}
		return found, err
	})
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

func (r *Resolver) readOthers(ctx context.Context, v access.Viewer, ids map[string][]string, out *model.LiveBatch) error {
	q := r.DB.For(v)
	if wanted := ids["offer"]; len(wanted) > 0 && v.May(access.HandleInteractions) {
		rows, err := offers.ByIDs(ctx, q, v, wanted)
		if err != nil {
			return err
		}
		out.Offers = presentAll(rows, presentOffer)
	}
	if wanted := ids["transfer"]; len(wanted) > 0 {
		rows, err := transfers.ByIDs(ctx, q, v, wanted)
		if err != nil {
			return err
		}
		out.Transfers = presentAll(rows, presentTransfer(v))
	}
	if wanted := ids["queue"]; len(wanted) > 0 {
		rows, err := r.Shared.allQueues.one(ctx, rightsClass(v), func() ([]settings.Queue, error) { return settings.Queues(ctx, q, v) })
		if err != nil {
			return err
		}
		rows = slices.DeleteFunc(slices.Clone(rows), func(row settings.Queue) bool { return !slices.Contains(wanted, row.ID) })
		out.Queues = presentAll(rows, presentQueue)
	}
	if wanted := ids["user"]; len(wanted) > 0 {
		if err := r.readUsers(ctx, v, wanted, out); err != nil {
			return err
		}
	}
	if wanted := ids["contact"]; len(wanted) > 0 && v.May(access.ViewContacts) {
		return r.readContacts(ctx, v, wanted, out)
	}
	return nil
}

func (r *Resolver) readUsers(ctx context.Context, v access.Viewer, wanted []string, out *model.LiveBatch) error {
	rows, err := r.Shared.allUsers.one(ctx, rightsClass(v), func() ([]settings.User, error) { return settings.Users(ctx, r.DB.For(v), v) })
	if err != nil {
		return err
	}
	rows = slices.DeleteFunc(slices.Clone(rows), func(row settings.User) bool { return !slices.Contains(wanted, row.ID) })
	out.Users = presentAll(rows, presentUser)
	if !slices.Contains(wanted, string(v.User)) || !v.May(access.HandleInteractions) {
		return nil
	}
	mine, err := agents.ByIDs(ctx, r.DB.For(v), []string{string(v.User)})
	if err == nil && len(mine) > 0 {
		out.Presence = presentPresence(mine[0])
	}
	return err
}

func (r *Resolver) readContacts(ctx context.Context, v access.Viewer, wanted []string, out *model.LiveBatch) error {
	rows, err := r.Shared.contacts.load(ctx, rightsClass(v), wanted, 0, func(missing []string) (map[string]contacts.Row, error) {
		return contacts.ByIDs(ctx, r.DB.For(v), v, missing)
	})
	if err != nil {
		return err
	}
	for _, row := range rows {
		shown := presentContact(row)
		shown.Masked = v.Masked
		out.Contacts = append(out.Contacts, *shown)
	}
	return nil
}

// conversation tells what changes in one interaction on screen, and who looks or types there.
func (r *Resolver) conversation(ctx context.Context, global string, after *string) (<-chan *model.ConversationBatch, error) {
	v, err := r.freshViewer(ctx)
	if err != nil {
		return nil, err
	}
	local, err := r.scoped(ctx, v, global)
	if err != nil {
		return nil, err
	}
	id := string(local)
	sub, err := r.Hub.Subscribe(ctx, text(after), live.Interest{Interactions: []string{id}, Watch: id})
	if err != nil {
		return nil, err
	}
	return stream(ctx, r, sub, func(v access.Viewer, b live.Batch) (*model.ConversationBatch, error) {
		return r.conversationBatch(ctx, v, id, b)
	}), nil
}

func (r *Resolver) conversationBatch(ctx context.Context, v access.Viewer, id string, b live.Batch) (*model.ConversationBatch, error) {
	out := &model.ConversationBatch{Position: b.Position, Resync: b.Resync, Messages: []model.Message{}}
	var said []string
	for _, c := range b.Changes {
		if c.Kind == "message" {
			said = append(said, c.ID)
		}
	}
	if len(b.Changes) > 0 || b.Watchers != nil {
		row, ok, err := interactions.ByID(ctx, r.DB.For(v), v, id)
		switch {
		case err != nil:
			return nil, err
		case !ok && len(b.Changes) == 0 && !b.Resync:
			return nil, nil // who looks at what he may not see is nothing to tell
		case !ok:
			out.Resync = true // it left the viewer's scope: fetching it again tells him so
			return out, nil
		case len(b.Changes) > 0:
			out.Interaction = presentInteraction(row)
		}
	}
	if len(said) > 0 {
		rows, err := messages.ByIDs(ctx, r.DB.For(v), v, said)
		if err != nil {
			return nil, err
		}
		out.Messages = presentMessages(rows)
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

// signal tells colleagues that the viewer looks at an interaction, or types in it.
func (r *Resolver) signal(ctx context.Context, input model.SignalPresenceInput) (bool, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return false, err
	}
	id, err := r.scoped(ctx, v, input.InteractionID)
	if err != nil {
		return false, err
	}
	r.Hub.Signal(live.Signal{InteractionID: string(id), UserID: string(v.User), Typing: input.Typing})
	return true, nil
}
