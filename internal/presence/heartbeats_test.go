package presence

import (
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAUserIsPresentWhileADesktopIsOpenAndForAWhileAfterARequest(t *testing.T) {
	now := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	h := NewHeartbeats(nil, func() time.Time { return now }, slog.New(slog.DiscardHandler))
	require.Empty(t, h.present(now))

	first, second := h.Open("ann"), h.Open("ann")
	now = now.Add(time.Hour)
	require.Equal(t, []string{"ann"}, h.present(now), "an open desktop needs no requests")
	first()
	first()
	require.Equal(t, []string{"ann"}, h.present(now), "another tab is open")
	second()
	require.Empty(t, h.present(now))

	h.Seen("ben")
	require.Equal(t, []string{"ben"}, h.present(now.Add(seenFor)))
	require.Empty(t, h.present(now.Add(seenFor+time.Second)))
}
