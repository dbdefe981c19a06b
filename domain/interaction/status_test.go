package interaction_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	. "parley/domain/interaction"
)

func TestADeliveryStatusOnlyMovesForward(t *testing.T) {
	rising := []Status{StatusQueued, StatusUnknown, StatusAccepted, StatusSent, StatusFailed, StatusDelivered,
		StatusRead}
	for _, from := range rising {
		for _, to := range rising {
			higher := slices.Index(rising, to) > slices.Index(rising, from)
			require.Equal(t, higher, from.AdvancesTo(to), "%s to %s", from, to)
		}
	}
}
