package commands

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"time"

	"parley/domain"
	"parley/eventstore"
	"parley/internal/bounded"
	"parley/internal/fault"
)

const (
	maxAttempts = 10               // to append while other processes write to the same stream
	maxBatch    = 256              // commands in one append
	appendTime  = 10 * time.Second // how long to repeat an append with an unknown outcome

	cachedBytes   = 8 << 20 // of folds, for each kind of aggregate
	sessionsBytes = 24 << 20
	cachedAtLeast = 1024 // folds in use at the same time, however large they are
)

// ErrBusy refuses a command after too many concurrent writes to its stream.
var ErrBusy = &domain.Refusal{
	Kind: domain.Unavailable, Code: "BUSY", Message: "Changed by someone else at the same time. Try again.",
}

// ErrCommandReused refuses a command id that was used before with other content.
var ErrCommandReused = &domain.Refusal{
	Kind: domain.Conflict, Code: "COMMAND_ID_REUSED",
	Message: "This command ID was already used for something else. Use a new one for each action.",
}

// ErrTooLarge refuses a command whose events exceed the log's size limit.
var ErrTooLarge = &domain.Refusal{
	Kind: domain.Invalid, Code: "TOO_LARGE", Message: "Too large to save.",
}

// Result is the outcome of a command.
type Result[E any] struct {
	Position eventstore.Position // of the stream's last event
	Events   []E                 // appended by this call; none if nothing changed
}

// handler runs all commands of one kind of aggregate: it loads the cached fold, decides, and appends at the
// exact revision. Concurrent commands on one stream share an append.
type handler[S, C any, E domain.Event] struct {
	store   *eventstore.Store
	decider domain.Decider[S, C, E]
	log     *slog.Logger
	folds   *bounded.Cache[string, *fold[S]]
	queues  streamQueues[S, C, E]
	account func(id string, s S) domain.AccountID // nil if the aggregate belongs to no account
}

func newHandler[S, C any, E domain.Event](
	store *eventstore.Store, log *slog.Logger, decider domain.Decider[S, C, E],
) *handler[S, C, E] {
	return &handler[S, C, E]{
		store: store, decider: decider, log: log, folds: newFolds[S](cachedBytes), queues: newStreamQueues[S, C, E](),
	}
}

// caching sets how many bytes of folds are cached.
func (h *handler[S, C, E]) caching(bytes int) *handler[S, C, E] {
	h.folds = newFolds[S](bytes)
	return h
}

// ofAccount makes every event carry the account it belongs to. The function reads it from the id or from the
// state after the event.
func (h *handler[S, C, E]) ofAccount(account func(id string, s S) domain.AccountID) *handler[S, C, E] {
	h.account = account
	return h
}

// handle runs one command.
func (h *handler[S, C, E]) handle(ctx context.Context, id string, meta eventstore.Metadata, cmd C) (Result[E], error) {
	return h.handleAll(ctx, id, meta, cmd)
}

// handleAll runs several commands in order. Their events are appended together or not at all.
func (h *handler[S, C, E]) handleAll(
	ctx context.Context, id string, meta eventstore.Metadata, cmds ...C,
) (Result[E], error) {
	return h.submit(ctx, id, &request[S, C, E]{meta: meta, cmds: cmds, done: make(chan struct{})})
}

// handleNew runs commands on an aggregate that most likely does not exist yet. It decides without reading the
// stream. If the stream exists after all, it reads it and decides again, unless the stream's first events are
// from this same command.
func (h *handler[S, C, E]) handleNew(
	ctx context.Context, id string, meta eventstore.Metadata, cmds ...C,
) (Result[E], error) {
	return h.submit(ctx, id, &request[S, C, E]{meta: meta, cmds: cmds, assumeNew: true, done: make(chan struct{})})
}

func (h *handler[S, C, E]) submit(ctx context.Context, id string, r *request[S, C, E]) (Result[E], error) {
	if h.queues.enter(id, r) {
		go h.drain(context.WithoutCancel(ctx), id)
	}
	select {
	case <-r.done:
		return r.result, r.err
	case <-ctx.Done():
		if errors.Is(ctx.Err(), context.Canceled) {
			return Result[E]{}, context.Canceled
		}
		return Result[E]{}, eventstore.ErrUnavailable
	}
}

// query returns what ask reads from an aggregate's current state.
func query[T, S, C any, E domain.Event](ctx context.Context, h *handler[S, C, E], id string, ask func(S) T) (T, error) {
	var answer T
	r := &request[S, C, E]{look: func(s S) { answer = ask(s) }, done: make(chan struct{})}
	if _, err := h.submit(ctx, id, r); err != nil {
		var none T
		return none, err
	}
	return answer, nil
}

// drain processes a stream's queue until it is empty.
func (h *handler[S, C, E]) drain(ctx context.Context, id string) {
	for {
		batch := h.queues.next(id, maxBatch)
		if batch == nil {
			return
		}
		h.process(ctx, id, batch)
		for _, r := range batch {
			close(r.done)
		}
	}
}

// process decides a batch on one state and appends the events. A refused request does not affect the others.
func (h *handler[S, C, E]) process(ctx context.Context, id string, batch []*request[S, C, E]) {
	ctx, cancel := context.WithTimeout(ctx, appendTime)
	defer cancel()
	for attempt := 1; ; attempt++ {
		err := h.attempt(ctx, id, batch, attempt == 1 && batch[0].assumeNew)
		switch {
		case err == nil:
			return
		case errors.Is(err, eventstore.ErrTooLarge) && len(batch) > 1:
			for _, r := range batch {
				h.process(ctx, id, []*request[S, C, E]{r})
			}
			return
		case errors.Is(err, eventstore.ErrTooLarge):
			err = ErrTooLarge
		case errors.Is(err, eventstore.ErrWrongRevision) && attempt < maxAttempts:
			backOff(ctx, attempt)
			continue // another process wrote first: load and decide again
		case errors.Is(err, eventstore.ErrWrongRevision):
			err = ErrBusy
		}
		for _, r := range batch {
			r.fail(err)
		}
		return
	}
}

func (h *handler[S, C, E]) attempt(ctx context.Context, id string, batch []*request[S, C, E], assumeNew bool) (err error) {
	defer func() {
		if err != nil {
			h.folds.Remove(id) // its state may be ahead of the stream
		}
	}()
	f, err := h.load(ctx, id, assumeNew)
	if err != nil {
		return err
	}
	var changes []eventstore.Change
	for _, r := range batch {
		r.result, r.err = Result[E]{}, nil
		events, err := h.decide(ctx, id, f, r)
		switch {
		case isRefusal(err):
			r.err = err
		case err != nil:
			return err
		case len(events) > 0:
			meta := r.meta
			if h.account != nil {
				if meta.AccountID = string(h.account(id, f.state)); meta.AccountID == "" {
					return fmt.Errorf("append %s: the account is unknown", h.decider.Stream(id))
				}
			}
			r.result.Events = events
			changes = append(changes, eventstore.Change{Meta: meta, Events: eventstore.Events(events)})
		}
	}
	if len(changes) > 0 {
		if err := fault.Hit("append.before"); err != nil {
			return err
		}
		at, err := h.store.AppendChanges(ctx, h.decider.Stream(id), f.revision, changes...)
		if err != nil {
			return err
		}
		if err := fault.Hit("append.after"); err != nil {
			return err
		}
		f.revision, f.position = at.Revision, at.Position
		for _, c := range changes {
			f.remember(c.Meta, f.position)
		}
	}
	h.folds.Add(id, f)
	for _, r := range batch {
		if r.result.Position.IsZero() {
			r.result.Position = f.position
		}
		if r.look != nil {
			r.look(f.state)
		}
	}
	return nil
}

func backOff(ctx context.Context, attempt int) {
	longest := min(time.Duration(1<<attempt)*2*time.Millisecond, 300*time.Millisecond)
	t := time.NewTimer(rand.N(longest) + time.Millisecond)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

func isRefusal(err error) bool {
	var r *domain.Refusal
	return errors.As(err, &r) && r.Kind != domain.Unavailable
}
