package reactions

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"parley/domain"
	"parley/eventstore"
	"parley/internal/database"
	"parley/projections/engine"
)

// loop processes one work queue: at the start, whenever one of the watched views changes, and when a sweep
// asks for the next one.
type loop struct {
	name string
	// sweep processes the queue. It returns when to sweep again even if nothing changes; 0 means after idle.
	sweep   func(ctx context.Context) (again time.Duration, err error)
	gap     time.Duration // minimum time between two sweeps
	idle    time.Duration // maximum time between two sweeps
	wake    chan struct{} // signalled by the loop's own workers; may be nil
	watches []string      // views whose changes trigger a sweep; if empty, only time does
	stop    func()        // called when the loop has ended; may be nil
}

const maxFailurePause = 10 * time.Second

func runLoops(ctx context.Context, log *slog.Logger, n *notifier, loops []loop) {
	var all sync.WaitGroup
	for _, l := range loops {
		changed := n.listen(l.watches)
		all.Go(func() {
			l.run(ctx, log, changed)
			if l.stop != nil {
				l.stop()
			}
		})
	}
	all.Wait()
}

func (l loop) run(ctx context.Context, log *slog.Logger, changed <-chan struct{}) {
	failures := 0
	for ctx.Err() == nil {
		began := time.Now()
		again, err := l.sweep(ctx)
		took := time.Since(began)
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			failures++
			wait := min(100*time.Millisecond<<min(failures, 8), maxFailurePause)
			log.Warn("a reaction failed and will be tried again", "reaction", l.name, "failures", failures,
				"error", describe(err))
			pause(ctx, wait/2+rand.N(wait))
			continue
		}
		failures = 0
		// The gap grows with the duration of the sweep, so that a slow sweep does not take all resources.
		gap := max(l.gap, 3*took)
		pause(ctx, gap)
		if again <= 0 || again > l.idle {
			again = l.idle
		}
		wait := time.NewTimer(max(again-gap, 0))
		select {
		case <-ctx.Done():
		case <-changed:
		case <-l.wake:
		case <-wait.C:
		}
		wait.Stop()
	}
}

// signal wakes a loop that may be asleep.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// notifier tells the loops when read models have changed.
type notifier struct {
	mu          sync.Mutex
	subscribers []subscriber
}

type subscriber struct {
	tables []string
	c      chan struct{}
}

func newNotifier(l *engine.Listener) (n *notifier, stop func()) {
	n = new(notifier)
	return n, l.On("changes", n.notify, func() { n.notify("") })
}

func (n *notifier) listen(tables []string) <-chan struct{} {
	if len(tables) == 0 {
		return nil
	}
	c := make(chan struct{}, 1)
	n.mu.Lock()
	defer n.mu.Unlock()
	n.subscribers = append(n.subscribers, subscriber{tables: tables, c: c})
	return c
}

// notify wakes the loops that an announcement concerns.
func (n *notifier) notify(announcement string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, l := range n.subscribers {
		if engine.Affects(announcement, l.tables) {
			signal(l.c)
		}
	}
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// describe returns an error in a form that is safe to log: a refusal's code, the database's code, or our own text.
func describe(err error) string {
	var refusal *domain.Refusal
	switch {
	case errors.As(err, &refusal):
		return refusal.Code
	case errors.Is(err, eventstore.ErrUnavailable):
		return "EVENT_STORE_UNAVAILABLE"
	case errors.Is(err, context.DeadlineExceeded):
		return "TIMEOUT"
	}
	return database.Describe(err)
}

// refused reports whether a rule refused the command, which is normal on a stale row.
func refused(err error) bool {
	var r *domain.Refusal
	return errors.As(err, &r) && r.Kind != domain.Unavailable
}
