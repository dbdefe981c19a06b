package commands

import (
	"context"
	"fmt"

	"parley/eventstore"
)

// fold is a stream folded to a state, with what is needed to recognise a command that came before.
type fold[S any] struct {
	state    S
	revision eventstore.Revision
	position eventstore.Position
	commands map[string]outcome
	fresh    bool              // read from the log during this attempt, so a refusal needs no second look
	pending  bool              // evolved by events that are not appended yet
	deciding map[string]string // digests by id of the commands whose events are not appended yet
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

// load returns the cached fold, or reads the stream. With begins it takes the stream to be empty instead; the append tells.
func (h *handler[S, C, E]) load(ctx context.Context, id string, begins bool) (*fold[S], error) {
	if f, ok := h.folds.Get(id); ok {
		f.fresh, f.pending, f.deciding = false, false, nil
		return f, nil
	}
	f := &fold[S]{state: h.decider.Initial, revision: eventstore.NoStream}
	if begins {
		return f, nil
	}
	return f, h.readOn(ctx, id, f)
}

// readOn folds what the stream holds beyond the fold.
func (h *handler[S, C, E]) readOn(ctx context.Context, id string, f *fold[S]) error {
	stream := h.decider.Stream(id)
	history, err := h.store.Read(ctx, stream, uint64(f.revision+1))
	if err != nil {
		return err
	}
	for _, r := range history.Events {
		e, ok := r.Event.(E)
		if !ok {
			return fmt.Errorf("fold %s: revision %d is %s, which this version does not know", stream, r.Revision, r.Type)
		}
		f.state = h.decider.Evolve(f.state, e)
		f.remember(r.Metadata, r.Position)
		f.revision, f.position = eventstore.Revision(r.Revision), r.Position
	}
	f.fresh = true
	return nil
}

// decide answers one request on the fold and evolves it. A refusal, or "already so", is confirmed on the stream's end first.
func (h *handler[S, C, E]) decide(ctx context.Context, id string, f *fold[S], r *request[S, C, E]) ([]E, error) {
	events, err := h.decideOnce(f, r)
	if (err == nil && len(events) > 0) || f.fresh || f.pending {
		return events, err
	}
	before := f.revision
	if err := h.readOn(ctx, id, f); err != nil {
		return nil, err
	}
	if f.revision == before {
		return events, err
	}
	return h.decideOnce(f, r)
}

// decideOnce decides a request's commands in order. States are never changed in place, so a refusal leaves the fold as it was.
func (h *handler[S, C, E]) decideOnce(f *fold[S], r *request[S, C, E]) ([]E, error) {
	if before, ok := f.commands[r.meta.CommandID]; ok && r.meta.CommandID != "" {
		if before.digest != r.meta.Digest {
			return nil, ErrCommandReused
		}
		r.result.Position = before.position
		return nil, nil
	}
	if digest, ok := f.deciding[r.meta.CommandID]; ok && r.meta.CommandID != "" { // it came twice at the same moment
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
