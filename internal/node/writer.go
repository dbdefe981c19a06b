package node

import (
	"context"
	"time"
)

const (
	maxGroup      = 1024             // proposals per transaction
	maxGroupBytes = 8 << 20          // payload per transaction, unless a single proposal is larger
	groupTimeout  = 10 * time.Second // per transaction; after that its outcome is unknown
	slowestDisk   = 2 << 20          // bytes a second; the transaction of a large append gets this much more time
)

// writer commits waiting proposals, one transaction at a time. Each takes all proposals queued by then.
type writer struct {
	queue    chan *proposal
	closed   chan struct{} // closed to refuse new proposals
	done     chan struct{} // closed when the last group is answered
	store    *appendStore
	tail     *tail
	health   *health
	deferred *proposal // did not fit into the last group
}

func newWriter(store *appendStore, tail *tail, health *health) *writer {
	return &writer{
		queue: make(chan *proposal, maxGroup), closed: make(chan struct{}), done: make(chan struct{}),
		store: store, tail: tail, health: health,
	}
}

// run works until stop is called and the queue is empty.
func (w *writer) run() {
	defer close(w.done)
	defer w.store.close()
	for {
		proposals := w.next()
		if proposals == nil {
			return
		}
		if proposals = withoutAbandoned(proposals); len(proposals) > 0 {
			w.commit(proposals)
		}
	}
}

// stop refuses new proposals and waits until the accepted ones are answered.
func (w *writer) stop() {
	close(w.closed)
	<-w.done
}

// next waits for a proposal and takes whatever else is queued. It returns nil when all work is done.
func (w *writer) next() []*proposal {
	first := w.deferred
	w.deferred = nil
	if first == nil {
		select {
		case first = <-w.queue:
		default:
			select {
			case first = <-w.queue:
			case <-w.closed:
				select {
				case first = <-w.queue:
				default:
					return nil
				}
			}
		}
	}
	proposals, size := []*proposal{first}, first.size()
	for len(proposals) < maxGroup {
		select {
		case p := <-w.queue:
			if size += p.size(); size > maxGroupBytes {
				w.deferred = p
				return proposals
			}
			proposals = append(proposals, p)
		default:
			return proposals
		}
	}
	return proposals
}

// withoutAbandoned drops proposals whose callers have given up. Otherwise, after a slow period, the node would
// write appends that their callers are already sending again.
func withoutAbandoned(proposals []*proposal) []*proposal {
	wanted := proposals[:0]
	for _, p := range proposals {
		if p.ctx.Err() == nil {
			wanted = append(wanted, p)
		}
	}
	return wanted
}

// commit decides the proposals, makes them durable and then replies.
func (w *writer) commit(proposals []*proposal) {
	size := 0
	for _, p := range proposals {
		size += p.size()
	}
	limit := groupTimeout + time.Duration(size/slowestDisk)*time.Second
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	outcomes, group, err := w.store.write(ctx, proposals)
	if err != nil {
		w.health.failed(err)
		err = unavailable(err)
		for _, p := range proposals {
			p.done <- outcome{err: err}
		}
		return
	}
	w.health.succeeded()
	w.tail.publish(group.before, group.records)
	for i, p := range proposals {
		p.done <- outcomes[i]
	}
}
