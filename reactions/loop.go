package reactions

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"parley/domain"
	"parley/eventstore"
	"parley/projections"
)

// loop goes through one work list at start, whenever rows it is made of have changed, and when it asked for it.
type loop struct {
	name string
	// sweep works the list off and says how long until it is worth looking again though nothing changes; 0 is idle.
	sweep func(ctx context.Context) (again time.Duration, err error)
	gap   time.Duration // between two sweeps at least
	idle  time.Duration // between two sweeps at most
	wake  chan struct{} // rung by the loop's own workers; may be nil
	of    []string      // the tables whose changes are a reason to look, named as their views; none: only time is
	stop  func()        // called when the loop has ended, where it is given
}

const longestFailurePause = 10 * time.Second

func runLoops(ctx context.Context, log *slog.Logger, b *bell, loops []loop) {
	var all sync.WaitGroup
	for _, l := range loops {
		rung := b.listen(l.of)
		all.Go(func() {
			l.run(ctx, log, rung)
			if l.stop != nil {
				l.stop()
			}
		})
	}
	all.Wait()
}

func (l loop) run(ctx context.Context, log *slog.Logger, rung <-chan struct{}) {
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
			wait := min(100*time.Millisecond<<min(failures, 8), longestFailurePause)
			log.Warn("a reaction failed and will be tried again", "reaction", l.name, "failures", failures, "error", describe(err))
			pause(ctx, wait/2+rand.N(wait))
			continue
		}
		failures = 0
		// Work that takes long must not take all there is: the gap grows with it.
		gap := max(l.gap, 3*took)
		pause(ctx, gap)
		if again <= 0 || again > l.idle {
			again = l.idle
		}
		wait := time.NewTimer(max(again-gap, 0))
		select {
		case <-ctx.Done():
		case <-rung:
		case <-l.wake:
		case <-wait.C:
		}
		wait.Stop()
	}
}

// ring wakes a loop that may be asleep.
func ring(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// bell passes on to the loops that read models have changed.
type bell struct {
	mu   sync.Mutex
	rung []listening
}

type listening struct {
	to []string // tables
	c  chan struct{}
}

func newBell(l *projections.Listener) (b *bell, stop func()) {
	b = new(bell)
	return b, l.On("changes", b.ring, func() { b.ring("") })
}

func (b *bell) listen(tables []string) <-chan struct{} {
	if len(tables) == 0 {
		return nil
	}
	c := make(chan struct{}, 1)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.rung = append(b.rung, listening{to: tables, c: c})
	return c
}

// ring wakes the loops that an announcement concerns.
func (b *bell) ring(announcement string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, l := range b.rung {
		if projections.AnyOf(announcement, l.to) {
			ring(l.c)
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

// describe is an error without anything a log may not hold: a refusal's code, the database's code, or our own few words.
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
	return sqlCode(err)
}

// sqlCode is Postgres's code where the error is its own, since its words may quote values.
func sqlCode(err error) string {
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		return "SQLSTATE " + pg.Code
	}
	return err.Error()
}

// refused says whether a command was refused by a rule, which on a stale row is nothing to wonder about.
func refused(err error) bool {
	var r *domain.Refusal
	return errors.As(err, &r) && r.Kind != domain.Unavailable
}
