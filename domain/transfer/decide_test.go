package transfer_test

import (
	"strings"
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
	requested = Requested{InteractionID: "i1", By: "ann", ToQueue: "delivery",
		OfferedTo: []domain.AgentID{"ben", "cho"}, ExpiresAt: at(300), AddressID: "kim",
		Note: "speaks Italian", At: noon}
	byBen      = Accepted{InteractionID: "i1", By: "ben", At: at(10)}
	benRejects = Rejected{By: "ben", At: at(10)}
	choRejects = Rejected{By: "cho", At: at(11)}
	completed  = Completed{By: "ben", At: at(12)}
	expired    = Expired{At: at(300)}
	cancelled  = Cancelled{By: "ann", At: at(20)}
	refused    = Refused{Reason: AllRejected, At: at(11)}
	voided     = Voided{Reason: "INTERACTION_CLOSED", At: at(30)}
)

func TestRequestingATransfer(t *testing.T) {
	to := func(agents ...domain.AgentID) Requested { r := requested; r.OfferedTo = agents; return r }
	noTarget, twoTargets, noTime, longNote := requested, requested, requested, requested
	longNote.Note = strings.Repeat("ß", MaxNote+1)
	noTarget.ToQueue, twoTargets.ToAgent, noTime.ExpiresAt = "", "ben", noon

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a transfer is offered to each available agent", When: Request{requested}, Then: history(requested)},
		{Name: "requesting a transfer twice is a no-op", Given: history(requested), When: Request{requested}},
		{Name: "a transfer is offered neither to its sender nor twice to one agent",
			When: Request{to("ben", "ann", "cho", "ben")}, Then: history(requested)},
		{Name: "a transfer without available agents is refused at once", When: Request{to()},
			Then: history(to(), Refused{Reason: NoOneAvailable, At: noon})},
		{Name: "a transfer with only its sender available is refused at once", When: Request{to("ann")},
			Then: history(to(), Refused{Reason: NoOneAvailable, At: noon})},
		{Name: "a transfer needs a target", When: Request{noTarget}, Err: ErrInvalid},
		{Name: "a transfer has only one target", When: Request{twoTargets}, Err: ErrInvalid},
		{Name: "a note longer than the limit is refused", When: Request{longNote}, Err: ErrNoteTooLong},
		{Name: "a transfer needs a time limit", When: Request{noTime}, Err: ErrInvalid},
	})
}

func TestAnsweringATransfer(t *testing.T) {
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an agent accepts a transfer they were offered", Given: history(requested),
			When: Accept{By: "ben", At: at(10)}, Then: history(byBen)},
		{Name: "accepting a transfer twice is a no-op", Given: history(requested, byBen), When: Accept{By: "ben", At: at(11)}},
		{Name: "accepting a completed transfer again is a no-op", Given: history(requested, byBen, completed),
			When: Accept{By: "ben", At: at(13)}},
		{Name: "the second to accept is refused", Given: history(requested, byBen), When: Accept{By: "cho", At: at(11)}, Err: ErrAlreadyAccepted},
		{Name: "an agent who was not offered a transfer cannot accept it", Given: history(requested),
			When: Accept{By: "dan", At: at(10)}, Err: ErrNotYours},
		{Name: "an agent who rejected a transfer cannot accept it", Given: history(requested, benRejects),
			When: Accept{By: "ben", At: at(11)}, Err: ErrRejected},
		{Name: "a transfer can no longer be accepted at its deadline", Given: history(requested),
			When: Accept{By: "ben", At: at(300)}, Err: ErrExpired},
		{Name: "a signed-out agent cannot accept a transfer", Given: history(requested),
			When: Accept{By: "ben", SignedOut: true, At: at(10)}, Err: domain.ErrNotSignedIn},
		{Name: "an agent who left the target queue cannot accept", Given: history(requested),
			When: Accept{By: "ben", LeftQueue: true, At: at(10)}, Err: domain.ErrNotMember},
		{Name: "leaving the queue after accepting changes nothing", Given: history(requested, byBen),
			When: Accept{By: "ben", LeftQueue: true, At: at(11)}},
		{Name: "an expired transfer cannot be accepted", Given: history(requested, expired),
			When: Accept{By: "ben", At: at(10)}, Err: ErrOver},
		{Name: "a cancelled transfer cannot be accepted", Given: history(requested, cancelled),
			When: Accept{By: "ben", At: at(21)}, Err: ErrOver},
		{Name: "a voided transfer cannot be accepted again", Given: history(requested, byBen, voided),
			When: Accept{By: "ben", At: at(31)}, Err: ErrOver},
		{Name: "an unknown transfer cannot be accepted", When: Accept{By: "ben", At: noon}, Err: ErrUnknown},

		{Name: "one of two agents rejects a transfer", Given: history(requested),
			When: Reject{By: "ben", At: at(10)}, Then: history(benRejects)},
		{Name: "rejecting a transfer twice is a no-op", Given: history(requested, benRejects), When: Reject{By: "ben", At: at(12)}},
		{Name: "the last agent to reject ends the transfer", Given: history(requested, benRejects),
			When: Reject{By: "cho", At: at(11)}, Then: history(choRejects, refused)},
		{Name: "rejecting an accepted transfer is a no-op", Given: history(requested, byBen), When: Reject{By: "cho", At: at(11)}},
		{Name: "an agent who was not offered a transfer cannot reject it", Given: history(requested),
			When: Reject{By: "dan", At: at(11)}, Err: ErrNotYours},
		{Name: "rejecting a transfer after its deadline is a no-op", Given: history(requested), When: Reject{By: "ben", At: at(300)}},
	})
}

func TestEndingATransfer(t *testing.T) {
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an accepted transfer is completed", Given: history(requested, byBen), When: Complete{At: at(12)}, Then: history(completed)},
		{Name: "completing a transfer twice is a no-op", Given: history(requested, byBen, completed), When: Complete{At: at(13)}},
		{Name: "a transfer that no one accepted cannot be completed", Given: history(requested),
			When: Complete{At: at(12)}, Err: ErrNotAccepted},
		{Name: "a voided transfer cannot be completed", Given: history(requested, byBen, voided), When: Complete{At: at(31)}, Err: ErrOver},

		{Name: "a transfer expires at its deadline", Given: history(requested), When: Expire{At: at(300)}, Then: history(expired)},
		{Name: "a transfer does not expire early", Given: history(requested), When: Expire{At: at(299)}, Err: domain.ErrNotDue},
		{Name: "an accepted transfer does not expire", Given: history(requested, byBen), When: Expire{At: at(300)}},
		{Name: "a transfer expires only once", Given: history(requested, expired), When: Expire{At: at(301)}},

		{Name: "the sender cancels a transfer", Given: history(requested), When: Cancel{By: "ann", At: at(20)}, Then: history(cancelled)},
		{Name: "cancelling a transfer twice is a no-op", Given: history(requested, cancelled), When: Cancel{By: "ann", At: at(21)}},
		{Name: "another agent cannot cancel a transfer", Given: history(requested), When: Cancel{By: "ben", At: at(20)}, Err: ErrNotSender},
		{Name: "a supervisor may cancel a transfer", Given: history(requested),
			When: Cancel{By: "sue", Supervisor: true, At: at(20)}, Then: history(Cancelled{By: "sue", At: at(20)})},
		{Name: "an accepted transfer cannot be cancelled", Given: history(requested, byBen),
			When: Cancel{By: "ann", At: at(20)}, Err: ErrAlreadyAccepted},
		{Name: "an expired transfer cannot be cancelled", Given: history(requested, expired),
			When: Cancel{By: "ann", At: at(301)}, Err: ErrOver},

		{Name: "a transfer with no one left is refused", Given: history(requested),
			When: Refuse{Reason: NoOneAvailable, At: at(20)}, Then: history(Refused{Reason: NoOneAvailable, At: at(20)})},
		{Name: "refusing a transfer twice is a no-op", Given: history(requested, benRejects, choRejects, refused),
			When: Refuse{Reason: NoOneAvailable, At: at(20)}},
		{Name: "an accepted transfer is not refused", Given: history(requested, byBen), When: Refuse{Reason: NoOneAvailable, At: at(20)}},
		{Name: "a refusal needs a known reason", Given: history(requested), When: Refuse{Reason: "MOOD", At: at(20)}, Err: ErrInvalid},

		{Name: "a transfer is void once its interaction is closed", Given: history(requested),
			When: Void{Reason: "INTERACTION_CLOSED", At: at(30)}, Then: history(voided)},
		{Name: "an accepted transfer can still be voided", Given: history(requested, byBen),
			When: Void{Reason: "INTERACTION_CLOSED", At: at(30)}, Then: history(voided)},
		{Name: "a completed transfer is not voided", Given: history(requested, byBen, completed),
			When: Void{Reason: "INTERACTION_CLOSED", At: at(30)}},
	})
}
