// Package auth knows who is asking: passwords, sessions of browsers, tokens of programs, and how often one may guess.
// What the person may do is for package access.
package auth

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
)

var (
	// ErrWrong is the one answer to a login that does not fit, whatever the reason.
	ErrWrong = errors.New("login or password is wrong")
	// ErrUnauthenticated says there is no session or token, or it has ended.
	ErrUnauthenticated = errors.New("not signed in")
	// ErrPassword says a new password cannot be taken.
	ErrPassword = fmt.Errorf("a password has at least %d characters and at most %d bytes", minPassword, maxPassword)
)

// ThrottledError says there were too many attempts.
type ThrottledError struct{ RetryAfter time.Duration }

func (e *ThrottledError) Error() string {
	return fmt.Sprintf("too many attempts; try again in %s", e.RetryAfter.Round(time.Second))
}

// Kind says how somebody proved who he is.
type Kind string

// A browser has a session, a program a token.
const (
	Session Kind = "session"
	Token   Kind = "token"
)

// Identity is who is asking, proved.
type Identity struct {
	UserID             string
	Kind               Kind
	ID                 string // of the session or token, a UUID; not what proves it
	Role               string // a token's rights end at this role; empty for a session
	MustChangePassword bool   // signed in with a password that somebody else set
}

// Auth keeps all of it in the schema ops. Safe for concurrent use.
type Auth struct {
	pool   *pgxpool.Pool
	clock  func() time.Time
	hashes chan struct{} // one place per core: each hash takes 19 MiB and a core
	params params
}

// New makes an Auth over a pool whose database has the schema ops.
func New(pool *pgxpool.Pool, clock func() time.Time) *Auth {
	return &Auth{pool: pool, clock: clock, hashes: make(chan struct{}, runtime.GOMAXPROCS(0)), params: current}
}

// Run removes what has run out every ten minutes, until ctx ends. A failure is left to the next time.
func (a *Auth) Run(ctx context.Context, failed func(error)) {
	every := time.NewTicker(10 * time.Minute)
	defer every.Stop()
	for {
		if err := a.Sweep(ctx); err != nil && ctx.Err() == nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			return
		case <-every.C:
		}
	}
}

// Sweep removes sessions and attempts that have run out. Nothing depends on it but the tables' size.
func (a *Auth) Sweep(ctx context.Context) error {
	now := a.clock()
	if _, err := a.pool.Exec(ctx, `DELETE FROM ops.sessions WHERE expires_at <= $1 OR last_used_at <= $2`, now, now.Add(-idleTime)); err != nil {
		return fmt.Errorf("sweep sessions: %w", err)
	}
	if _, err := a.pool.Exec(ctx, `DELETE FROM ops.login_attempts WHERE at <= $1`, now.Add(-window)); err != nil {
		return fmt.Errorf("sweep login attempts: %w", err)
	}
	return nil
}
