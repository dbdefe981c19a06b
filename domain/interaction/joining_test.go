package interaction_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestJoiningTwoSessionsOfOneCustomer(t *testing.T) {
	open := Opened{AccountID: "shop", AddressID: "tel", QueueID: "sales", Number: 1, Origin: OriginInbound, At: noon}
	owned := Assigned{To: "ben", By: "eva", At: noon}
	into := JoinedInto{Survivor: "other", Owner: "ben", Keeper: "cho", Reason: JoinWroteLast, At: noon}
	closed := Closed{At: noon}
	joinInto := JoinInto{Survivor: "other", Owner: "ben", Keeper: "cho", Reason: JoinWroteLast, At: noon}
	joined := Joined{Other: "other", At: noon}
	restored := Restored{From: "other", Open: true, AccountID: "shop", AddressID: "tel", QueueID: "sales", Owner: "ben", By: "eva", At: noon}
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a session ends and continues in another one", Given: []Event{open, owned}, When: joinInto, Then: []Event{into, closed}},
		{Name: "joining a session cancels its transfer",
			Given: []Event{open, owned, TransferStarted{TransferID: "t", By: "ben", ToAgent: "dan", At: noon}}, When: joinInto,
			Then: []Event{TransferEnded{TransferID: "t", Outcome: TransferVoided, At: noon}, into, closed}},
		{Name: "a session whose owner has changed is not joined", Given: []Event{open, owned, Assigned{To: "dan", At: noon}}, When: joinInto},
		{Name: "a closed session is not joined", Given: []Event{open, owned, closed}, When: joinInto, Err: ErrClosed},
		{Name: "a session continues in one place only", Given: []Event{open, owned, into, closed},
			When: JoinInto{Survivor: "third", Owner: "ben", At: noon}, Err: ErrJoined},
		{Name: "no one takes a session that continues elsewhere", Given: []Event{open, owned, into, closed},
			When: Assign{To: "dan", By: "eva", At: noon}, Err: ErrJoined},
		{Name: "a survivor knows what was joined", Given: []Event{open}, When: Join{joined}, Then: []Event{joined}},
		{Name: "a closed session takes in no other", Given: []Event{open, closed}, When: Join{joined}, Err: ErrClosed},
		{Name: "a session that continues elsewhere takes in no other", Given: []Event{open, owned, into, closed},
			When: Join{joined}, Err: ErrJoined},
		{Name: "a supervisor undoes a join", Given: []Event{open, owned, into, closed},
			When: Restore{From: "other", By: "eva", Supervisor: true, Open: true, At: noon}, Then: []Event{restored}},
		{Name: "the former owner undoes a join", Given: []Event{open, owned, into, closed},
			When: Restore{From: "other", By: "ben", Open: false, At: noon},
			Then: []Event{Restored{From: "other", AccountID: "shop", AddressID: "tel", QueueID: "sales", Owner: "ben", By: "ben", At: noon}}},
		{Name: "another agent does not undo a join", Given: []Event{open, owned, into, closed},
			When: Restore{From: "other", By: "dan", Keeper: "cho", Open: true, At: noon}, Err: ErrNotOwner},
		{Name: "undoing a join that is undone changes nothing", Given: []Event{open, owned, into, closed, restored},
			When: Restore{From: "other", By: "dan", Open: true, At: noon}},
		{Name: "a survivor forgets what was separated", Given: []Event{open, joined},
			When: Separate{Other: "other", By: "eva", At: noon}, Then: []Event{Separated{Other: "other", By: "eva", At: noon}}},
		{Name: "separating what was never joined changes nothing", Given: []Event{open}, When: Separate{Other: "other", By: "eva", At: noon}},
		{Name: "the former owner of a restored session can close it", Given: []Event{open, owned, into, closed, restored},
			When: Close{By: "ben", At: noon}, Then: []Event{Closed{By: "ben", At: noon}}},
	})
}

func TestOfTwoJoinedSessionsTheRightOneContinues(t *testing.T) {
	session := func(openedAt int, owner string, wroteAt int) State {
		at := func(minute int) time.Time { return noon.Add(time.Duration(minute) * time.Minute) }
		events := []Event{Opened{AccountID: "shop", AddressID: "tel", Number: 1, At: at(openedAt)}}
		if owner != "" {
			events = append(events, Assigned{To: "ben", At: at(openedAt)})
		}
		if wroteAt > 0 {
			events = append(events, MessageQueued{MessageID: "m", By: "ben", Author: AuthorAgent, Kind: KindText, At: at(wroteAt)})
		}
		return Decider.Fold(events)
	}
	for name, c := range map[string]struct {
		goesOn, ends State
		why          JoinReason
	}{
		"the session whose owner wrote last continues":                   {session(5, "ben", 20), session(1, "ben", 10), JoinWroteLast},
		"the session whose owner wrote at all continues":                 {session(5, "ben", 20), session(1, "ben", 0), JoinWroteLast},
		"a session with an owner continues":                              {session(5, "ben", 0), session(1, "", 0), JoinOwned},
		"the session opened first continues if both wait":                {session(1, "", 0), session(5, "", 0), JoinOpenedFirst},
		"the session opened first continues if no owner has written yet": {session(1, "ben", 0), session(5, "ben", 0), JoinOpenedFirst},
	} {
		t.Run(name, func(t *testing.T) {
			yes, why := c.goesOn.Outlasts(c.ends)
			require.True(t, yes)
			require.Equal(t, c.why, why)
			no, why := c.ends.Outlasts(c.goesOn)
			require.False(t, no)
			require.Equal(t, c.why, why)
		})
	}
}
