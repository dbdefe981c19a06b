// Package auth establishes who is asking: passwords, browser sessions, API tokens, and limits on guessing.
// What a person may do is decided by package access.
package auth

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/domain"
)

var (
	// ErrWrong is the only answer to a failed login, whatever the reason.
	ErrWrong = errors.New("login or password is wrong")
	// ErrUnauthenticated means there is no session or token, or it has ended.
	ErrUnauthenticated = errors.New("not signed in")
)

// ErrPassword refuses a new password that is too short or too long: see minPassword and maxPassword.
var ErrPassword = &domain.Refusal{
	Kind: domain.Invalid, Code: "PASSWORD_REFUSED", Message: "A password has at least 8 characters and at most 256 bytes.",
}

// ThrottledError means there were too many attempts.
type ThrottledError struct{ RetryAfter time.Duration }

func (e *ThrottledError) Error() string {
	return fmt.Sprintf("too many attempts; try again in %s", e.RetryAfter.Round(time.Second))
}

// Kind says how a caller authenticated.
type Kind string

// Browsers have a session, programs a token.
const (
	Session Kind = "session"
	Token   Kind = "token"
)

// Identity is an authenticated caller.
type Identity struct {
	UserID             string
	Kind               Kind
	ID                 string   // UUID of the session or token; not the secret
	Role               string   // caps a token's permissions; empty for a session
	Permissions        []string // the most a token may do; empty for a session
	MustChangePassword bool     // signed in with a password set by someone else
}

// Auth stores passwords, sessions and tokens in the schema ops. Safe for concurrent use.
type Auth struct {
	pool   *pgxpool.Pool
	clock  func() time.Time
	hashes chan struct{} // one slot per core: a hash takes 19 MiB and a full core
	params params
}

// New returns an Auth on a pool whose database has the schema ops.
func New(pool *pgxpool.Pool, clock func() time.Time) *Auth {
	return &Auth{pool: pool, clock: clock, hashes: make(chan struct{}, runtime.GOMAXPROCS(0)), params: current}
}

// Run calls Sweep every ten minutes until ctx ends. Failures are reported to failed and retried at the next
// tick.
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

// Sweep deletes expired sessions, old attempts and forgotten devices. It only keeps the tables small; nothing else depends on
// it.
func (a *Auth) Sweep(ctx context.Context) error {
	now := a.clock()
	_, err := a.pool.Exec(ctx,
		`DELETE FROM ops.sessions WHERE expires_at <= $1 OR last_used_at <= $2`, now, now.Add(-idleTimeout))
	if err != nil {
		return fmt.Errorf("sweep sessions: %w", err)
	}
	if _, err := a.pool.Exec(ctx, `DELETE FROM ops.login_attempts WHERE at <= $1`,
		now.Add(-attemptWindow)); err != nil {
		return fmt.Errorf("sweep login attempts: %w", err)
	}
	if _, err := a.pool.Exec(ctx, `DELETE FROM ops.devices WHERE last_used_at <= $1`,
		now.Add(-deviceLifetime)); err != nil {
		return fmt.Errorf("sweep devices: %w", err)
	}
	return nil
}
