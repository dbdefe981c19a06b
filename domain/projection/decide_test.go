package projection_test

import (
	"testing"
	"time"

	"parley/domain/domaintest"
	. "parley/domain/projection"
)

func TestOperatorsDecisionsAboutReadModels(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	skipped := Skipped{Name: "offers_v1", Commit: 42, Reason: "broken by hand", By: "ops", At: noon}
	noReason := skipped
	noReason.Reason = " "
	rebuilt := Rebuilt{Name: "offers_v1", Generation: 2, Events: 1000, At: noon}
	older := rebuilt
	older.Generation = 1
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an event is skipped for a reason", When: Skip{skipped}, Then: []Event{skipped}},
		{Name: "skipping the same event twice is a no-op", Given: []Event{skipped}, When: Skip{skipped}},
		{Name: "a skip without a reason is refused", When: Skip{noReason}, Err: ErrNoReason},
		{Name: "a rebuilt read model is live", When: RecordRebuilt{rebuilt}, Then: []Event{rebuilt}},
		{Name: "the same rebuild is recorded once", Given: []Event{rebuilt}, When: RecordRebuilt{rebuilt}},
		{Name: "an older generation does not replace a newer one", Given: []Event{rebuilt},
			When: RecordRebuilt{older}, Err: ErrOldGeneration},
		{Name: "a rebuilt read model may skip the event again", Given: []Event{skipped, rebuilt},
			When: Skip{skipped}, Then: []Event{skipped}},
	})
}
