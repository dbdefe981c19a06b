package commands

import (
	"context"
	"slices"
	"time"

	"parley/domain"
	"parley/domain/address"
	"parley/domain/interaction"
	"parley/eventstore"
)

// JoinInteractions joins two open interactions of one customer: one ends and continues in the other. The two streams
// record it one after the other. Repeating an interrupted call completes it.
func (c *Commands) JoinInteractions(ctx context.Context, one, other domain.InteractionID) error {
	a, err := c.interaction(ctx, one)
	if err != nil {
		return err
	}
	b, err := c.interaction(ctx, other)
	if err != nil {
		return err
	}
	if a.Status != interaction.SessionOpen || b.Status != interaction.SessionOpen || a.AccountID != b.AccountID {
		return nil
	}
	if same, err := c.sameCustomer(ctx, a.AddressID, b.AddressID); err != nil || !same {
		return err
	}
	lasts, reason := a.Outlasts(b)
	if !lasts {
		one, other, a, b = other, one, b, a
	}
	_, err = c.handleAndEndTransfer(ctx, other, SystemMetadata("identities", NewID()), interaction.JoinInto{
		Survivor: one, Owner: b.Owner, Keeper: a.Owner, Reason: reason, At: c.now(),
	})
	if err != nil {
		return err
	}
	return c.FinishJoining(ctx, other)
}

// FinishJoining tells the survivor about an interaction that was joined into it. If the survivor has ended, the
// interaction is restored.
func (c *Commands) FinishJoining(ctx context.Context, id domain.InteractionID) error {
	s, err := c.interaction(ctx, id)
	if err != nil || s.Survivor == "" {
		return err
	}
	keeper, err := query(ctx, c.interactions, string(s.Survivor), func(s interaction.State) domain.AgentID { return s.Owner })
	if err != nil {
		return err
	}
	_, err = c.interactions.handle(ctx, string(s.Survivor), SystemMetadata("identities", NewID()),
		interaction.Join{Joined: s.Joining(id, keeper, c.now())})
	if err == nil {
		survivor, err := c.interaction(ctx, s.Survivor)
		if err != nil {
			return err
		}
		return c.JoinContacts(ctx, survivor.ContactID, s.ContactID)
	}
	if !isRefusal(err) {
		return err
	}
	_, err = c.interactions.handle(ctx, string(id), SystemMetadata("identities", NewID()),
		interaction.Restore{From: s.Survivor, Open: true, At: c.now()})
	return err
}

// SeparateInteraction undoes the join of an interaction into another one. From then on they belong to two
// customers, and are never joined automatically again.
func (c *Commands) SeparateInteraction(
	ctx context.Context, id domain.InteractionID, by domain.UserID, supervisor bool, meta eventstore.Metadata,
) (eventstore.Position, error) {
	s, err := c.interaction(ctx, id)
	if err != nil {
		return eventstore.Position{}, err
	}
	if s.Survivor == "" { // a repetition
		r, err := c.interactions.handle(ctx, string(id), meta, interaction.Restore{By: by, At: c.now()})
		return r.Position, err
	}
	survivor, err := c.interaction(ctx, s.Survivor)
	if err != nil {
		return eventstore.Position{}, err
	}
	restore := interaction.Restore{From: s.Survivor, By: by, Keeper: survivor.Owner, Supervisor: supervisor,
		Open: survivor.Status == interaction.SessionOpen, At: c.now()}
	if _, err := interaction.Decide(s, restore); err != nil {
		return eventstore.Position{}, err
	}
	if err := c.unlink(ctx, s.AddressID, survivor.AddressID, by); err != nil {
		return eventstore.Position{}, err
	}
	if err := c.separateContacts(ctx, s.ContactID, survivor.ContactID, by); err != nil {
		return eventstore.Position{}, err
	}
	restored, err := c.interactions.handle(ctx, string(id), meta, restore)
	if err != nil {
		return eventstore.Position{}, err
	}
	separated, err := c.interactions.handle(ctx, string(s.Survivor), SystemMetadata(string(by), DerivedID("separate", meta.CommandID)),
		interaction.Separate{Other: id, By: by, At: c.now()})
	return later(restored.Position, separated.Position), err
}

// SurvivorOf returns the interaction in which a session continues: itself, unless it was joined into another one.
func (c *Commands) SurvivorOf(ctx context.Context, id domain.InteractionID) (domain.InteractionID, error) {
	s, err := c.interaction(ctx, id)
	if err != nil || s.Survivor == "" {
		return id, err
	}
	return s.Survivor, nil
}

// unlink undoes the links that make two addresses one customer.
func (c *Commands) unlink(ctx context.Context, one, other domain.AddressID, by domain.UserID) error {
	for _, id := range []domain.AddressID{one, other} {
		same, err := c.sameCustomer(ctx, one, other)
		if err != nil || !same {
			return err
		}
		s, err := c.addressState(ctx, id)
		if err != nil {
			return err
		}
		if s.Linked == "" {
			continue
		}
		c.linking.Lock()
		err = c.onAddress(ctx, id, NewID(), address.Unlink{Canonical: s.Linked, By: by, At: c.now()})
		if err == nil {
			err = c.onAddress(ctx, s.Linked, NewID(), address.Part{From: id, At: c.now()})
		}
		c.links.Add(1)
		c.linking.Unlock()
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *Commands) sameCustomer(ctx context.Context, one, other domain.AddressID) (bool, error) {
	a, err := c.root(ctx, one)
	if err != nil {
		return false, err
	}
	b, err := c.root(ctx, other)
	return a.canonical == b.canonical, err
}

// carryOverJoined returns what the next interaction of a conversation takes over if the previous one continued
// elsewhere: what the rules need from there.
func (c *Commands) carryOverJoined(
	ctx context.Context, opened interaction.Opened, at time.Time,
) (interaction.Opened, error) {
	if opened.PreviousID == "" {
		return opened, nil
	}
	previous, err := c.interaction(ctx, opened.PreviousID)
	if err != nil || previous.Survivor == "" {
		return opened, err
	}
	survivor, err := c.interaction(ctx, previous.Survivor)
	if err != nil {
		return opened, err
	}
	next := survivor.CarryOver(previous.Survivor, at)
	next.Number = opened.Number
	for _, seen := range opened.Recent {
		if !slices.Contains(next.Recent, seen) {
			next.Recent = append(next.Recent, seen)
		}
	}
	return next, nil
}

func (c *Commands) interaction(ctx context.Context, id domain.InteractionID) (interaction.State, error) {
	return query(ctx, c.interactions, string(id), func(s interaction.State) interaction.State { return s })
}
