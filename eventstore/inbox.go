package eventstore

import (
	"context"
	"sync"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// inboxSize is how far a subscription is read ahead of its consumer. Beyond it the store is made to wait.
const inboxSize = 4 * batchSize

// item is one message of a subscription: an event, a checkpoint (no event), or word that the end was reached.
type item struct {
	position Position
	event    *esdb.RecordedEvent
	caughtUp bool
}

// inbox is where a subscription's messages wait until the consumer is free, so that a batch is whatever has arrived.
type inbox struct {
	mu        sync.Mutex
	items     []item
	err       error
	ended     bool
	abandoned bool
	arrived   chan struct{} // holds a token when there is something to look at
	space     *sync.Cond
}

func newInbox() *inbox {
	in := &inbox{arrived: make(chan struct{}, 1)}
	in.space = sync.NewCond(&in.mu)
	return in
}

// put waits while the inbox is full.
func (in *inbox) put(it item) {
	in.mu.Lock()
	for len(in.items) >= inboxSize && !in.abandoned {
		in.space.Wait()
	}
	in.items = append(in.items, it)
	in.mu.Unlock()
	in.signal()
}

// close says that nothing more will come, and why.
func (in *inbox) close(err error) {
	in.mu.Lock()
	in.ended, in.err = true, err
	in.mu.Unlock()
	in.signal()
}

// abandon lets a waiting put go.
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

// take returns what is there, at most limit items, and waits only for the first. What arrived before the end is
// returned before the reason of the end.
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
