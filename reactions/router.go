package reactions

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"parley/commands"
	"parley/domain"
	"parley/domain/queue"
	"parley/eventstore"
	"parley/internal/fault"
	"parley/projections/agents"
	"parley/projections/settings"
	"parley/projections/waiting"
)

const (
	routedAtOnce = 5_000 // waiting interactions looked at in one sweep
	guardFor     = 10 * time.Second
)

// router offers waiting interactions to agents.
type router struct {
	Config
	aside   *aside
	takers  map[string]taker     // by queue
	offered map[string]time.Time // interactions offered just now whose row may be stale
}

type taker struct {
	agent string
	at    time.Time
}

func newRouter(c Config) *router {
	return &router{Config: c, aside: newAside(c, "router"), takers: make(map[string]taker), offered: make(map[string]time.Time)}
}

func (r *router) loop() loop {
	return loop{name: "router", sweep: r.sweep, gap: 20 * time.Millisecond, idle: 2 * time.Second, of: []string{"agents", "agent_offerings", "open_interactions", "queues", "users"}}
}

// sweep makes all offers that can be made, and waits until the read models show them.
func (r *router) sweep(ctx context.Context) (time.Duration, error) {
	maps.DeleteFunc(r.offered, func(_ string, at time.Time) bool { return r.Now().Sub(at) > guardFor })
	h, err := r.look(ctx)
	if err != nil || len(h.Waiting) == 0 {
		return 0, err
	}
	now := r.Now()
	offers, at := h.plan(now)
	last, err := r.offer(ctx, offers)
	if err != nil {
		return 0, err
	}
	if !last.IsZero() && !r.Listener.Await(ctx, last, waiting.Name, agents.Name) {
		for _, o := range offers {
			r.offered[o.Row.InteractionID] = now
		}
	}
	if at.IsZero() {
		return 0, nil
	}
	return at.Sub(r.Now()) + time.Millisecond, nil
}

// look reads who is free, and what waits for any of them.
func (r *router) look(ctx context.Context) (hall, error) {
	h := hall{Queues: make(map[string]settings.Queue), Workers: make(map[string]*worker), Taker: make(map[string]string)}
	workers, err := r.workers(ctx)
	if err != nil || len(workers) == 0 {
		return h, err
	}
	queues, err := settings.AllQueues(ctx, r.Pool)
	if err != nil {
		return h, err
	}
	for _, w := range workers {
		h.Workers[w.ID] = &w
	}
	var manned, leastRecent, roundRobin []string
	for _, q := range queues {
		free := false
		for _, id := range q.Members {
			w := h.Workers[id]
			free = free || w != nil && w.free(q)
		}
		if !free {
			continue
		}
		h.Queues[q.ID] = q
		manned = append(manned, q.ID)
		switch q.Settings.Strategy {
		case queue.LeastRecent:
			leastRecent = append(leastRecent, q.ID)
		case queue.RoundRobin:
			roundRobin = append(roundRobin, q.ID)
		}
	}
	if h.Waiting, err = r.waitingIn(ctx, manned); err != nil || len(h.Waiting) == 0 {
		return h, err
	}
	if err := r.offerings(ctx, h, leastRecent); err != nil {
		return h, err
	}
	return h, r.lastTakers(ctx, h, roundRobin)
}

// workers are the agents who can be offered something.
func (r *router) workers(ctx context.Context) ([]worker, error) {
	rows, err := r.Pool.Query(ctx, `
		SELECT u.id, a.since, u.capacity,
			(SELECT count(*) FROM open_interactions o WHERE o.owner_id = u.id),
			(SELECT count(*) FROM open_interactions o WHERE o.owner_id = '' AND o.agents @> ARRAY[u.id])
		FROM agents a JOIN users u ON u.id = a.user_id
		WHERE a.state = 'AVAILABLE' AND NOT u.disabled AND NOT u.archived`)
	if err != nil {
		return nil, fmt.Errorf("read who is there: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (worker, error) {
		var w worker
		return w, row.Scan(&w.ID, &w.Since, &w.Capacity, &w.Open, &w.Standing)
	})
}

// waitingIn is what waits in these queues and was not offered a moment ago.
func (r *router) waitingIn(ctx context.Context, queues []string) ([]waiting.Row, error) {
	if len(queues) == 0 {
		return nil, nil
	}
	var fresh []waiting.Row
	for _, id := range queues {
		rows, err := waiting.Next(ctx, r.Pool, id, routedAtOnce)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			if !r.guarded(row) && !r.aside.holds(row.InteractionID) {
				fresh = append(fresh, row)
			}
		}
	}
	return fresh, nil
}

// guarded says that an interaction was offered and its row does not show it yet.
func (r *router) guarded(row waiting.Row) bool {
	at, ok := r.offered[row.InteractionID]
	if !ok {
		return false
	}
	if row.LastOfferAt != nil && !row.LastOfferAt.Before(at) {
		delete(r.offered, row.InteractionID)
		return false
	}
	return true
}

// offerings fills in when each worker was last offered something of these queues.
func (r *router) offerings(ctx context.Context, h hall, queues []string) error {
	if len(queues) == 0 {
		return nil
	}
	rows, err := r.Pool.Query(ctx, `SELECT queue_id, user_id, last_offered_at FROM agent_offerings WHERE queue_id = ANY($1)`, queues)
	if err != nil {
		return fmt.Errorf("read who was notified: %w", err)
	}
	var queueID, userID string
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&queueID, &userID, &at}, func() error {
		if w := h.Workers[userID]; w != nil {
			if w.LastOffered == nil {
				w.LastOffered = make(map[string]time.Time)
			}
			w.LastOffered[queueID] = at
		}
		return nil
	})
	return err
}

// lastTakers fills in who took an interaction last. Of those closed since only what this process saw is known, which moves
// the turn by a place at most after a restart.
func (r *router) lastTakers(ctx context.Context, h hall, queues []string) error {
	if len(queues) == 0 {
		return nil
	}
	rows, err := r.Pool.Query(ctx, `
		SELECT DISTINCT ON (o.queue_id) o.queue_id, o.owner_id, i.accepted_at
		FROM open_interactions o JOIN interactions i ON i.id = o.interaction_id
		WHERE o.queue_id = ANY($1) AND o.owner_id <> '' AND i.accepted_at IS NOT NULL
		ORDER BY o.queue_id, i.accepted_at DESC`, queues)
	if err != nil {
		return fmt.Errorf("read who took one: %w", err)
	}
	var queueID string
	var last taker
	_, err = pgx.ForEachRow(rows, []any{&queueID, &last.agent, &last.at}, func() error {
		if last.at.After(r.takers[queueID].at) {
			r.takers[queueID] = last
		}
		return nil
	})
	for _, id := range queues {
		h.Taker[id] = r.takers[id].agent
	}
	return err
}

// offer makes the offers and says where the last one is in the log. One that is refused came too late: somebody took it.
func (r *router) offer(ctx context.Context, offers []proposal) (eventstore.Position, error) {
	positions := make([]eventstore.Position, len(offers))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(16)
	for i, o := range offers {
		g.Go(func() error {
			row := o.Row
			agents := make([]domain.AgentID, len(o.Agents))
			for j, id := range o.Agents {
				agents[j] = domain.AgentID(id)
			}
			_ = fault.Hit("router.offering")
			// The same row never gives two offers, however often it is seen.
			id := commands.DerivedID("offer", row.InteractionID, strconv.FormatInt(since(row).UnixNano(), 10), strconv.Itoa(row.Round))
			at, err := r.Commands.Offer(ctx, domain.InteractionID(row.InteractionID), domain.OfferID(commands.NewID()), domain.QueueID(row.QueueID),
				agents, o.Lasts, commands.Ours("router", id))
			if refused(err) {
				return nil
			}
			if err == nil {
				_ = fault.Hit("router.offered")
				r.Count("offer")
			}
			positions[i] = at
			return r.aside.tried(row.InteractionID, err)
		})
	}
	err := g.Wait()
	var last eventstore.Position
	for _, at := range positions {
		if at.After(last) {
			last = at
		}
	}
	return last, err
}
