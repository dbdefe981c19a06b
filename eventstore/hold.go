package eventstore

import (
	"sync"

	"parley/domain"
)

// ErrMoving reports that nothing was appended, because the deployment is moving to another event store.
var ErrMoving = &domain.Refusal{
	Kind: domain.Unavailable, Code: "MOVING",
	Message: "Parley is moving to another event store. Please try again in a few seconds.",
}

// hold stops the appends of one process.
type hold struct {
	mu   sync.Mutex
	why  error          // why appends are held, or nil
	open sync.WaitGroup // appends in flight
}

// enter registers an append, unless appends are held.
func (h *hold) enter() error {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.why == nil {
		h.open.Add(1)
	}
	return h.why
}

// HoldAppends makes new appends fail with this error and waits for those in flight. Reads and subscriptions
// continue.
func (s *Store) HoldAppends(why error) {
	s.hold.mu.Lock()
	s.hold.why = why
	s.hold.mu.Unlock()
	s.hold.open.Wait()
}

// AllowAppends lets appends through again.
func (s *Store) AllowAppends() {
	s.hold.mu.Lock()
	s.hold.why = nil
	s.hold.mu.Unlock()
}
