package shortcode_test

import (
	"testing"
	"time"

	"parley/domain/domaintest"
	. "parley/domain/shortcode"
)

func TestAShortCodeBelongsToOneAccount(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	later := noon.Add(time.Hour)
	shop := Assigned{Code: "SHOP", AccountID: "a1", By: "root", At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an account gets a code that no one has",
			When: Assign{Code: "SHOP", AccountID: "a1", By: "root", At: noon}, Then: []Event{shop}},
		{Name: "an account keeps its own code", Given: []Event{shop},
			When: Assign{Code: "SHOP", AccountID: "a1", At: later}},
		{Name: "an account does not get a code that another one uses", Given: []Event{shop},
			When: Assign{Code: "shop", AccountID: "a2", At: later}, Err: ErrTaken},
		{Name: "an account gets a code that its holder no longer uses", Given: []Event{shop},
			When: Assign{Code: "shop", AccountID: "a2", Unused: "a1", At: later},
			Then: []Event{Assigned{Code: "shop", AccountID: "a2", At: later}}},
		{Name: "an account does not get a code that was assigned a moment ago and is not used yet",
			Given: []Event{shop},
			When:  Assign{Code: "shop", AccountID: "a2", Unused: "a1", At: noon.Add(time.Second)}, Err: ErrTaken},
		{Name: "an account does not get a code that has passed to a third one", Given: []Event{shop},
			When: Assign{Code: "shop", AccountID: "a2", Unused: "a3", At: later}, Err: ErrTaken},
	})
}
