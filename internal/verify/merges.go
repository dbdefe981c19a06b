package verify

import (
	"time"

	"parley/domain"
	"parley/domain/contact"
	"parley/eventstore"
)

// merges checks that both contacts of a merge know of it. After a merge or an undo, the second contact gets a
// moment to follow.
type merges struct {
	Options
	points map[domain.ContactID]pointer
	merged map[domain.ContactID]map[domain.ContactID]bool // who was merged into a contact
	both   Finding
}

type pointer struct {
	to domain.ContactID
	at time.Time
}

func newMerges(o Options) *merges {
	return &merges{
		Options: o, points: make(map[domain.ContactID]pointer),
		merged: make(map[domain.ContactID]map[domain.ContactID]bool),
		both:   Finding{Invariant: "both contacts of a merge know of it"},
	}
}

func (m *merges) observe(e eventstore.Recorded) {
	id := domain.ContactID(e.AggregateID)
	switch ev := e.Event.(type) {
	case contact.MergedInto:
		m.points[id] = pointer{ev.Survivor, ev.At}
	case contact.Restored:
		m.points[id] = pointer{at: ev.At}
	case contact.Merged:
		if m.merged[id] == nil {
			m.merged[id] = make(map[domain.ContactID]bool)
		}
		m.merged[id][ev.Other] = true
	case contact.Unmerged:
		delete(m.merged[id], ev.Other)
	case contact.Erased: // nothing is left to give back
		delete(m.merged, id)
		for other, p := range m.points {
			if p.to == id {
				delete(m.points, other)
			}
		}
	}
}

func (m *merges) findings() []Finding {
	due := func(at time.Time) bool { return m.Quiet || m.Now.Sub(at) > overdue }
	for id, p := range m.points {
		m.both.Checked++
		if p.to != "" && !m.merged[p.to][id] && due(p.at) {
			m.both.violated("%s was merged into %s, which does not know of it", id, p.to)
		}
	}
	for id, others := range m.merged {
		for other := range others {
			if p := m.points[other]; p.to != id && due(p.at) {
				m.both.violated("%s holds values of %s, which is not merged into it", id, other)
			}
		}
	}
	return []Finding{m.both}
}
