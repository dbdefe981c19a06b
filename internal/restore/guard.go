// Package restore fills a new deployment from a backup, and recognises that the event log is an older copy of itself,
// however that was restored. What the copy calls queued may have been sent long ago, so nothing is sent until someone
// releases it.
package restore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/commands"
	"parley/domain/deployment"
	"parley/eventstore"
	"parley/internal/anchor"
	"parley/projections/engine"
)

const (
	keepEvery   = 2 * time.Second  // between two looks at the log
	bucketEvery = 10 * time.Second // between two notes in the bucket
	placeLimit  = 5 * time.Second  // for a place to answer
	keepLimit   = 15 * time.Second // for one look
	maxLag      = 5 * time.Second  // of one node of the event store behind another
)

// ErrRestored means that the log was replaced while this process ran. What the process remembers is no longer true.
var ErrRestored = errors.New("the event log was replaced by an older copy while this process ran; start it again " +
	"(nothing is sent to customers until someone releases it)")

// ErrMoved means that the read models were given to another log while this process ran.
var ErrMoved = errors.New("the deployment was moved to another event store while this process ran; correct " +
	"EVENTSTORE_URL and start it again")

// Config holds what a Guard needs.
type Config struct {
	Store    *eventstore.Store
	Commands *commands.Commands
	Pool     *pgxpool.Pool
	// Places keep how far the log had got, the data folder first.
	Places      anchor.Places
	Fingerprint string // of the deployment
	LogID       string // identity of the log in Store
	// Separate says that the log is kept outside the database of the read models, so that one can be restored without
	// the other.
	Separate bool
	Now      func() time.Time
	Log      *slog.Logger
}

// Guard keeps how far the log has got in places outside the database, and compares.
type Guard struct {
	Config

	queue struct {
		sync.Mutex
		next    *look // what callers wait for; nil if nobody does
		running bool
	}
	// The fields below belong to the goroutine that looks.
	head     anchor.Head         // the last event seen
	at       eventstore.Position // the end of the log when it was seen
	bucketAt time.Time           // when the bucket got its last note
	halted   bool                // it is known that the read models show what the log lacks

	replaced bool            // what Start found
	failing  map[string]bool // places that could not be written
}

// look is one comparison with the log. All callers who asked before it began share its result.
type look struct {
	done chan struct{}
	err  error
}

// New returns a guard. Start must be called before anything is sent.
func New(c Config) *Guard { return &Guard{Config: c, failing: make(map[string]bool)} }

// Start compares the log with what the places know and what the read models show. If it is an older copy, it records
// that, and sending is on hold.
func (g *Guard) Start(ctx context.Context) error {
	known := false
	lastSeen, replaced, err := engine.CheckLog(ctx, g.Pool, g.Store)
	if err == nil && replaced {
		g.halted, g.replaced = true, true
		err = g.record(ctx, lastSeen)
	}
	if err != nil {
		return fmt.Errorf("compare the event log with the read models: %w", err)
	}
	for i, place := range g.Places {
		limited, cancel := context.WithTimeout(ctx, placeLimit)
		head, found, err := anchor.ReadHead(limited, g.Fingerprint, place)
		cancel()
		if err != nil && i > 0 {
			g.Log.Warn("could not check how far the event log had got", "place", place.String(), "error", err)
			continue
		}
		if err != nil {
			return err
		}
		known = known || found
		if !found {
			continue
		}
		lost, err := g.lost(ctx, head.Mark)
		if err == nil && lost {
			err = g.record(ctx, head.SeenAt)
		}
		if err != nil {
			return fmt.Errorf("compare the event log with %s: %w", place, err)
		}
	}
	if err := g.look(ctx); err != nil {
		return err
	}
	if !known && !g.isNew() {
		g.Log.Warn("no place outside the database knows how far the event log had got, so whether it was restored " +
			"from a backup cannot be told. If it was, run: parley outbound restored")
	}
	return nil
}

// isNew reports whether the log holds nothing but the deployment's first event.
func (g *Guard) isNew() bool {
	return g.head.Mark.Revision == 0 && g.head.Mark.Stream == deployment.Decider.Stream(commands.DerivedID("deployment"))
}

// Run checks the log every two seconds. It returns ErrRestored when the log was replaced, ErrMoved when the
// deployment has moved to another one, and nil when ctx ends.
func (g *Guard) Run(ctx context.Context) error {
	t := time.NewTicker(keepEvery)
	defer t.Stop()
	failing := false
	for ctx.Err() == nil {
		err := g.Keep(ctx)
		if errors.Is(err, ErrRestored) || errors.Is(err, ErrMoved) {
			return err
		}
		if err != nil && ctx.Err() == nil && !failing {
			g.Log.Warn("could not look at the end of the event log", "error", err)
		}
		failing = err != nil
		select {
		case <-t.C:
		case <-ctx.Done():
		}
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepEvery)
	defer cancel()
	if err := g.Keep(last); errors.Is(err, ErrRestored) {
		return err
	}
	return nil
}

// Keep checks that the log still has the last event seen, and then notes its end in the data folder. After a nil
// error, the note covers everything appended before the call, unless the folder cannot be written (see tell).
func (g *Guard) Keep(ctx context.Context) error {
	g.queue.Lock()
	if g.queue.next == nil {
		g.queue.next = &look{done: make(chan struct{})}
		if !g.queue.running {
			g.queue.running = true
			go g.lookWhileAsked(context.WithoutCancel(ctx))
		}
	}
	mine := g.queue.next
	g.queue.Unlock()
	select {
	case <-mine.done:
		return mine.err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (g *Guard) lookWhileAsked(ctx context.Context) {
	for {
		g.queue.Lock()
		l := g.queue.next
		g.queue.next, g.queue.running = nil, l != nil
		g.queue.Unlock()
		if l == nil {
			return
		}
		limited, cancel := context.WithTimeout(ctx, keepLimit)
		l.err = g.look(limited)
		cancel()
		close(l.done)
	}
}

// look compares the log with what this process has seen of it, and tells the places what is new.
func (g *Guard) look(ctx context.Context) error {
	if bound, err := engine.LogOf(ctx, g.Pool); err != nil || bound != g.LogID {
		return cmp.Or(err, ErrMoved)
	}
	lastSeen, replaced, err := engine.Replaced(ctx, g.Pool)
	if err != nil {
		return err
	}
	if replaced && !g.halted {
		return cmp.Or(g.record(ctx, lastSeen), ErrRestored)
	}
	if !replaced && !g.head.SeenAt.IsZero() {
		g.halted = false // they were rebuilt
	}
	if !g.head.SeenAt.IsZero() {
		lost, err := g.lost(ctx, g.head.Mark)
		if err != nil {
			return err
		}
		if lost {
			if err := g.record(ctx, g.head.SeenAt); err != nil {
				return err
			}
			return ErrRestored
		}
	}
	now := g.Now()
	mark, at, found, err := g.Store.LastMark(ctx, g.at)
	if err != nil {
		return err
	}
	g.at = at
	if found {
		g.head = anchor.Head{Fingerprint: g.Fingerprint, Mark: mark, SeenAt: now}
	}
	for i, place := range g.Places {
		folder := i == 0
		if folder && found || !folder && g.head.SeenAt.After(g.bucketAt) && now.Sub(g.bucketAt) >= bucketEvery {
			g.tell(ctx, place)
		}
	}
	if now.Sub(g.bucketAt) >= bucketEvery {
		g.bucketAt = now
	}
	return nil
}

// tell leaves a note in a place, unless another process knew more at the time. A place that cannot be written must not
// stop the work: a full disk is no reason to send nothing.
func (g *Guard) tell(ctx context.Context, place anchor.Place) {
	ctx, cancel := context.WithTimeout(ctx, placeLimit)
	defer cancel()
	there, found, err := anchor.ReadHead(ctx, g.Fingerprint, place)
	newer := there.SeenAt.After(g.head.SeenAt) && there.SeenAt.Sub(g.head.SeenAt) < time.Minute
	if err == nil && found && newer {
		return
	}
	err = anchor.WriteHead(ctx, g.head, place)
	if err != nil && !g.failing[place.String()] {
		g.Log.Warn("could not note how far the event log has got; a restore from a backup might go unnoticed",
			"place", place.String(), "error", err)
	}
	g.failing[place.String()] = err != nil
}

// lost reports whether the log no longer has an event. A node of a cluster may lag behind, so it gets some time.
func (g *Guard) lost(ctx context.Context, m eventstore.Mark) (bool, error) {
	for end := time.Now().Add(maxLag); ; {
		has, err := g.Store.Has(ctx, m)
		if err != nil || has || !g.Separate || time.Now().After(end) {
			return err == nil && !has, err
		}
		select {
		case <-time.After(200 * time.Millisecond):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// Replaced reports whether Start found that the log lacks what the read models show.
func (g *Guard) Replaced() bool { return g.replaced }

// record records a restore unless it is known already.
func (g *Guard) record(ctx context.Context, lastSeen time.Time) error {
	state, err := g.Commands.Deployment(ctx)
	if err != nil || state.Explains(lastSeen) {
		return err
	}
	g.Log.Error("the event log is an older copy: it lacks an event that was there. Nothing is sent to customers until "+
		"someone releases it (parley outbound release)", "last_seen", lastSeen)
	if err := engine.Renew(ctx, g.Pool); err != nil { // every desktop reloads its data
		return err
	}
	return g.Commands.RecordRestored(ctx, lastSeen)
}

// Declare records an operator's word that the log was restored.
func (g *Guard) Declare(ctx context.Context, operator string) error {
	state, err := g.Commands.Deployment(ctx)
	if err != nil || state.Hold.Reason == deployment.ReasonRestored {
		return err
	}
	if err := engine.Renew(ctx, g.Pool); err != nil { // every desktop reloads its data
		return err
	}
	return g.Commands.DeclareRestored(ctx, operator)
}

// Hold returns why sending is on hold, if it is.
func (g *Guard) Hold(ctx context.Context) (deployment.Hold, error) {
	state, err := g.Commands.Deployment(ctx)
	return state.Hold, err
}

// Held reports whether sending is on hold.
func (g *Guard) Held(ctx context.Context) (bool, error) {
	hold, err := g.Hold(ctx)
	return hold.Held(), err
}
