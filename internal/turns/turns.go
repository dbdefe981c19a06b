// Package turns limits how much of one kind of work each user has in progress. What exceeds the limit waits for its
// turn, each user's in a line of its own, so that no one can keep the others waiting.
package turns

import (
	"context"
	"sync"
	"time"

	"parley/domain"
)

// ErrTooMany refuses work of a user who already has a great deal in progress.
var ErrTooMany = &domain.Refusal{
	Kind: domain.Unavailable, Code: "TOO_MANY_AT_ONCE", Message: "Too many requests at once. Try again in a moment.",
}

// Limits says how much of one kind of work may be in progress.
type Limits struct {
	Each     int           // of one user
	All      int           // of all users together; 0: any number
	Waiting  int           // in one user's line; more is refused at once; 0: any number
	Patience time.Duration // how long work waits before it is refused; 0: as long as its context allows
	// Rest makes a user pause after each piece of work for this many times as long as it took, at most a
	// second. A user who never stops thus leaves most of the processor to others, and no one else notices the
	// pause.
	Rest int
}

// Turns admits work within its limits.
type Turns struct {
	Limits
	all chan struct{} // nil: any number

	mu    sync.Mutex
	lines map[domain.UserID]*line
}

// line holds the work of one user.
type line struct {
	slots  chan struct{}
	inside int // in progress or waiting
}

// New returns an empty Turns.
func New(l Limits) *Turns {
	t := &Turns{Limits: l, lines: make(map[domain.UserID]*line)}
	if l.All > 0 {
		t.all = make(chan struct{}, l.All)
	}
	return t
}

// Enter waits for the user's turn. Call leave when the work is done; a second call changes nothing. Enter returns
// ErrTooMany if too much is waiting already or for too long, and ctx's error if ctx ends first.
func (t *Turns) Enter(ctx context.Context, user domain.UserID) (leave func(), err error) {
	own, ok := t.join(user)
	if !ok {
		return nil, ErrTooMany
	}
	var late <-chan time.Time // never, without a limit
	if t.Patience > 0 {
		timer := time.NewTimer(t.Patience)
		defer timer.Stop()
		late = timer.C
	}
	if err := take(ctx, own.slots, late); err != nil {
		t.part(user, own)
		return nil, err
	}
	began := time.Now()
	free := func() { <-own.slots; t.part(user, own) }
	out := func() { t.rest(began, free) }
	if t.all == nil {
		return sync.OnceFunc(out), nil
	}
	if err := take(ctx, t.all, late); err != nil {
		free()
		return nil, err
	}
	began = time.Now()
	return sync.OnceFunc(func() { <-t.all; out() }), nil
}

// take takes a slot as soon as one is free.
func take(ctx context.Context, slots chan<- struct{}, late <-chan time.Time) error {
	select {
	case slots <- struct{}{}:
		return nil
	case <-late:
		return ErrTooMany
	case <-ctx.Done():
		return ctx.Err()
	}
}

// rest calls leave after a pause in proportion to the time since the work began.
func (t *Turns) rest(began time.Time, leave func()) {
	if pause := min(time.Since(began)*time.Duration(t.Rest), time.Second); pause > 0 {
		time.AfterFunc(pause, leave)
		return
	}
	leave()
}

// join adds work to the user's line, unless the line is full.
func (t *Turns) join(user domain.UserID) (*line, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	own := t.lines[user]
	if own == nil {
		own = &line{slots: make(chan struct{}, t.Each)}
		t.lines[user] = own
	}
	if t.Waiting > 0 && own.inside >= t.Each+t.Waiting {
		return nil, false
	}
	own.inside++
	return own, true
}

// part removes work from the user's line.
func (t *Turns) part(user domain.UserID, own *line) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if own.inside--; own.inside == 0 {
		delete(t.lines, user)
	}
}
