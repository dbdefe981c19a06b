package interaction_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestClaiming(t *testing.T) {
	queued := and(bens, answered)
	notTaken := MessageNotTaken{MessageID: "out-1", Attempt: 1, Code: "130429", RetryAt: after(2 * time.Second), At: noon}
	start := StartSending{MessageID: "out-1", At: noon}
	startSecond := StartSending{MessageID: "out-2", At: after(time.Second)}
	secondStarted := MessageSendStarted{MessageID: "out-2", Attempt: 1, At: after(time.Second)}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a queued message is claimed", Given: queued, When: start, Then: history(started)},
		{Name: "the second to claim may not call the provider (I7)", Given: and(queued, started), When: start, Err: ErrClaimed},
		{Name: "what was queued is sent after closing too", Given: and(queued, closed), When: start, Then: history(started)},
		{Name: "what the provider has is not sent again", Given: and(queued, started, taken), When: start, Err: ErrNotQueued},
		{Name: "an unknown outcome is never sent again by itself", Given: and(queued, started, unknown), When: start, Err: ErrNotQueued},
		{Name: "a failed message is never sent again by itself", Given: and(queued, started, failed), When: start, Err: ErrNotQueued},
		{Name: "an attempt that was not taken is tried again", Given: and(queued, started, notTaken), When: StartSending{MessageID: "out-1", At: after(2 * time.Second)},
			Then: history(MessageSendStarted{MessageID: "out-1", Attempt: 2, At: after(2 * time.Second)})},
		{Name: "but not before its time", Given: and(queued, started, notTaken), When: start, Err: domain.ErrNotDue},
		{Name: "a customer's message is not sent", Given: bens, When: StartSending{MessageID: "in-1", At: noon}, Err: ErrNoMessage},

		{Name: "the second message waits for the first", Given: and(queued, second), When: startSecond, Err: ErrNotYourTurn},
		{Name: "also while the first is on its way", Given: and(queued, second, started), When: startSecond, Err: ErrNotYourTurn},
		{Name: "also while the first is to be tried again", Given: and(queued, second, started, notTaken), When: startSecond, Err: ErrNotYourTurn},
		{Name: "the first is taken, so the second goes", Given: and(queued, second, started, taken), When: startSecond, Then: history(secondStarted)},
		{Name: "the first failed, so the second goes", Given: and(queued, second, started, failed), When: startSecond, Then: history(secondStarted)},
		{Name: "an unknown outcome holds up the second", Given: and(queued, second, started, unknown), When: startSecond, Err: ErrNotYourTurn},
		{Name: "but for ten seconds only", Given: and(queued, second, started, unknown), When: StartSending{MessageID: "out-2", At: after(10 * time.Second)},
			Then: history(MessageSendStarted{MessageID: "out-2", Attempt: 1, At: after(10 * time.Second)})},
		{Name: "a settled unknown one holds up nothing", Given: and(queued, second, started, unknown, taken, sent), When: startSecond, Then: history(secondStarted)},
	})
}

func TestOutcomes(t *testing.T) {
	queued := and(bens, answered)
	claimed := and(queued, started)
	notTaken := MessageNotTaken{MessageID: "out-1", Attempt: 1, Code: "CONNECT", RetryAt: after(time.Second), At: noon}
	startedAgain := MessageSendStarted{MessageID: "out-1", Attempt: 2, At: after(time.Second)}
	recordTaken := RecordAccepted{MessageID: "out-1", ProviderTag: "tag", ProviderMessageID: "wamid.1", At: noon}
	recordFailed := RecordFailed{MessageID: "out-1", Code: "131026", Reason: "Not on WhatsApp.", At: noon}
	recordUnknown := RecordUnknown{MessageID: "out-1", Code: "TIMEOUT", At: noon}
	recordNotTaken := RecordNotTaken{MessageID: "out-1", Attempt: 1, Code: "CONNECT", RetryAt: after(time.Second), At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the provider took it", Given: claimed, When: recordTaken, Then: history(taken)},
		{Name: "it took it once", Given: and(claimed, taken), When: recordTaken},
		{Name: "it cannot take what nobody sent", Given: queued, When: recordTaken, Err: ErrNotClaimed},
		{Name: "a late answer settles an unknown outcome", Given: and(claimed, unknown), When: recordTaken, Then: history(taken)},
		{Name: "the provider did not take it", Given: claimed, When: recordNotTaken, Then: history(notTaken)},
		{Name: "it did not take it once", Given: and(claimed, notTaken), When: recordNotTaken},
		{Name: "the answer of an earlier attempt says nothing about this one", Given: and(claimed, notTaken, startedAgain), When: recordNotTaken},
		{Name: "an attempt that was never made was not refused", Given: queued, When: recordNotTaken, Err: ErrNotClaimed},
		{Name: "the provider refused it", Given: claimed, When: recordFailed, Then: history(failed)},
		{Name: "it refused it once", Given: and(claimed, failed), When: recordFailed},
		{Name: "what a status says it has, the call cannot have failed", Given: and(claimed, taken, sent), When: recordFailed},
		{Name: "sending can be given up before it began", Given: queued, When: recordFailed, Then: history(failed)},
		{Name: "the failure of an earlier attempt says nothing about this one", Given: and(claimed, notTaken, startedAgain),
			When: RecordFailed{MessageID: "out-1", Attempt: 1, Code: "131026", At: noon}},
		{Name: "nobody knows whether it was taken", Given: claimed, When: recordUnknown, Then: history(unknown)},
		{Name: "that is said once", Given: and(claimed, unknown), When: recordUnknown},
		{Name: "what was never tried is not unknown", Given: queued, When: recordUnknown, Err: ErrNotClaimed},
		{Name: "what was surely not taken is not unknown", Given: and(claimed, notTaken), When: recordUnknown},
		{Name: "what is known meanwhile is not unknown", Given: and(claimed, taken, sent), When: recordUnknown},
		{Name: "outcomes are recorded after closing too", Given: and(claimed, closed), When: recordTaken, Then: history(taken)},
	})
}

func TestStatuses(t *testing.T) {
	claimed := and(bens, answered, started)
	delivered := MessageDelivered{MessageID: "out-1", StatusAt: noon, At: noon}
	read := MessageRead{MessageID: "out-1", StatusAt: noon, At: noon}
	at := noon
	failedLater := MessageFailed{MessageID: "out-1", AddressID: "anna", Code: "131047", Reason: "Too late.", StatusAt: &at, At: noon}
	report := func(s Status) RecordStatus {
		return RecordStatus{MessageID: "out-1", Status: s, ProviderTag: "tag", ProviderMessageID: "wamid.1", StatusAt: noon, At: noon}
	}
	failure := report(StatusFailed)
	failure.Code, failure.Reason = "131047", "Too late."

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "sent", Given: and(claimed, taken), When: report(StatusSent), Then: history(sent)},
		{Name: "delivered", Given: and(claimed, taken, sent), When: report(StatusDelivered), Then: history(delivered)},
		{Name: "read", Given: and(claimed, taken, sent, delivered), When: report(StatusRead), Then: history(read)},
		{Name: "read implies delivered (F11)", Given: and(claimed, taken, read), When: report(StatusDelivered)},
		{Name: "delivered implies sent (F11)", Given: and(claimed, taken, delivered), When: report(StatusSent)},
		{Name: "a status is reported once (F12)", Given: and(claimed, taken, sent), When: report(StatusSent)},
		{Name: "a report that overtakes the answer to our call says first that it was taken", Given: claimed, When: report(StatusDelivered), Then: history(taken, delivered)},
		{Name: "so does a failure", Given: claimed, When: failure, Then: history(taken, failedLater)},
		{Name: "a late status settles an unknown outcome", Given: and(claimed, unknown), When: report(StatusSent), Then: history(taken, sent)},
		{Name: "it failed on its way", Given: and(claimed, taken, sent), When: failure, Then: history(failedLater)},
		{Name: "failed loses to delivered", Given: and(claimed, taken, delivered), When: failure},
		{Name: "delivered wins over failed", Given: and(claimed, taken, sent, failedLater), When: report(StatusDelivered), Then: history(delivered)},
		{Name: "sent does not win over failed", Given: and(claimed, taken, failedLater), When: report(StatusSent)},
		{Name: "statuses come after closing too", Given: and(claimed, taken, closed), When: report(StatusRead), Then: history(read)},
		{Name: "a message from elsewhere has no status here", Given: bens, When: report(StatusRead), Err: ErrNoMessage},
		{Name: "a customer's message has no status", Given: bens, When: RecordStatus{MessageID: "in-1", Status: StatusRead}, Err: ErrNoMessage},
		{Name: "what is no status is refused", Given: claimed, When: report(StatusQueued), Err: ErrNoStatus},
	})
}

func TestStateSaysHowFarAMessageGot(t *testing.T) {
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
	require.Equal(t, domain.MessageID("out-1"), Evolve(s, taken).ByProviderTag("tag"), "a status without callback data finds its message")
}
