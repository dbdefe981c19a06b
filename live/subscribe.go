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
	s := &Subscription{hub: h, interest: i, held: true, signal: make(chan struct{}, 1)}
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil, ErrClosed
	}
	at := h.place
	s.from, s.told = at, at.position
	s.stop = context.AfterFunc(ctx, s.Close)
	h.subs[s] = true
	h.index(s)
	first := queued{place: at, watchers: h.watching.now(i.Watch)}
	h.mu.Unlock()

	if after == "" {
		s.begin(first)
		return s, nil
	}
	if err := h.resume(ctx, s, after, i, &first); err != nil {
		s.Close()
		return nil, err
	}
	s.begin(first)
	return s, nil
}

// resume fills the first batch with what has changed since a position. What changes meanwhile waits behind it.
func (h *Hub) resume(ctx context.Context, s *Subscription, after string, i Interest, first *queued) error {
	since, ok := parsePlace(after)
	switch {
	case !ok || !since.comparable(first.place):
		first.resync = true
		return nil
	case since.position >= first.place.position: // another process was quicker to tell
		first.place = since
		h.mu.Lock()
		s.from, s.told = since, since.position
		h.mu.Unlock()
		return nil
	}
	changes, complete, err := h.source.changes(ctx, since.position, first.place.position, resumeLimit)
	if err != nil {
		return err
	}
	if !complete {
		first.resync = true
		return nil
	}
	first.changes = i.pick(changes)
	return nil
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
