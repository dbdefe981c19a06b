package process

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheClockAddsThePassedTimeToTheStart(t *testing.T) {
	start := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	elapsed := 5 * time.Hour
	now := clock(start, func() time.Duration { return elapsed })
	require.Equal(t, start, now())
	elapsed += 8 * time.Hour // the machine was suspended overnight
	require.Equal(t, start.Add(8*time.Hour), now())
}

func TestTheClockStartsAtTheWallTimeAndNeverGoesBack(t *testing.T) {
	before := time.Now()
	now := Clock()
	last := now()
	require.False(t, last.Before(before.Truncate(time.Microsecond)))
	for range 1000 {
		next := now()
		require.False(t, next.Before(last))
		last = next
	}
}
