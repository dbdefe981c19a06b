package live

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"
)

const (
	fadeAfter  = 10 * time.Second
	gather     = 50 * time.Millisecond // for which signals wait for each other, since a notification costs a lock of the whole server
	perMessage = 40                    // signals in one notification, which may have 8 000 bytes
)

// Signal says somebody looks at an interaction, or has turned away. It fades after ten seconds unless it is repeated, and is
// never stored.
type Signal struct {
	InteractionID string `json:"i"`
	UserID        string `json:"u"`
	Typing        bool   `json:"t,omitempty"`
	Gone          bool   `json:"g,omitempty"`
}

// watching is who looks at what. Guarded by Hub.mu.
type watching struct {
	present map[string]map[string]presence // by interaction and user
	out     []Signal
	due     chan struct{}
}

type presence struct {
	typing bool
	until  time.Time
}

func newWatching() watching {
	return watching{present: make(map[string]map[string]presence), due: make(chan struct{}, 1)}
}

// now is who looks at an interaction, by id; nil when no interaction is asked for.
func (w *watching) now(interaction string) []Watcher {
	if interaction == "" {
		return nil
	}
	list := make([]Watcher, 0, len(w.present[interaction]))
	for user, p := range w.present[interaction] {
		list = append(list, Watcher{UserID: user, Typing: p.typing})
	}
	slices.SortFunc(list, func(a, b Watcher) int { return cmp.Compare(a.UserID, b.UserID) })
	return list
}

// Signal tells the subscribers of all processes, a moment later. It never blocks and does not fail: if Postgres is away nobody hears.
func (h *Hub) Signal(s Signal) {
	h.mu.Lock()
	defer h.mu.Unlock()
	w := &h.watching
	i := slices.IndexFunc(w.out, func(o Signal) bool { return o.InteractionID == s.InteractionID && o.UserID == s.UserID })
	if i >= 0 {
		w.out[i] = s
		return
	}
	w.out = append(w.out, s)
	if len(w.out) == 1 {
		time.AfterFunc(gather, func() {
			select {
			case w.due <- struct{}{}:
			default:
			}
		})
	}
}

// send notifies what has gathered.
func (h *Hub) send(ctx context.Context) {
	h.mu.Lock()
	out := h.watching.out
	h.watching.out = nil
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for signals := range slices.Chunk(out, perMessage) {
		payload, err := json.Marshal(signals)
		if err == nil {
			_, err = h.source.pool.Exec(ctx, `SELECT pg_notify('watch', $1)`, string(payload))
		}
		if err != nil && ctx.Err() == nil {
			h.log.Debug("signals not sent", "count", len(signals))
		}
	}
}

// watched takes signals of any process, this one included.
func (h *Hub) watched(payload string) {
	var signals []Signal
	if json.Unmarshal([]byte(payload), &signals) != nil {
		return
	}
	now := time.Now()
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, s := range signals {
		if s.InteractionID == "" || s.UserID == "" {
			continue
		}
		users := h.watching.present[s.InteractionID]
		before, there := users[s.UserID]
		switch {
		case s.Gone && !there:
			continue
		case s.Gone:
			delete(users, s.UserID)
		default:
			if users == nil {
				users = make(map[string]presence)
				h.watching.present[s.InteractionID] = users
			}
			users[s.UserID] = presence{typing: s.Typing, until: now.Add(fadeAfter)}
		}
		if s.Gone || !there || before.typing != s.Typing {
			h.tellWatchers(s.InteractionID)
		}
	}
}

// fade forgets those who have not been heard of.
func (h *Hub) fade(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for interaction, users := range h.watching.present {
		faded := false
		for user, p := range users {
			if now.After(p.until) {
				delete(users, user)
				faded = true
			}
		}
		if faded {
			h.tellWatchers(interaction)
		}
	}
}

// tellWatchers tells who looks at an interaction now. The lock is held.
func (h *Hub) tellWatchers(interaction string) {
	for s := range h.found[key{byWatch, interaction}] {
		h.give(s, queued{place: later(h.place, s.from), watchers: h.watching.now(interaction)})
	}
	if len(h.watching.present[interaction]) == 0 {
		delete(h.watching.present, interaction)
	}
}

// later is the place that is further, of two in the same epoch.
func later(a, b place) place {
	if a.comparable(b) && b.position > a.position {
		return b
	}
	return a
}
