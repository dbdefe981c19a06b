package main

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
	// seenFor is how long a request counts as a sign of life; an open desktop gives one for as long as it is open.
	seenFor = 30 * time.Second
)

// heartbeats says which users are at their screens: an unlogged table that the presence of agents is read from.
type heartbeats struct {
	pool    *pgxpool.Pool
	now     func() time.Time
	log     *slog.Logger
	process string

	mu   sync.Mutex
	open map[string]int       // desktops by user
	seen map[string]time.Time // last request by user
}

func newHeartbeats(pool *pgxpool.Pool, now func() time.Time, log *slog.Logger) *heartbeats {
	return &heartbeats{pool: pool, now: now, log: log, process: uuid.NewString(), open: make(map[string]int), seen: make(map[string]time.Time)}
}

// Seen notes a sign of life.
func (h *heartbeats) Seen(user string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen[user] = h.now()
}

// Open notes that a desktop is open until the returned function is called.
func (h *heartbeats) Open(user string) (done func()) {
	h.mu.Lock()
	h.open[user]++
	h.seen[user] = h.now()
	h.mu.Unlock()
	return sync.OnceFunc(func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		if h.open[user]--; h.open[user] == 0 {
			delete(h.open, user)
			delete(h.seen, user) // a closed desktop is gone at once, not after a while
		}
	})
}

// Run writes beats until ctx ends.
func (h *heartbeats) Run(ctx context.Context) error {
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

func (h *heartbeats) beat(ctx context.Context) error {
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

func (h *heartbeats) present(now time.Time) []string {
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
