package main

import (
	"context"
	"errors"
	"sync"

	"parley/auth"
)

// sessionEnded is the channel on which sign-in says whose session or token has ended.
const sessionEnded = "session_ended"

// openSockets ends the sockets of sessions and tokens that have ended, also in another process.
type openSockets struct {
	holds func(context.Context, auth.Identity) error

	mu     sync.Mutex
	byUser map[string]map[*openSocket]struct{}
}

type openSocket struct {
	who auth.Identity
	end context.CancelFunc
}

func newOpenSockets(a *auth.Auth) *openSockets {
	return &openSockets{holds: a.Holds, byUser: make(map[string]map[*openSocket]struct{})}
}

// Open gives a socket a context that ends when its session or token does; call done when the socket is gone.
func (o *openSockets) Open(ctx context.Context, who auth.Identity) (_ context.Context, done func()) {
	ctx, end := context.WithCancel(ctx)
	s := &openSocket{who: who, end: end}
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.byUser[who.UserID] == nil {
		o.byUser[who.UserID] = make(map[*openSocket]struct{})
	}
	o.byUser[who.UserID][s] = struct{}{}
	return ctx, func() {
		end()
		o.mu.Lock()
		defer o.mu.Unlock()
		delete(o.byUser[who.UserID], s)
		if len(o.byUser[who.UserID]) == 0 {
			delete(o.byUser, who.UserID)
		}
	}
}

// Ended looks again at the sockets of one user.
func (o *openSockets) Ended(user string) {
	go o.check(o.of(user))
}

// Again looks at all sockets: some endings may have gone unheard.
func (o *openSockets) Again() {
	o.mu.Lock()
	users := make([]string, 0, len(o.byUser))
	for user := range o.byUser {
		users = append(users, user)
	}
	o.mu.Unlock()
	go func() {
		for _, user := range users {
			o.check(o.of(user))
		}
	}()
}

func (o *openSockets) of(user string) []*openSocket {
	o.mu.Lock()
	defer o.mu.Unlock()
	all := make([]*openSocket, 0, len(o.byUser[user]))
	for s := range o.byUser[user] {
		all = append(all, s)
	}
	return all
}

// check ends those that no longer hold. While the database is away everybody stays who he was.
func (o *openSockets) check(sockets []*openSocket) {
	for _, s := range sockets {
		if errors.Is(o.holds(context.Background(), s.who), auth.ErrUnauthenticated) {
			s.end()
		}
	}
}
