package interaction_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestClaimingAnAttempt(t *testing.T) {
	queued := and(bens, answered)
	notAccepted := MessageNotAccepted{MessageID: "out-1", Attempt: 1, Code: "130429",
		RetryAt: after(2 * time.Second), At: noon}
	start := StartSending{MessageID: "out-1", At: noon}
	startSecond := StartSending{MessageID: "out-2", At: after(time.Second)}
	secondStarted := MessageSendStarted{MessageID: "out-2", Attempt: 1, At: after(time.Second)}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a queued message is claimed", Given: queued, When: start, Then: history(started)},
		{Name: "a second claim of an attempt is refused", Given: and(queued, started), When: start, Err: ErrClaimed},
		{Name: "a queued message is sent after closing", Given: and(queued, closed), When: start, Then: history(started)},
		{Name: "an accepted message is never sent again", Given: and(queued, started, taken), When: start, Err: ErrNotQueued},
		{Name: "a message of unknown outcome is not sent again automatically",
			Given: and(queued, started, unknown), When: start, Err: ErrNotQueued},
		{Name: "a failed message is not sent again automatically", Given: and(queued, started, failed), When: start, Err: ErrNotQueued},
		{Name: "an attempt that was not accepted is tried again", Given: and(queued, started, notAccepted),
			When: StartSending{MessageID: "out-1", At: after(2 * time.Second)},
			Then: history(MessageSendStarted{MessageID: "out-1", Attempt: 2, At: after(2 * time.Second)})},
		{Name: "an attempt is not repeated before its retry time", Given: and(queued, started, notAccepted), When: start, Err: domain.ErrNotDue},
		{Name: "a customer's message is not sent", Given: bens, When: StartSending{MessageID: "in-1", At: noon}, Err: ErrNoMessage},

		{Name: "the second message waits for the first", Given: and(queued, second), When: startSecond, Err: ErrNotYourTurn},
		{Name: "the second message waits while the first is on its way", Given: and(queued, second, started),
			When: startSecond, Err: ErrNotYourTurn},
		{Name: "the second message waits while the first waits for a new attempt",
			Given: and(queued, second, started, notAccepted), When: startSecond, Err: ErrNotYourTurn},
		{Name: "the second message is sent once the first is accepted",
			Given: and(queued, second, started, taken), When: startSecond, Then: history(secondStarted)},
		{Name: "the second message is sent once the first failed", Given: and(queued, second, started, failed),
			When: startSecond, Then: history(secondStarted)},
		{Name: "the second message waits after an unknown outcome",
			Given: and(queued, second, started, unknown), When: startSecond, Err: ErrNotYourTurn},
		{Name: "an unknown outcome delays the second message for ten seconds",
			Given: and(queued, second, started, unknown),
			When:  StartSending{MessageID: "out-2", At: after(10 * time.Second)},
			Then:  history(MessageSendStarted{MessageID: "out-2", Attempt: 1, At: after(10 * time.Second)})},
		{Name: "a settled unknown outcome delays nothing",
			Given: and(queued, second, started, unknown, taken, sent), When: startSecond, Then: history(secondStarted)},
	})
}

func TestOutcomesOfAnAttempt(t *testing.T) {
	queued := and(bens, answered)
	claimed := and(queued, started)
	notAccepted := MessageNotAccepted{MessageID: "out-1", Attempt: 1, Code: "CONNECT", RetryAt: after(time.Second), At: noon}
	startedAgain := MessageSendStarted{MessageID: "out-1", Attempt: 2, At: after(time.Second)}
	recordAccepted := RecordAccepted{MessageID: "out-1", ProviderTag: "tag", ProviderMessageID: "wamid.1", At: noon}
	recordFailed := RecordFailed{MessageID: "out-1", Code: "131026", Reason: "Not on WhatsApp.", At: noon}
	recordUnknown := RecordUnknown{MessageID: "out-1", Code: "TIMEOUT", At: noon}
	recordNotAccepted := RecordNotAccepted{MessageID: "out-1", Attempt: 1, Code: "CONNECT",
		RetryAt: after(time.Second), At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the provider accepts a message", Given: claimed, When: recordAccepted, Then: history(taken)},
		{Name: "accepting a message twice is a no-op", Given: and(claimed, taken), When: recordAccepted},
		{Name: "a message that was not sent cannot be accepted", Given: queued, When: recordAccepted, Err: ErrNotClaimed},
		{Name: "a late answer settles an unknown outcome", Given: and(claimed, unknown), When: recordAccepted, Then: history(taken)},
		{Name: "the provider does not accept an attempt", Given: claimed, When: recordNotAccepted, Then: history(notAccepted)},
		{Name: "recording an attempt as not accepted twice is a no-op", Given: and(claimed, notAccepted), When: recordNotAccepted},
		{Name: "a late answer to an earlier attempt is ignored", Given: and(claimed, notAccepted, startedAgain), When: recordNotAccepted},
		{Name: "an unknown attempt cannot be recorded as not accepted", Given: queued, When: recordNotAccepted, Err: ErrNotClaimed},
		{Name: "the provider rejects a message", Given: claimed, When: recordFailed, Then: history(failed)},
		{Name: "recording a failure twice is a no-op", Given: and(claimed, failed), When: recordFailed},
		{Name: "recording a failure after a status confirmed the message is a no-op", Given: and(claimed, taken, sent), When: recordFailed},
		{Name: "sending can fail before the first attempt", Given: queued, When: recordFailed, Then: history(failed)},
		{Name: "a late failure of an earlier attempt is ignored", Given: and(claimed, notAccepted, startedAgain),
			When: RecordFailed{MessageID: "out-1", Attempt: 1, Code: "131026", At: noon}},
		{Name: "an attempt ends with an unknown outcome", Given: claimed, When: recordUnknown, Then: history(unknown)},
		{Name: "recording an unknown outcome twice is a no-op", Given: and(claimed, unknown), When: recordUnknown},
		{Name: "a message without an attempt has no unknown outcome", Given: queued, When: recordUnknown, Err: ErrNotClaimed},
		{Name: "an attempt not accepted has no unknown outcome", Given: and(claimed, notAccepted), When: recordUnknown},
		{Name: "a confirmed message has no unknown outcome", Given: and(claimed, taken, sent), When: recordUnknown},
		{Name: "an outcome is recorded after closing", Given: and(claimed, closed), When: recordAccepted, Then: history(taken)},
	})
}

func TestStatusesOfAMessage(t *testing.T) {
	claimed := and(bens, answered, started)
	delivered := MessageDelivered{MessageID: "out-1", StatusAt: noon, At: noon}
	read := MessageRead{MessageID: "out-1", StatusAt: noon, At: noon}
	at := noon
	failedLater := MessageFailed{MessageID: "out-1", AddressID: "anna", Code: "131047", Reason: "Too late.",
		StatusAt: &at, At: noon}
	report := func(s Status) RecordStatus {
		return RecordStatus{MessageID: "out-1", Status: s, ProviderTag: "tag", ProviderMessageID: "wamid.1",
			StatusAt: noon, At: noon}
	}
	failure := report(StatusFailed)
	failure.Code, failure.Reason = "131047", "Too late."
	windowClosed := failedLater
	windowClosed.Reason, windowClosed.WindowClosed = FailedWindow, true
	overtaken := windowClosed
	overtaken.WindowClosed = false
	tooLate := failure
	tooLate.Reason = FailedWindow

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a sent status is recorded", Given: and(claimed, taken), When: report(StatusSent), Then: history(sent)},
		{Name: "a delivered status is recorded", Given: and(claimed, taken, sent), When: report(StatusDelivered), Then: history(delivered)},
		{Name: "a read status is recorded", Given: and(claimed, taken, sent, delivered), When: report(StatusRead), Then: history(read)},
		{Name: "a delivered status after read changes nothing", Given: and(claimed, taken, read), When: report(StatusDelivered)},
		{Name: "a sent status after delivered changes nothing", Given: and(claimed, taken, delivered), When: report(StatusSent)},
		{Name: "the same status twice changes nothing", Given: and(claimed, taken, sent), When: report(StatusSent)},
		{Name: "a status before the provider's answer accepts the message first", Given: claimed,
			When: report(StatusDelivered), Then: history(taken, delivered)},
		{Name: "a failure before the provider's answer accepts the message first", Given: claimed,
			When: failure, Then: history(taken, failedLater)},
		{Name: "a late status settles an unknown outcome", Given: and(claimed, unknown),
			When: report(StatusSent), Then: history(taken, sent)},
		{Name: "a sent message can fail", Given: and(claimed, taken, sent), When: failure, Then: history(failedLater)},
		{Name: "a failure for a closed window closes the window", Given: and(claimed, taken), When: tooLate,
			Then: history(windowClosed)},
		{Name: "a failure for a closed window leaves it open if the customer has written since",
			Given: and(claimed, taken, thanks), When: tooLate, Then: history(overtaken)},
		{Name: "a failure after delivered is ignored", Given: and(claimed, taken, delivered), When: failure},
		{Name: "a delivered status overrides a failure", Given: and(claimed, taken, sent, failedLater),
			When: report(StatusDelivered), Then: history(delivered)},
		{Name: "a sent status does not override a failure", Given: and(claimed, taken, failedLater), When: report(StatusSent)},
		{Name: "a status is recorded after closing", Given: and(claimed, taken, closed), When: report(StatusRead), Then: history(read)},
		{Name: "a status of an unknown message is refused", Given: bens, When: report(StatusRead), Err: ErrNoMessage},
		{Name: "a customer's message has no status", Given: bens,
			When: RecordStatus{MessageID: "in-1", Status: StatusRead}, Err: ErrNoMessage},
		{Name: "an unknown status is refused", Given: claimed, When: report(StatusQueued), Err: ErrNoStatus},
	})
}

func TestTheStateTellsHowFarAMessageGot(t *testing.T) {
	s := Decider.Fold(and(bens, answered, started))
	status, ok := s.MessageStatus("out-1")
	require.True(t, ok)
	require.Equal(t, StatusQueued, status)
	attempt, running := s.Attempt("out-1")
	require.Equal(t, 1, attempt)
	require.True(t, running)
	_, ok = s.MessageStatus("in-1")
	require.False(t, ok)
	require.True(t, s.Has("in-1"))
	require.False(t, s.Has("in-9"))

	require.Empty(t, s.ByProviderTag("tag"))
	require.Equal(t, domain.MessageID("out-1"), Evolve(s, taken).ByProviderTag("tag"),
		"a status without callback data finds its message")
}
