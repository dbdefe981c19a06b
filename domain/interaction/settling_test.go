package interaction_test

import (
	"testing"

	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

var (
	retryFirst = RetryUnknown{Send{MessageID: "out-2", Author: AuthorAgent, By: "ben", Kind: KindText,
		Content: Content{Text: "hi"}, RetryOf: "out-1", Window: day, At: noon}}
	firstRetried = MessageQueued{MessageID: "out-2", Author: AuthorAgent, By: "ben", AddressID: "anna", Kind: KindText,
		Content: Content{Text: "hi"}, RetryOf: "out-1", At: noon}
)

func TestSettlingAnUnknownOutcome(t *testing.T) {
	inDoubt := and(bens, answered, started, unknown)
	markedSent := MessageSettled{MessageID: "out-1", By: "ben", As: StatusSent, At: noon}
	markedFailed := MessageSettled{MessageID: "out-1", By: "ben", As: StatusFailed, At: noon}
	delivered := MessageDelivered{MessageID: "out-1", StatusAt: noon, At: noon}
	settle := func(as Status) Settle { return Settle{MessageID: "out-1", By: "ben", As: as, At: noon} }
	byCho := settle(StatusSent)
	byCho.By = "cho"
	lateStatus := func(status Status) RecordStatus {
		return RecordStatus{MessageID: "out-1", Status: status, ProviderMessageID: "wamid.1", ProviderTag: "tag",
			StatusAt: noon, At: noon}
	}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the owner marks an unknown message as sent", Given: inDoubt, When: settle(StatusSent),
			Then: history(markedSent)},
		{Name: "the owner marks an unknown message as failed", Given: inDoubt, When: settle(StatusFailed),
			Then: history(markedFailed)},
		{Name: "the last owner settles a message of a closed session", Given: and(inDoubt, closed),
			When: settle(StatusSent), Then: history(markedSent)},
		{Name: "only the owner settles a message", Given: inDoubt, When: byCho, Err: ErrNotOwner},
		{Name: "a message cannot be settled as read", Given: inDoubt, When: settle(StatusRead), Err: ErrNoStatus},
		{Name: "a message whose status came in is not settled", Given: and(inDoubt, taken, delivered),
			When: settle(StatusFailed)},
		{Name: "a queued message is not settled", Given: and(bens, answered), When: settle(StatusSent)},
		{Name: "a customer's message has no outcome to settle", Given: bens,
			When: Settle{MessageID: "in-1", By: "ben", As: StatusSent, At: noon}, Err: ErrNoMessage},
		{Name: "a late status overrides a message settled as failed", Given: and(inDoubt, markedFailed),
			When: lateStatus(StatusDelivered), Then: history(taken, delivered)},
		{Name: "a late failure overrides a message settled as sent", Given: and(inDoubt, markedSent),
			When: lateStatus(StatusFailed), Then: history(taken,
				MessageFailed{MessageID: "out-1", AddressID: "anna", StatusAt: &noon, At: noon})},
		{Name: "a message settled as failed can be retried", Given: and(inDoubt, markedFailed),
			When: retryFirst.Send, Then: history(firstRetried)},
	})
}

func TestRetryingAnUnknownMessage(t *testing.T) {
	inDoubt := and(bens, answered, started, unknown)
	byCho, third := retryFirst, retryFirst
	byCho.By, third.MessageID = "cho", "out-3"

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the owner retries an unknown message", Given: inDoubt, When: retryFirst, Then: history(firstRetried)},
		{Name: "only the owner retries an unknown message", Given: inDoubt, When: byCho, Err: ErrNotOwner},
		{Name: "a message whose status came in is not retried", Given: and(inDoubt, taken,
			MessageDelivered{MessageID: "out-1", StatusAt: noon, At: noon}), When: retryFirst},
		{Name: "a failed message is not retried with the unknown ones", Given: and(bens, answered, started, failed),
			When: retryFirst},
		{Name: "a message that is being retried is not retried again", Given: and(inDoubt, firstRetried), When: third},
	})
}
