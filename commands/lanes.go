package commands

import (
	"sync"

	"parley/eventstore"
)

// request is one caller waiting for an answer.
type request[S, C, E any] struct {
	meta   eventstore.Metadata
	cmds   []C
	begins bool    // the stream most likely does not exist yet
	look   func(S) // asked on the state at the end of the batch
	result Result[E]
	err    error
	done   chan struct{}
}

func (r *request[S, C, E]) fail(err error) {
	r.result, r.err = Result[E]{}, err
}

// lanes lets one goroutine at a time work on a stream, while the others line up.
type lanes[S, C, E any] struct {
	mu      *sync.Mutex
	waiting map[string][]*request[S, C, E] // present while somebody works on the stream
}

func newLanes[S, C, E any]() lanes[S, C, E] {
	return lanes[S, C, E]{mu: new(sync.Mutex), waiting: make(map[string][]*request[S, C, E])}
}

// enter lines a request up and says whether the caller has to start working on the stream.
func (l lanes[S, C, E]) enter(id string, r *request[S, C, E]) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting, busy := l.waiting[id]
	l.waiting[id] = append(waiting, r)
	return !busy
}

// next takes what waits, at most n; nil means nothing does, and the stream is free again.
func (l lanes[S, C, E]) next(id string, n int) []*request[S, C, E] {
	l.mu.Lock()
	defer l.mu.Unlock()
	waiting := l.waiting[id]
	if len(waiting) == 0 {
		delete(l.waiting, id)
		return nil
	}
	n = min(n, len(waiting))
	l.waiting[id] = waiting[n:]
	return waiting[:n:n]
}
