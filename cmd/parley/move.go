package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/url"
	"time"

	"parley/eventstore"
	"parley/internal/move"
	"parley/internal/restore"
	"parley/projections/engine"
)

// embedded stands for the built-in event store where an event store's URL is expected.
const embedded = "embedded"

// moveLog takes the deployment to another event store. The servers keep running and switch over with it.
func moveLog(ctx context.Context, e environment) error {
	flags := flag.NewFlagSet("move", flag.ContinueOnError)
	flags.SetOutput(e.stderr)
	target := flags.String("to", "", "the other event store: its URL, or embedded for the built-in one")
	if err := flags.Parse(e.args); err != nil {
		return err
	}
	if *target == "" || flags.NArg() > 0 {
		return errors.New("move --to URL (or --to embedded)")
	}
	p, err := operator(ctx, e)
	if err != nil {
		return err
	}
	defer p.close()
	p.fence.Close() // this process appends nothing from here on
	there, closeTarget, err := p.openTarget(ctx, *target)
	if err != nil {
		return err
	}
	defer closeTarget()
	bar := newBar(e.stdout)
	moved, err := move.Run(ctx, move.Config{
		From: p.store, To: there, Engine: p.projectorConfig(),
		LogID: func(ctx context.Context) (string, error) {
			c, err := p.commandsOn(there, p.reads(), p.now)
			if err != nil {
				return "", err
			}
			return c.LogID(ctx)
		},
		Announce: func(ctx context.Context, logID string) error {
			_, err := p.secrets.Put(ctx, movedSecret(logID), *target)
			return err
		},
		Progress: func(s move.Step, events int, share float64) { bar.show(string(s), events, share) },
	})
	bar.end()
	if err != nil {
		return err
	}
	fmt.Fprintf(e.stdout, "Moved: %d events in %d streams are the same in both logs. Nothing could be saved for %s.\n"+
		"The servers continue on the other event store. Before their next start, %s.\n",
		moved.Events, moved.Streams, moved.Stopped.Round(100*time.Millisecond), settingFor(*target))
	return nil
}

// openTarget connects to the event store to move to.
func (p *program) openTarget(ctx context.Context, target string) (*eventstore.Store, func(), error) {
	stop := func() {}
	connection := target
	if target == embedded {
		cfg := p.cfg
		cfg.EventStoreURL, cfg.NodeListen = "", anyPort
		n, nodeURL, err := startNode(ctx, cfg, p.log)
		if err != nil {
			return nil, nil, fmt.Errorf("embedded event store: %w", err)
		}
		connection, stop = nodeURL, n.Stop
	}
	s, err := eventstore.Open(ctx, eventstore.Config{
		URL: connection, Catalog: eventstore.All(), Keys: p.keyring, Log: p.log,
	})
	if err == nil {
		if err = answers(ctx, s); err != nil {
			s.Close()
			err = fmt.Errorf("the event store to move to does not answer: %w", err)
		}
	}
	if err != nil {
		stop()
		return nil, nil, err
	}
	return s, func() { s.Close(); stop() }, nil
}

// movedSecret names the secret that holds the URL of a log's event store, which may contain a password.
func movedSecret(logID string) string { return "event-store:" + logID }

// settingFor says how to point the program at an event store, without its password.
func settingFor(target string) string {
	if target == embedded {
		return "remove EVENTSTORE_URL to use the built-in one"
	}
	u, err := url.Parse(target)
	if err != nil {
		return "set EVENTSTORE_URL to the URL of that event store"
	}
	u.User = nil
	return "set EVENTSTORE_URL to " + u.String() + " (with the user and password, if it has any)"
}

// noticesMove wraps work so that p.moved is set when it ends because the deployment has moved to another
// event store.
func (p *program) noticesMove(work func(context.Context) error) func(context.Context) error {
	return func(ctx context.Context) error {
		err := work(ctx)
		if errors.Is(err, restore.ErrMoved) {
			p.moved.Store(true)
		}
		return err
	}
}

// movedTo returns the setting for the event store that the deployment has moved to, if that is why run has ended.
func (p *program) movedTo(ctx context.Context, ended error) (target string, moved bool) {
	if !errors.Is(ended, restore.ErrMoved) {
		return "", false
	}
	known, err := engine.LogOf(ctx, p.db.Projector)
	if err == nil {
		target, err = p.secrets.Get(ctx, movedSecret(known))
	}
	if err != nil {
		return "", false
	}
	if target == embedded {
		target = ""
	}
	return target, true
}
