package unplaced_test

import (
	"testing"
	"time"

	"parley/domain/domaintest"
	. "parley/domain/unplaced"
)

func TestUnplacedItemsAreKept(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	first := Kept{ItemID: "m1", AccountID: "shop", Kind: "message", Part: `{"Text":"hello"}`, SentAt: noon, At: noon}
	second := first
	second.ItemID = "m2"
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a message that belongs to no one is kept", When: Keep{first}, Then: []Event{first}},
		{Name: "a repeated delivery is kept once", Given: []Event{first}, When: Keep{first}},
		{Name: "another message is kept as well", Given: []Event{first}, When: Keep{second}, Then: []Event{second}},
	})
}
