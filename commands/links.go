package commands

import (
	"context"
	"slices"

	"parley/domain"
	"parley/domain/address"
	"parley/domain/phone"
	"parley/eventstore"
)

// link makes an address lead to another one, unless someone has separated them.
func (c *Commands) link(ctx context.Context, from, canonical domain.AddressID, reason string) error {
	separated, err := c.separated(ctx, from, canonical)
	if err != nil || separated {
		return err
	}
	c.linking.Lock()
	defer c.linking.Unlock()
	if err := c.relink(ctx, from, address.Link{Canonical: canonical, Reason: reason, At: c.now()}); err != nil {
		return err
	}
	return c.onAddress(ctx, canonical, NewID(), address.Join{From: from, At: c.now()})
}

// moveNumber gives a number to another customer.
func (c *Commands) moveNumber(ctx context.Context, number domain.AddressID, move address.Move) error {
	c.linking.Lock()
	defer c.linking.Unlock()
	return c.relink(ctx, number, move)
}

// relink changes where an alias leads, and invalidates cached addresses if anything changed. A repeated command must
// not invalidate them, or resolveLocked would retry forever.
func (c *Commands) relink(ctx context.Context, id domain.AddressID, cmd address.Command) error {
	r, err := c.addresses.handle(ctx, string(id), SystemMetadata("webhook", NewID()), cmd)
	if err != nil || len(r.Events) > 0 {
		c.links.Add(1)
	}
	return err
}

// separated reports whether someone has undone a link between two addresses.
func (c *Commands) separated(ctx context.Context, one, other domain.AddressID) (bool, error) {
	for _, pair := range [][2]domain.AddressID{{one, other}, {other, one}} {
		s, err := c.addressState(ctx, pair[0])
		if err != nil || slices.Contains(s.Unlinked, pair[1]) {
			return err == nil, err
		}
	}
	return false, nil
}

func (c *Commands) onAddress(ctx context.Context, id domain.AddressID, commandID string, cmd address.Command) error {
	_, err := c.addresses.handle(ctx, string(id), SystemMetadata("webhook", commandID), cmd)
	return err
}

// FollowLinks drops cached addresses as soon as any process links two of them. It returns when ctx ends.
func (c *Commands) FollowLinks(ctx context.Context) error {
	var end eventstore.Position
	for {
		var err error
		if end, err = c.addresses.store.Last(ctx); err == nil {
			break
		}
		if ctx.Err() != nil {
			return nil
		}
		c.log.Warn("cannot follow links of addresses yet", "error", err)
		backOff(ctx, maxAttempts)
	}
	c.links.Add(1) // addresses may have been linked before the subscription began
	changes := []domain.Event{address.AliasLinked{}, address.AliasUnlinked{}, address.AliasMoved{}}
	return c.addresses.store.SubscribeTo(ctx, changes, end,
		func(_ context.Context, b eventstore.Batch) error {
			if len(b.Events) > 0 {
				c.links.Add(1)
			}
			return nil
		})
}

func (c *Commands) cache(alias domain.AddressID, l resolved) {
	l.until = c.now().Add(resolvedTTL)
	c.canonical.Add(alias, l)
}

func (c *Commands) cached(alias domain.AddressID) (resolved, bool) {
	l, ok := c.canonical.Get(alias)
	return l, ok && l.links == c.links.Load() && c.now().Before(l.until)
}

// lookUp follows an alias to the address it has now.
func (c *Commands) lookUp(ctx context.Context, alias domain.AddressID) (resolved, error) {
	s, err := c.addressState(ctx, alias)
	if err != nil || s.Named == "" {
		return resolved{}, err
	}
	return c.root(ctx, s.Present().Address)
}

// root follows links to their end. If two processes linked two addresses to each other at the same time, the
// links form a cycle; every process then picks the same address in it.
func (c *Commands) root(ctx context.Context, id domain.AddressID) (resolved, error) {
	var path []domain.AddressID
	for {
		s, err := c.addressState(ctx, id)
		if err != nil {
			return resolved{}, err
		}
		next := s.Leads()
		at := slices.Index(path, next)
		if next != "" && next != id && at < 0 {
			path, id = append(path, id), next
			continue
		}
		if at >= 0 {
			id = slices.Min(append(slices.Clone(path[at:]), id))
		}
		former, err := c.leadingTo(ctx, id, append(path, s.Joined...))
		return resolved{canonical: id, former: former}, err
	}
}

// leadingTo returns every address that leads to another one, directly or not. The known ones are given.
func (c *Commands) leadingTo(
	ctx context.Context, canonical domain.AddressID, known []domain.AddressID,
) ([]domain.AddressID, error) {
	var all []domain.AddressID
	for next := known; len(next) > 0; next = next[1:] {
		id := next[0]
		if id == canonical || slices.Contains(all, id) {
			continue
		}
		all = append(all, id)
		s, err := c.addressState(ctx, id)
		if err != nil {
			return nil, err
		}
		next = append(slices.Clip(next), s.Joined...)
	}
	slices.Sort(all)
	return all, nil
}

func (c *Commands) addressState(ctx context.Context, id domain.AddressID) (address.State, error) {
	return query(ctx, c.addresses, string(id), func(s address.State) address.State { return s })
}

func (c *Commands) addressID(alias string) domain.AddressID {
	return domain.AddressID(c.ids.UUID("address", alias))
}

// HoldsNumber reports whether a number belongs to a customer, or to no one yet.
func (c *Commands) HoldsNumber(ctx context.Context, number string, customer domain.AddressID) (bool, error) {
	id := c.addressID(phone.Alias(number))
	if known, ok := c.cached(id); ok && known.canonical == customer {
		return true, nil
	}
	holder, err := c.lookUp(ctx, id)
	if err != nil || holder.canonical == "" || holder.canonical == customer {
		return err == nil, err
	}
	own, err := c.root(ctx, customer)
	return holder.canonical == own.canonical, err
}

// Identity is everything that is known about who a customer is.
type Identity struct {
	Address   domain.AddressID   // which they write from
	Addresses []domain.AddressID // their own
	Strangers []domain.AddressID // of others who have held their number
}

// IdentityOf returns who the customer with an address and perhaps a number is.
func (c *Commands) IdentityOf(ctx context.Context, customer domain.AddressID, number string) (Identity, error) {
	own, err := c.root(ctx, customer)
	if err != nil {
		return Identity{}, err
	}
	who := Identity{Address: customer, Addresses: append([]domain.AddressID{own.canonical}, own.former...)}
	if number = phone.Alias(number); number == "" {
		return who, nil
	}
	s, err := c.addressState(ctx, c.addressID(number))
	if err != nil {
		return Identity{}, err
	}
	for _, held := range s.Held() {
		holder, err := c.root(ctx, held)
		if err != nil {
			return Identity{}, err
		}
		if holder.canonical != own.canonical {
			who.Strangers = append(append(who.Strangers, holder.canonical), holder.former...)
		}
	}
	return who, nil
}
