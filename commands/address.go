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
func (c *Commands) resolve(ctx context.Context, aliases []string) (domain.AddressID, error) {
	if len(aliases) == 0 {
		return "", errors.New("a sender without any alias")
	}
	ids := make([]domain.AddressID, len(aliases))
	var canonical domain.AddressID
	complete := true
	for i, alias := range aliases {
		ids[i] = c.addressID(alias)
		known, ok := c.remembered(ids[i])
		if !ok || (canonical != "" && known != canonical) {
			complete = false
		} else if canonical == "" {
			canonical = known
		}
	}
	if complete {
		return canonical, nil
	}
	canonical = ""
	unknown := 0 // of the first ids, as was just seen
	for _, id := range ids {
		known, err := c.lookUp(ctx, id)
		if err != nil {
			return "", err
		}
		if known == "" {
			unknown++
		} else {
			canonical = known
			break
		}
	}
	if canonical == "" {
		canonical = ids[0]
	}
	for i, id := range ids {
		name := c.name
		if i < unknown {
			name = c.nameUnknown
		}
		if err := name(ctx, id, canonical, address.SeenTogether); err != nil {
			return "", err
		}
	}
	return c.root(ctx, canonical)
}

// linkAliases says that a customer known by some aliases is known by others too.
func (c *Commands) linkAliases(ctx context.Context, known, added []string, reason string) error {
	canonical, err := c.resolve(ctx, known)
	if err != nil {
		return err
	}
	for _, alias := range added {
		if err := c.name(ctx, c.addressID(alias), canonical, reason); err != nil {
			return err
		}
	}
	return nil
}

// name makes an alias belong to an address. One that belonged to another address links the two.
func (c *Commands) name(ctx context.Context, alias, canonical domain.AddressID, reason string) error {
	known, err := c.lookUp(ctx, alias)
	if err != nil {
		return err
	}
	switch known {
	case canonical:
		c.rememberAlias(alias, canonical)
		return nil
	case "":
		return c.nameUnknown(ctx, alias, canonical, reason)
	}
	return c.link(ctx, alias, known, canonical, reason)
}

// nameUnknown is name for an alias that nobody had used when it was looked up a moment ago.
func (c *Commands) nameUnknown(ctx context.Context, alias, canonical domain.AddressID, reason string) error {
	meta := Ours("webhook", DerivedID("name", string(alias), string(canonical)))
	_, err := c.addresses.handle(ctx, string(alias), meta, address.Name{Canonical: canonical, At: c.now()})
	if err == nil {
		c.rememberAlias(alias, canonical)
		return nil
	}
	if !errors.Is(err, address.ErrNamed) {
		return err
	}
	known, err := c.lookUp(ctx, alias)
	if err != nil || known == canonical {
		return err
	}
	return c.link(ctx, alias, known, canonical, reason)
}

// link lets the address an alias belongs to lead to another one.
func (c *Commands) link(ctx context.Context, alias, known, canonical domain.AddressID, reason string) error {
	meta := Ours("webhook", NewID()) // it may have been linked here before, and elsewhere since
	if _, err := c.addresses.handle(ctx, string(known), meta, address.Link{Canonical: canonical, Reason: reason, At: c.now()}); err != nil {
		return err
	}
	c.canonical.Purge() // other aliases led to the address that was linked
	c.rememberAlias(alias, canonical)
	return nil
}

// lead is where an alias led when it was last asked.
type lead struct {
	canonical domain.AddressID
	until     time.Time
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
	c.canonical.Purge() // it may hold what was linked before
	return c.addresses.store.SubscribeTo(ctx, address.AliasLinked{}, end, func(_ context.Context, b eventstore.Batch) error {
		if len(b.Events) > 0 {
			c.canonical.Purge()
		}
		return nil
	})
}

func (c *Commands) rememberAlias(alias, canonical domain.AddressID) {
	c.canonical.Add(alias, lead{canonical, c.now().Add(leadFor)})
}

func (c *Commands) remembered(alias domain.AddressID) (domain.AddressID, bool) {
	l, ok := c.canonical.Get(alias)
	return l.canonical, ok && c.now().Before(l.until)
}

// lookUp follows an alias to its canonical address; empty when nobody has used it yet.
func (c *Commands) lookUp(ctx context.Context, alias domain.AddressID) (domain.AddressID, error) {
	known, err := query(ctx, c.addresses, string(alias), func(s address.State) domain.AddressID { return s.Canonical })
	if err != nil || known == "" || known == alias {
		return known, err
	}
	return c.root(ctx, known)
}

// root follows links to the address that stands for all of them. Two processes may have linked two addresses to each other
// at the same moment; of such a ring everybody takes the same one.
func (c *Commands) root(ctx context.Context, id domain.AddressID) (domain.AddressID, error) {
	var path []domain.AddressID
	for {
		next, err := query(ctx, c.addresses, string(id), func(s address.State) domain.AddressID { return s.Canonical })
		if err != nil {
			return "", err
		}
		if next == "" || next == id {
			return id, nil
		}
		path = append(path, id)
		if at := slices.Index(path, next); at >= 0 {
			return slices.Min(path[at:]), nil
		}
		id = next
	}
}

func (c *Commands) addressID(alias string) domain.AddressID {
	return domain.AddressID(c.ids.UUID("address", alias))
}
