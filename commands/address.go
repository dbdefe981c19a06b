package commands

import (
	"context"
	"errors"
	"slices"
	"time"

	"parley/domain"
	"parley/domain/address"
	"parley/eventstore"
)

// resolve returns the sender's address: the one that their first known alias belongs
// to. It links all their aliases to it.
func (c *Commands) resolve(ctx context.Context, aliases []string) (resolved, error) {
	if len(aliases) == 0 {
		return resolved{}, errors.New("the sender has no alias")
	}
	ids := make([]domain.AddressID, len(aliases))
	sender := resolved{links: c.links.Load()}
	complete := true
	for i, alias := range aliases {
		ids[i] = c.addressID(alias)
		known, ok := c.cached(ids[i])
		if !ok || (sender.canonical != "" && known.canonical != sender.canonical) {
			complete = false
		} else {
			sender.canonical = known.canonical
			sender.former = append(sender.former, known.former...)
		}
	}
	slices.Sort(sender.former)
	sender.former = slices.Compact(sender.former) // most aliases share their former addresses
	if complete {
		return sender, nil
	}
	canonical := ids[0]
	unknown := 0 // how many of the leading ids belong to no address
	for _, id := range ids {
		known, err := c.lookUp(ctx, id)
		if err != nil {
			return resolved{}, err
		}
		if known.canonical != "" {
			canonical = known.canonical
			break
		}
		unknown++
	}
	var former []domain.AddressID
	for i, id := range ids {
		name := c.name
		if i < unknown {
			name = c.nameUnknown
		}
		named, err := name(ctx, id, canonical, address.SeenTogether)
		if err != nil {
			return resolved{}, err
		}
		former = append(former, named.former...)
	}
	root, err := c.root(ctx, canonical)
	if err != nil {
		return resolved{}, err
	}
	sender.canonical, sender.former = root.canonical, append(root.former, former...)
	for _, id := range ids {
		c.cache(id, sender)
	}
	return sender, nil
}

// resolveLocked resolves a sender and keeps this process from linking addresses until done is called.
// Otherwise another copy of the same delivery would look for the message under another address.
func (c *Commands) resolveLocked(ctx context.Context, aliases []string) (sender resolved, done func(), err error) {
	for {
		before := c.links.Load()
		if sender, err = c.resolve(ctx, aliases); err != nil {
			return resolved{}, nil, err
		}
		c.linking.RLock()
		if c.links.Load() == before {
			return sender, c.linking.RUnlock, nil
		}
		c.linking.RUnlock()
	}
}

// linkAliases records that a customer known by some aliases also has others.
func (c *Commands) linkAliases(ctx context.Context, known, added []string, reason string) error {
	sender, err := c.resolve(ctx, known)
	if err != nil {
		return err
	}
	for _, alias := range added {
		if _, err := c.name(ctx, c.addressID(alias), sender.canonical, reason); err != nil {
			return err
		}
	}
	return nil
}

// name assigns an alias to an address. If it belonged to another address, name links the two.
func (c *Commands) name(ctx context.Context, alias, canonical domain.AddressID, reason string) (resolved, error) {
	known, err := c.lookUp(ctx, alias)
	if err != nil {
		return resolved{}, err
	}
	switch known.canonical {
	case canonical:
		return known, nil
	case "":
		return c.nameUnknown(ctx, alias, canonical, reason)
	}
	return c.link(ctx, known, canonical, reason)
}

// nameUnknown assigns an alias that had no address at the last lookup.
func (c *Commands) nameUnknown(
	ctx context.Context, alias, canonical domain.AddressID, reason string,
) (resolved, error) {
	meta := SystemMetadata("webhook", DerivedID("name", string(alias), string(canonical)))
	_, err := c.addresses.handle(ctx, string(alias), meta, address.Name{Canonical: canonical, At: c.now()})
	if err == nil {
		return resolved{canonical: canonical}, nil
	}
	if !errors.Is(err, address.ErrNamed) {
		return resolved{}, err
	}
	known, err := c.lookUp(ctx, alias)
	if err != nil || known.canonical == canonical {
		return known, err
	}
	return c.link(ctx, known, canonical, reason)
}

// link makes a known address point to another one.
func (c *Commands) link(
	ctx context.Context, known resolved, canonical domain.AddressID, reason string,
) (resolved, error) {
	meta := SystemMetadata("webhook", NewID()) // a derived id would repeat if the address was linked here before
	link := address.Link{Canonical: canonical, Reason: reason, At: c.now()}
	c.linking.Lock()
	defer c.linking.Unlock()
	if _, err := c.addresses.handle(ctx, string(known.canonical), meta, link); err != nil {
		return resolved{}, err
	}
	c.links.Add(1)
	return resolved{canonical: canonical, former: append(known.former, known.canonical)}, nil
}

// resolved is the result of resolving an alias or a sender.
type resolved struct {
	canonical domain.AddressID   // empty if the alias is unknown
	former    []domain.AddressID // addresses before linking; older messages are there
	links     uint64             // Commands.links at the lookup; a later link invalidates this
	until     time.Time          // when this expires
}

// resolvedTTL limits how long a cached address is used, in case another process links it unnoticed.
const resolvedTTL = time.Minute

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
	return c.addresses.store.SubscribeTo(ctx, address.AliasLinked{}, end,
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

// lookUp follows an alias to its canonical address.
func (c *Commands) lookUp(ctx context.Context, alias domain.AddressID) (resolved, error) {
	s, err := c.addressState(ctx, alias)
	if err != nil || s.Canonical == "" || s.Canonical == alias {
		return resolved{canonical: s.Canonical}, err
	}
	l, err := c.root(ctx, s.Canonical)
	l.former = append(l.former, s.Former...)
	return l, err
}

// root follows links to their end. If two processes linked two addresses to each other at the same time, the
// links form a cycle; every process then picks the same address in it.
func (c *Commands) root(ctx context.Context, id domain.AddressID) (resolved, error) {
	var path, former []domain.AddressID
	for {
		s, err := c.addressState(ctx, id)
		if err != nil {
			return resolved{}, err
		}
		if s.Canonical == "" || s.Canonical == id {
			return resolved{canonical: id, former: former}, nil
		}
		path, former = append(path, id), append(former, s.Former...)
		if at := slices.Index(path, s.Canonical); at >= 0 {
			return resolved{canonical: slices.Min(path[at:]), former: former}, nil
		}
		id = s.Canonical
	}
}

func (c *Commands) addressState(ctx context.Context, id domain.AddressID) (address.State, error) {
	return query(ctx, c.addresses, string(id), func(s address.State) address.State { return s })
}

func (c *Commands) addressID(alias string) domain.AddressID {
	return domain.AddressID(c.ids.UUID("address", alias))
}
