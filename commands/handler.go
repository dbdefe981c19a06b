package commands

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/domain"
	"parley/eventstore"
	"parley/internal/fault"
)

const (
	maxAttempts = 10               // against other processes writing to the same stream
	maxShared   = 256              // commands that share one append
	appendTime  = 10 * time.Second // how long an append whose outcome is unknown is repeated
	cachedFolds = 16_384           // per aggregate
)

// ErrBusy says too many others wrote to the same stream at the same time.
var ErrBusy = &domain.Refusal{
	Kind: domain.Unavailable, Code: "BUSY", Message: "Too many changes at the same moment. Please try again.",
}

// ErrCommandReused says a command id came back with other content than the first time.
var ErrCommandReused = &domain.Refusal{
	Kind: domain.Conflict, Code: "COMMAND_ID_REUSED", Message: "This command id was already used for something else. Make a new one for each click.",
}

// ErrTooLarge says that what a command brings does not fit into the log, however often it is tried.
var ErrTooLarge = &domain.Refusal{
	Kind: domain.Invalid, Code: "TOO_LARGE", Message: "This is more than can be kept in one piece.",
}

// Result says where a command ended.
type Result[E any] struct {
	Position eventstore.Position // of the stream's last event as decided on
	Events   []E                 // what this very call appended; none when it was already so
}

// handler is the loop all commands of one aggregate share: cached fold, decide, append at the exact revision.
// Commands on the same stream that arrive together share an append.
type handler[S, C any, E domain.Event] struct {
	store   *eventstore.Store
	decider domain.Decider[S, C, E]
	log     *slog.Logger
	folds   *lru.Cache[string, *fold[S]]
	lanes   lanes[S, C, E]
}

func newHandler[S, C any, E domain.Event](store *eventstore.Store, log *slog.Logger, decider domain.Decider[S, C, E]) *handler[S, C, E] {
	folds, err := lru.New[string, *fold[S]](cachedFolds)
	if err != nil {
		panic(err) // the size is a constant above zero
	}
	return &handler[S, C, E]{store: store, decider: decider, log: log, folds: folds, lanes: newLanes[S, C, E]()}
}

// handle decides one command on the aggregate with this id.
func (h *handler[S, C, E]) handle(ctx context.Context, id string, meta eventstore.Metadata, cmd C) (Result[E], error) {
	return h.handleAll(ctx, id, meta, cmd)
}

// handleAll decides several commands in order; their events are appended together or not at all.
func (h *handler[S, C, E]) handleAll(ctx context.Context, id string, meta eventstore.Metadata, cmds ...C) (Result[E], error) {
	return h.submit(ctx, id, &request[S, C, E]{meta: meta, cmds: cmds, done: make(chan struct{})})
}

// begin is handleAll for an aggregate that most likely is not there yet: it is decided on nothing, without reading first. One that is
// there after all is read and decided on like any other, unless its first events are those of this very command.
func (h *handler[S, C, E]) begin(ctx context.Context, id string, meta eventstore.Metadata, cmds ...C) (Result[E], error) {
	return h.submit(ctx, id, &request[S, C, E]{meta: meta, cmds: cmds, begins: true, done: make(chan struct{})})
}

func (h *handler[S, C, E]) submit(ctx context.Context, id string, r *request[S, C, E]) (Result[E], error) {
	if h.lanes.enter(id, r) {
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

// query answers a question about an aggregate as it is now, its stream's end included.
func query[T, S, C any, E domain.Event](ctx context.Context, h *handler[S, C, E], id string, ask func(S) T) (T, error) {
	var answer T
	r := &request[S, C, E]{look: func(s S) { answer = ask(s) }, done: make(chan struct{})}
	if _, err := h.submit(ctx, id, r); err != nil {
		var none T
		return none, err
	}
	return answer, nil
}

// drain works off what waits for one stream until nothing does.
func (h *handler[S, C, E]) drain(ctx context.Context, id string) {
	for {
		batch := h.lanes.next(id, maxShared)
		if batch == nil {
			return
		}
		h.process(ctx, id, batch)
		for _, r := range batch {
			close(r.done)
		}
	}
}

// process decides a batch on one state and appends the outcome; who was refused does not hinder the others.
func (h *handler[S, C, E]) process(ctx context.Context, id string, batch []*request[S, C, E]) {
	ctx, cancel := context.WithTimeout(ctx, appendTime)
	defer cancel()
	for attempt := 1; ; attempt++ {
		err := h.attempt(ctx, id, batch, attempt == 1 && batch[0].begins)
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
			continue // somebody else was first: load again and decide on what is true now
		case errors.Is(err, eventstore.ErrWrongRevision):
			err = ErrBusy
		}
		for _, r := range batch {
			r.fail(err)
		}
		return
	}
}

func (h *handler[S, C, E]) attempt(ctx context.Context, id string, batch []*request[S, C, E], begins bool) (err error) {
	defer func() {
		if err != nil {
			h.folds.Remove(id) // it may have been evolved further than the stream
		}
	}()
	f, err := h.load(ctx, id, begins)
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
			r.result.Events = events
			changes = append(changes, eventstore.Change{Meta: r.meta, Events: eventstore.Events(events)})
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
