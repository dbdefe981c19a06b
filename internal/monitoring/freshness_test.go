package monitoring

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/projections/engine"
)

func TestScreensAreToldWhenWhatTheyShowBecomesOldAndWhenItIsCurrentAgain(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	told := 0
	f := NewFreshness(func() time.Time { return now }, func() { told++ })
	look := func(oldest, delivery time.Time) {
		v := engine.View{Models: []engine.Status{{Name: "offers_v1"}, {Name: "queues_v1", OldestUnseen: oldest}}}
		f.observe(now, v, delivery)
	}
	look(time.Time{}, time.Time{})
	look(now.Add(-staleAfter), time.Time{})
	_, stale := f.Behind()
	require.False(t, stale)
	require.Zero(t, told)

	look(now.Add(-4*time.Minute), time.Time{})
	age, stale := f.Behind()
	require.True(t, stale)
	require.Equal(t, 4*time.Minute, age)
	require.Equal(t, 1, told)

	now = now.Add(watchEvery)
	look(now.Add(-4*time.Minute-watchEvery), time.Time{}) // the same event is still missing
	require.Equal(t, 1, told)
	age, _ = f.Behind()
	require.Equal(t, 4*time.Minute+watchEvery, age)

	look(now.Add(-time.Minute), now.Add(-9*time.Minute)) // a delivery waits in the local queue
	age, _ = f.Behind()
	require.Equal(t, 9*time.Minute, age)
	require.Equal(t, 2, told)

	look(time.Time{}, time.Time{})
	_, stale = f.Behind()
	require.False(t, stale)
	require.Equal(t, 3, told)
}

func TestAStoppedReadModelIsAnnouncedAtOnce(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	f := NewFreshness(func() time.Time { return now }, func() {})
	stopped := engine.Status{State: engine.Stopped, OldestUnseen: now.Add(-time.Second)}
	f.observe(now, engine.View{Models: []engine.Status{stopped}}, time.Time{})
	age, stale := f.Behind()
	require.True(t, stale)
	require.Equal(t, time.Second, age)
}

func TestAModelIsNotReadyByTheAgeOfWhatItMissesAndNotByPositions(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	far := engine.Status{State: engine.Running, OldestUnseen: now.Add(-58 * time.Millisecond)}
	far.Position.Commit = 1 << 40
	require.Equal(t, check{OK: true}, checkModel(now, far))
	far.OldestUnseen = now.Add(-4 * time.Minute)
	require.Equal(t, check{Detail: "4m0s behind"}, checkModel(now, far))
	stopped := engine.Status{State: engine.Stopped, ProblemPosition: 4711, Problem: "BROKEN",
		OldestUnseen: now.Add(-4 * time.Minute)}
	require.Equal(t, check{Detail: "stopped at 4711, 4m0s behind: BROKEN"}, checkModel(now, stopped))
	require.Equal(t, check{OK: true}, checkModel(now, engine.Status{State: engine.Rebuilding, Problem: "RETIRED"}))
}
