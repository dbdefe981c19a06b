package interaction_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/domaintest"
	. "parley/domain/interaction"
)

func TestOffers(t *testing.T) {
	offer := Offer{OfferID: "o1", QueueID: "sales", Agents: []domain.AgentID{"ben", "cho"}, ExpiresAt: after(30 * time.Second), At: noon}
	with := func(change func(*Offer)) Offer { o := offer; change(&o); return o }
	rejected := OfferRejected{OfferID: "o1", By: "ben", At: after(time.Second)}
	choToo := OfferRejected{OfferID: "o1", By: "cho", At: after(time.Second)}
	expired := OfferExpired{OfferID: "o1", Missed: []domain.AgentID{"ben", "cho"}, At: after(30 * time.Second)}
	again := Offered{OfferID: "o2", QueueID: "sales", Agents: []domain.AgentID{"cho"}, Round: 2, ExpiresAt: after(2 * time.Minute), At: after(time.Minute)}
	released := Released{From: "ben", By: "sue", Reason: ReleasedBySupervisor, At: after(time.Minute)}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a waiting session is offered", Given: waiting, When: offer, Then: history(offered)},
		{Name: "an offer is made once", Given: and(waiting, offered), When: offer},
		{Name: "the queue is the session's own unless said otherwise", Given: waiting, When: with(func(o *Offer) { o.QueueID = "" }), Then: history(offered)},
		{Name: "the second offer is the second round", Given: and(waiting, offered, expired),
			When: Offer{OfferID: "o2", QueueID: "sales", Agents: []domain.AgentID{"cho"}, ExpiresAt: after(2 * time.Minute), At: after(time.Minute)}, Then: history(again)},
		{Name: "rounds count anew after a release", Given: and(bens, released),
			When: with(func(o *Offer) { o.OfferID, o.At, o.ExpiresAt = "o3", after(time.Minute), after(2*time.Minute) }),
			Then: history(Offered{OfferID: "o3", QueueID: "sales", Agents: []domain.AgentID{"ben", "cho"}, Round: 1, ExpiresAt: after(2 * time.Minute), At: after(time.Minute)})},
		{Name: "who has an offer in front of him gets no second one", Given: and(waiting, offered), When: with(func(o *Offer) { o.OfferID = "o2" })},
		{Name: "who has none gets one beside it", Given: and(waiting, offered),
			When: with(func(o *Offer) { o.OfferID, o.Agents = "o2", []domain.AgentID{"ben", "dan", "dan"} }),
			Then: history(Offered{OfferID: "o2", QueueID: "sales", Agents: []domain.AgentID{"dan"}, Round: 2, ExpiresAt: after(30 * time.Second), At: noon})},
		{Name: "a manual assignment stands against the router (F24)", Given: and(waiting, Assigned{To: "ben", By: "sue", At: noon}), When: offer, Err: ErrNotWaiting},
		{Name: "a closed session is not offered", Given: over, When: with(func(o *Offer) { o.OfferID = "o9" }), Err: ErrClosed},
		{Name: "an offer needs agents", Given: waiting, When: with(func(o *Offer) { o.Agents = nil }), Err: ErrOfferInvalid},
		{Name: "an offer lasts some time", Given: waiting, When: with(func(o *Offer) { o.ExpiresAt = noon }), Err: ErrOfferInvalid},

		{Name: "an agent rejects an offer", Given: and(waiting, offered), When: Reject{OfferID: "o1", By: "ben", At: after(time.Second)}, Then: history(rejected)},
		{Name: "rejecting twice is rejecting once", Given: and(waiting, offered, rejected), When: Reject{OfferID: "o1", By: "ben", At: after(2 * time.Second)}},
		{Name: "only who was offered it can reject", Given: and(waiting, offered), When: Reject{OfferID: "o1", By: "dan", At: noon}, Err: ErrOfferNotYours},
		{Name: "an offer that is gone needs no rejecting", Given: bens, When: Reject{OfferID: "o1", By: "cho", At: noon}},
		{Name: "an offer whose time is over needs no rejecting", Given: and(waiting, offered), When: Reject{OfferID: "o1", By: "cho", At: after(30 * time.Second)}},

		{Name: "an offer expires in its time and names who missed it", Given: and(waiting, offered), When: ExpireOffer{OfferID: "o1", At: after(30 * time.Second)}, Then: history(expired)},
		{Name: "who rejected has not missed it", Given: and(waiting, offered, rejected), When: ExpireOffer{OfferID: "o1", At: after(time.Minute)},
			Then: history(OfferExpired{OfferID: "o1", Missed: []domain.AgentID{"cho"}, At: after(time.Minute)})},
		{Name: "an offer does not expire early", Given: and(waiting, offered), When: ExpireOffer{OfferID: "o1", At: after(29 * time.Second)}, Err: domain.ErrNotDue},
		{Name: "an offer expires once", Given: and(waiting, offered, expired), When: ExpireOffer{OfferID: "o1", At: after(time.Minute)}},
		{Name: "an offer everybody rejected is over and does not expire", Given: and(waiting, offered, rejected, choToo), When: ExpireOffer{OfferID: "o1", At: after(time.Minute)}},
		{Name: "an accepted offer does not expire", Given: bens, When: ExpireOffer{OfferID: "o1", At: after(time.Minute)}},
	})

	_, err := Decide(Decider.Fold(and(waiting, offered)), ExpireOffer{OfferID: "o1", At: after(29 * time.Second)})
	left, ok := domain.DueIn(err)
	require.True(t, ok)
	require.Equal(t, time.Second, left, "the loop above sleeps exactly that long")
}

func TestAccepting(t *testing.T) {
	accept := func(by domain.AgentID) Accept {
		return Accept{OfferID: "o1", By: by, Presence: Available, At: after(time.Second)}
	}
	byCho := Accepted{OfferID: "o1", By: "cho", At: after(time.Second)}
	rejected := OfferRejected{OfferID: "o1", By: "ben", At: noon}
	expired := OfferExpired{OfferID: "o1", Missed: []domain.AgentID{"ben", "cho"}, At: after(30 * time.Second)}
	released := Released{From: "ben", By: "sue", Reason: ReleasedBySupervisor, At: after(2 * time.Second)}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "who was offered it accepts (R47)", Given: and(waiting, offered), When: accept("ben"), Then: history(byBen)},
		{Name: "a second click is not a mistake", Given: bens, When: accept("ben")},
		{Name: "the next one hears who was quicker (R48, F21)", Given: bens, When: accept("cho"), Err: ErrAlreadyAccepted},
		{Name: "somebody else cannot accept", Given: and(waiting, offered), When: accept("dan"), Err: ErrOfferNotYours},
		{Name: "who rejected it cannot accept it after all", Given: and(waiting, offered, rejected), When: accept("ben"), Err: ErrOfferRejected},
		{Name: "the rejection of one withdraws only him (A3)", Given: and(waiting, offered, rejected), When: accept("cho"), Then: history(byCho)},
		{Name: "an expired offer cannot be accepted", Given: and(waiting, offered, expired), When: accept("ben"), Err: ErrOfferExpired},
		{Name: "at its very last moment an offer is over", Given: and(waiting, offered), When: Accept{OfferID: "o1", By: "ben", At: after(30 * time.Second)}, Err: ErrOfferExpired},
		{Name: "a moment before it is not", Given: and(waiting, offered), When: Accept{OfferID: "o1", By: "ben", At: after(30*time.Second - 1)},
			Then: history(Accepted{OfferID: "o1", By: "ben", At: after(30*time.Second - 1)})},
		{Name: "an offer from before a release stands no more", Given: and(bens, released), When: accept("cho"), Err: ErrOfferExpired},
		{Name: "an offer nobody made cannot be accepted", Given: waiting, When: accept("ben"), Err: ErrOfferExpired},
		{Name: "who is signed out cannot accept", Given: and(waiting, offered), When: Accept{OfferID: "o1", By: "ben", Presence: SignedOut, At: noon}, Err: ErrNotSignedIn},
		{Name: "who paused meanwhile may accept an offer that stands", Given: and(waiting, offered), When: Accept{OfferID: "o1", By: "ben", Presence: PausedNow, At: after(time.Second)}, Then: history(byBen)},
		{Name: "a closed session cannot be accepted", Given: over, When: accept("cho"), Err: ErrClosed},

		{Name: "a member takes a waiting session from the list", Given: waiting, When: Take{By: "dan", Presence: Available, Member: true, Allowed: true, At: noon},
			Then: history(Accepted{By: "dan", At: noon})},
		{Name: "taking beats an offer to others", Given: and(waiting, offered), When: Take{By: "dan", Member: true, Allowed: true, At: noon}, Then: history(Accepted{By: "dan", At: noon})},
		{Name: "what somebody has is not taken from him", Given: bens, When: Take{By: "dan", Member: true, Allowed: true, At: noon}, Err: ErrAlreadyAccepted},
		{Name: "taking one's own changes nothing", Given: bens, When: Take{By: "ben", Member: true, Allowed: true, At: noon}},
		{Name: "only members take", Given: waiting, When: Take{By: "dan", Allowed: true, At: noon}, Err: ErrNotMember},
		{Name: "only where the queue allows it", Given: waiting, When: Take{By: "dan", Member: true, At: noon}, Err: ErrTakeNotAllowed},
		{Name: "who has left the queue accepts nothing of it", Given: and(waiting, offered), When: Accept{OfferID: "o1", By: "ben", Left: true, At: noon}, Err: ErrNotMember},
		{Name: "who is signed out takes nothing", Given: waiting, When: Take{By: "dan", Presence: SignedOut, Member: true, Allowed: true, At: noon}, Err: ErrNotSignedIn},
		{Name: "a closed session is not taken", Given: over, When: Take{By: "dan", Member: true, Allowed: true, At: noon}, Err: ErrClosed},
	})

	_, err := Decide(Decider.Fold(bens), accept("cho"))
	var refusal *domain.Refusal
	require.ErrorAs(t, err, &refusal)
	require.Equal(t, "ben", refusal.Details["by"], "the screen says who has it")
}

func TestReleasingBecauseTheOwnerGivesNoSign(t *testing.T) { // A24, B15
	at := func(s int) time.Time { return after(time.Duration(s) * time.Second) }
	silent := func(from domain.AgentID, s int) Release {
		return Release{From: from, Reason: ReleasedOwnerSilent, After: time.Minute, At: at(s)}
	}
	releasedSilent := func(from domain.AgentID, s int) []Event {
		return history(Released{From: from, Reason: ReleasedOwnerSilent, At: at(s)})
	}
	reply := MessageQueued{MessageID: "out-1", Author: AuthorAgent, By: "ben", AddressID: "anna", Kind: KindText, Content: Content{Text: "hi"}, At: at(30)}
	heart := MessageQueued{MessageID: "out-1", Author: AuthorAgent, By: "ben", AddressID: "anna", Kind: KindReaction, At: at(30)}
	template := MessageQueued{MessageID: "out-1", Author: AuthorSystem, AddressID: "anna", Kind: KindTemplate, At: at(30)}
	notice := MessageReceived{MessageID: "in-3", AddressID: "anna", Kind: KindSystem, At: at(40)}
	toCho := Assigned{To: "cho", By: "sue", At: at(50)}
	gone := func(since time.Time, s int) Release {
		return Release{From: "ben", Reason: ReleasedOwnerSignedOut, Gone: since, After: time.Minute, At: at(s)}
	}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an owner who does not answer loses it in the queue's time", Given: bens, When: silent("ben", 61), Then: releasedSilent("ben", 61)},
		{Name: "not a second earlier", Given: bens, When: silent("ben", 60), Err: domain.ErrNotDue},
		{Name: "the time counts from when he has it, not from when the customer wrote", Given: and(bens, toCho), When: silent("cho", 61), Err: domain.ErrNotDue},
		{Name: "a colleague who got it has the whole time too", Given: and(bens, toCho), When: silent("cho", 110), Then: releasedSilent("cho", 110)},
		{Name: "whoever had it before loses nothing", Given: and(bens, toCho), When: silent("ben", 110)},
		{Name: "who has answered keeps it", Given: and(bens, reply), When: silent("ben", 1000)},
		{Name: "until the customer has written again for long enough", Given: and(bens, reply, thanks), When: silent("ben", 120), Then: releasedSilent("ben", 120)},
		{Name: "and not before", Given: and(bens, reply, thanks), When: silent("ben", 119), Err: domain.ErrNotDue},
		{Name: "a customer who writes more does not give him more time", Given: and(bens, thanks), When: silent("ben", 61), Then: releasedSilent("ben", 61)},
		{Name: "an emoji is no answer", Given: and(bens, heart), When: silent("ben", 61), Then: releasedSilent("ben", 61)},
		{Name: "a template of the system's is no answer of his", Given: and(bens, template), When: silent("ben", 61), Then: releasedSilent("ben", 61)},
		{Name: "what the provider says of itself wants no answer", Given: and(bens, reply, notice), When: silent("ben", 1000)},
		{Name: "who has handed it over is not silent", Given: and(bens, handed), When: silent("ben", 1000)},

		{Name: "who signed out and did not come back loses it", Given: bens, When: gone(at(10), 70), Then: history(Released{From: "ben", Reason: ReleasedOwnerSignedOut, At: at(70)})},
		{Name: "not before his time is over", Given: bens, When: gone(at(10), 69), Err: domain.ErrNotDue},
		{Name: "who is back keeps it", Given: bens, When: gone(time.Time{}, 1000)},
		{Name: "what he is handing over ends by itself", Given: and(bens, handed), When: gone(at(10), 1000)},
	})

	_, err := Decide(Decider.Fold(and(bens, toCho)), silent("cho", 61))
	left, ok := domain.DueIn(err)
	require.True(t, ok)
	require.Equal(t, 49*time.Second, left, "the loop above asks again exactly then")
}

func TestOwning(t *testing.T) {
	sue := domain.UserID("sue")
	toCho := Assigned{To: "cho", By: sue, At: noon}
	seen := SeenByOwner{By: "ben", Through: "in-2", At: noon}
	unread := ReturnedUnread{Owner: "ben", Reason: UnreadMarked, At: noon}
	void := TransferEnded{TransferID: "t1", Outcome: TransferVoided, At: noon}
	released := Released{From: "ben", By: sue, Reason: ReleasedBySupervisor, At: noon}
	two := and(bens, thanks)

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a supervisor assigns a waiting session", Given: waiting, When: Assign{To: "cho", By: sue, At: noon}, Then: history(toCho)},
		{Name: "a supervisor takes it from one and gives it to another", Given: bens, When: Assign{To: "cho", By: sue, At: noon}, Then: history(toCho)},
		{Name: "assigning it to who has it changes nothing", Given: bens, When: Assign{To: "ben", By: sue, At: noon}},
		{Name: "assigning ends a transfer in progress", Given: and(bens, handed), When: Assign{To: "dan", By: sue, At: noon}, Then: history(void, Assigned{To: "dan", By: sue, At: noon})},
		{Name: "a closed session is not assigned", Given: over, When: Assign{To: "cho", By: sue, At: noon}, Err: ErrClosed},
		{Name: "assigning needs somebody", Given: waiting, When: Assign{By: sue, At: noon}, Err: ErrNobody},

		{Name: "a supervisor puts a session back to waiting (A24)", Given: bens, When: Release{By: sue, Reason: ReleasedBySupervisor, At: noon}, Then: history(released)},
		{Name: "releasing ends a transfer in progress", Given: and(bens, handed), When: Release{By: sue, Reason: ReleasedBySupervisor, At: noon}, Then: history(void, released)},
		{Name: "what waits already is not released", Given: waiting, When: Release{By: sue, Reason: ReleasedBySupervisor, At: noon}},
		{Name: "a timer releases only from the one it was set for", Given: and(bens, toCho), When: Release{From: "ben", Reason: ReleasedOwnerGone, Gone: noon, At: noon}},
		{Name: "the owner was away too long", Given: bens, When: Release{From: "ben", Reason: ReleasedOwnerGone, Gone: noon, At: noon}, Then: history(Released{From: "ben", Reason: ReleasedOwnerGone, At: noon})},
		{Name: "a closed session is not released", Given: over, When: Release{By: sue, Reason: ReleasedBySupervisor, At: noon}, Err: ErrClosed},

		{Name: "the owner has looked", Given: two, When: MarkSeen{By: "ben", Through: "in-2", At: noon}, Then: history(seen)},
		{Name: "looking again changes nothing", Given: and(two, seen), When: MarkSeen{By: "ben", Through: "in-2", At: noon}},
		{Name: "what was seen goes forwards only", Given: and(two, seen), When: MarkSeen{By: "ben", Through: "in-1", At: noon}},
		{Name: "a supervisor who reads along marks nothing (R60)", Given: two, When: MarkSeen{By: sue, Through: "in-2", At: noon}, Err: ErrNotOwner},
		{Name: "nobody sees what nobody owns", Given: waiting, When: MarkSeen{By: "ben", Through: "in-1", At: noon}, Err: ErrNobodyOwns},
		{Name: "what is not here cannot be seen", Given: bens, When: MarkSeen{By: "ben", Through: "in-7", At: noon}, Err: ErrNoMessage},
		{Name: "the new owner has seen nothing yet", Given: and(two, seen, toCho), When: MarkSeen{By: "cho", Through: "in-1", At: noon}, Then: history(SeenByOwner{By: "cho", Through: "in-1", At: noon})},
		{Name: "the owner marks it unread", Given: and(two, seen), When: MarkUnread{By: "ben", At: noon}, Then: history(unread)},
		{Name: "what is unread is not marked again", Given: and(two, seen, unread), When: MarkUnread{By: "ben", At: noon}},
		{Name: "looking takes the mark away", Given: and(two, seen, unread), When: MarkSeen{By: "ben", Through: "in-2", At: noon}, Then: history(seen)},
		{Name: "only the owner marks it unread", Given: two, When: MarkUnread{By: "cho", At: noon}, Err: ErrNotOwner},
		{Name: "what nobody owns is not marked", Given: waiting, When: MarkUnread{By: "cho", At: noon}, Err: ErrNobodyOwns},
	})
}
