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
	routedAtOnce = 5_000 // waiting interactions per sweep
	guardFor     = 10 * time.Second
)

// router offers waiting interactions to agents.
type router struct {
	Config
	retries      *retries
	lastAccepted map[string]accepted  // by queue
	offered      map[string]time.Time // interactions just offered, whose rows may be stale
}

type accepted struct {
	agent string
	at    time.Time
}

func newRouter(c Config) *router {
	return &router{Config: c, retries: newRetries(c, "router"), lastAccepted: make(map[string]accepted),
		offered: make(map[string]time.Time)}
}

func (r *router) loop() loop {
	return loop{name: "router", sweep: r.sweep, gap: 20 * time.Millisecond, idle: 2 * time.Second,
		watches: []string{"agents", "agent_offerings", "open_interactions", "queues", "users"}}
}

// sweep makes all possible offers and waits until the read models show them.
func (r *router) sweep(ctx context.Context) (time.Duration, error) {
	maps.DeleteFunc(r.offered, func(_ string, at time.Time) bool { return r.Now().Sub(at) > guardFor })
	s, err := r.readSnapshot(ctx)
	if err != nil || len(s.Waiting) == 0 {
		return 0, err
	}
	now := r.Now()
	offers, at := s.plan(now)
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

// readSnapshot reads which agents are free and what is waiting for them.
func (r *router) readSnapshot(ctx context.Context) (snapshot, error) {
	s := snapshot{Queues: make(map[string]settings.Queue), Workers: make(map[string]*worker),
		Taker: make(map[string]string)}
	workers, err := r.workers(ctx)
	if err != nil || len(workers) == 0 {
		return s, err
	}
	queues, err := settings.AllQueues(ctx, r.Pool)
	if err != nil {
		return s, err
	}
	for _, w := range workers {
		s.Workers[w.ID] = &w
	}
	var staffed, leastRecent, roundRobin []string
	for _, q := range queues {
		free := false
		for _, id := range q.Members {
			w := s.Workers[id]
			free = free || w != nil && w.free(q)
		}
		if !free {
			continue
		}
		s.Queues[q.ID] = q
		staffed = append(staffed, q.ID)
		switch q.Settings.Strategy {
		case queue.LeastRecent:
			leastRecent = append(leastRecent, q.ID)
		case queue.RoundRobin:
			roundRobin = append(roundRobin, q.ID)
		}
	}
	if s.Waiting, err = r.waitingIn(ctx, staffed); err != nil || len(s.Waiting) == 0 {
		return s, err
	}
	if err := r.offerings(ctx, s, leastRecent); err != nil {
		return s, err
	}
	return s, r.lastTakers(ctx, s, roundRobin)
}

// workers returns the agents who can get offers.
func (r *router) workers(ctx context.Context) ([]worker, error) {
	rows, err := r.Pool.Query(ctx, `
		SELECT u.id, a.since, u.capacity,
			(SELECT count(*) FROM open_interactions o WHERE o.owner_id = u.id),
			(SELECT count(*) FROM open_interactions o WHERE o.owner_id = '' AND o.agents @> ARRAY[u.id])
		FROM agents a JOIN users u ON u.id = a.user_id
		WHERE a.state = 'AVAILABLE' AND NOT u.disabled AND NOT u.archived`)
	if err != nil {
		return nil, fmt.Errorf("read the available agents: %w", err)
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (worker, error) {
		var w worker
		return w, row.Scan(&w.ID, &w.Since, &w.Capacity, &w.Open, &w.PendingOffers)
	})
}

// waitingIn returns what is waiting in these queues and was not offered a moment ago.
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
			if !r.guarded(row) && !r.retries.delayed(row.InteractionID) {
				fresh = append(fresh, row)
			}
		}
	}
	return fresh, nil
}

// guarded reports whether an interaction was offered but its row does not show it yet.
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

// offerings fills in when each worker last got an offer from these queues.
func (r *router) offerings(ctx context.Context, s snapshot, queues []string) error {
	if len(queues) == 0 {
		return nil
	}
	rows, err := r.Pool.Query(ctx,
		`SELECT queue_id, user_id, last_offered_at FROM agent_offerings WHERE queue_id = ANY($1)`, queues)
	if err != nil {
		return fmt.Errorf("read when agents were last notified: %w", err)
	}
	var queueID, userID string
	var at time.Time
	_, err = pgx.ForEachRow(rows, []any{&queueID, &userID, &at}, func() error {
		if w := s.Workers[userID]; w != nil {
			if w.LastOffered == nil {
				w.LastOffered = make(map[string]time.Time)
			}
			w.LastOffered[queueID] = at
		}
		return nil
	})
	return err
}

// lastTakers fills in who last accepted an interaction. It knows a closed interaction only if this process saw it
// open, so after a restart the turn may be off by one agent.
func (r *router) lastTakers(ctx context.Context, s snapshot, queues []string) error {
	if len(queues) == 0 {
		return nil
	}
	rows, err := r.Pool.Query(ctx, `
		SELECT DISTINCT ON (o.queue_id) o.queue_id, o.owner_id, i.accepted_at
		FROM open_interactions o JOIN interactions i ON i.id = o.interaction_id
		WHERE o.queue_id = ANY($1) AND o.owner_id <> '' AND i.accepted_at IS NOT NULL
		ORDER BY o.queue_id, i.accepted_at DESC`, queues)
	if err != nil {
		return fmt.Errorf("read who last accepted: %w", err)
	}
	var queueID string
	var last accepted
	_, err = pgx.ForEachRow(rows, []any{&queueID, &last.agent, &last.at}, func() error {
		if last.at.After(r.lastAccepted[queueID].at) {
			r.lastAccepted[queueID] = last
		}
		return nil
	})
	for _, id := range queues {
		s.Taker[id] = r.lastAccepted[id].agent
	}
	return err
}

// offer makes the offers and returns the position of the last one. A refusal means
// that someone took the interaction first.
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
			// The command id is derived from the row, so the same row never leads to two offers.
			id := commands.DerivedID("offer", row.InteractionID, strconv.FormatInt(since(row).UnixNano(), 10),
				strconv.Itoa(row.Round))
			at, err := r.Commands.Offer(ctx, domain.InteractionID(row.InteractionID),
				domain.OfferID(commands.NewID()), domain.QueueID(row.QueueID),
				agents, o.Lasts, commands.SystemMetadata("router", id))
			if refused(err) {
				return nil
			}
			if err == nil {
				_ = fault.Hit("router.offered")
				r.Count("offer")
			}
			positions[i] = at
			return r.retries.record(row.InteractionID, err)
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
