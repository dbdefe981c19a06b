package projection_test

import (
	"testing"
	"time"

	"parley/domain/domaintest"
	. "parley/domain/projection"
)

func TestOperatorsDecisions(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	skipped := Skipped{Name: "offers_v1", Commit: 42, Reason: "broken by hand", By: "ops", At: noon}
	noReason := skipped
	noReason.Reason = " "
	rebuilt := Rebuilt{Name: "offers_v1", Generation: 2, Events: 1000, At: noon}
	older := rebuilt
	older.Generation = 1
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an event is skipped for a reason (F25)", When: Skip{skipped}, Then: []Event{skipped}},
		{Name: "once", Given: []Event{skipped}, When: Skip{skipped}},
		{Name: "not without a reason", When: Skip{noReason}, Err: ErrNoReason},
		{Name: "a rebuilt read model is live", When: RecordRebuilt{rebuilt}, Then: []Event{rebuilt}},
		{Name: "once", Given: []Event{rebuilt}, When: RecordRebuilt{rebuilt}},
		{Name: "an older one does not take its place", Given: []Event{rebuilt}, When: RecordRebuilt{older}, Err: ErrOldGeneration},
		{Name: "a rebuilt one may stumble over the event again", Given: []Event{skipped, rebuilt}, When: Skip{skipped}, Then: []Event{skipped}},
	})
}
