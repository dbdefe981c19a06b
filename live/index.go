package live

// key is one thing subscribers are found by.
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
	for by, ids := range map[byte][]string{byAgent: i.Agents, byQueue: i.Queues, byList: i.Lists, byKind: i.Kinds, byInteraction: i.Interactions} {
		for _, id := range ids {
			if id != "" {
				keys = append(keys, key{by, id})
			}
		}
	}
	if i.Watch != "" {
		keys = append(keys, key{byWatch, i.Watch})
	}
	return keys
}

// each calls fn with every key a change is found by.
func (c *Change) each(fn func(key)) {
	fn(key{by: byAll})
	fn(key{byKind, c.Kind})
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
	if c.Kind == "interaction" && c.ID != c.InteractionID {
		fn(key{byInteraction, c.ID})
	}
}

// index makes the subscriber be found. The lock is held.
func (h *Hub) index(s *Subscription) {
	for _, k := range s.interest.keys() {
		if h.found[k] == nil {
			h.found[k] = make(map[*Subscription]struct{})
		}
		h.found[k][s] = struct{}{}
	}
}

func (h *Hub) unindex(s *Subscription) {
	for _, k := range s.interest.keys() {
		delete(h.found[k], s)
		if len(h.found[k]) == 0 {
			delete(h.found, k)
		}
	}
}

// match tells each subscriber concerned which of the changes are for it. The lock is held.
func (h *Hub) match(changes []*Change, tell func(s *Subscription, changes []*Change)) {
	var touched []*Subscription
	for _, c := range changes {
		h.considered++
		c.each(func(k key) {
			for s := range h.found[k] {
				if s.mark == h.considered {
					continue
				}
				s.mark = h.considered
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
		tell(s, changes)
	}
}
