package node

import "context"

// proposed is one event to append.
type proposed struct {
	id       [16]byte
	kind     string
	json     bool
	data     []byte
	metadata []byte
}

// size counts the event as the protocol does.
func (e *proposed) size() int { return len(e.data) + len(e.metadata) + 2*len(e.kind) }

type action int

const (
	actionAppend action = iota
	actionDelete
	actionTombstone
)

// proposal is one atomic write to one stream, waiting for the writer.
type proposal struct {
	ctx      context.Context // of the caller waiting for the outcome
	action   action
	stream   string
	expected expectation
	events   []proposed
	done     chan outcome // buffered, so the writer never waits for the caller
}

// outcome is the writer's answer. If err is set, ignore the other fields.
type outcome struct {
	err      error
	verdict  verdict
	revision int64 // last event of the append; on a wrong version the stream's last one, -1 if none
	position int64 // of that event; the end of the log if the append was empty
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
		size += p.events[i].size()
	}
	return size
}

// submit queues the proposal for the writer and waits for the outcome.
func (w *writer) submit(ctx context.Context, p *proposal) (outcome, error) {
	if err := w.enqueue(ctx, p); err != nil {
		return outcome{}, err
	}
	return w.await(p)
}

// enqueue queues the proposal behind the ones that were queued before.
func (w *writer) enqueue(ctx context.Context, p *proposal) error {
	p.ctx, p.done = ctx, make(chan outcome, 1)
	select {
	case w.queue <- p:
		return nil
	case <-ctx.Done():
		return errTimeout
	case <-w.closed:
		return errStopping
	}
}

// await waits for the outcome of a queued proposal.
func (w *writer) await(p *proposal) (outcome, error) {
	select {
	case out := <-p.done:
		return out, out.err
	case <-p.ctx.Done():
		return outcome{}, errTimeout
	case <-w.done:
	}
	select {
	case out := <-p.done:
		return out, out.err
	default:
		return outcome{}, errStopping // the writer had ended
	}
}
