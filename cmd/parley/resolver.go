package main

import (
	"context"
	"time"

	"golang.org/x/time/rate"

	lru "github.com/hashicorp/golang-lru/v2"

	"parley/auth"
	"parley/channels/phone"
	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/user"
	"parley/files"
	"parley/graphql"
	"parley/seal"
)

// resolver is the API over this program.
func (p *program) resolver() *graphql.Resolver {
	return &graphql.Resolver{
		Commands: p.commands, DB: p.db, Store: p.store, Listener: p.listener, Hub: p.hub, Shared: graphql.NewShared(p.listener), Viewers: p.viewers, Secrets: p.secrets,
		Credentials: credentials{p.auth}, Cursors: seal.NewCursorSealer(p.deployment.IDKey), Drafts: p.drafts, Uploads: uploads{p.uploads},
		Searches: newLimiter(10, time.Minute), Heartbeats: p.heartbeats, Now: p.now, Log: p.log,
		Digest: func(content string) string { return p.deployment.IDKey.Tag8("command", content) }, Phone: phone.TypedWith,
	}
}

// uploads finds files for the API.
type uploads struct{ files *files.Uploads }

func (u uploads) Find(ctx context.Context, user, id string) (graphql.Attachment, error) {
	kind, media, err := u.files.Find(ctx, user, id)
	return graphql.Attachment{Kind: kind, Media: media}, err
}

func (u uploads) Keep(ctx context.Context, user, id string) (interaction.Media, error) {
	return u.files.Keep(ctx, user, id)
}

// credentials sets passwords and makes tokens for the API.
type credentials struct{ auth *auth.Auth }

// errPassword says a password cannot be taken.
var errPassword = &domain.Refusal{Kind: domain.Invalid, Code: "PASSWORD_REFUSED", Message: auth.ErrPassword.Error()}

func (c credentials) CheckNewPassword(password string) error {
	if auth.CheckNewPassword(password) != nil {
		return errPassword
	}
	return nil
}

func (c credentials) SetPassword(ctx context.Context, user, password string, mustChange bool) error {
	return c.auth.SetPassword(ctx, user, password, mustChange)
}

func (c credentials) EndSessions(ctx context.Context, user string) error {
	return c.auth.EndSessions(ctx, user)
}

func (c credentials) CreateToken(ctx context.Context, id, name string, role user.Role, expires *time.Time) (string, error) {
	token, _, err := c.auth.CreateToken(ctx, auth.NewToken{UserID: id, Name: name, Role: string(role), ExpiresAt: expires})
	return token, err
}

// limiter allows each user so many per interval.
type limiter struct {
	every rate.Limit
	burst int
	users *lru.Cache[string, *rate.Limiter]
}

func newLimiter(n int, per time.Duration) limiter {
	users, err := lru.New[string, *rate.Limiter](10_000)
	if err != nil {
		panic(err) // the size is a constant above zero
	}
	return limiter{every: rate.Every(per / time.Duration(n)), burst: n, users: users}
}

// Allow counts one more.
func (l limiter) Allow(user string) bool {
	fresh := rate.NewLimiter(l.every, l.burst)
	known, found, _ := l.users.PeekOrAdd(user, fresh)
	if !found {
		known = fresh
	}
	return known.Allow()
}
