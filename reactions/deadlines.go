package reactions

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/commands"
	"parley/domain"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/internal/fault"
	"parley/projections/deadlines"
	"parley/projections/settings"
)

const endedAtOnce = 500 // deadlines per sweep

// timekeeper acts on deadlines. A row only says when to ask; the rules decide whether it is due.
type timekeeper struct {
	Config
	retries   *retries
	notBefore map[deadlines.Deadline]time.Time
}

func newTimekeeper(c Config) *timekeeper {
	return &timekeeper{Config: c, retries: newRetries(c, "deadlines"),
		notBefore: make(map[deadlines.Deadline]time.Time)}
}

func (k *timekeeper) loop() loop {
	return loop{name: "deadlines", sweep: k.sweep, gap: 25 * time.Millisecond, idle: 2 * time.Second,
		watches: []string{"transfers", "outbox", "open_interactions", "queues", "agents", "policy"}}
}

// sweep ends everything that is due and returns the time until the next deadline.
func (k *timekeeper) sweep(ctx context.Context) (time.Duration, error) {
	now := k.Now()
	due, err := deadlines.Due(ctx, k.Pool, now, endedAtOnce)
	if err != nil {
		return 0, err
	}
	for d, t := range k.notBefore {
		if !t.After(now) {
			delete(k.notBefore, d)
		}
	}
	var open []deadlines.Deadline
	for _, d := range due {
		_, guarded := k.notBefore[d]
		if guarded || k.retries.delayed(rowOf(d)) || d.Kind == deadlines.OutcomeUnknown { // the outbox handles those
			continue
		}
		open = append(open, d)
	}
	waits := make([]time.Duration, len(open))
	g, acting := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for i, d := range open {
		g.Go(func() (err error) {
			waits[i], err = k.end(acting, d)
			return k.retries.record(rowOf(d), err)
		})
	}
	if err := g.Wait(); err != nil {
		return 0, err
	}
	for i, d := range open {
		k.notBefore[d] = now.Add(waits[i])
	}
	wait := time.Duration(0)
	if at, ok, err := deadlines.Next(ctx, k.Pool, now); err != nil {
		return 0, err
	} else if ok {
		wait = at.Sub(k.Now()) + time.Millisecond
	}
	for _, t := range k.notBefore {
		if d := t.Sub(k.Now()) + time.Millisecond; wait <= 0 || d < wait {
			wait = d
		}
	}
	return max(wait, 0), nil
}

func rowOf(d deadlines.Deadline) string { return string(d.Kind) + " " + d.StreamID + " " + d.Ref }

// end acts on one deadline. It returns how long to ignore its row: until it is due or, afterwards, until
// the read models have caught up.
func (k *timekeeper) end(ctx context.Context, d deadlines.Deadline) (time.Duration, error) {
	_ = fault.Hit("deadline.due")
	var err error
	switch d.Kind {
	case deadlines.Offer:
		err = k.Commands.ExpireOffer(ctx, domain.InteractionID(d.StreamID), domain.OfferID(d.Ref))
	case deadlines.Transfer:
		err = k.Commands.ExpireTransfer(ctx, domain.TransferID(d.StreamID))
	case deadlines.SilentOwner:
		err = k.Commands.ReleaseSilent(ctx, domain.InteractionID(d.StreamID), domain.AgentID(d.Ref))
	case deadlines.Disconnect:
		err = k.disconnect(ctx, domain.AgentID(d.StreamID))
	}
	if wait, ok := domain.DueIn(err); ok {
		return max(wait, time.Millisecond), nil
	}
	if err == nil {
		_ = fault.Hit("deadline.acted")
		k.Count("deadline " + string(d.Kind))
	}
	if refused(err) {
		err = nil // it has already ended
	}
	return stale, err
}

// disconnect signs out an agent who was away too long, and returns their interactions to the queue.
func (k *timekeeper) disconnect(ctx context.Context, id domain.AgentID) error {
	after, err := disconnectAfter(ctx, k.Config)
	if err != nil {
		return err
	}
	meta := commands.SystemMetadata("deadlines", commands.NewID())
	if _, err := k.Commands.SignOut(ctx, id, agent.SignOut{Reason: agent.SignedOutDisconnected, After: after},
		meta); err != nil {
		return err
	}
	return releaseAll(ctx, k.Config, k.retries, id, releaseGone(k.Config, interaction.ReleasedOwnerGone, 0))
}

// disconnectAfter returns how long an agent may be away.
func disconnectAfter(ctx context.Context, c Config) (time.Duration, error) {
	policy, err := settings.ThePolicy(ctx, c.Pool)
	return time.Duration(policy.DisconnectAfter) * time.Second, err
}
