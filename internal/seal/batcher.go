package seal

import (
	"context"
	"sync"
)

// keyBatcher creates keys for many callers with one statement. Callers that arrive while a statement runs
// share the next one.
type keyBatcher struct {
	mu      sync.Mutex
	next    *keyBatch
	running chan struct{} // holds a token while a statement runs
}

// keyBatch holds the subjects of the callers that share a statement.
type keyBatch struct {
	subjects []Subject
	done     chan struct{}
}

func newKeyBatcher() *keyBatcher { return &keyBatcher{running: make(chan struct{}, 1)} }

// join adds subjects to the next statement and waits for it. The first caller to arrive runs it. join does
// not report the outcome: callers check afterwards which keys exist.
func (b *keyBatcher) join(ctx context.Context, subjects []Subject, run func(context.Context, []Subject)) {
	b.mu.Lock()
	mine := b.next
	first := mine == nil
	if first {
		mine = &keyBatch{done: make(chan struct{})}
		b.next = mine
	}
	mine.subjects = append(mine.subjects, subjects...)
	b.mu.Unlock()
	if !first {
		select {
		case <-mine.done:
		case <-ctx.Done():
		}
		return
	}
	defer close(mine.done)
	select {
	case b.running <- struct{}{}:
		defer func() { <-b.running }()
	case <-ctx.Done():
	}
	b.mu.Lock()
	b.next = nil
	all := mine.subjects
	b.mu.Unlock()
	run(ctx, all)
}
