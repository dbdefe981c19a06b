package reactions

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/commands"
	"parley/domain"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/projections/deadlines"
	"parley/projections/settings"
)

const endedAtOnce = 500 // deadlines looked at in one sweep

// timekeeper ends what has a time to be over. The rule says whether it is due; a row only says when to ask.
type timekeeper struct {
	Config
	notBefore map[deadlines.Deadline]time.Time
}

func newTimekeeper(c Config) *timekeeper {
	return &timekeeper{Config: c, notBefore: make(map[deadlines.Deadline]time.Time)}
}

func (k *timekeeper) loop() loop {
	return loop{name: "deadlines", sweep: k.sweep, gap: 25 * time.Millisecond, idle: 2 * time.Second, of: []string{"transfers", "outbox", "open_interactions", "queues", "agents", "policy"}}
}

// sweep ends all that is over and says how long until the next one is.
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
		if _, guarded := k.notBefore[d]; !guarded && d.Kind != deadlines.OutcomeUnknown { // the outbox sees to that one
			open = append(open, d)
		}
	}
	waits := make([]time.Duration, len(open))
	g, acting := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for i, d := range open {
		g.Go(func() (err error) {
			waits[i], err = k.end(acting, d)
			return err
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

// end acts on one deadline and says how long its row is not to be believed: until the rule says it is due, or until the
// read models have surely caught up.
func (k *timekeeper) end(ctx context.Context, d deadlines.Deadline) (time.Duration, error) {
	var err error
	switch d.Kind {
	case deadlines.Offer:
		err = k.Commands.ExpireOffer(ctx, domain.InteractionID(d.StreamID), domain.OfferID(d.Ref))
	case deadlines.Transfer:
		err = k.Commands.ExpireTransfer(ctx, domain.TransferID(d.StreamID))
	case deadlines.SilentOwner:
		err = k.releaseSilent(ctx, domain.InteractionID(d.StreamID), domain.AgentID(d.Ref))
	case deadlines.Disconnect:
		err = k.disconnect(ctx, domain.AgentID(d.StreamID))
	}
	if wait, ok := domain.DueIn(err); ok {
		return max(wait, time.Millisecond), nil
	}
	if err == nil {
		k.Count("deadline " + string(d.Kind))
	}
	if refused(err) {
		err = nil // it is over already
	}
	return stale, err
}

// releaseSilent puts an interaction back to waiting whose customer got no answer for too long. It looks into the log first,
// so that an owner who has just answered does not lose it because the read models lag behind.
func (k *timekeeper) releaseSilent(ctx context.Context, id domain.InteractionID, owner domain.AgentID) error {
	history, err := k.Store.Read(ctx, interaction.Decider.Stream(string(id)), 0)
	if err != nil {
		return err
	}
	var s silence
	for _, r := range history.Events {
		s = s.evolve(r.Event)
	}
	queues, err := settings.QueuesByID(ctx, k.Pool, []string{string(s.queue)})
	if err != nil || len(queues) == 0 || queues[0].Settings.SilentOwner <= 0 || s.owner != owner || s.since.IsZero() {
		return err
	}
	end := s.since.Add(time.Duration(queues[0].Settings.SilentOwner) * time.Second)
	if wait := end.Sub(k.Now()); wait > 0 {
		return domain.ErrNotDue.With("dueIn", wait)
	}
	meta := commands.Ours("deadlines", commands.DerivedID("silent", string(id), string(owner), s.since.Format(time.RFC3339Nano)))
	_, err = k.Commands.Release(ctx, id, "", owner, interaction.ReleasedOwnerSilent, meta)
	return err
}

// silence is how long a customer has been waiting for his owner's answer.
type silence struct {
	owner domain.AgentID
	queue domain.QueueID
	since time.Time // zero when it is not the owner's turn
}

func (s silence) evolve(e domain.Event) silence {
	switch e := e.(type) {
	case interaction.Opened:
		s.queue = e.QueueID
	case interaction.MessageReceived:
		if s.since.IsZero() && e.Kind != interaction.KindSystem {
			s.since = e.At
		}
	case interaction.MessageQueued:
		if e.Author == interaction.AuthorAgent && e.Kind != interaction.KindReaction {
			s.since = time.Time{}
		}
	case interaction.Accepted:
		return s.ownedBy(e.By, e.At)
	case interaction.Assigned:
		return s.ownedBy(e.To, e.At)
	case interaction.OwnerChanged:
		if e.QueueID != "" {
			s.queue = e.QueueID
		}
		return s.ownedBy(e.To, e.At)
	case interaction.Released:
		s.owner = ""
	}
	return s
}

// ownedBy gives whoever has it now the whole time.
func (s silence) ownedBy(owner domain.AgentID, at time.Time) silence {
	s.owner = owner
	if !s.since.IsZero() {
		s.since = at
	}
	return s
}

// disconnect signs out an agent who was away too long, and puts what he had back to waiting (A24).
func (k *timekeeper) disconnect(ctx context.Context, id domain.AgentID) error {
	after, err := disconnectAfter(ctx, k.Config)
	if err != nil || after == 0 {
		return err
	}
	meta := commands.Ours("deadlines", commands.NewID())
	if _, err := k.Commands.SignOut(ctx, id, agent.SignOut{Reason: agent.SignedOutDisconnected, After: after}, meta); err != nil {
		return err
	}
	return releaseAll(ctx, k.Config, id, interaction.ReleasedOwnerGone)
}

// disconnectAfter is how long an agent may be away; 0 is for ever.
func disconnectAfter(ctx context.Context, c Config) (time.Duration, error) {
	policy, ok, err := settings.ThePolicy(ctx, c.Pool)
	if err != nil || !ok {
		return 0, err
	}
	return time.Duration(policy.Settings.DisconnectAfter) * time.Second, nil
}
