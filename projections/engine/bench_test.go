package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/eventstore"
	"parley/internal/testwait"
	"parley/projections"
	"parley/projections/engine"
)

// BenchmarkRebuild measures events folded and copied per second.
func BenchmarkRebuild(b *testing.B) {
	w := newWorld(b)
	var at eventstore.Position
	const streams, each = 200, 500
	for s := range streams {
		var puts []domain.Event
		for i := range each {
			puts = append(puts, put{Thing: fmt.Sprint("thing", s, "-", i/4), Owner: "ann", Tags: []string{"a", "b"}[:i%2]})
		}
		at = w.append(fmt.Sprint("box", s), puts...)
	}
	c := w.config(boxes(nil), things())
	stop := w.run(c)
	defer stop()
	require.Eventually(b, func() bool { return !at.After(w.status("things_v1").Position) }, testwait.Limit, 10*time.Millisecond)
	b.ResetTimer()
	for range b.N {
		_, err := engine.Rebuild(b.Context(), c)
		require.NoError(b, err)
	}
	b.ReportMetric(float64(b.N)*streams*each/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkProject measures the time per event by batch size.
func BenchmarkProject(b *testing.B) {
	for _, size := range []int{1, 10, 100, 1000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			w := newWorld(b)
			models := []projections.Model{boxes(nil), things()}
			s := engine.NewTestLeader(b.Context(), b, w.db.Clear, models)
			n := uint64(0)
			b.ResetTimer()
			for range b.N {
				events := make([]eventstore.Recorded, size)
				for i := range events {
					n++
					events[i] = eventstore.Recorded{
						Aggregate: "box", AggregateID: fmt.Sprint(n % 100),
						Position: eventstore.Position{Commit: n, Prepare: n},
						Type:     "BoxPut", Event: put{Thing: fmt.Sprint("thing", n), Owner: "ann"},
					}
				}
				require.NoError(b, s.Step(events, false))
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N*size), "µs/event")
		})
	}
}
