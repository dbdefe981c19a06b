package commands

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"parley/domain"
	"parley/domain/address"
	"parley/domain/phone"
)

// resolved is the result of resolving an alias or a sender.
type resolved struct {
	canonical  domain.AddressID   // empty if the alias is unknown
	former     []domain.AddressID // the addresses that lead to it; older messages are there
	since      time.Time          // of a number: when its present holder got it, by the provider's clock
	identified bool               // of a number: its holder's user id is known
	links      uint64             // Commands.links at the lookup; a later link invalidates this
	until      time.Time          // when this expires
}

// resolvedTTL limits how long a cached address is used, in case another process links it unnoticed.
const resolvedTTL = time.Minute

// resolve returns the address the sender had when they wrote: the one that their user id belongs to or, without a user
// id, the one that held their number then. It links all their aliases to it.
func (c *Commands) resolve(ctx context.Context, aliases []string, at time.Time) (resolved, error) {
	if len(aliases) == 0 {
		return resolved{}, errors.New("the sender has no alias")
	}
	who := c.aliasIDsOf(aliases)
	if sender, ok := c.resolveCached(who, at); ok {
		return sender, nil
	}
	links := c.links.Load()
	var sender resolved
	err := c.whileRaced(ctx, func() (err error) {
		sender, err = c.resolveOnce(ctx, who, at)
		return err
	})
	if err != nil {
		return resolved{}, err
	}
	for _, user := range who.users {
		c.cache(user, resolved{canonical: sender.canonical, former: sender.former, links: links})
	}
	if who.number != "" && !at.Before(sender.since) {
		c.cache(who.number, resolved{canonical: sender.canonical, former: sender.former, since: sender.since,
			identified: sender.identified, links: links})
	}
	return sender, nil
}

// aliasIDs are the ids of one sender's aliases.
type aliasIDs struct {
	users  []domain.AddressID // of their user ids
	number domain.AddressID   // empty without a number
}

func (c *Commands) aliasIDsOf(aliases []string) aliasIDs {
	var who aliasIDs
	for _, alias := range aliases {
		if phone.IsAlias(alias) {
			who.number = c.addressID(alias)
		} else {
			who.users = append(who.users, c.addressID(alias))
		}
	}
	return who
}

func (w aliasIDs) all() []domain.AddressID {
	if w.number == "" {
		return w.users
	}
	return append(slices.Clip(w.users), w.number)
}

func (c *Commands) resolveCached(who aliasIDs, at time.Time) (resolved, bool) {
	var sender resolved
	for _, id := range who.all() {
		known, ok := c.cached(id)
		switch {
		case !ok, sender.canonical != "" && known.canonical != sender.canonical:
			return resolved{}, false
		case id == who.number && (at.Before(known.since) || len(who.users) > 0 && !known.identified):
			return resolved{}, false
		}
		sender = known
	}
	return sender, true
}

// whileRaced repeats do while others change the same aliases at the same time.
func (c *Commands) whileRaced(ctx context.Context, do func() error) error {
	for attempt := 1; ; attempt++ {
		err := do()
		raced := errors.Is(err, address.ErrNamed) || errors.Is(err, address.ErrHeld) || errors.Is(err, address.ErrLinked)
		switch {
		case !raced:
			return err
		case attempt == maxAttempts:
			return ErrBusy
		}
		backOff(ctx, attempt)
	}
}

// resolveOnce resolves a sender. The number's stream decides first: two user ids that come with it at the same moment
// are two customers, and only one of them gets its former conversation.
func (c *Commands) resolveOnce(ctx context.Context, who aliasIDs, at time.Time) (resolved, error) {
	var canonical domain.AddressID
	for _, user := range who.users {
		known, err := c.lookUp(ctx, user)
		if err != nil {
			return resolved{}, err
		}
		if canonical = known.canonical; canonical != "" {
			break
		}
	}
	if who.number == "" {
		canonical = cmp.Or(canonical, who.users[0])
	} else {
		var err error
		if canonical, err = c.resolveNumber(ctx, who, canonical, at); err != nil {
			return resolved{}, err
		}
	}
	for _, user := range who.users {
		if err := c.nameUser(ctx, user, canonical, address.SeenTogether); err != nil {
			return resolved{}, err
		}
	}
	sender, err := c.root(ctx, canonical)
	if err != nil || who.number == "" {
		return sender, err
	}
	s, err := c.addressState(ctx, who.number)
	held := s.Present()
	sender.since, sender.identified = held.Since, held.User != ""
	return sender, err
}

// resolveNumber returns the address of a sender with a number, and records what came with it. ofUser is the address of
// their user id, empty if that is not known yet.
func (c *Commands) resolveNumber(
	ctx context.Context, who aliasIDs, ofUser domain.AddressID, at time.Time,
) (domain.AddressID, error) {
	s, err := c.addressState(ctx, who.number)
	if err != nil {
		return "", err
	}
	if s.Named == "" {
		name := address.Name{Canonical: cmp.Or(ofUser, who.all()[0]), Since: at, At: c.now()}
		if len(who.users) > 0 {
			name.User = who.users[0]
		}
		return name.Canonical, c.onAddress(ctx, who.number, DerivedID("name", string(who.number), string(name.Canonical)), name)
	}
	held := s.Holder(at)
	holder, err := c.root(ctx, held.Address)
	if err != nil {
		return "", err
	}
	if len(who.users) == 0 {
		return holder.canonical, nil
	}
	canonical := ofUser
	if canonical == "" {
		canonical = who.users[0]
		if held.User == "" || slices.Contains(who.users, held.User) {
			canonical = holder.canonical
		}
	}
	separated, err := c.separated(ctx, holder.canonical, canonical)
	if err != nil {
		return "", err
	}
	switch {
	case held.User != "" && holder.canonical == canonical:
	case held.User == "" && !separated: // the number's customer is the one with the user id
		err = c.onAddress(ctx, who.number, NewID(), address.Identify{From: held.Address, Canonical: canonical,
			User: who.users[0], Since: at, At: c.now()})
	default: // the number belongs to another customer now
		err = c.moveNumber(ctx, who.number, address.Move{From: held.Address, Canonical: canonical,
			User: who.users[0], Since: at, At: c.now()})
	}
	if err != nil {
		return "", err
	}
	return canonical, c.finishJoining(ctx, who.number)
}

// finishJoining links the address that a number had before its holder's user id was known. It also completes a link
// that was interrupted.
func (c *Commands) finishJoining(ctx context.Context, number domain.AddressID) error {
	s, err := c.addressState(ctx, number)
	if err != nil || s.Joining == nil || s.Joining.From == s.Joining.Canonical {
		return err
	}
	from, err := c.root(ctx, s.Joining.From)
	if err != nil {
		return err
	}
	to, err := c.root(ctx, s.Joining.Canonical)
	if err != nil {
		return err
	}
	if from.canonical != to.canonical {
		return c.link(ctx, from.canonical, to.canonical, address.SeenTogether)
	}
	before, err := c.addressState(ctx, s.Joining.From)
	if err != nil || before.Linked == "" {
		return err
	}
	return c.onAddress(ctx, before.Linked, NewID(), address.Join{From: s.Joining.From, At: c.now()})
}

// resolveLocked resolves a sender and keeps this process from linking addresses until done is called.
// Otherwise another copy of the same delivery would look for the message under another address.
func (c *Commands) resolveLocked(
	ctx context.Context, aliases []string, at time.Time,
) (sender resolved, done func(), err error) {
	for {
		before := c.links.Load()
		if sender, err = c.resolve(ctx, aliases, at); err != nil {
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
func (c *Commands) linkAliases(ctx context.Context, known, added []string, reason string, at time.Time) error {
	return c.whileRaced(ctx, func() error {
		sender, err := c.resolve(ctx, known, at)
		if err != nil {
			return err
		}
		who := c.aliasIDsOf(added)
		for _, user := range who.users {
			if err := c.nameUser(ctx, user, sender.canonical, reason); err != nil {
				return err
			}
		}
		if who.number == "" {
			return nil
		}
		return c.giveNumber(ctx, who.number, sender.canonical, reason, at)
	})
}

// giveNumber records that a customer has a new number. If it belonged to someone else, they lose it.
func (c *Commands) giveNumber(
	ctx context.Context, number, canonical domain.AddressID, reason string, at time.Time,
) error {
	s, err := c.addressState(ctx, number)
	if err != nil {
		return err
	}
	if s.Named == "" {
		return c.onAddress(ctx, number, DerivedID("name", string(number), string(canonical)),
			address.Name{Canonical: canonical, At: c.now()})
	}
	held := s.Holder(at)
	holder, err := c.root(ctx, held.Address)
	switch {
	case err != nil || holder.canonical == canonical:
		return err
	case held.User == "":
		return c.link(ctx, holder.canonical, canonical, reason)
	}
	return c.moveNumber(ctx, number, address.Move{From: held.Address, Canonical: canonical, Since: at, At: c.now()})
}

// nameUser assigns a user id to an address. If it belonged to another address, the two are linked.
func (c *Commands) nameUser(ctx context.Context, user, canonical domain.AddressID, reason string) error {
	known, err := c.lookUp(ctx, user)
	switch {
	case err != nil || known.canonical == canonical:
		return err
	case known.canonical == "":
		return c.onAddress(ctx, user, DerivedID("name", string(user), string(canonical)),
			address.Name{Canonical: canonical, At: c.now()})
	}
	return c.link(ctx, known.canonical, canonical, reason)
}
