package live

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"
)

const (
	watchTimeout = 10 * time.Second
	// collects signals, since every notification takes a server-wide lock
	signalDelay            = 50 * time.Millisecond
	signalsPerNotification = 40 // a notification may have 8000 bytes
)

// Signal says that a user is viewing an interaction, or has left it. It expires after ten seconds unless
// repeated, and is never stored.
type Signal struct {
	InteractionID string `json:"i"`
	UserID        string `json:"u"`
	Typing        bool   `json:"t,omitempty"`
	Gone          bool   `json:"g,omitempty"`
}

// watching records who is viewing which interaction. Guarded by Hub.mu.
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

// list returns the watchers of an interaction, sorted by id, or nil if interaction is empty.
func (w *watching) list(interaction string) []Watcher {
	if interaction == "" {
		return nil
	}
	watchers := make([]Watcher, 0, len(w.present[interaction]))
	for user, p := range w.present[interaction] {
		watchers = append(watchers, Watcher{UserID: user, Typing: p.typing})
	}
	slices.SortFunc(watchers, func(a, b Watcher) int { return cmp.Compare(a.UserID, b.UserID) })
	return watchers
}

// Signal notifies the subscribers of all processes a moment later. It never blocks or fails: while Postgres
// is away the signal is lost.
func (h *Hub) Signal(s Signal) {
	h.mu.Lock()
	defer h.mu.Unlock()
	w := &h.watching
	i := slices.IndexFunc(w.out, func(o Signal) bool {
		return o.InteractionID == s.InteractionID && o.UserID == s.UserID
	})
	if i >= 0 {
		w.out[i] = s
		return
	}
	w.out = append(w.out, s)
	if len(w.out) == 1 {
		time.AfterFunc(signalDelay, func() {
			select {
			case w.due <- struct{}{}:
			default:
			}
		})
	}
}

// sendSignals sends the collected signals.
func (h *Hub) sendSignals(ctx context.Context) {
	h.mu.Lock()
	out := h.watching.out
	h.watching.out = nil
	h.mu.Unlock()
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	for signals := range slices.Chunk(out, signalsPerNotification) {
		payload, err := json.Marshal(signals)
		if err == nil {
			_, err = h.source.pool.Exec(ctx, `SELECT pg_notify('watch', $1)`, string(payload))
		}
		if err != nil && ctx.Err() == nil {
			h.log.Debug("signals not sent", "count", len(signals))
		}
	}
}

// receiveSignals handles the signals of any process, including this one.
func (h *Hub) receiveSignals(payload string) {
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
		before, known := users[s.UserID]
		switch {
		case s.Gone && !known:
			continue
		case s.Gone:
			delete(users, s.UserID)
		default:
			if users == nil {
				users = make(map[string]presence)
				h.watching.present[s.InteractionID] = users
			}
			users[s.UserID] = presence{typing: s.Typing, until: now.Add(watchTimeout)}
		}
		if s.Gone || !known || before.typing != s.Typing {
			h.tellWatchers(s.InteractionID)
		}
	}
}

// expireWatchers removes watchers whose last signal is too old.
func (h *Hub) expireWatchers(now time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for interaction, users := range h.watching.present {
		expired := false
		for user, p := range users {
			if now.After(p.until) {
				delete(users, user)
				expired = true
			}
		}
		if expired {
			h.tellWatchers(interaction)
		}
	}
}

// tellWatchers publishes the watchers of an interaction. Requires h.mu.
func (h *Hub) tellWatchers(interaction string) {
	for s := range h.subscribers[key{byWatch, interaction}] {
		h.enqueue(s, queued{cursor: later(h.cursor, s.from), watchers: h.watching.list(interaction)})
	}
	if len(h.watching.present[interaction]) == 0 {
		delete(h.watching.present, interaction)
	}
}

// later returns the cursor that is further ahead, if they are comparable.
func later(a, b cursor) cursor {
	if a.comparable(b) && b.position > a.position {
		return b
	}
	return a
}
