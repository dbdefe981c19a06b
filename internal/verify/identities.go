package verify

import (
	"strings"
	"time"

	"parley/domain"
	"parley/domain/address"
	"parley/domain/interaction"
	"parley/eventstore"
)

// identities checks that linked addresses have one open interaction per account, and that both interactions of a join
// know of it. Both take a moment after a link.
type identities struct {
	Options
	leads  map[domain.AddressID]link
	open   map[string]conversation                                // by stream
	joins  map[string]interaction.JoinedInto                      // by the stream of the one that ended
	joined map[domain.InteractionID]map[domain.InteractionID]bool // what was joined into an interaction
	alone  Finding
	both   Finding
}

type link struct {
	to domain.AddressID
	at time.Time
}

func newIdentities(o Options) *identities {
	return &identities{
		Options: o, leads: make(map[domain.AddressID]link), open: make(map[string]conversation),
		joins:  make(map[string]interaction.JoinedInto),
		joined: make(map[domain.InteractionID]map[domain.InteractionID]bool),
		alone:  Finding{Invariant: "a customer has at most one open interaction per account, over all their addresses"},
		both:   Finding{Invariant: "both interactions of a join know of it"},
	}
}

func (i *identities) observe(e eventstore.Recorded) {
	id := domain.InteractionID(e.AggregateID)
	switch ev := e.Event.(type) {
	case address.AliasLinked:
		i.leads[domain.AddressID(e.AggregateID)] = link{ev.Canonical, ev.At}
	case address.AliasUnlinked:
		delete(i.leads, domain.AddressID(e.AggregateID))
	case interaction.Opened:
		if ev.Origin != interaction.OriginBefore {
			i.open[e.Stream] = conversation{ev.AccountID, ev.AddressID}
		}
	case interaction.Closed:
		delete(i.open, e.Stream)
	case interaction.JoinedInto:
		i.joins[e.Stream] = ev
	case interaction.Restored:
		delete(i.joins, e.Stream)
		if ev.Open {
			i.open[e.Stream] = conversation{ev.AccountID, ev.AddressID}
		}
	case interaction.Joined:
		if i.joined[id] == nil {
			i.joined[id] = make(map[domain.InteractionID]bool)
		}
		i.joined[id][ev.Other] = true
	case interaction.Separated:
		delete(i.joined[id], ev.Other)
	}
}

func (i *identities) findings() []Finding {
	due := func(at time.Time) bool { return i.Quiet || i.Now.Sub(at) > overdue }
	type session struct {
		stream  string
		address domain.AddressID
		linked  time.Time
	}
	open := make(map[conversation]session)
	for stream, c := range i.open {
		i.alone.Checked++
		root, linked := i.root(c.address)
		own := c.address
		c.address = root
		other, known := open[c]
		if other.linked.After(linked) {
			linked = other.linked
		}
		if known && other.address != own && due(linked) {
			i.alone.violated("%s and %s are both open, and their addresses are linked", stream, other.stream)
		}
		open[c] = session{stream, own, linked}
	}
	for stream, join := range i.joins {
		i.both.Checked++
		id := domain.InteractionID(strings.TrimPrefix(stream, interaction.Decider.Aggregate+"-"))
		if !i.joined[join.Survivor][id] && due(join.At) {
			i.both.violated("%s was joined into %s, which does not know it", stream, join.Survivor)
		}
	}
	return []Finding{i.alone, i.both}
}

// root returns where an address leads, and when the last link on the way was made.
func (i *identities) root(id domain.AddressID) (root domain.AddressID, linked time.Time) {
	for range 20 {
		l, ok := i.leads[id]
		if !ok {
			break
		}
		id = l.to
		if l.at.After(linked) {
			linked = l.at
		}
	}
	return id, linked
}
