package interaction_test

import (
	"testing"

	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestHandingOver(t *testing.T) {
	start := StartTransfer{TransferID: "t1", By: "ben", ToAgent: "cho", Allowed: true, At: noon}
	with := func(change func(*StartTransfer)) StartTransfer { c := start; change(&c); return c }
	ended := TransferEnded{TransferID: "t1", Outcome: TransferExpired, At: noon}
	back := ReturnedUnread{Owner: "ben", Reason: UnreadTransferEnded, At: noon}
	toCho := OwnerChanged{TransferID: "t1", From: "ben", To: "cho", At: noon}
	toDan := OwnerChanged{TransferID: "t2", From: "ben", To: "dan", QueueID: "delivery", At: noon}
	toSue := Assigned{To: "sue", By: "sue", At: noon}
	handing := and(bens, handed)

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "the owner asks to hand it to a colleague (R71)", Given: bens, When: start, Then: history(handed)},
		{Name: "or to a queue (R71)", Given: bens, When: StartTransfer{TransferID: "t2", By: "ben", ToQueue: "delivery", Allowed: true, At: noon}, Then: history(toDeli)},
		{Name: "asking twice is asking once", Given: handing, When: start},
		{Name: "also when it is over already", Given: and(handing, ended, back), When: start},
		{Name: "only the owner asks", Given: bens, When: with(func(c *StartTransfer) { c.By = "cho" }), Err: ErrNotOwner},
		{Name: "nobody hands over what waits", Given: waiting, When: start, Err: ErrNotOwner},
		{Name: "a closed session is not handed over (R69)", Given: over, When: start, Err: ErrClosed},
		{Name: "one transfer at a time", Given: handing, When: with(func(c *StartTransfer) { c.TransferID = "t9" }), Err: ErrTransferRunning},
		{Name: "only where the account allows it (R68)", Given: bens, When: with(func(c *StartTransfer) { c.Allowed = false }), Err: ErrTransferNotAllowed},
		{Name: "it needs a target", Given: bens, When: with(func(c *StartTransfer) { c.ToAgent = "" }), Err: ErrTransferTarget},
		{Name: "one target", Given: bens, When: with(func(c *StartTransfer) { c.ToQueue = "delivery" }), Err: ErrTransferTarget},
		{Name: "not himself", Given: bens, When: with(func(c *StartTransfer) { c.ToAgent = "ben" }), Err: ErrTransferTarget},
		{Name: "a customer who has not written is not handed over", Given: history(opened, Assigned{To: "ben", By: "ben", At: noon}), When: start, Err: ErrTransferNoInbound},

		{Name: "the one who accepted becomes the owner (R74)", Given: handing, When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}, Then: history(toCho)},
		{Name: "that happens once", Given: and(handing, toCho), When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}},
		{Name: "a repair finds it done, although a supervisor moved it on since", Given: and(handing, toCho, toSue), When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}},
		{Name: "a transfer to a queue takes the session there", Given: and(bens, toDeli), When: ChangeOwner{TransferID: "t2", To: "dan", At: noon}, Then: history(toDan)},
		{Name: "a transfer that is over changes no owner", Given: and(handing, ended, back), When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}, Err: ErrTransferVoid},
		{Name: "nor does another one", Given: handing, When: ChangeOwner{TransferID: "t9", To: "cho", At: noon}, Err: ErrTransferVoid},
		{Name: "nor does one of a closed session", Given: and(handing, ended, closed), When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}, Err: ErrTransferVoid},
		{Name: "nor does one whose sender is not the owner any more (F22)", Given: and(handing, toSue), When: ChangeOwner{TransferID: "t1", To: "cho", At: noon}, Err: ErrTransferVoid},
		{Name: "the owner is never nobody (F22)", Given: handing, When: ChangeOwner{TransferID: "t1", At: noon}, Err: ErrNobody},

		{Name: "without a new owner it comes back unread (R75)", Given: handing, When: EndTransfer{TransferID: "t1", Outcome: TransferExpired, At: noon}, Then: history(ended, back)},
		{Name: "that happens once too", Given: and(handing, ended, back), When: EndTransfer{TransferID: "t1", Outcome: TransferCancelled, At: noon}},
		{Name: "a transfer that has a new owner does not end again", Given: and(handing, toCho), When: EndTransfer{TransferID: "t1", Outcome: TransferExpired, At: noon}},
		{Name: "an end needs a known outcome", Given: handing, When: EndTransfer{TransferID: "t1", Outcome: "LOST", At: noon}, Err: ErrTransferOutcome},
		{Name: "after an end there can be another transfer", Given: and(handing, ended, back), When: StartTransfer{TransferID: "t2", By: "ben", ToQueue: "delivery", Allowed: true, At: noon}, Then: history(toDeli)},
	})
}
