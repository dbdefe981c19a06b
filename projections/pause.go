package projections

import (
	"context"
	"math/rand/v2"
	"time"
)

// pause grows with every wait, each one shortened by chance so that many do not come back at once.
type pause struct {
	first, most, next time.Duration
	waited            time.Duration // in all
}

func newPause(first, most time.Duration) *pause { return &pause{first: first, most: most} }

// wait returns false when ctx ended first.
func (p *pause) wait(ctx context.Context) bool {
	p.next = min(max(p.next*2, p.first), p.most)
	d := p.next/2 + rand.N(p.next/2+1)
	p.waited += d
	return sleep(ctx, d)
}

func (p *pause) reset() { p.next = 0 }

// sleep returns false when ctx ended first.
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
