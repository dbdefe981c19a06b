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

// resolve says which address a sender is: the one his first known alias belongs to. All his aliases lead to it afterwards.
func (c *Commands) resolve(ctx context.Context, aliases []string) (lead, error) {
	if len(aliases) == 0 {
		return lead{}, errors.New("a sender without any alias")
	}
	ids := make([]domain.AddressID, len(aliases))
	sender := lead{links: c.links.Load()}
	complete := true
	for i, alias := range aliases {
		ids[i] = c.addressID(alias)
		known, ok := c.remembered(ids[i])
		if !ok || (sender.canonical != "" && known.canonical != sender.canonical) {
			complete = false
		} else {
			sender.canonical = known.canonical
			sender.former = append(sender.former, known.former...)
		}
	}
	slices.Sort(sender.former)
	sender.former = slices.Compact(sender.former) // his aliases were mostly linked together
	if complete {
		return sender, nil
	}
	canonical := ids[0]
	unknown := 0 // of the first ids, as was just seen
	for _, id := range ids {
		known, err := c.lookUp(ctx, id)
		if err != nil {
			return lead{}, err
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
			return lead{}, err
		}
		former = append(former, named.former...)
	}
	root, err := c.root(ctx, canonical)
	if err != nil {
		return lead{}, err
	}
	sender.canonical, sender.former = root.canonical, append(root.former, former...)
	for _, id := range ids {
		c.remember(id, sender)
	}
	return sender, nil
}

// settled is resolve, and keeps addresses from being linked by this process until done is called: a copy of what is received
// meanwhile would be looked for elsewhere before it is there.
func (c *Commands) settled(ctx context.Context, aliases []string) (sender lead, done func(), err error) {
	for {
		before := c.links.Load()
		if sender, err = c.resolve(ctx, aliases); err != nil {
			return lead{}, nil, err
		}
		c.linking.RLock()
		if c.links.Load() == before {
			return sender, c.linking.RUnlock, nil
		}
		c.linking.RUnlock()
	}
}

// linkAliases says that a customer known by some aliases is known by others too.
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

// name makes an alias belong to an address. One that belonged to another address links the two.
func (c *Commands) name(ctx context.Context, alias, canonical domain.AddressID, reason string) (lead, error) {
	known, err := c.lookUp(ctx, alias)
	if err != nil {
		return lead{}, err
	}
	switch known.canonical {
	case canonical:
		return known, nil
	case "":
		return c.nameUnknown(ctx, alias, canonical, reason)
	}
	return c.link(ctx, known, canonical, reason)
}

// nameUnknown is name for an alias that nobody had used when it was looked up a moment ago.
func (c *Commands) nameUnknown(ctx context.Context, alias, canonical domain.AddressID, reason string) (lead, error) {
	meta := Ours("webhook", DerivedID("name", string(alias), string(canonical)))
	_, err := c.addresses.handle(ctx, string(alias), meta, address.Name{Canonical: canonical, At: c.now()})
	if err == nil {
		return lead{canonical: canonical}, nil
	}
	if !errors.Is(err, address.ErrNamed) {
		return lead{}, err
	}
	known, err := c.lookUp(ctx, alias)
	if err != nil || known.canonical == canonical {
		return known, err
	}
	return c.link(ctx, known, canonical, reason)
}

// link lets the address somebody was known by lead to another one.
func (c *Commands) link(ctx context.Context, known lead, canonical domain.AddressID, reason string) (lead, error) {
	meta := Ours("webhook", NewID()) // it may have been linked here before, and elsewhere since
	link := address.Link{Canonical: canonical, Reason: reason, At: c.now()}
	c.linking.Lock()
	defer c.linking.Unlock()
	if _, err := c.addresses.handle(ctx, string(known.canonical), meta, link); err != nil {
		return lead{}, err
	}
	c.links.Add(1)
	return lead{canonical: canonical, former: append(known.former, known.canonical)}, nil
}

// lead is where an alias leads.
type lead struct {
	canonical domain.AddressID   // empty when nobody has used the alias yet
	former    []domain.AddressID // where it led before links: what came then is there
	links     uint64             // how many links were known of before it was looked up: another one may have changed it
	until     time.Time          // how long it is believed
}

// leadFor is how long a lead is believed should FollowLinks not hear that another process has linked the address.
const leadFor = time.Minute

// FollowLinks forgets where aliases led as soon as any process links two addresses, until ctx ends.
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
		c.log.Warn("links of addresses are not followed yet", "error", err)
		backOff(ctx, maxAttempts)
	}
	c.links.Add(1) // there may have been some before
	return c.addresses.store.SubscribeTo(ctx, address.AliasLinked{}, end, func(_ context.Context, b eventstore.Batch) error {
		if len(b.Events) > 0 {
			c.links.Add(1)
		}
		return nil
	})
}

func (c *Commands) remember(alias domain.AddressID, l lead) {
	l.until = c.now().Add(leadFor)
	c.canonical.Add(alias, l)
}

func (c *Commands) remembered(alias domain.AddressID) (lead, bool) {
	l, ok := c.canonical.Get(alias)
	return l, ok && l.links == c.links.Load() && c.now().Before(l.until)
}

// lookUp follows an alias to its canonical address.
func (c *Commands) lookUp(ctx context.Context, alias domain.AddressID) (lead, error) {
	s, err := c.addressState(ctx, alias)
	if err != nil || s.Canonical == "" || s.Canonical == alias {
		return lead{canonical: s.Canonical}, err
	}
	l, err := c.root(ctx, s.Canonical)
	l.former = append(l.former, s.Former...)
	return l, err
}

// root follows links to the address that stands for all of them. Two processes may have linked two addresses to each other
// at the same moment; of such a ring everybody takes the same one.
func (c *Commands) root(ctx context.Context, id domain.AddressID) (lead, error) {
	var path, former []domain.AddressID
	for {
		s, err := c.addressState(ctx, id)
		if err != nil {
			return lead{}, err
		}
		if s.Canonical == "" || s.Canonical == id {
			return lead{canonical: id, former: former}, nil
		}
		path, former = append(path, id), append(former, s.Former...)
		if at := slices.Index(path, s.Canonical); at >= 0 {
			return lead{canonical: slices.Min(path[at:]), former: former}, nil
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
