package deployment_test

import (
	"testing"
	"time"

	. "parley/domain/deployment"
	"parley/domain/domaintest"
)

func TestTheLogKnowsItsKey(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	begun := Initialized{Fingerprint: "ab12", At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the first start records the key", When: Initialize{Fingerprint: "ab12", At: noon},
			Then: []Event{begun}},
		{Name: "the next start finds the key", Given: []Event{begun},
			When: Initialize{Fingerprint: "ab12", At: noon}},
		{Name: "another key is refused", Given: []Event{begun}, When: Initialize{Fingerprint: "cd34", At: noon},
			Err: ErrOtherKey},
		{Name: "a missing key is refused", When: Initialize{At: noon}, Err: ErrNoKey},
	})
}
