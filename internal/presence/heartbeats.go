// Package presence records which users have the desktop open. Agents count as away when their heartbeats stop.
package presence

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	beatEvery = 5 * time.Second
	// seenFor is how long a user counts as present after a request. An open desktop keeps its user present
	// until it closes.
	seenFor = 30 * time.Second
)

// Heartbeats writes the users who are present in this process to the unlogged table ops.heartbeats.
type Heartbeats struct {
	pool    *pgxpool.Pool
	now     func() time.Time
	log     *slog.Logger
	process string

	mu   sync.Mutex
	open map[string]int       // open desktops by user
	seen map[string]time.Time // last request by user
}

// NewHeartbeats returns the heartbeats of one process.
func NewHeartbeats(pool *pgxpool.Pool, now func() time.Time, log *slog.Logger) *Heartbeats {
	return &Heartbeats{
		pool: pool, now: now, log: log, process: uuid.NewString(),
		open: make(map[string]int), seen: make(map[string]time.Time),
	}
}

// Seen records a request of a user.
func (h *Heartbeats) Seen(user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen[user] = h.now()
}

// Open records an open desktop until done is called.
func (h *Heartbeats) Open(user string) (done func()) {
	h.mu.Lock()
	h.open[user]++
	h.seen[user] = h.now()
	h.mu.Unlock()
	return sync.OnceFunc(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.open[user]--; h.open[user] == 0 {
			delete(h.open, user)
			delete(h.seen, user) // a closed desktop ends the presence at once
		}
	})
}

// Run writes heartbeats until ctx ends.
func (h *Heartbeats) Run(ctx context.Context) error {
	t := time.NewTicker(beatEvery)
	defer t.Stop()
	for {
		if err := h.beat(ctx); err != nil && ctx.Err() == nil {
			h.log.Warn("heartbeats were not written", "error", err)
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return nil
		}
	}
}

func (h *Heartbeats) beat(ctx context.Context) error {
	now := h.now()
	users := h.present(now)
	if len(users) == 0 {
		return nil
	}
	_, err := h.pool.Exec(ctx, `INSERT INTO ops.heartbeats (agent_id, connection_id, seen_at)
		SELECT u, $2::uuid, $3 FROM unnest($1::text[]) u
		ON CONFLICT (agent_id, connection_id) DO UPDATE SET seen_at = excluded.seen_at`, users, h.process, now)
	return err
}

func (h *Heartbeats) present(now time.Time) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var users []string
	for user := range h.open {
		users = append(users, user)
	}
	for user, at := range h.seen {
		if h.open[user] > 0 {
			continue
		}
		if now.Sub(at) > seenFor {
			delete(h.seen, user)
			continue
		}
		users = append(users, user)
	}
	return users
}
