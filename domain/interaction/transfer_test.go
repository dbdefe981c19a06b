package interaction_test

import (
	"testing"

	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestHandingOverASession(t *testing.T) {
	start := StartTransfer{TransferID: "t1", By: "ben", ToAgent: "cho", Allowed: true, At: noon}
	with := func(change func(*StartTransfer)) StartTransfer { c := start; change(&c); return c }
	ended := TransferEnded{TransferID: "t1", Outcome: TransferExpired, At: noon}
	back := ReturnedUnread{Owner: "ben", Reason: UnreadTransferEnded, At: noon}
	toCho := OwnerChanged{TransferID: "t1", From: "ben", To: "cho", At: noon}
	toDan := OwnerChanged{TransferID: "t2", From: "ben", To: "dan", QueueID: "delivery", At: noon}
	toSue := Assigned{To: "sue", By: "sue", At: noon}
	handing := and(bens, handed)

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the owner starts a transfer to a colleague", Given: bens, When: start, Then: history(handed)},
		{Name: "the owner starts a transfer to a queue", Given: bens,
			When: StartTransfer{TransferID: "t2", By: "ben", ToQueue: "delivery", Allowed: true, At: noon},
			Then: history(toDeli)},
		{Name: "starting the same transfer twice is a no-op", Given: handing, When: start},
		{Name: "starting an ended transfer again is a no-op", Given: and(handing, ended, back), When: start},
		{Name: "an agent who is not the owner cannot transfer", Given: bens,
			When: with(func(c *StartTransfer) { c.By = "cho" }), Err: ErrNotOwner},
		{Name: "a waiting session cannot be transferred", Given: waiting, When: start, Err: ErrNotOwner},
		{Name: "a closed session cannot be transferred", Given: over, When: start, Err: ErrClosed},
		{Name: "a session has one transfer at a time", Given: handing,
			When: with(func(c *StartTransfer) { c.TransferID = "t9" }), Err: ErrTransferRunning},
		{Name: "a transfer is refused where the account does not allow it", Given: bens,
			When: with(func(c *StartTransfer) { c.Allowed = false }), Err: ErrTransferNotAllowed},
		{Name: "a transfer needs a target", Given: bens, When: with(func(c *StartTransfer) { c.ToAgent = "" }), Err: ErrTransferTarget},
		{Name: "a transfer has only one target", Given: bens,
			When: with(func(c *StartTransfer) { c.ToQueue = "delivery" }), Err: ErrTransferTarget},
		{Name: "an owner cannot transfer to themselves", Given: bens,
			When: with(func(c *StartTransfer) { c.ToAgent = "ben" }), Err: ErrTransferTarget},
		{Name: "a session without an inbound message cannot be transferred",
			Given: history(opened, Assigned{To: "ben", By: "ben", At: noon}), When: start, Err: ErrTransferNoInbound},

		{Name: "the agent who accepted becomes the owner", Given: handing,
			When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}, Then: history(toCho)},
		{Name: "changing the owner twice is a no-op", Given: and(handing, toCho), When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}},
		{Name: "repeating a completed transfer after a reassignment is a no-op",
			Given: and(handing, toCho, toSue), When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}},
		{Name: "a transfer to a queue changes the session's queue", Given: and(bens, toDeli),
			When: ChangeOwner{TransferID: "t2", To: "dan", At: noon}, Then: history(toDan)},
		{Name: "an ended transfer changes no owner", Given: and(handing, ended, back),
			When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}, Err: ErrTransferVoid},
		{Name: "an unknown transfer changes no owner", Given: handing,
			When: ChangeOwner{TransferID: "t9", To: "cho", At: noon}, Err: ErrTransferVoid},
		{Name: "a transfer of a closed session changes no owner", Given: and(handing, ended, closed),
			When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}, Err: ErrTransferVoid},
		{Name: "a transfer from a former owner changes no owner", Given: and(handing, toSue),
			When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}, Err: ErrTransferVoid},
		{Name: "a change of owner needs an agent", Given: handing, When: ChangeOwner{TransferID: "t1", At: noon}, Err: ErrAgentMissing},

		{Name: "a transfer without a new owner returns unread", Given: handing,
			When: EndTransfer{TransferID: "t1", Outcome: TransferExpired, At: noon}, Then: history(ended, back)},
		{Name: "ending a transfer twice is a no-op", Given: and(handing, ended, back),
			When: EndTransfer{TransferID: "t1", Outcome: TransferCancelled, At: noon}},
		{Name: "ending a completed transfer is a no-op", Given: and(handing, toCho),
			When: EndTransfer{TransferID: "t1", Outcome: TransferExpired, At: noon}},
		{Name: "ending a transfer needs a known outcome", Given: handing,
			When: EndTransfer{TransferID: "t1", Outcome: "LOST", At: noon}, Err: ErrTransferOutcome},
		{Name: "a new transfer can start after another ended", Given: and(handing, ended, back),
			When: StartTransfer{TransferID: "t2", By: "ben", ToQueue: "delivery", Allowed: true, At: noon},
			Then: history(toDeli)},
	})
}
