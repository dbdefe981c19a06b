package monitoring

import (
	"sync"
	"time"

	"parley/projections/engine"
)

// staleAfter is how old the oldest event may be that screens do not show before anyone is told.
const staleAfter = 15 * time.Second

// Freshness knows whether screens show everything that has happened.
type Freshness struct {
	now     func() time.Time
	changed func()

	mu    sync.Mutex
	stale bool
	since time.Time // when the oldest event or delivery that screens do not show arrived; zero if unknown
}

// NewFreshness returns the freshness of one process's screens. changed is called when they become stale or fresh
// again, and when their age jumps.
func NewFreshness(now func() time.Time, changed func()) *Freshness {
	return &Freshness{now: now, changed: changed}
}

// Behind reports whether screens miss something, and for how long already: 0 if that is not known.
func (f *Freshness) Behind() (age time.Duration, stale bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.stale || f.since.IsZero() {
		return 0, f.stale
	}
	return max(0, f.now().Sub(f.since)), true
}

// observe takes note of the read models and of the oldest delivery in the local queue.
func (f *Freshness) observe(now time.Time, view engine.View, oldestDelivery time.Time) {
	since := view.OldestUnseen()
	if !oldestDelivery.IsZero() && (since.IsZero() || oldestDelivery.Before(since)) {
		since = oldestDelivery
	}
	stale := age(now, since) > staleAfter
	for _, s := range view.Models {
		stale = stale || s.Stuck()
	}
	f.mu.Lock()
	moved := since.Sub(f.since).Abs() > watchEvery || since.IsZero() != f.since.IsZero()
	changed := stale != f.stale || stale && moved
	if changed || !stale {
		f.stale, f.since = stale, since
	}
	f.mu.Unlock()
	if changed {
		f.changed()
	}
}
