package live

import "context"

// Subscribe begins to tell what interests somebody, until ctx ends. The first batch comes at once: after an empty position it only
// says where the subscription begins; else it holds what has changed since, or Resync when that is too long ago, too much, or
// another log. Waits until the Hub knows how far the read models are.
func (h *Hub) Subscribe(ctx context.Context, after string, i Interest) (*Subscription, error) {
	select {
	case <-h.ready:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	since, ok, err := h.reached(ctx, after)
	if err != nil {
		return nil, err
	}
	s := &Subscription{hub: h, interest: i, held: true, signal: make(chan struct{}, 1)}
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil, ErrClosed
	}
	at := h.place
	ok = ok && since.comparable(at)
	s.from = at
	if ok { // another process may have been quicker to tell
		s.from = later(at, since)
	}
	s.told = s.from.position
	s.stop = context.AfterFunc(ctx, s.Close)
	h.subs[s] = true
	h.index(s)
	first := queued{place: s.from, watchers: h.watching.now(i.Watch)}
	h.mu.Unlock()

	switch {
	case after == "" || ok && since.position >= at.position:
	case !ok:
		first.resync = true
	default:
		changes, complete, err := h.source.changes(ctx, since.position, at.position, resumeLimit)
		if err != nil {
			s.Close()
			return nil, err
		}
		first.resync = !complete
		if complete {
			first.changes = i.pick(changes)
		}
	}
	s.begin(first) // what has changed meanwhile comes behind it
	return s, nil
}

// reached reads a position somebody was told, and says whether the read models have come that far. Another process may have been
// quicker to tell than this one, but nobody tells what the database does not say: then it is an older one put back, or the
// position was made up.
func (h *Hub) reached(ctx context.Context, position string) (p place, ok bool, err error) {
	if p, ok = parsePlace(position); !ok {
		return p, false, nil
	}
	h.mu.Lock()
	at := h.place
	h.mu.Unlock()
	if p.position <= at.position {
		return p, true, nil
	}
	now, err := h.source.place(ctx)
	return p, p.comparable(now) && p.position <= now.position, err
}

// pick is which of the changes are of interest.
func (i Interest) pick(changes []*Change) []*Change {
	wanted := make(map[key]bool)
	for _, k := range i.keys() {
		wanted[k] = true
	}
	var picked []*Change
	for _, c := range changes {
		hit := false
		c.each(func(k key) { hit = hit || wanted[k] })
		if hit && (i.Match == nil || i.Match(c)) {
			picked = append(picked, c)
		}
	}
	return picked
}
