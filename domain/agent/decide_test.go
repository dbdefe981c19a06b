package agent_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	. "parley/domain/agent"
	"parley/domain/domaintest"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func history(e ...Event) []Event { return e }

var (
	in       = SignedIn{At: noon}
	lunch    = Paused{Reason: "LUNCH", At: noon}
	due1     = Paused{Reason: PauseDisposition, InteractionID: "i1", At: noon}
	due2     = Paused{Reason: PauseDisposition, InteractionID: "i2", At: noon}
	resumed  = Resumed{At: noon}
	away     = Away{At: noon}
	returned = Returned{At: noon}
	out      = SignedOut{Reason: SignedOutSelf, At: noon}
)

func TestPresenceOfAnAgent(t *testing.T) {
	disconnected := SignOut{Reason: SignedOutDisconnected, After: 2 * time.Minute, At: noon.Add(2 * time.Minute)}
	early := disconnected
	early.At = noon.Add(2*time.Minute - time.Second)

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a signed-out agent signs in", When: SignIn{At: noon}, Then: history(in)},
		{Name: "signing in from a second tab is a no-op", Given: history(in), When: SignIn{At: noon}},
		{Name: "signing in while away counts as returning", Given: history(in, away), When: SignIn{At: noon}, Then: history(returned)},
		{Name: "an available agent pauses for a reason", Given: history(in), When: Pause{Reason: "LUNCH", At: noon}, Then: history(lunch)},
		{Name: "pausing again for the same reason is a no-op", Given: history(in, lunch), When: Pause{Reason: "LUNCH", At: noon}},
		{Name: "a paused agent can change the reason", Given: history(in, lunch),
			When: Pause{Reason: "MEETING", At: noon}, Then: history(Paused{Reason: "MEETING", At: noon})},
		{Name: "a pause needs a reason", Given: history(in), When: Pause{At: noon}, Err: ErrNoReason},
		{Name: "a signed-out agent cannot pause", Given: history(in, out), When: Pause{Reason: "LUNCH", At: noon}, Err: domain.ErrNotSignedIn},
		{Name: "a paused agent resumes work", Given: history(in, lunch), When: Resume{At: noon}, Then: history(resumed)},
		{Name: "resuming while available is a no-op", Given: history(in), When: Resume{At: noon}},
		{Name: "a signed-out agent cannot resume", When: Resume{At: noon}, Err: domain.ErrNotSignedIn},
		{Name: "an agent whose last browser disconnects is away", Given: history(in), When: GoAway{At: noon}, Then: history(away)},
		{Name: "going away twice is a no-op", Given: history(in, away), When: GoAway{At: noon}},
		{Name: "an agent who was away returns", Given: history(in, away), When: Return{At: noon}, Then: history(returned)},
		{Name: "returning while connected is a no-op", Given: history(in), When: Return{At: noon}},
		{Name: "a signed-in agent signs out", Given: history(in), When: SignOut{Reason: SignedOutSelf, At: noon}, Then: history(out)},
		{Name: "signing out twice is a no-op", Given: history(in, out), When: SignOut{Reason: SignedOutSelf, At: noon}},
		{Name: "an agent who is away too long is signed out", Given: history(in, away), When: disconnected,
			Then: history(SignedOut{Reason: SignedOutDisconnected, At: disconnected.At})},
		{Name: "an agent is not signed out a second early", Given: history(in, away), When: early, Err: domain.ErrNotDue},
		{Name: "an agent who returns in time is not signed out", Given: history(in, away, returned), When: disconnected},
		{Name: "a sign-out needs a known reason", Given: history(in), When: SignOut{Reason: "MOOD"}, Err: ErrNoReason},
	})

	for _, c := range []struct {
		given []Event
		want  Presence
	}{
		{nil, SignedOutNow},
		{history(in), Available},
		{history(in, lunch), PausedNow},
		{history(in, lunch, away), AwayNow},
		{history(in, lunch, away, returned), PausedNow},
		{history(in, due1), PausedNow},
		{history(in, due1, out), SignedOutNow},
		{history(in, due1, out, in), PausedNow},
		{history(in, lunch, out, in), Available},
	} {
		require.Equal(t, c.want, Decider.Fold(c.given).Presence(), "after %v", c.given)
	}
}

func TestMandatoryDispositionsPauseAnAgent(t *testing.T) {
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a due disposition pauses the agent", Given: history(in),
			When: Pause{Reason: PauseDisposition, InteractionID: "i1", At: noon}, Then: history(due1)},
		{Name: "a due disposition pauses once per interaction", Given: history(in, due1),
			When: Pause{Reason: PauseDisposition, InteractionID: "i1", At: noon}},
		{Name: "a due disposition pauses a signed-out agent", Given: history(in, out),
			When: Pause{Reason: PauseDisposition, InteractionID: "i1", At: noon}, Then: history(due1)},
		{Name: "a disposition pause names its interaction", Given: history(in), When: Pause{Reason: PauseDisposition}, Err: ErrNoReason},
		{Name: "an agent cannot resume while a disposition is due", Given: history(in, due1),
			When: Resume{At: noon}, Err: ErrDispositionDue},
		{Name: "giving the disposition ends the pause", Given: history(in, due1),
			When: GiveDisposition{InteractionID: "i1", At: noon}, Then: history(resumed)},
		{Name: "giving a disposition twice is a no-op", Given: history(in, due1, resumed),
			When: GiveDisposition{InteractionID: "i1", At: noon}},
		{Name: "the pause continues while a second disposition is due", Given: history(in, due1, due2),
			When: GiveDisposition{InteractionID: "i1", At: noon}, Then: history(resumed, due2)},
		{Name: "the pause the agent chose continues after the disposition", Given: history(in, lunch, due1),
			When: GiveDisposition{InteractionID: "i1", At: noon}, Then: history(resumed, lunch)},
	})
}

func TestMissedOffersPauseAnAgent(t *testing.T) {
	miss := func(id domain.OfferID) MissOffer {
		return MissOffer{OfferID: id, OfferedAt: noon, Limit: 3, At: noon}
	}
	missed := func(id domain.OfferID, n int) Event { return OfferMissed{OfferID: id, InARow: n, At: noon} }
	answered := OfferAnswered{OfferID: "o9", At: noon}
	paused := Paused{Reason: PauseMissed, At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a missed offer is counted", Given: history(in), When: miss("o1"), Then: history(missed("o1", 1))},
		{Name: "the same missed offer counts once", Given: history(in, missed("o1", 1)), When: miss("o1")},
		{Name: "the third missed offer in a row pauses the agent",
			Given: history(in, missed("o1", 1), missed("o2", 2)), When: miss("o3"),
			Then: history(missed("o3", 3), paused)},
		{Name: "a missed offer does not pause a paused agent again",
			Given: history(in, lunch, missed("o1", 1), missed("o2", 2)), When: miss("o3"),
			Then: history(missed("o3", 3))},
		{Name: "missed offers do not pause an agent without a limit",
			Given: history(in, missed("o1", 1), missed("o2", 2)), When: MissOffer{OfferID: "o3", OfferedAt: noon, At: noon},
			Then: history(missed("o3", 3))},
		{Name: "answering an offer resets the count", Given: history(in, missed("o1", 1)),
			When: AnswerOffer{OfferID: "o9", At: noon}, Then: history(answered)},
		{Name: "answering without missed offers is a no-op", Given: history(in), When: AnswerOffer{OfferID: "o9", At: noon}},
		{Name: "counting starts again after an answered offer",
			Given: history(in, missed("o1", 1), missed("o2", 2), answered), When: miss("o3"),
			Then: history(missed("o3", 1))},
		{Name: "offers that were on the screen together count once", Given: history(in, missed("o1", 1)),
			When: MissOffer{OfferID: "o2", OfferedAt: noon.Add(-time.Second), Limit: 3, At: noon},
			Then: history(missed("o2", 1))},
		{Name: "a third offer that was on the screen with the second does not pause the agent",
			Given: history(in, missed("o1", 1), missed("o2", 2)),
			When:  MissOffer{OfferID: "o3", OfferedAt: noon.Add(-time.Second), Limit: 3, At: noon},
			Then:  history(missed("o3", 2))},
		{Name: "an offer made before the agent resumed does not count afterwards",
			Given: history(in, missed("o1", 1), missed("o2", 2), missed("o3", 3), paused, resumed),
			When:  MissOffer{OfferID: "o4", OfferedAt: noon.Add(-time.Second), Limit: 3, At: noon},
			Then:  history(missed("o4", 0))},
		{Name: "resuming resets the count of missed offers",
			Given: history(in, missed("o1", 1), missed("o2", 2), missed("o3", 3), paused, resumed),
			When:  miss("o4"), Then: history(missed("o4", 1))},
	})
}
