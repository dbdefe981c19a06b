// Package verify holds the log and the read models against what must always be true: the invariants that no fault may break.
package verify

import (
	"context"
	"fmt"
	"time"

	"parley/eventstore"
	"parley/projections"
)

// Finding is one invariant and how it fared.
type Finding struct {
	ID       string // I1 to I7
	Says     string
	Checked  int64
	Violated int64
	Examples []string // of what violates it: ids and names of events, nothing personal
}

const mostExamples = 10

// violated counts one more violation.
func (f *Finding) violated(format string, args ...any) {
	f.Violated++
	if len(f.Examples) < mostExamples {
		f.Examples = append(f.Examples, fmt.Sprintf(format, args...))
	}
}

// Question is what to look at.
type Question struct {
	Projections projections.Config
	// Ledger is what was acknowledged to somebody outside, and Received what the provider took; both may be empty.
	Ledger   []Entry
	Received []string // callback data, once for each time it was taken
	// Quiet says that nothing is under way: whatever has not ended by now never will.
	Quiet bool
	Now   time.Time
}

// Run reads the whole log once, rebuilds the read models beside those that serve, and says how each invariant fared. A
// process must be projecting.
func Run(ctx context.Context, q Question) ([]Finding, error) {
	found, err := Log(ctx, q.Projections.Store, q)
	if err != nil {
		return nil, err
	}
	reports, err := projections.Verify(ctx, q.Projections)
	if err != nil {
		return nil, err
	}
	rows := Finding{ID: "I5", Says: "read models are the fold of the log, row by row"}
	for _, r := range reports {
		for _, t := range r.Tables {
			rows.Checked += t.Rows
			if t.Differing > 0 {
				rows.violated("%s: %d rows", t.Table, t.Differing)
				rows.Violated += t.Differing - 1
			}
		}
	}
	return append(found, rows), nil
}

// Log is the part of Run that needs the log alone.
func Log(ctx context.Context, store *eventstore.Store, q Question) ([]Finding, error) {
	all := rules(q)
	for e, err := range store.ReadAll(ctx, eventstore.Position{}) {
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			r.see(e)
		}
	}
	return findings(all), nil
}

func rules(q Question) []rule {
	return []rule{
		newAcknowledged(q.Ledger), newOrder(), newReceivedOnce(), newCommandsOnce(), newFolds(), newSessions(), newTransfers(q),
		newSending(q),
	}
}

func findings(all []rule) (found []Finding) {
	for _, r := range all {
		found = append(found, r.findings()...)
	}
	return found
}

// rule watches the log go by.
type rule interface {
	see(e eventstore.Recorded)
	findings() []Finding
}

// Violations is how many there are in all.
func Violations(found []Finding) (n int64) {
	for _, f := range found {
		n += f.Violated
	}
	return n
}
