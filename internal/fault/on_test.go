//go:build faults

package fault

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestFaultsAreReadFromTheEnvironment(t *testing.T) {
	plan, err := parse("inbound.after_append:kill@3,append.done:unknown,outbox.claimed:delay=2s,webhook.answered:kill=50ms")
	require.NoError(t, err)
	require.Equal(t, int64(3), plan["inbound.after_append"].at)
	require.Equal(t, "unknown", plan["append.done"].what)
	require.Equal(t, 2*time.Second, plan["outbox.claimed"].wait)
	require.Equal(t, 50*time.Millisecond, plan["webhook.answered"].wait)
	for _, wrong := range []string{"name", "name:die", "name:kill@x", "name:delay=soon"} {
		_, err := parse(wrong)
		require.Error(t, err, wrong)
	}
}

func TestAPointReturnsTheFaultPlannedForIt(t *testing.T) {
	t.Setenv("FAULT", "second:error@2,always:unknown")
	require.NoError(t, Hit("second"))
	require.ErrorIs(t, Hit("second"), ErrInjected)
	require.NoError(t, Hit("second"))
	require.ErrorContains(t, Hit("always"), "deadline")
	require.NoError(t, Hit("another"))
}
