package graphql

import (
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/time/rate"
)

// RateLimit bounds how often each user may do something.
type RateLimit struct {
	every rate.Limit
	burst int
	users *lru.Cache[string, *rate.Limiter]
}

// NewRateLimit allows each user n times per interval.
func NewRateLimit(n int, per time.Duration) RateLimit {
	users, err := lru.New[string, *rate.Limiter](10_000)
	if err != nil {
		panic(err) // the size is a constant above zero
	}
	return RateLimit{every: rate.Every(per / time.Duration(n)), burst: n, users: users}
}

// Allow counts an attempt and reports whether it is within the limit.
func (l RateLimit) Allow(user string) bool {
	fresh := rate.NewLimiter(l.every, l.burst)
	limiter, found, _ := l.users.PeekOrAdd(user, fresh)
	if !found {
		limiter = fresh
	}
	return limiter.Allow()
}
