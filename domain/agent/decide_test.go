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

func TestPresence(t *testing.T) {
	disconnected := SignOut{Reason: SignedOutDisconnected, After: 2 * time.Minute, At: noon.Add(2 * time.Minute)}
	early := disconnected
	early.At = noon.Add(2*time.Minute - time.Second)

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an agent signs in", When: SignIn{At: noon}, Then: history(in)},
		{Name: "a second tab is no second sign-in", Given: history(in), When: SignIn{At: noon}},
		{Name: "signing in while away is coming back", Given: history(in, away), When: SignIn{At: noon}, Then: history(returned)},
		{Name: "he pauses for a reason", Given: history(in), When: Pause{Reason: "LUNCH", At: noon}, Then: history(lunch)},
		{Name: "he is paused for that already", Given: history(in, lunch), When: Pause{Reason: "LUNCH", At: noon}},
		{Name: "he can change the reason", Given: history(in, lunch), When: Pause{Reason: "MEETING", At: noon}, Then: history(Paused{Reason: "MEETING", At: noon})},
		{Name: "a pause has a reason", Given: history(in), When: Pause{At: noon}, Err: ErrNoReason},
		{Name: "who is signed out does not pause", Given: history(in, out), When: Pause{Reason: "LUNCH", At: noon}, Err: ErrNotSignedIn},
		{Name: "he resumes", Given: history(in, lunch), When: Resume{At: noon}, Then: history(resumed)},
		{Name: "he is available already", Given: history(in), When: Resume{At: noon}},
		{Name: "who is signed out does not resume", When: Resume{At: noon}, Err: ErrNotSignedIn},
		{Name: "his last browser is gone", Given: history(in), When: GoAway{At: noon}, Then: history(away)},
		{Name: "who is away does not go away", Given: history(in, away), When: GoAway{At: noon}},
		{Name: "he is back", Given: history(in, away), When: Return{At: noon}, Then: history(returned)},
		{Name: "who was there does not come back", Given: history(in), When: Return{At: noon}},
		{Name: "he signs out", Given: history(in), When: SignOut{Reason: SignedOutSelf, At: noon}, Then: history(out)},
		{Name: "once", Given: history(in, out), When: SignOut{Reason: SignedOutSelf, At: noon}},
		{Name: "who was away too long is signed out", Given: history(in, away), When: disconnected, Then: history(SignedOut{Reason: SignedOutDisconnected, At: disconnected.At})},
		{Name: "not a second earlier", Given: history(in, away), When: early, Err: domain.ErrNotDue},
		{Name: "not when he came back in time", Given: history(in, away, returned), When: disconnected},
		{Name: "for a known reason", Given: history(in), When: SignOut{Reason: "MOOD"}, Err: ErrNoReason},
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
		require.Equal(t, c.want, Decider.Fold(c.given).Presence(), "%v", c.given)
	}
}

func TestMandatoryDispositions(t *testing.T) {
	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "a due disposition holds him in a pause", Given: history(in), When: Pause{Reason: PauseDisposition, InteractionID: "i1", At: noon}, Then: history(due1)},
		{Name: "once for each interaction", Given: history(in, due1), When: Pause{Reason: PauseDisposition, InteractionID: "i1", At: noon}},
		{Name: "also when he left meanwhile", Given: history(in, out), When: Pause{Reason: PauseDisposition, InteractionID: "i1", At: noon}, Then: history(due1)},
		{Name: "it names the interaction", Given: history(in), When: Pause{Reason: PauseDisposition}, Err: ErrNoReason},
		{Name: "he does not get out of it", Given: history(in, due1), When: Resume{At: noon}, Err: ErrDispositionDue},
		{Name: "but by giving it", Given: history(in, due1), When: GiveDisposition{InteractionID: "i1", At: noon}, Then: history(resumed)},
		{Name: "once", Given: history(in, due1, resumed), When: GiveDisposition{InteractionID: "i1", At: noon}},
		{Name: "a second one that is due holds on", Given: history(in, due1, due2), When: GiveDisposition{InteractionID: "i1", At: noon}, Then: history(resumed, due2)},
		{Name: "so does the pause he chose", Given: history(in, lunch, due1), When: GiveDisposition{InteractionID: "i1", At: noon}, Then: history(resumed, lunch)},
	})
}

func TestMissedOffers(t *testing.T) {
	miss := func(id domain.OfferID) MissOffer { return MissOffer{OfferID: id, Limit: 3, At: noon} }
	missed := func(id domain.OfferID, n int) Event { return OfferMissed{OfferID: id, InARow: n, At: noon} }
	answered := OfferAnswered{OfferID: "o9", At: noon}
	paused := Paused{Reason: PauseMissed, At: noon}

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an offer is missed", Given: history(in), When: miss("o1"), Then: history(missed("o1", 1))},
		{Name: "each one counts once", Given: history(in, missed("o1", 1)), When: miss("o1")},
		{Name: "the third in a row pauses him", Given: history(in, missed("o1", 1), missed("o2", 2)), When: miss("o3"), Then: history(missed("o3", 3), paused)},
		{Name: "not when he is paused anyway", Given: history(in, lunch, missed("o1", 1), missed("o2", 2)), When: miss("o3"), Then: history(missed("o3", 3))},
		{Name: "not where there is no limit", Given: history(in, missed("o1", 1), missed("o2", 2)), When: MissOffer{OfferID: "o3", At: noon}, Then: history(missed("o3", 3))},
		{Name: "answering one ends the row", Given: history(in, missed("o1", 1)), When: AnswerOffer{OfferID: "o9", At: noon}, Then: history(answered)},
		{Name: "where there is no row there is nothing to end", Given: history(in), When: AnswerOffer{OfferID: "o9", At: noon}},
		{Name: "after that it counts anew", Given: history(in, missed("o1", 1), missed("o2", 2), answered), When: miss("o3"), Then: history(missed("o3", 1))},
		{Name: "resuming ends the row too", Given: history(in, missed("o1", 1), missed("o2", 2), missed("o3", 3), paused, resumed), When: miss("o4"), Then: history(missed("o4", 1))},
	})
}
