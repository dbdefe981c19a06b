package reactions

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/domain"
)

const heartbeatsKept = time.Hour

// presence turns heartbeats into events: an agent's last browser disconnected, or one is back.
type presence struct {
	Config
	retries *retries
	seen    map[domain.AgentID]time.Time // newest heartbeat seen; a closing browser deletes its own
	began   time.Time
	cleaned time.Time
}

func newPresence(c Config) *presence {
	return &presence{Config: c, retries: newRetries(c, "presence"), seen: make(map[domain.AgentID]time.Time)}
}

func (p *presence) loop() loop {
	return loop{name: "presence", sweep: p.sweep, gap: 500 * time.Millisecond, idle: time.Second}
}

// sweep compares the signed-in agents with the heartbeats. After a start, everyone gets time to reconnect.
func (p *presence) sweep(ctx context.Context) (time.Duration, error) {
	now := p.Now()
	if p.began.IsZero() {
		p.began = now
	}
	rows, err := p.Pool.Query(ctx, `
		SELECT a.user_id, a.since, a.away_since, max(h.seen_at) FROM agents a LEFT JOIN ops.heartbeats h ON h.agent_id = a.user_id
		WHERE a.signed_in GROUP BY a.user_id, a.since, a.away_since`)
	if err != nil {
		return 0, fmt.Errorf("read heartbeats: %w", err)
	}
	var id domain.AgentID
	var since time.Time
	var away, seen *time.Time
	var leaves, returns []domain.AgentID
	_, err = pgx.ForEachRow(rows, []any{&id, &since, &away, &seen}, func() error {
		if _, known := p.seen[id]; !known {
			p.seen[id] = p.began // agents get time to reconnect first
		}
		if since.After(p.seen[id]) {
			p.seen[id] = since // the agent has just signed in or returned
		}
		if seen != nil && seen.After(p.seen[id]) {
			p.seen[id] = *seen
		}
		switch silent := now.Sub(p.seen[id]); {
		case away == nil && silent > p.HeartbeatLimit:
			leaves = append(leaves, id)
		case away != nil && seen != nil && seen.After(*away) && now.Sub(*seen) <= p.HeartbeatLimit:
			returns = append(returns, id)
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("read heartbeats: %w", err)
	}
	if err := p.record(ctx, leaves, p.Commands.GoAway, "agent away"); err != nil {
		return 0, err
	}
	if err := p.record(ctx, returns, p.Commands.Return, "agent returned"); err != nil {
		return 0, err
	}
	return 0, p.clean(ctx, now)
}

// record runs a command for each of these agents, and counts those it succeeded for.
func (p *presence) record(
	ctx context.Context, agents []domain.AgentID, command func(context.Context, domain.AgentID) error, count string,
) error {
	for _, id := range agents {
		if p.retries.delayed(string(id)) {
			continue
		}
		err := command(ctx, id)
		if err == nil {
			p.Count(count)
		}
		if refused(err) {
			err = nil // already in that state
		}
		if err := p.retries.record(string(id), err); err != nil {
			return err
		}
	}
	return nil
}

// clean deletes the heartbeats of browsers that disappeared.
func (p *presence) clean(ctx context.Context, now time.Time) error {
	if now.Sub(p.cleaned) < heartbeatsKept {
		return nil
	}
	p.cleaned = now
	_, err := p.Pool.Exec(ctx, `DELETE FROM ops.heartbeats WHERE seen_at < $1`, now.Add(-heartbeatsKept))
	return err
}
