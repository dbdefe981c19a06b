package main

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAClosedDesktopIsGoneAtOnceAndARequestCountsForAWhile(t *testing.T) { // R116
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	h := newHeartbeats(nil, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	require.Empty(t, h.present(now))

	first, second := h.Open("ann"), h.Open("ann")
	now = now.Add(time.Hour)
	require.Equal(t, []string{"ann"}, h.present(now), "an open desktop is a sign of life without a word")
	first()
	first()
	require.Equal(t, []string{"ann"}, h.present(now), "she has another tab")
	second()
	require.Empty(t, h.present(now))

	h.Seen("ben")
	require.Equal(t, []string{"ben"}, h.present(now.Add(seenFor)))
	require.Empty(t, h.present(now.Add(seenFor+time.Second)))
}
