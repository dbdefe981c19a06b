package interaction_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestOfferingASession(t *testing.T) {
	offer := Offer{OfferID: "o1", QueueID: "sales", Agents: []domain.AgentID{"ben", "cho"},
		ExpiresAt: after(30 * time.Second), At: noon}
	with := func(change func(*Offer)) Offer { o := offer; change(&o); return o }
	rejected := OfferRejected{OfferID: "o1", By: "ben", At: after(time.Second)}
	choToo := OfferRejected{OfferID: "o1", By: "cho", At: after(time.Second)}
	expired := OfferExpired{OfferID: "o1", Missed: []domain.AgentID{"ben", "cho"}, At: after(30 * time.Second)}
	again := Offered{OfferID: "o2", QueueID: "sales", Agents: []domain.AgentID{"cho"}, Round: 2,
		ExpiresAt: after(2 * time.Minute), At: after(time.Minute)}
	released := Released{From: "ben", By: "sue", Reason: ReleasedBySupervisor, At: after(time.Minute)}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a waiting session is offered", Given: waiting, When: offer, Then: history(offered)},
		{Name: "an offer is made once", Given: and(waiting, offered), When: offer},
		{Name: "an offer without a queue uses the session's queue", Given: waiting,
			When: with(func(o *Offer) { o.QueueID = "" }), Then: history(offered)},
		{Name: "the second offer is the second round", Given: and(waiting, offered, expired),
			When: Offer{OfferID: "o2", QueueID: "sales", Agents: []domain.AgentID{"cho"},
				ExpiresAt: after(2 * time.Minute), At: after(time.Minute)}, Then: history(again)},
		{Name: "rounds start again after a release", Given: and(bens, released),
			When: with(func(o *Offer) { o.OfferID, o.At, o.ExpiresAt = "o3", after(time.Minute), after(2*time.Minute) }),
			Then: history(Offered{OfferID: "o3", QueueID: "sales", Agents: []domain.AgentID{"ben", "cho"},
				Round: 1, ExpiresAt: after(2 * time.Minute), At: after(time.Minute)})},
		{Name: "an agent with a pending offer gets no second one", Given: and(waiting, offered),
			When: with(func(o *Offer) { o.OfferID = "o2" })},
		{Name: "an agent without a pending offer gets one", Given: and(waiting, offered),
			When: with(func(o *Offer) { o.OfferID, o.Agents = "o2", []domain.AgentID{"ben", "dan", "dan"} }),
			Then: history(Offered{OfferID: "o2", QueueID: "sales", Agents: []domain.AgentID{"dan"}, Round: 2,
				ExpiresAt: after(30 * time.Second), At: noon})},
		{Name: "an assigned session is not offered", Given: and(waiting, Assigned{To: "ben", By: "sue", At: noon}),
			When: offer, Err: ErrNotWaiting},
		{Name: "a closed session cannot be offered", Given: over, When: with(func(o *Offer) { o.OfferID = "o9" }), Err: ErrClosed},
		{Name: "an offer needs agents", Given: waiting, When: with(func(o *Offer) { o.Agents = nil }), Err: ErrOfferInvalid},
		{Name: "an offer needs a time limit", Given: waiting, When: with(func(o *Offer) { o.ExpiresAt = noon }), Err: ErrOfferInvalid},

		{Name: "an agent rejects an offer", Given: and(waiting, offered),
			When: Reject{OfferID: "o1", By: "ben", At: after(time.Second)}, Then: history(rejected)},
		{Name: "rejecting an offer twice is a no-op", Given: and(waiting, offered, rejected),
			When: Reject{OfferID: "o1", By: "ben", At: after(2 * time.Second)}},
		{Name: "an agent cannot reject an offer made to others", Given: and(waiting, offered),
			When: Reject{OfferID: "o1", By: "dan", At: noon}, Err: ErrOfferNotYours},
		{Name: "rejecting an offer after acceptance is a no-op", Given: bens, When: Reject{OfferID: "o1", By: "cho", At: noon}},
		{Name: "rejecting an expired offer is a no-op", Given: and(waiting, offered),
			When: Reject{OfferID: "o1", By: "cho", At: after(30 * time.Second)}},

		{Name: "an expired offer names the agents who missed it", Given: and(waiting, offered),
			When: ExpireOffer{OfferID: "o1", At: after(30 * time.Second)}, Then: history(expired)},
		{Name: "an agent who rejected an offer has not missed it", Given: and(waiting, offered, rejected),
			When: ExpireOffer{OfferID: "o1", At: after(time.Minute)},
			Then: history(OfferExpired{OfferID: "o1", Missed: []domain.AgentID{"cho"}, At: after(time.Minute)})},
		{Name: "an offer does not expire early", Given: and(waiting, offered),
			When: ExpireOffer{OfferID: "o1", At: after(29 * time.Second)}, Err: domain.ErrNotDue},
		{Name: "an offer expires once", Given: and(waiting, offered, expired), When: ExpireOffer{OfferID: "o1", At: after(time.Minute)}},
		{Name: "an offer rejected by everyone does not expire",
			Given: and(waiting, offered, rejected, choToo), When: ExpireOffer{OfferID: "o1", At: after(time.Minute)}},
		{Name: "an accepted offer does not expire", Given: bens, When: ExpireOffer{OfferID: "o1", At: after(time.Minute)}},
	})

	_, err := Decide(Decider.Fold(and(waiting, offered)), ExpireOffer{OfferID: "o1", At: after(29 * time.Second)})
	wait, ok := domain.DueIn(err)
	require.True(t, ok)
	require.Equal(t, time.Second, wait, "the refusal says how long to wait")
}

func TestAcceptingAnOffer(t *testing.T) {
	accept := func(by domain.AgentID) Accept {
		return Accept{OfferID: "o1", By: by, Presence: Available, At: after(time.Second)}
	}
	byCho := Accepted{OfferID: "o1", By: "cho", At: after(time.Second)}
	rejected := OfferRejected{OfferID: "o1", By: "ben", At: noon}
	expired := OfferExpired{OfferID: "o1", Missed: []domain.AgentID{"ben", "cho"}, At: after(30 * time.Second)}
	released := Released{From: "ben", By: "sue", Reason: ReleasedBySupervisor, At: after(2 * time.Second)}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an agent accepts an offer", Given: and(waiting, offered), When: accept("ben"), Then: history(byBen)},
		{Name: "accepting an offer twice is a no-op", Given: bens, When: accept("ben")},
		{Name: "the second agent to accept is told who was first", Given: bens, When: accept("cho"), Err: ErrAlreadyAccepted},
		{Name: "an agent cannot accept an offer made to others", Given: and(waiting, offered), When: accept("dan"), Err: ErrOfferNotYours},
		{Name: "an agent who rejected an offer cannot accept it", Given: and(waiting, offered, rejected),
			When: accept("ben"), Err: ErrOfferRejected},
		{Name: "one agent may accept an offer that another rejected", Given: and(waiting, offered, rejected),
			When: accept("cho"), Then: history(byCho)},
		{Name: "an expired offer cannot be accepted", Given: and(waiting, offered, expired), When: accept("ben"), Err: ErrOfferExpired},
		{Name: "an offer can no longer be accepted at its deadline", Given: and(waiting, offered),
			When: Accept{OfferID: "o1", By: "ben", At: after(30 * time.Second)}, Err: ErrOfferExpired},
		{Name: "an offer can be accepted just before its deadline", Given: and(waiting, offered),
			When: Accept{OfferID: "o1", By: "ben", At: after(30*time.Second - 1)},
			Then: history(Accepted{OfferID: "o1", By: "ben", At: after(30*time.Second - 1)})},
		{Name: "an offer from before a release cannot be accepted", Given: and(bens, released), When: accept("cho"), Err: ErrOfferExpired},
		{Name: "an unknown offer cannot be accepted", Given: waiting, When: accept("ben"), Err: ErrOfferExpired},
		{Name: "a signed-out agent cannot accept an offer", Given: and(waiting, offered),
			When: Accept{OfferID: "o1", By: "ben", Presence: SignedOut, At: noon}, Err: domain.ErrNotSignedIn},
		{Name: "a paused agent may accept a pending offer", Given: and(waiting, offered),
			When: Accept{OfferID: "o1", By: "ben", Presence: PausedNow, At: after(time.Second)}, Then: history(byBen)},
		{Name: "a closed session cannot be accepted", Given: over, When: accept("cho"), Err: ErrClosed},

		{Name: "a member takes a waiting session from the list", Given: waiting,
			When: Take{By: "dan", Presence: Available, Member: true, Allowed: true, At: noon},
			Then: history(Accepted{By: "dan", At: noon})},
		{Name: "a member may take a session offered to others", Given: and(waiting, offered),
			When: Take{By: "dan", Member: true, Allowed: true, At: noon}, Then: history(Accepted{By: "dan", At: noon})},
		{Name: "a session with an owner cannot be taken", Given: bens,
			When: Take{By: "dan", Member: true, Allowed: true, At: noon}, Err: ErrAlreadyAccepted},
		{Name: "taking one's own session is a no-op", Given: bens, When: Take{By: "ben", Member: true, Allowed: true, At: noon}},
		{Name: "an agent outside the queue cannot take", Given: waiting,
			When: Take{By: "dan", Allowed: true, At: noon}, Err: domain.ErrNotMember},
		{Name: "an agent cannot take where the queue does not allow it", Given: waiting,
			When: Take{By: "dan", Member: true, At: noon}, Err: ErrTakeNotAllowed},
		{Name: "an agent who left the queue cannot accept its offers", Given: and(waiting, offered),
			When: Accept{OfferID: "o1", By: "ben", LeftQueue: true, At: noon}, Err: domain.ErrNotMember},
		{Name: "a signed-out agent cannot take a session", Given: waiting,
			When: Take{By: "dan", Presence: SignedOut, Member: true, Allowed: true, At: noon}, Err: domain.ErrNotSignedIn},
		{Name: "a closed session cannot be taken", Given: over,
			When: Take{By: "dan", Member: true, Allowed: true, At: noon}, Err: ErrClosed},
	})

	_, err := Decide(Decider.Fold(bens), accept("cho"))
	var refusal *domain.Refusal
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, "ben", refusal.Details["by"], "the screen says who has it")
}

func TestReleasingASilentOrAbsentOwner(t *testing.T) {
	at := func(s int) time.Time { return after(time.Duration(s) * time.Second) }
	silent := func(from domain.AgentID, s int) Release {
		return Release{From: from, Reason: ReleasedOwnerSilent, After: time.Minute, At: at(s)}
	}
	releasedSilent := func(from domain.AgentID, s int) []Event {
		return history(Released{From: from, Reason: ReleasedOwnerSilent, At: at(s)})
	}
	reply := MessageQueued{MessageID: "out-1", Author: AuthorAgent, By: "ben", AddressID: "anna",
		Kind: KindText, Content: Content{Text: "hi"}, At: at(30)}
	heart := MessageQueued{MessageID: "out-1", Author: AuthorAgent, By: "ben", AddressID: "anna",
		Kind: KindReaction, At: at(30)}
	template := MessageQueued{MessageID: "out-1", Author: AuthorSystem, AddressID: "anna", Kind: KindTemplate,
		At: at(30)}
	notice := MessageReceived{MessageID: "in-3", AddressID: "anna", Kind: KindSystem, At: at(40)}
	toCho := Assigned{To: "cho", By: "sue", At: at(50)}
	gone := func(since time.Time, s int) Release {
		return Release{From: "ben", Reason: ReleasedOwnerSignedOut, Gone: since, After: time.Minute, At: at(s)}
	}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a silent owner loses the session after the queue's time limit", Given: bens,
			When: silent("ben", 61), Then: releasedSilent("ben", 61)},
		{Name: "a silent owner does not lose the session a second early", Given: bens, When: silent("ben", 60), Err: domain.ErrNotDue},
		{Name: "the time limit counts from the change of owner", Given: and(bens, toCho), When: silent("cho", 61), Err: domain.ErrNotDue},
		{Name: "a new owner has the whole time limit", Given: and(bens, toCho), When: silent("cho", 110), Then: releasedSilent("cho", 110)},
		{Name: "a timer for a former owner is a no-op", Given: and(bens, toCho), When: silent("ben", 110)},
		{Name: "an owner who replied keeps the session", Given: and(bens, reply), When: silent("ben", 1000)},
		{Name: "an owner who is silent after a new message loses the session", Given: and(bens, reply, thanks),
			When: silent("ben", 120), Then: releasedSilent("ben", 120)},
		{Name: "a new message gives the owner the whole time limit", Given: and(bens, reply, thanks),
			When: silent("ben", 119), Err: domain.ErrNotDue},
		{Name: "further messages do not extend the time limit", Given: and(bens, thanks),
			When: silent("ben", 61), Then: releasedSilent("ben", 61)},
		{Name: "a reaction does not count as a reply", Given: and(bens, heart), When: silent("ben", 61), Then: releasedSilent("ben", 61)},
		{Name: "a system template does not count as a reply", Given: and(bens, template),
			When: silent("ben", 61), Then: releasedSilent("ben", 61)},
		{Name: "a system message does not start the time limit", Given: and(bens, reply, notice), When: silent("ben", 1000)},
		{Name: "an owner with a transfer in progress is not silent", Given: and(bens, handed), When: silent("ben", 1000)},

		{Name: "a signed-out owner who stays away loses the session", Given: bens, When: gone(at(10), 70),
			Then: history(Released{From: "ben", Reason: ReleasedOwnerSignedOut, At: at(70)})},
		{Name: "a signed-out owner does not lose the session early", Given: bens, When: gone(at(10), 69), Err: domain.ErrNotDue},
		{Name: "an owner who is back keeps the session", Given: bens, When: gone(time.Time{}, 1000)},
		{Name: "a signed-out owner with a transfer in progress keeps the session", Given: and(bens, handed), When: gone(at(10), 1000)},
	})

	_, err := Decide(Decider.Fold(and(bens, toCho)), silent("cho", 61))
	wait, ok := domain.DueIn(err)
	require.True(t, ok)
	require.Equal(t, 49*time.Second, wait, "the refusal says how long to wait")
}

func TestOwningASession(t *testing.T) {
	sue := domain.UserID("sue")
	toCho := Assigned{To: "cho", By: sue, At: noon}
	seen := SeenByOwner{By: "ben", Through: "in-2", At: noon}
	unread := ReturnedUnread{Owner: "ben", Reason: UnreadMarked, At: noon}
	void := TransferEnded{TransferID: "t1", Outcome: TransferVoided, At: noon}
	released := Released{From: "ben", By: sue, Reason: ReleasedBySupervisor, At: noon}
	two := and(bens, thanks)

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a supervisor assigns a waiting session", Given: waiting, When: Assign{To: "cho", By: sue, At: noon}, Then: history(toCho)},
		{Name: "a supervisor reassigns a session", Given: bens, When: Assign{To: "cho", By: sue, At: noon}, Then: history(toCho)},
		{Name: "assigning a session to its owner is a no-op", Given: bens, When: Assign{To: "ben", By: sue, At: noon}},
		{Name: "assigning ends a transfer in progress", Given: and(bens, handed),
			When: Assign{To: "dan", By: sue, At: noon}, Then: history(void, Assigned{To: "dan", By: sue, At: noon})},
		{Name: "a closed session is not assigned", Given: over, When: Assign{To: "cho", By: sue, At: noon}, Err: ErrClosed},
		{Name: "an assignment needs an agent", Given: waiting, When: Assign{By: sue, At: noon}, Err: ErrAgentMissing},

		{Name: "a supervisor releases a session", Given: bens,
			When: Release{By: sue, Reason: ReleasedBySupervisor, At: noon}, Then: history(released)},
		{Name: "releasing ends a transfer in progress", Given: and(bens, handed),
			When: Release{By: sue, Reason: ReleasedBySupervisor, At: noon}, Then: history(void, released)},
		{Name: "releasing a waiting session is a no-op", Given: waiting, When: Release{By: sue, Reason: ReleasedBySupervisor, At: noon}},
		{Name: "a timer does not release another owner's session", Given: and(bens, toCho),
			When: Release{From: "ben", Reason: ReleasedOwnerGone, Gone: noon, At: noon}},
		{Name: "an owner who was away too long loses the session", Given: bens,
			When: Release{From: "ben", Reason: ReleasedOwnerGone, Gone: noon, At: noon},
			Then: history(Released{From: "ben", Reason: ReleasedOwnerGone, At: noon})},
		{Name: "a closed session is not released", Given: over,
			When: Release{By: sue, Reason: ReleasedBySupervisor, At: noon}, Err: ErrClosed},

		{Name: "the owner marks messages as seen", Given: two, When: MarkSeen{By: "ben", Through: "in-2", At: noon}, Then: history(seen)},
		{Name: "marking the same message as seen is a no-op", Given: and(two, seen), When: MarkSeen{By: "ben", Through: "in-2", At: noon}},
		{Name: "marking an earlier message as seen is a no-op", Given: and(two, seen),
			When: MarkSeen{By: "ben", Through: "in-1", At: noon}},
		{Name: "a monitoring supervisor cannot mark messages as seen", Given: two,
			When: MarkSeen{By: sue, Through: "in-2", At: noon}, Err: ErrNotOwner},
		{Name: "a waiting session cannot be marked as seen", Given: waiting,
			When: MarkSeen{By: "ben", Through: "in-1", At: noon}, Err: ErrNobodyOwns},
		{Name: "an unknown message cannot be marked as seen", Given: bens,
			When: MarkSeen{By: "ben", Through: "in-7", At: noon}, Err: ErrNoMessage},
		{Name: "the new owner has seen nothing yet", Given: and(two, seen, toCho),
			When: MarkSeen{By: "cho", Through: "in-1", At: noon},
			Then: history(SeenByOwner{By: "cho", Through: "in-1", At: noon})},
		{Name: "the owner marks a session unread", Given: and(two, seen), When: MarkUnread{By: "ben", At: noon}, Then: history(unread)},
		{Name: "marking an unread session again is a no-op", Given: and(two, seen, unread), When: MarkUnread{By: "ben", At: noon}},
		{Name: "marking messages as seen clears unread", Given: and(two, seen, unread),
			When: MarkSeen{By: "ben", Through: "in-2", At: noon}, Then: history(seen)},
		{Name: "only the owner marks a session unread", Given: two, When: MarkUnread{By: "cho", At: noon}, Err: ErrNotOwner},
		{Name: "a waiting session cannot be marked unread", Given: waiting, When: MarkUnread{By: "cho", At: noon}, Err: ErrNobodyOwns},
	})
}
