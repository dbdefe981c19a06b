package reactions

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley/channels"
)

const (
	usualRate    = 80 // messages a second, where the account says nothing
	perAccount   = 64 // calls to a provider at once
	stopPause    = time.Minute
	recoverEvery = 10 * time.Second
)

// lane is one account's way out: its own pace and its own workers, so that a slow account keeps nobody else waiting.
type lane struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	allowed rate.Limit // by the account's settings
	changed time.Time  // when the pace was last changed
	paused  time.Time  // nothing goes out before
	running int
}

func newLane() *lane { return &lane{limiter: rate.NewLimiter(usualRate, 1), allowed: usualRate} }

// pace sets how fast the account may send, and lets a lane that was slowed down recover bit by bit.
func (l *lane) pace(perSecond int, now time.Time) {
	allowed := rate.Limit(perSecond)
	if perSecond <= 0 {
		allowed = usualRate
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	limit := l.limiter.Limit()
	switch {
	case allowed != l.allowed:
		limit = allowed
	case limit < allowed && now.Sub(l.changed) >= recoverEvery:
		limit = min(limit*1.25, allowed)
	default:
		return
	}
	l.allowed, l.changed = allowed, now
	l.limiter.SetLimit(limit)
	l.limiter.SetBurst(max(1, int(limit/10)))
}

// effect does to the lane what an error of the provider means for the whole account.
func (l *lane) effect(e *channels.SendError, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch e.Effect {
	case channels.SlowNumber:
		if now.After(l.paused) { // one of several calls that were under way together
			l.limiter.SetLimit(max(l.limiter.Limit()/2, 0.2))
			l.limiter.SetBurst(1)
			l.changed = now
		}
		l.pauseUntil(now.Add(max(e.RetryAfter, time.Second)))
	case channels.StopAccount:
		l.pauseUntil(now.Add(max(e.RetryAfter, stopPause)))
	}
}

func (l *lane) pauseUntil(t time.Time) {
	if t.After(l.paused) {
		l.paused = t
	}
}

// open says whether anything may go out, and if not, from when on.
func (l *lane) open(now time.Time) (bool, time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return !now.Before(l.paused), l.paused
}

func (l *lane) enter() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.running >= perAccount {
		return false
	}
	l.running++
	return true
}

func (l *lane) leave() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.running--
}

func (l *lane) full() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.running >= perAccount
}
