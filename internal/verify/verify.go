// Package verify checks the log and the read models against the invariants that no fault may break.
package verify

import (
	"context"
	"fmt"
	"time"

	"parley/eventstore"
	"parley/projections/engine"
)

// Finding is the result of checking one invariant.
type Finding struct {
	Invariant string
	Checked   int64
	Violated  int64
	Examples  []string // up to ten violations: ids and event names, nothing personal
}

const maxExamples = 10

// violated records a violation.
func (f *Finding) violated(format string, args ...any) {
	f.Violated++
	if len(f.Examples) < maxExamples {
		f.Examples = append(f.Examples, fmt.Sprintf(format, args...))
	}
}

// Options says what to check.
type Options struct {
	Projections engine.Config
	// Ledger lists what was acknowledged to clients, and Received what the provider accepted. Both may be empty.
	Ledger   []Entry
	Received []string // callback data, once for each time a message was taken
	// Quiet means nothing is in progress: what has not ended by now never will.
	Quiet bool
	Now   time.Time
}

// Run reads the whole log once, rebuilds the read models next to the live ones and compares them, and returns
// a finding for each invariant. A process must be projecting.
func Run(ctx context.Context, o Options) ([]Finding, error) {
	found, err := Log(ctx, o.Projections.Store, o)
	if err != nil {
		return nil, err
	}
	reports, err := engine.Verify(ctx, o.Projections)
	if err != nil {
		return nil, err
	}
	rows := Finding{Invariant: "read models match the fold of the log, row by row"}
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

// Log does the part of Run that needs only the log.
func Log(ctx context.Context, store *eventstore.Store, o Options) ([]Finding, error) {
	all := rules(o)
	for e, err := range store.ReadAll(ctx, eventstore.Position{}) {
		if err != nil {
			return nil, err
		}
		for _, r := range all {
			r.observe(e)
		}
	}
	return findings(all), nil
}

func rules(o Options) []rule {
	return []rule{
		newAcknowledged(o.Ledger), newOrder(), newReceivedOnce(), newCommandsOnce(), newFolds(), newAccounts(),
		newShards(), newSessions(), newIdentities(o), newMerges(o), newTransfers(o), newSending(o),
	}
}

func findings(all []rule) (found []Finding) {
	for _, r := range all {
		found = append(found, r.findings()...)
	}
	return found
}

// rule checks one or more invariants while the log is read.
type rule interface {
	observe(e eventstore.Recorded)
	findings() []Finding
}

// Violations returns the total number of violations.
func Violations(found []Finding) (n int64) {
	for _, f := range found {
		n += f.Violated
	}
	return n
}
