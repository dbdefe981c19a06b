package demo

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/commands"
	"parley/domain/agent"
)

// players is the number of sessions played at a time, each with another customer.
const players = 8

// history plays the days of the organisation, shift by shift, and records its progress after each.
func (l *loader) history(ctx context.Context) error {
	k := &l.secrets.kept
	if k.Now.IsZero() {
		k.Now, k.Days = l.Now().UTC().Truncate(time.Second), l.HistoryDays
		if err := l.secrets.save(); err != nil {
			return err
		}
	}
	crew := make(chan *player, players)
	for range players {
		p, err := l.newPlayer()
		if err != nil {
			return err
		}
		crew <- p
	}
	for i, s := range newPlan(k.Now.In(time.Local), k.Days) {
		if i < k.Shifts {
			continue
		}
		if err := l.shift(ctx, crew, s); err != nil {
			return fmt.Errorf("shift %d: %w", i, err)
		}
		k.Shifts = i + 1
		if err := l.secrets.save(); err != nil {
			return err
		}
	}
	k.History = true
	return l.secrets.save()
}

// shift signs the agents in, plays the sessions, and signs the agents out.
func (l *loader) shift(ctx context.Context, crew chan *player, s shift) error {
	moves := func(moves []move) error {
		return each(ctx, crew, moves,
			func(ctx context.Context, p *player, m move) error { return p.move(ctx, m) })
	}
	if err := moves(s.before); err != nil {
		return err
	}
	err := each(ctx, crew, s.sessions, func(ctx context.Context, p *player, one session) error {
		err := p.play(ctx, one)
		if refused(err) { // someone has used this customer's conversation since; theirs counts
			l.Log.Warn("demo session abandoned", "session", one.key, "error", err)
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	return moves(s.after)
}

// each gives every item to the next free player.
func each[T any](ctx context.Context, crew chan *player, items []T,
	do func(context.Context, *player, T) error) error {
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(players)
	for _, item := range items {
		g.Go(func() error {
			p := <-crew
			defer func() { crew <- p }()
			return do(ctx, p, item)
		})
	}
	return g.Wait()
}

func (p *player) move(ctx context.Context, m move) error {
	p.clock.Store(m.at.UnixNano())
	who := p.secrets.agent(m.login)
	meta := commands.SystemMetadata(string(who), id(m.what, m.login, m.at.UTC().Format(time.RFC3339)))
	var err error
	switch m.what {
	case "signIn":
		_, err = p.c.SignIn(ctx, who, meta)
	case "pause":
		_, err = p.c.Pause(ctx, who, "LUNCH", "", meta)
	case "resume":
		_, err = p.c.Resume(ctx, who, "", meta)
	case "signOut":
		_, err = p.c.SignOut(ctx, who, agent.SignOut{Reason: agent.SignedOutSelf}, meta)
	default:
		err = fmt.Errorf("unknown move %q", m.what)
	}
	return err
}
