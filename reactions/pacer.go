package reactions

import (
	"sync"
	"time"

	"golang.org/x/time/rate"

	"parley/channels"
)

const (
	defaultRate  = 80 // messages per second, unless the account says otherwise
	maxCalls     = 64 // concurrent calls per account
	stopPause    = time.Minute
	unclearPause = time.Second // after two unclear answers in a row; doubled by each further one
	recoverEvery = 10 * time.Second
)

// pacer limits one account's sending to its own rate and its own workers, so that a slow account delays no other.
type pacer struct {
	mu      sync.Mutex
	limiter *rate.Limiter
	allowed rate.Limit // from the account's settings
	changed time.Time  // last change of the rate
	paused  time.Time  // nothing is sent before
	unclear int        // answers in a row that leave the outcome unknown
	running int
}

func newPacer() *pacer { return &pacer{limiter: rate.NewLimiter(defaultRate, 1), allowed: defaultRate} }

// pace sets the account's rate, and lets a throttled account recover step by step.
func (p *pacer) pace(perSecond int, now time.Time) {
	allowed := rate.Limit(perSecond)
	if perSecond <= 0 {
		allowed = defaultRate
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	limit := p.limiter.Limit()
	switch {
	case allowed != p.allowed:
		limit = allowed
	case limit < allowed && now.Sub(p.changed) >= recoverEvery:
		limit = min(limit*1.25, allowed)
	default:
		return
	}
	p.allowed, p.changed = allowed, now
	p.limiter.SetLimit(limit)
	p.limiter.SetBurst(max(1, int(limit/10)))
}

// answered records that the provider answers clearly.
func (p *pacer) answered() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.unclear = 0
}

// effect applies the effect of a provider's error on the whole account. Each unclear answer in a row doubles a pause,
// so that an outage of the provider leaves a few messages in doubt and not all of them.
func (p *pacer) effect(e *channels.SendError, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if e.Outcome != channels.Unknown {
		p.unclear = 0
	} else if now.After(p.paused) { // count several calls in flight once
		if p.unclear++; p.unclear > 1 {
			p.pauseUntil(now.Add(min(unclearPause<<min(p.unclear-2, 10), stopPause)))
		}
	}
	switch e.Effect {
	case channels.SlowNumber:
		if now.After(p.paused) { // halve the rate once for several calls in flight
			p.limiter.SetLimit(max(p.limiter.Limit()/2, 0.2))
			p.limiter.SetBurst(1)
			p.changed = now
		}
		p.pauseUntil(now.Add(max(e.RetryAfter, time.Second)))
	case channels.StopAccount:
		p.pauseUntil(now.Add(max(e.RetryAfter, stopPause)))
	}
}

func (p *pacer) pauseUntil(t time.Time) {
	if t.After(p.paused) {
		p.paused = t
	}
}

// open reports whether messages may go out now and, if not, from when.
func (p *pacer) open(now time.Time) (bool, time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return !now.Before(p.paused), p.paused
}

func (p *pacer) enter() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running >= maxCalls {
		return false
	}
	p.running++
	return true
}

func (p *pacer) leave() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running--
}

func (p *pacer) full() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.running >= maxCalls
}
