package commands

import (
	"context"
	"fmt"

	"parley/eventstore"
	"parley/internal/bounded"
)

// fold holds the state of a stream, and its commands, to recognise repeated ones.
type fold[S any] struct {
	state    S
	revision eventstore.Revision
	position eventstore.Position
	commands map[string]outcome // by id
	fresh    bool               // read during this attempt, so a refusal needs no second read
	pending  bool               // includes events that are not appended yet
	deciding map[string]string  // digests of commands whose events are not appended yet, by id
}

// The estimated size of a fold in bytes: a fixed part, and for each event what the state and the list of
// commands keep of it.
const (
	foldBytes  = 1 << 10
	eventBytes = 512
)

func (f *fold[S]) size() int { return foldBytes + eventBytes*max(int(f.revision)+1, 0) }

func newFolds[S any](bytes int) *bounded.Cache[string, *fold[S]] {
	return bounded.New[string](bytes, cachedAtLeast, (*fold[S]).size)
}

type outcome struct {
	digest   string
	position eventstore.Position
}

func (f *fold[S]) remember(meta eventstore.Metadata, at eventstore.Position) {
	if f.commands == nil {
		f.commands = make(map[string]outcome)
	}
	f.commands[meta.CommandID] = outcome{digest: meta.Digest, position: at}
}

// load returns the cached fold or reads the stream. With assumeNew it assumes an empty stream
// instead; the append fails if that is wrong.
func (h *handler[S, C, E]) load(ctx context.Context, id string, assumeNew bool) (*fold[S], error) {
	if f, ok := h.folds.Get(id); ok {
		f.fresh, f.pending, f.deciding = false, false, nil
		return f, nil
	}
	f := &fold[S]{state: h.decider.Initial, revision: eventstore.NoStream}
	if assumeNew {
		return f, nil
	}
	return f, h.catchUp(ctx, id, f)
}

// catchUp adds the events after the fold's revision.
func (h *handler[S, C, E]) catchUp(ctx context.Context, id string, f *fold[S]) error {
	stream := h.decider.Stream(id)
	history, err := h.store.Read(ctx, stream, uint64(f.revision+1))
	if err != nil {
		return err
	}
	for _, r := range history.Events {
		e, ok := r.Event.(E)
		if !ok {
			return fmt.Errorf("fold %s: revision %d is %s, which this version does not know", stream,
				r.Revision, r.Type)
		}
		f.state = h.decider.Evolve(f.state, e)
		f.remember(r.Metadata, r.Position)
		f.revision, f.position = eventstore.Revision(r.Revision), r.Position
	}
	f.fresh = true
	return nil
}

// decide decides one request and evolves the fold. Before it returns a refusal or no events, it makes sure
// that the fold is current.
func (h *handler[S, C, E]) decide(ctx context.Context, id string, f *fold[S], r *request[S, C, E]) ([]E, error) {
	events, err := h.decideOnce(f, r)
	if (err == nil && len(events) > 0) || f.fresh || f.pending {
		return events, err
	}
	before := f.revision
	if err := h.catchUp(ctx, id, f); err != nil {
		return nil, err
	}
	if f.revision == before {
		return events, err
	}
	return h.decideOnce(f, r)
}

// decideOnce decides a request's commands in order. It never changes a state in
// place, so a refusal leaves the fold unchanged.
func (h *handler[S, C, E]) decideOnce(f *fold[S], r *request[S, C, E]) ([]E, error) {
	if before, ok := f.commands[r.meta.CommandID]; ok && r.meta.CommandID != "" {
		if before.digest != r.meta.Digest {
			return nil, ErrCommandReused
		}
		r.result.Position = before.position
		return nil, nil
	}
	if digest, ok := f.deciding[r.meta.CommandID]; ok && r.meta.CommandID != "" { // repeated within the same batch
		if digest != r.meta.Digest {
			return nil, ErrCommandReused
		}
		return nil, nil
	}
	var all []E
	state := f.state
	for _, cmd := range r.cmds {
		events, err := h.decider.Decide(state, cmd)
		if err != nil {
			return nil, err
		}
		for _, e := range events {
			state = h.decider.Evolve(state, e)
		}
		all = append(all, events...)
	}
	if len(all) > 0 {
		f.state, f.pending = state, true
		if f.deciding == nil {
			f.deciding = make(map[string]string)
		}
		f.deciding[r.meta.CommandID] = r.meta.Digest
	}
	return all, nil
}
