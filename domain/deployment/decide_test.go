package deployment_test

import (
	"testing"
	"time"

	"parley/domain"
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

func TestARestoreHoldsOutboundMessagesUntilTheyAreReleased(t *testing.T) {
	noon := time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }
	found := func(seen, minutes int) Restored {
		lastSeen := at(seen)
		return Restored{LastSeenAt: &lastSeen, At: at(minutes)}
	}
	declared := func(minutes int) Restored { return Restored{Operator: "ops@host", At: at(minutes)} }
	restored := func(minutes int) OutboundHeld { return OutboundHeld{Reason: ReasonRestored, At: at(minutes)} }
	byOperator := OutboundHeld{Reason: ReasonOperator, Note: "number banned", Operator: "ops@host", At: noon}
	released := OutboundReleased{By: "admin", At: at(30)}
	hold := HoldOutbound{Note: "number banned", Operator: "ops@host", At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a restore that the program finds holds outbound messages", When: RecordRestored{found(5, 10)},
			Then: []Event{found(5, 10), restored(10)}},
		{Name: "a second process that finds the same restore records nothing",
			Given: []Event{found(5, 10), restored(10)}, When: RecordRestored{found(4, 12)}},
		{Name: "a process that finds the same restore after the release holds nothing again",
			Given: []Event{found(5, 10), restored(10), released}, When: RecordRestored{found(4, 40)}},
		{Name: "a later restore holds outbound messages again", Given: []Event{found(5, 10), restored(10), released},
			When: RecordRestored{found(45, 50)}, Then: []Event{found(45, 50), restored(50)}},
		{Name: "a later restore during the hold is recorded", Given: []Event{found(5, 10), restored(10)},
			When: RecordRestored{found(15, 20)}, Then: []Event{found(15, 20)}},
		{Name: "an event seen by a clock that is ahead is recorded as missing once", When: RecordRestored{found(20, 10)},
			Then: []Event{found(20, 10), restored(10)}},
		{Name: "an operator declares a restore", When: RecordRestored{declared(10)},
			Then: []Event{declared(10), OutboundHeld{Reason: ReasonRestored, Operator: "ops@host", At: at(10)}}},
		{Name: "a restore that was found need not be declared", Given: []Event{found(5, 10), restored(10)},
			When: RecordRestored{declared(12)}},
		{Name: "a restore replaces an operator's hold", Given: []Event{byOperator}, When: RecordRestored{found(5, 10)},
			Then: []Event{found(5, 10), restored(10)}},
		{Name: "an operator holds outbound messages", When: hold, Then: []Event{byOperator}},
		{Name: "a hold during a hold changes nothing", Given: []Event{found(5, 10), restored(10)}, When: hold},
		{Name: "a hold without a reason is refused", When: HoldOutbound{Note: " ", At: noon}, Err: ErrNoHoldReason},
		{Name: "a reason with control characters is refused", When: HoldOutbound{Note: "a\nb", At: noon},
			Err: domain.ErrUnprintable},
		{Name: "outbound messages are released", Given: []Event{found(5, 10), restored(10)},
			When: ReleaseOutbound{released}, Then: []Event{released}},
		{Name: "a second release changes nothing", Given: []Event{byOperator, released}, When: ReleaseOutbound{released}},
	})
}
