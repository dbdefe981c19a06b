package node

import (
	"context"
	"time"
)

const (
	maxGroup      = 1024             // proposals in one transaction
	maxGroupBytes = 8 << 20          // payload in one transaction, unless a single proposal is larger
	groupTimeout  = 10 * time.Second // a transaction that takes longer is given up; its outcome is unknown
)

// writer turns waiting proposals into transactions, one at a time, each with all that has queued up meanwhile.
type writer struct {
	queue  chan *proposal
	closed chan struct{} // no more proposals are taken
	done   chan struct{} // the last group is answered
	store  *groupStore
	tail   *tail
	health *health
	held   *proposal // taken from the queue but too large for the last group
}

func newWriter(store *groupStore, tail *tail, health *health) *writer {
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
		if proposals = stillWanted(proposals); len(proposals) > 0 {
			w.commit(proposals)
		}
	}
}

// stop refuses new proposals and waits until the ones already taken are answered.
func (w *writer) stop() {
	close(w.closed)
	<-w.done
}

// next waits for a proposal and takes along whatever else is there. Nil means that all work is done.
func (w *writer) next() []*proposal {
	first := w.held
	w.held = nil
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
				w.held = p
				return proposals
			}
			proposals = append(proposals, p)
		default:
			return proposals
		}
	}
	return proposals
}

// stillWanted leaves out what nobody waits for any more, so that a node that was slow for a while does not go on
// working off appends their callers have given up and are sending again.
func stillWanted(proposals []*proposal) []*proposal {
	wanted := proposals[:0]
	for _, p := range proposals {
		if p.ctx.Err() == nil {
			wanted = append(wanted, p)
		}
	}
	return wanted
}

// commit decides the proposals, makes them durable and only then answers.
func (w *writer) commit(proposals []*proposal) {
	ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
	defer cancel()
	outcomes, records, err := w.store.write(ctx, proposals)
	if err != nil {
		w.health.failed(err)
		err = unavailable(err)
		for _, p := range proposals {
			p.done <- outcome{err: err}
		}
		return
	}
	w.health.answered()
	w.tail.publish(records)
	for i, p := range proposals {
		p.done <- outcomes[i]
	}
}
