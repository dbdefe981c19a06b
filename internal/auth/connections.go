package auth

import (
	"context"
	"errors"
	"sync"
)

// SessionEnded is the Postgres notification channel that names the user whose session or token has ended.
const SessionEnded = "session_ended"

// Connections closes long-lived connections when their session or token ends, in whichever process that happens.
type Connections struct {
	recheck func(context.Context, Identity) error

	mu     sync.Mutex
	byUser map[string]map[*connection]struct{}
}

type connection struct {
	who Identity
	end context.CancelFunc
}

// NewConnections makes the registry of one process.
func NewConnections(a *Auth) *Connections {
	return &Connections{recheck: a.Recheck, byUser: make(map[string]map[*connection]struct{})}
}

// Open returns a context that ends with the session or token. Call done when the connection is closed.
func (c *Connections) Open(ctx context.Context, who Identity) (_ context.Context, done func()) {
	ctx, end := context.WithCancel(ctx)
	opened := &connection{who: who, end: end}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byUser[who.UserID] == nil {
		c.byUser[who.UserID] = make(map[*connection]struct{})
	}
	c.byUser[who.UserID][opened] = struct{}{}
	return ctx, func() {
		end()
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.byUser[who.UserID], opened)
		if len(c.byUser[who.UserID]) == 0 {
			delete(c.byUser, who.UserID)
		}
	}
}

// CheckUser closes a user's connections whose session or token has ended. It returns at once.
func (c *Connections) CheckUser(user string) {
	go c.check(c.of(user))
}

// CheckAll does the same for every user. Call it after notifications may have been missed.
func (c *Connections) CheckAll() {
	c.mu.Lock()
	users := make([]string, 0, len(c.byUser))
	for user := range c.byUser {
		users = append(users, user)
	}
	c.mu.Unlock()
	go func() {
		for _, user := range users {
			c.check(c.of(user))
		}
	}()
}

func (c *Connections) of(user string) []*connection {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make([]*connection, 0, len(c.byUser[user]))
	for opened := range c.byUser[user] {
		all = append(all, opened)
	}
	return all
}

// check closes the connections whose session or token has ended. If the database does not answer, it closes none.
func (c *Connections) check(connections []*connection) {
	for _, opened := range connections {
		if errors.Is(c.recheck(context.Background(), opened.who), ErrUnauthenticated) {
			opened.end()
		}
	}
}
