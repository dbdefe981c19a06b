package node

import "context"

// proposed is one event somebody wants to append.
type proposed struct {
	id       [16]byte
	kind     string
	json     bool
	data     []byte
	metadata []byte
}

type action int

const (
	actionAppend action = iota
	actionDelete
	actionTombstone
)

// proposal is one atomic write to one stream, waiting for the writer.
type proposal struct {
	ctx      context.Context // of whoever waits for the outcome
	action   action
	stream   string
	expected expectation
	events   []proposed
	done     chan outcome // buffered, so that the writer never waits for whoever asked
}

// outcome is the writer's answer. With err set nothing else counts.
type outcome struct {
	err      error
	verdict  verdict
	revision int64 // of the last event of the append; with a wrong version the stream's own, -1 if none
	position int64 // of that event; 0 when nothing was written
}

func (p *proposal) ids() [][16]byte {
	ids := make([][16]byte, len(p.events))
	for i := range p.events {
		ids[i] = p.events[i].id
	}
	return ids
}

func (p *proposal) size() int {
	size := 0
	for i := range p.events {
		size += len(p.events[i].data) + len(p.events[i].metadata)
	}
	return size
}

// submit hands the proposal to the writer and waits for the outcome.
func (w *writer) submit(ctx context.Context, p *proposal) (outcome, error) {
	p.ctx, p.done = ctx, make(chan outcome, 1)
	select {
	case w.queue <- p:
	case <-ctx.Done():
		return outcome{}, errNotInTime
	case <-w.closed:
		return outcome{}, errStopping
	}
	select {
	case out := <-p.done:
		return out, out.err
	case <-ctx.Done():
		return outcome{}, errNotInTime
	case <-w.done:
	}
	select {
	case out := <-p.done:
		return out, out.err
	default:
		return outcome{}, errStopping // the writer had already left
	}
}
