package live

import "context"

// Subscribe delivers changes of interest until ctx ends. The first batch comes at once. After an empty
// position it only says where the subscription begins. Otherwise it contains the changes since that position,
// or Resync if they are too old, too many, or of another log. Subscribe blocks until the Hub knows the
// position of the read models.
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
	s := &Subscription{hub: h, interest: i, starting: true, signal: make(chan struct{}, 1)}
	h.mu.Lock()
	if h.closed {
		h.mu.Unlock()
		return nil, ErrClosed
	}
	at := h.cursor
	ok = ok && since.comparable(at)
	s.from = at
	if ok { // another process may have published more already
		s.from = later(at, since)
	}
	s.sent = s.from.position
	s.stop = context.AfterFunc(ctx, s.Close)
	h.subs[s] = true
	h.index(s)
	first := queued{cursor: s.from, watchers: h.watching.list(i.Watch)}
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
			first.changes = i.filter(changes)
		}
	}
	s.start(first) // followed by what has been published in the meantime
	return s, nil
}

// reached parses a client's position and reports whether the read models have got that far. Another process
// may have published more than this one, but none publishes more than the database contains. If the database
// is behind, an older one was restored, or the position is made up.
func (h *Hub) reached(ctx context.Context, position string) (c cursor, ok bool, err error) {
	if c, ok = parseCursor(position); !ok {
		return c, false, nil
	}
	h.mu.Lock()
	at := h.cursor
	h.mu.Unlock()
	if c.position <= at.position {
		return c, true, nil
	}
	now, err := h.source.cursor(ctx)
	return c, c.comparable(now) && c.position <= now.position, err
}

// filter returns the changes of interest.
func (i Interest) filter(changes []*Change) []*Change {
	wanted := make(map[key]bool)
	for _, k := range i.keys() {
		wanted[k] = true
	}
	var picked []*Change
	for _, c := range changes {
		hit := false
		c.eachKey(func(k key) { hit = hit || wanted[k] })
		if hit && (i.Match == nil || i.Match(c)) {
			picked = append(picked, c)
		}
	}
	return picked
}
