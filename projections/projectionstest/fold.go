// Package projectionstest folds events into read models in tests, in memory or through a real Postgres.
package projectionstest

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"parley/domain"
	"parley/eventstore"
	"parley/projections"
)

// Record returns the events in a stream such as "interaction-<id>", as the store would return them. Fold and
// Run assign revisions and positions in order.
func Record(stream string, events ...domain.Event) []eventstore.Recorded {
	recorded := make([]eventstore.Recorded, len(events))
	for i, e := range events {
		aggregate, id, _ := strings.Cut(stream, "-")
		recorded[i] = eventstore.Recorded{
			Stream: stream, Aggregate: aggregate, AggregateID: id, Type: e.EventType(), Event: e,
			Created: time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC),
		}
	}
	return recorded
}

// InOrder joins the events into one log: revisions count per stream and positions rise from 1.
func InOrder(events ...[]eventstore.Recorded) []eventstore.Recorded {
	log := slices.Concat(events...)
	next := make(map[string]uint64)
	for i := range log {
		at := uint64(i + 1)
		log[i].Position = eventstore.Position{Commit: at, Prepare: at}
		log[i].Revision = next[log[i].Stream]
		next[log[i].Stream]++
		log[i].ID = uuid.NewSHA1(uuid.NameSpaceOID, []byte(log[i].Position.String()))
	}
	return log
}

// Fold returns a table's rows after these events, computed in memory.
func Fold[K comparable, R any](t testing.TB, table projections.Table[K, R], events ...[]eventstore.Recorded) map[K]R {
	t.Helper()
	return table.Fold(InOrder(events...)...)
}
