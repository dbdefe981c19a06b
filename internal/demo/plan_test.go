package demo

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheHistoryNeverReachesIntoTheFuture(t *testing.T) {
	rome, err := time.LoadLocation("Europe/Rome")
	require.NoError(t, err)
	for hour := range 24 * 7 {
		now := time.Date(2026, 3, 23, 0, 10, 0, 0, rome).Add(time.Duration(hour) * time.Hour)
		shifts := newPlan(now, FullHistory)
		sessions := 0
		for _, s := range shifts {
			for _, m := range append(s.before, s.after...) {
				require.False(t, m.at.After(now), "%s %s at %v", m.login, m.what, m.at)
			}
			for _, one := range s.sessions {
				sessions++
				for _, a := range one.timeline() {
					require.False(t, a.at.After(now), "%s %s at %v, now %v", one.key, a.do, a.at, now)
				}
			}
		}
		require.Greater(t, sessions, 140)
		require.Len(t, shifts[len(shifts)-1].sessions, waitingNow)
	}
}

func TestTheSameEndGivesTheSameHistory(t *testing.T) {
	now := time.Date(2026, 3, 23, 15, 0, 0, 0, time.UTC)
	one, two := newPlan(now, FullHistory), newPlan(now, FullHistory)
	for i := range one {
		for k := range one[i].sessions {
			a, b := one[i].sessions[k], two[i].sessions[k]
			require.Equal(t, a.timeline(), b.timeline())
			require.Equal(t, a.customer, b.customer)
			require.Equal(t, a.transfer, b.transfer)
		}
	}
}
