package transfer_test

import (
	"testing"
	"time"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/transfer"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func at(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

func history(e ...Event) []Event { return e }

var (
	requested = Requested{InteractionID: "i1", By: "ann", ToQueue: "delivery", OfferedTo: []domain.AgentID{"ben", "cho"}, ExpiresAt: at(300), AddressID: "kim", Note: "speaks Italian", At: noon}
	byBen     = Accepted{InteractionID: "i1", By: "ben", At: at(10)}
	notBen    = Rejected{By: "ben", At: at(10)}
	notCho    = Rejected{By: "cho", At: at(11)}
	completed = Completed{By: "ben", At: at(12)}
	expired   = Expired{At: at(300)}
	cancelled = Cancelled{By: "ann", At: at(20)}
	refused   = Refused{Reason: AllRejected, At: at(11)}
	voided    = Voided{Reason: "INTERACTION_CLOSED", At: at(30)}
)

func TestRequesting(t *testing.T) {
	to := func(agents ...domain.AgentID) Requested { r := requested; r.OfferedTo = agents; return r }
	noTarget, twoTargets, noTime := requested, requested, requested
	noTarget.ToQueue, twoTargets.ToAgent, noTime.ExpiresAt = "", "ben", noon

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "each of those online is offered it (R76)", When: Request{requested}, Then: history(requested)},
		{Name: "it is requested once", Given: history(requested), When: Request{requested}},
		{Name: "the sender is not among them, and nobody is twice (A14)", When: Request{to("ben", "ann", "cho", "ben")}, Then: history(requested)},
		{Name: "with nobody there it comes back at once (R78)", When: Request{to()}, Then: history(to(), Refused{Reason: NobodyOnline, At: noon})},
		{Name: "with nobody but the sender too", When: Request{to("ann")}, Then: history(to(), Refused{Reason: NobodyOnline, At: noon})},
		{Name: "it needs a target", When: Request{noTarget}, Err: ErrInvalid},
		{Name: "just one", When: Request{twoTargets}, Err: ErrInvalid},
		{Name: "it lasts some time (R72)", When: Request{noTime}, Err: ErrInvalid},
	})
}

func TestAnswering(t *testing.T) {
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an agent it was offered to can accept", Given: history(requested), When: Accept{By: "ben", At: at(10)}, Then: history(byBen)},
		{Name: "a second click is not a mistake", Given: history(requested, byBen), When: Accept{By: "ben", At: at(11)}},
		{Name: "nor is one when it is done", Given: history(requested, byBen, completed), When: Accept{By: "ben", At: at(13)}},
		{Name: "the next one hears that it is taken (R77)", Given: history(requested, byBen), When: Accept{By: "cho", At: at(11)}, Err: ErrTaken},
		{Name: "nobody else can", Given: history(requested), When: Accept{By: "dan", At: at(10)}, Err: ErrNotYours},
		{Name: "who rejected it cannot after all", Given: history(requested, notBen), When: Accept{By: "ben", At: at(11)}, Err: ErrRejected},
		{Name: "at its very last moment it is over (R72)", Given: history(requested), When: Accept{By: "ben", At: at(300)}, Err: ErrExpired},
		{Name: "who has signed out takes nothing over (R70)", Given: history(requested), When: Accept{By: "ben", SignedOut: true, At: at(10)}, Err: ErrNotSignedIn},
		{Name: "nor does who has left the queue it went to", Given: history(requested), When: Accept{By: "ben", Left: true, At: at(10)}, Err: ErrNotMember},
		{Name: "who has left after he accepted has accepted", Given: history(requested, byBen), When: Accept{By: "ben", Left: true, At: at(11)}},
		{Name: "an expired one cannot be accepted", Given: history(requested, expired), When: Accept{By: "ben", At: at(10)}, Err: ErrOver},
		{Name: "a cancelled one neither", Given: history(requested, cancelled), When: Accept{By: "ben", At: at(21)}, Err: ErrOver},
		{Name: "a reservation that was voided is gone", Given: history(requested, byBen, voided), When: Accept{By: "ben", At: at(31)}, Err: ErrOver},
		{Name: "a transfer nobody asked for is not there", When: Accept{By: "ben", At: noon}, Err: ErrUnknown},

		{Name: "one of two rejects", Given: history(requested), When: Reject{By: "ben", At: at(10)}, Then: history(notBen)},
		{Name: "rejecting twice is rejecting once", Given: history(requested, notBen), When: Reject{By: "ben", At: at(12)}},
		{Name: "the last one to reject ends it", Given: history(requested, notBen), When: Reject{By: "cho", At: at(11)}, Then: history(notCho, refused)},
		{Name: "what is taken needs no rejecting", Given: history(requested, byBen), When: Reject{By: "cho", At: at(11)}},
		{Name: "what was not offered to him is not his to reject", Given: history(requested), When: Reject{By: "dan", At: at(11)}, Err: ErrNotYours},
		{Name: "what is too late needs no rejecting", Given: history(requested), When: Reject{By: "ben", At: at(300)}},
	})
}

func TestEnding(t *testing.T) {
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an accepted one is completed", Given: history(requested, byBen), When: Complete{At: at(12)}, Then: history(completed)},
		{Name: "once", Given: history(requested, byBen, completed), When: Complete{At: at(13)}},
		{Name: "what nobody accepted is not completed", Given: history(requested), When: Complete{At: at(12)}, Err: ErrNotAccepted},
		{Name: "what was voided is not completed", Given: history(requested, byBen, voided), When: Complete{At: at(31)}, Err: ErrOver},

		{Name: "it expires in its time (R72)", Given: history(requested), When: Expire{At: at(300)}, Then: history(expired)},
		{Name: "not before", Given: history(requested), When: Expire{At: at(299)}, Err: domain.ErrNotDue},
		{Name: "a reservation made in time stands", Given: history(requested, byBen), When: Expire{At: at(300)}},
		{Name: "it expires once", Given: history(requested, expired), When: Expire{At: at(301)}},

		{Name: "the sender takes it back", Given: history(requested), When: Cancel{By: "ann", At: at(20)}, Then: history(cancelled)},
		{Name: "once", Given: history(requested, cancelled), When: Cancel{By: "ann", At: at(21)}},
		{Name: "nobody else does", Given: history(requested), When: Cancel{By: "ben", At: at(20)}, Err: ErrNotSender},
		{Name: "but a supervisor", Given: history(requested), When: Cancel{By: "sue", Supervisor: true, At: at(20)}, Then: history(Cancelled{By: "sue", At: at(20)})},
		{Name: "not when somebody has accepted", Given: history(requested, byBen), When: Cancel{By: "ann", At: at(20)}, Err: ErrTaken},
		{Name: "not when it is over", Given: history(requested, expired), When: Cancel{By: "ann", At: at(301)}, Err: ErrOver},

		{Name: "it is refused when nobody is left", Given: history(requested), When: Refuse{Reason: NobodyOnline, At: at(20)}, Then: history(Refused{Reason: NobodyOnline, At: at(20)})},
		{Name: "once", Given: history(requested, notBen, notCho, refused), When: Refuse{Reason: NobodyOnline, At: at(20)}},
		{Name: "a reservation stands against it", Given: history(requested, byBen), When: Refuse{Reason: NobodyOnline, At: at(20)}},
		{Name: "for a known reason", Given: history(requested), When: Refuse{Reason: "MOOD", At: at(20)}, Err: ErrInvalid},

		{Name: "it is void when its interaction is closed", Given: history(requested), When: Void{Reason: "INTERACTION_CLOSED", At: at(30)}, Then: history(voided)},
		{Name: "also when it was accepted", Given: history(requested, byBen), When: Void{Reason: "INTERACTION_CLOSED", At: at(30)}, Then: history(voided)},
		{Name: "not when it is over", Given: history(requested, byBen, completed), When: Void{Reason: "INTERACTION_CLOSED", At: at(30)}},
	})
}
