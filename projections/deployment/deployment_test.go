package deployment_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/deployment"
	"parley/projections/all"
	readmodel "parley/projections/deployment"
	"parley/projections/projectionstest"
)

func TestAHoldIsShownWithItsReasonUntilItIsReleased(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	shown := func(events ...domain.Event) readmodel.Row {
		db := projectionstest.Run(t, all.Models(), projectionstest.Record("deployment-one", events...))
		row, err := readmodel.Read(t.Context(), db.Masked)
		require.NoError(t, err)
		return row
	}
	begun := deployment.Initialized{Fingerprint: "ab12", At: noon}
	held := deployment.OutboundHeld{Reason: deployment.ReasonOperator, Note: "number banned", At: noon}
	require.Empty(t, shown(begun).Reason)
	row := shown(begun, held)
	require.Equal(t, deployment.ReasonOperator, row.Reason)
	require.Equal(t, "number banned", row.Note)
	require.Equal(t, noon, *row.Since)
	require.Empty(t, shown(begun, held, deployment.OutboundReleased{By: "admin", At: noon}).Reason)
}
