package eventstore

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"

	"parley/domain"
)

const (
	batchSize = 1000
	// The event store sends a checkpoint after considering window times multiplier events.
	filterWindow     = 100
	filterMultiplier = 10
)

// Batch holds the events that arrived since the last one, in log order. A batch without events means that
// Through advanced over events of other programs, or that the end of the log was reached.
type Batch struct {
	Events   []Recorded // at most 1 000
	Through  Position   // everything up to here has been delivered; resume after it
	CaughtUp bool       // the end of the log was reached since the last connect
}

// Checkpoint says where a subscription resumes.
type Checkpoint struct {
	Through Position
	Last    Landmark // the last event delivered, by which a replaced log is recognised; zero if there is none
}

// Subscribe calls fn with all of this program's events after a position: history first, then live events, each
// once, in log order, one call at a time. Batches are never delayed to fill up. After a lost connection it resumes
// after the last batch for which fn returned nil. It returns nil when ctx ends, the error of fn, ErrClosed, or
// ErrReplaced if the last event delivered is no longer where it was.
//
// An event that the event store sends behind a checkpoint is delivered all the same. Only then, Through goes back.
func (s *Store) Subscribe(ctx context.Context, after Position, fn func(context.Context, Batch) error) error {
	return s.Resume(ctx, Checkpoint{Through: after}, fn)
}

// Resume is Subscribe for a consumer that remembers the last event it was given.
func (s *Store) Resume(ctx context.Context, from Checkpoint, fn func(context.Context, Batch) error) error {
	return s.subscribe(ctx, from, s.filter(), fn)
}

// SubscribeTo subscribes to events of some types. The event store filters out the others.
func (s *Store) SubscribeTo(
	ctx context.Context, only []domain.Event, after Position, fn func(context.Context, Batch) error,
) error {
	types := make([]string, len(only))
	for i, e := range only {
		types[i] = regexp.QuoteMeta(e.EventType())
	}
	filter := &esdb.SubscriptionFilter{Type: esdb.EventFilterType, Regex: "^(" + strings.Join(types, "|") + ")$"}
	return s.subscribe(ctx, Checkpoint{Through: after}, filter, fn)
}

func (s *Store) subscribe(
	ctx context.Context, from Checkpoint, filter *esdb.SubscriptionFilter, fn func(context.Context, Batch) error,
) error {
	p := backoff{first: 20 * time.Millisecond, most: 2 * time.Second}
	d := newDelivery(from)
	for {
		before := d.high
		err := s.subscribeOnce(ctx, d, filter, fn)
		var refused *consumerError
		switch {
		case errors.As(err, &refused):
			return refused.error
		case ctx.Err() != nil:
			return nil
		case errors.Is(err, ErrClosed), errors.Is(err, ErrReplaced):
			return err
		}
		if d.high != before {
			p.reset()
		}
		s.log.Info("subscription dropped", "position", d.through.String(), "error", err)
		p.wait(ctx)
	}
}

// consumerError wraps an error of the consumer's function, which ends the subscription.
type consumerError struct{ error }

// errLate reports that an event came behind a checkpoint, so the subscription begins again before it.
var errLate = errors.New("the event store sent an event behind a checkpoint")

// subscribeOnce runs one subscription of the client until it drops.
func (s *Store) subscribeOnce(
	ctx context.Context, d *delivery, filter *esdb.SubscriptionFilter, fn func(context.Context, Batch) error,
) error {
	c, err := s.gate.await(ctx)
	if err != nil {
		return err
	}
	defer c.release()
	if err := s.CheckLandmark(ctx, d.last()); err != nil {
		return err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)

	in := newInbox()
	reader := make(chan struct{})
	if err := c.enter(); err != nil {
		return err
	}
	after := d.through
	go func() {
		defer close(reader)
		in.close(s.receiveInto(ctx, c, after, filter, in))
	}()
	defer func() {
		cancel(nil)
		in.abandon()
		select {
		case <-reader:
		case <-c.retired: // it may be stuck in the client, and will find its context ended
		}
	}()

	caughtUp := false
	for {
		items, err := in.take(ctx, c.retired, batchSize)
		if len(items) > 0 {
			if err := s.deliver(ctx, items, d, &caughtUp, fn); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return err
		}
	}
}

// deliver passes one batch to the consumer.
func (s *Store) deliver(
	ctx context.Context, items []item, d *delivery, caughtUp *bool, fn func(context.Context, Batch) error,
) error {
	b := d.sort(items)
	news := b.reached && !*caughtUp
	*caughtUp = *caughtUp || b.reached
	if b.through != d.through || news {
		decoded, err := s.decodeWithRetry(ctx, b.events)
		if err != nil {
			return err
		}
		if err := fn(ctx, Batch{Events: decoded, Through: b.through, CaughtUp: *caughtUp}); err != nil {
			return &consumerError{err}
		}
		d.delivered(b)
	}
	if b.late == nil {
		return nil
	}
	s.late.Add(1)
	s.log.Error("the event store sent an event behind a checkpoint; reading again from before it",
		"stream", b.late.event.StreamID, "event", b.late.event.EventID.String(), "position", b.late.position.String(),
		"checkpoint", d.through.String())
	d.rewind(b.late.position)
	return errLate
}

// receiveInto fills the inbox until the subscription drops, and returns why. It releases c.
func (s *Store) receiveInto(
	ctx context.Context, c *conn, after Position, filter *esdb.SubscriptionFilter, in *inbox,
) (err error) {
	defer c.release()
	defer func() {
		if p := recover(); p != nil {
			err = panicError(p)
		}
	}()
	sub, err := c.client.SubscribeToAll(ctx, esdb.SubscribeToAllOptions{
		From: after.from(), Filter: filter, MaxSearchWindow: filterWindow, CheckpointInterval: filterMultiplier,
	})
	if err != nil {
		if o := classify(err); o == connectionLost || denied(err) {
			c.retire(err)
		}
		return fmt.Errorf("subscribe: %w", err)
	}
	defer func() { _ = sub.Close() }()
	for {
		e := sub.Recv()
		switch {
		case e.EventAppeared != nil && e.EventAppeared.Event != nil:
			r := e.EventAppeared.Event
			in.put(item{position: Position{Commit: r.Position.Commit, Prepare: r.Position.Prepare}, event: r})
		case e.CheckPointReached != nil:
			in.put(item{position: Position{Commit: e.CheckPointReached.Commit, Prepare: e.CheckPointReached.Prepare}})
		case e.CaughtUp != nil:
			in.put(item{caughtUp: true})
		case e.SubscriptionDropped != nil:
			if err := e.SubscriptionDropped.Error; classify(err) == connectionLost || denied(err) {
				c.retire(err)
			}
			return e.SubscriptionDropped.Error
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// filter limits a subscription to the catalog's aggregates, or at least excludes system streams.
func (s *Store) filter() *esdb.SubscriptionFilter {
	if len(s.catalog.aggregates) == 0 {
		return &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Regex: `^[^\$]`}
	}
	prefixes := make([]string, len(s.catalog.aggregates))
	for i, a := range s.catalog.aggregates {
		prefixes[i] = a + "-"
	}
	return &esdb.SubscriptionFilter{Type: esdb.StreamFilterType, Prefixes: prefixes}
}
