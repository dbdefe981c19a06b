package address_test

import (
	"testing"
	"time"

	. "parley/domain/address"
	"parley/domain/domaintest"
)

func TestAliases(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	named := AliasNamed{Canonical: "a1", At: noon}
	linked := AliasLinked{From: "a1", Canonical: "a2", Reason: SeenTogether, At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an alias is named when it is first seen", When: Name{Canonical: "a1", At: noon}, Then: []Event{named}},
		{Name: "it is named once", Given: []Event{named}, When: Name{Canonical: "a1", At: noon}},
		{Name: "who comes later hears where it belongs", Given: []Event{named}, When: Name{Canonical: "a2", At: noon}, Err: ErrNamed},
		{Name: "it needs an address", When: Name{At: noon}, Err: ErrInvalid},
		{Name: "two addresses turn out to be one customer", Given: []Event{named}, When: Link{Canonical: "a2", Reason: SeenTogether, At: noon}, Then: []Event{linked}},
		{Name: "once", Given: []Event{named, linked}, When: Link{Canonical: "a2", Reason: SeenTogether, At: noon}},
		{Name: "what was never seen is not linked", When: Link{Canonical: "a2", Reason: SeenTogether, At: noon}, Err: ErrUnknown},
		{Name: "a link has a reason", Given: []Event{named}, When: Link{Canonical: "a2", At: noon}, Err: ErrInvalid},
	})
}
