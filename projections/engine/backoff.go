package engine

import (
	"context"
	"math/rand/v2"
	"time"
)

// backoff is an exponential delay with jitter, so that many waiters do not return at once.
type backoff struct {
	initial, max, next time.Duration
	total              time.Duration // time waited
}

func newBackoff(first, most time.Duration) *backoff { return &backoff{initial: first, max: most} }

// wait sleeps for the next delay. It returns false if ctx ended first.
func (p *backoff) wait(ctx context.Context) bool {
	p.next = min(max(p.next*2, p.initial), p.max)
	d := p.next/2 + rand.N(p.next/2+1)
	p.total += d
	return sleep(ctx, d)
}

func (p *backoff) reset() { p.next = 0 }

// sleep returns false if ctx ended first.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
