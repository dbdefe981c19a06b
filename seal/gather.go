package seal

import (
	"context"
	"sync"
)

// gathering makes keys for many callers with one statement: who comes while one runs shares the next.
type gathering struct {
	mu      sync.Mutex
	next    *gathered
	running chan struct{} // holds a token while a statement runs
}

// gathered are those who share a statement.
type gathered struct {
	subjects []Subject
	done     chan struct{}
}

func newGathering() *gathering { return &gathering{running: make(chan struct{}, 1)} }

// join adds subjects to the next statement and waits for it. Whoever is first to wait runs it. How it ended is for each caller to
// find out.
func (g *gathering) join(ctx context.Context, subjects []Subject, run func(context.Context, []Subject)) {
	g.mu.Lock()
	mine := g.next
	first := mine == nil
	if first {
		mine = &gathered{done: make(chan struct{})}
		g.next = mine
	}
	mine.subjects = append(mine.subjects, subjects...)
	g.mu.Unlock()
	if !first {
		select {
		case <-mine.done:
		case <-ctx.Done():
		}
		return
	}
	defer close(mine.done)
	select {
	case g.running <- struct{}{}:
		defer func() { <-g.running }()
	case <-ctx.Done():
	}
	g.mu.Lock()
	g.next = nil
	all := mine.subjects
	g.mu.Unlock()
	run(ctx, all)
}
