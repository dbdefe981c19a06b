package address_test

import (
	"testing"
	"time"

	. "parley/domain/address"
	"parley/domain/domaintest"
)

func TestAliasesOfAnAddress(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	named := AliasNamed{Canonical: "a1", At: noon}
	linked := AliasLinked{From: "a1", Canonical: "a2", Reason: SeenTogether, At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a new alias is named", When: Name{Canonical: "a1", At: noon}, Then: []Event{named}},
		{Name: "naming an alias twice is a no-op", Given: []Event{named}, When: Name{Canonical: "a1", At: noon}},
		{Name: "naming an alias differently is refused", Given: []Event{named}, When: Name{Canonical: "a2", At: noon}, Err: ErrNamed},
		{Name: "naming an alias needs an address", When: Name{At: noon}, Err: ErrInvalid},
		{Name: "an alias is linked to another address", Given: []Event{named},
			When: Link{Canonical: "a2", Reason: SeenTogether, At: noon}, Then: []Event{linked}},
		{Name: "linking an alias twice is a no-op", Given: []Event{named, linked},
			When: Link{Canonical: "a2", Reason: SeenTogether, At: noon}},
		{Name: "an alias that was never seen cannot be linked",
			When: Link{Canonical: "a2", Reason: SeenTogether, At: noon}, Err: ErrUnknown},
		{Name: "a link needs a reason", Given: []Event{named}, When: Link{Canonical: "a2", At: noon}, Err: ErrInvalid},
	})
}
