package eventstore

import (
	"context"
	"sync"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// inboxSize limits how far a subscription reads ahead of its consumer. Beyond it the event store has to wait.
const inboxSize = 4 * batchSize

// item is one message of a subscription: an event, a checkpoint (without an event), or the caught-up signal.
type item struct {
	position Position
	event    *esdb.RecordedEvent
	caughtUp bool
}

// inbox buffers a subscription's messages until the consumer is free. A batch is whatever has arrived by then.
type inbox struct {
	mu        sync.Mutex
	items     []item
	err       error
	ended     bool
	abandoned bool
	arrived   chan struct{} // holds a token when there is something to take
	space     *sync.Cond
}

func newInbox() *inbox {
	in := &inbox{arrived: make(chan struct{}, 1)}
	in.space = sync.NewCond(&in.mu)
	return in
}

// put blocks while the inbox is full.
func (in *inbox) put(it item) {
	in.mu.Lock()
	for len(in.items) >= inboxSize && !in.abandoned {
		in.space.Wait()
	}
	in.items = append(in.items, it)
	in.mu.Unlock()
	in.signal()
}

// close marks the end of the subscription and its reason.
func (in *inbox) close(err error) {
	in.mu.Lock()
	in.ended, in.err = true, err
	in.mu.Unlock()
	in.signal()
}

// abandon unblocks a waiting put.
func (in *inbox) abandon() {
	in.mu.Lock()
	in.abandoned = true
	in.mu.Unlock()
	in.space.Broadcast()
}

func (in *inbox) signal() {
	select {
	case in.arrived <- struct{}{}:
	default:
	}
}

// take returns up to limit items, waiting only for the first. It returns buffered
// items before the reason for the end.
func (in *inbox) take(ctx context.Context, retired <-chan struct{}, limit int) ([]item, error) {
	for {
		in.mu.Lock()
		if n := min(len(in.items), limit); n > 0 {
			taken := in.items[:n:n]
			in.items = in.items[n:]
			if len(in.items) == 0 {
				in.items = nil
			} else {
				in.signal()
			}
			in.mu.Unlock()
			in.space.Signal()
			return taken, nil
		}
		if in.ended {
			defer in.mu.Unlock()
			return nil, in.err
		}
		in.mu.Unlock()
		select {
		case <-in.arrived:
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-retired:
			return nil, errLost
		}
	}
}
