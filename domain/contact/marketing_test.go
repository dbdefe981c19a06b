package contact_test

import (
	"testing"
	"time"

	. "parley/domain/contact"
	"parley/domain/domaintest"
)

func TestTheLatestRequestAboutMarketingCounts(t *testing.T) {
	at := func(hour int) time.Time { return time.Date(2026, 3, 14, hour, 0, 0, 0, time.UTC) }
	created := Created{ContactID: "c1", ListID: "l1", Origin: "TRIGGER", Details: Details{FirstName: "Ada"}, At: at(8)}
	stop := func(hour int) StopMarketing { return StopMarketing{AccountID: "shop", StatedAt: at(hour), At: at(20)} }
	resume := func(hour int) ResumeMarketing {
		return ResumeMarketing{AccountID: "shop", StatedAt: at(hour), At: at(20)}
	}
	stopped, resumed := MarketingStopped(stop(10)), MarketingResumed(resume(12))
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a customer who asks for no marketing gets none", Given: []Event{created}, When: stop(10), Then: []Event{stopped}},
		{Name: "a second request changes nothing", Given: []Event{created, stopped}, When: stop(11)},
		{Name: "a customer may welcome marketing again", Given: []Event{created, stopped}, When: resume(12),
			Then: []Event{resumed}},
		{Name: "an earlier request that arrives late changes nothing", Given: []Event{created, stopped, resumed}, When: stop(11)},
		{Name: "a customer who never stopped marketing needs no resuming", Given: []Event{created}, When: resume(12)},
	})
}
