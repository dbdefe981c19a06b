package live

import "parley/projections"

// key is one criterion by which subscribers are found.
type key struct {
	by byte // one of the constants below
	id string
}

const (
	byAgent byte = iota
	byQueue
	byList
	byKind
	byInteraction
	byWatch
	byAll
)

func (i Interest) keys() []key {
	var keys []key
	if i.All {
		keys = append(keys, key{by: byAll})
	}
	for by, ids := range map[byte][]string{
		byAgent: i.Agents, byQueue: i.Queues, byList: i.Lists, byInteraction: i.Interactions,
	} {
		for _, id := range ids {
			if id != "" {
				keys = append(keys, key{by, id})
			}
		}
	}
	for _, kind := range i.Kinds {
		keys = append(keys, key{byKind, string(kind)})
	}
	if i.Watch != "" {
		keys = append(keys, key{byWatch, i.Watch})
	}
	return keys
}

// eachKey calls fn with every key that may find a subscriber of the change.
func (c *Change) eachKey(fn func(key)) {
	fn(key{by: byAll})
	fn(key{byKind, string(c.Kind)})
	for _, ids := range [][]string{c.Agents, c.AgentsBefore} {
		for _, id := range ids {
			fn(key{byAgent, id})
		}
	}
	for by, ids := range [...][2]string{byQueue: {c.Queue, c.QueueBefore}, byList: {c.List, c.ListBefore}} {
		for _, id := range ids {
			if id != "" {
				fn(key{byte(by), id})
			}
		}
	}
	if c.InteractionID != "" {
		fn(key{byInteraction, c.InteractionID})
	}
	if c.Kind == projections.InteractionChanged && c.ID != c.InteractionID {
		fn(key{byInteraction, c.ID})
	}
}

// index adds a subscriber to the index. Requires h.mu.
func (h *Hub) index(s *Subscription) {
	for _, k := range s.interest.keys() {
		if h.subscribers[k] == nil {
			h.subscribers[k] = make(map[*Subscription]struct{})
		}
		h.subscribers[k][s] = struct{}{}
	}
}

func (h *Hub) unindex(s *Subscription) {
	for _, k := range s.interest.keys() {
		delete(h.subscribers[k], s)
		if len(h.subscribers[k]) == 0 {
			delete(h.subscribers, k)
		}
	}
}

// match calls publish for each interested subscriber with its changes. Requires h.mu.
func (h *Hub) match(changes []*Change, publish func(s *Subscription, changes []*Change)) {
	var touched []*Subscription
	for _, c := range changes {
		h.matches++
		c.eachKey(func(k key) {
			for s := range h.subscribers[k] {
				if s.lastMatch == h.matches {
					continue
				}
				s.lastMatch = h.matches
				if c.Position <= s.from.position || s.interest.Match != nil && !s.interest.Match(c) {
					continue
				}
				if len(s.pending) == 0 {
					touched = append(touched, s)
				}
				s.pending = append(s.pending, c)
			}
		})
	}
	for _, s := range touched {
		changes := s.pending
		s.pending = nil
		publish(s, changes)
	}
}
