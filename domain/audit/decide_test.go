package audit_test

import (
	"testing"
	"time"

	. "parley/domain/audit"
	"parley/domain/domaintest"
)

func TestReadingPersonalDataIsRecorded(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	revealed := Revealed{By: "ben", Field: "phone", Kind: "contact", ID: "c1", Reason: "REVEAL", At: noon}
	exported := Exported{By: "ben", Kind: "transcript", ID: "i1", At: noon}
	read := HistoryRead{By: "ben", Stream: "interaction-i1", At: noon}
	later := revealed
	later.At = noon.Add(time.Second)
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a reveal is recorded", When: RecordRevealed{revealed}, Then: []Event{revealed}},
		{Name: "an export is recorded", Given: []Event{revealed}, When: RecordExported{exported},
			Then: []Event{exported}},
		{Name: "reading raw events is recorded", Given: []Event{exported}, When: RecordHistoryRead{read},
			Then: []Event{read}},
		{Name: "the same reveal is recorded once", Given: []Event{revealed}, When: RecordRevealed{revealed}},
		{Name: "another reveal of the same value is recorded too", Given: []Event{revealed},
			When: RecordRevealed{later}, Then: []Event{later}},
	})
}
