package unplaced_test

import (
	"testing"
	"time"

	"parley/domain/domaintest"
	. "parley/domain/unplaced"
)

func TestWhatNamesNobodyIsKept(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	first := Kept{ItemID: "m1", AccountID: "shop", Kind: "message", Part: `{"Text":"hello"}`, SentAt: noon, At: noon}
	second := first
	second.ItemID = "m2"
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a message of nobody is kept", When: Keep{first}, Then: []Event{first}},
		{Name: "once", Given: []Event{first}, When: Keep{first}},
		{Name: "the next one beside it", Given: []Event{first}, When: Keep{second}, Then: []Event{second}},
	})
}
