package commands

import (
	"sync"

	"parley/eventstore"
)

// request is one caller's command or query.
type request[S, C, E any] struct {
	meta      eventstore.Metadata
	cmds      []C
	assumeNew bool    // assume that the stream does not exist yet
	look      func(S) // gets the state at the end of the batch
	result    Result[E]
	err       error
	done      chan struct{}
}

func (r *request[S, C, E]) fail(err error) {
	r.result, r.err = Result[E]{}, err
}

// streamQueues holds the requests for each stream. One goroutine at a time works on a stream.
type streamQueues[S, C, E any] struct {
	mu      *sync.Mutex
	waiting map[string][]*request[S, C, E] // by stream id; present while a goroutine works on it
}

func newStreamQueues[S, C, E any]() streamQueues[S, C, E] {
	return streamQueues[S, C, E]{mu: new(sync.Mutex), waiting: make(map[string][]*request[S, C, E])}
}

// enter queues a request and reports whether the caller must start a goroutine for the stream.
func (q streamQueues[S, C, E]) enter(id string, r *request[S, C, E]) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting, busy := q.waiting[id]
	q.waiting[id] = append(waiting, r)
	return !busy
}

// next takes up to n requests. If there are none, it frees the stream and returns nil.
func (q streamQueues[S, C, E]) next(id string, n int) []*request[S, C, E] {
	q.mu.Lock()
	defer q.mu.Unlock()
	waiting := q.waiting[id]
	if len(waiting) == 0 {
		delete(q.waiting, id)
		return nil
	}
	n = min(n, len(waiting))
	q.waiting[id] = waiting[n:]
	return waiting[:n:n]
}
