package interaction_test

import (
	"flag"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/domain"
	. "parley/domain/interaction"
)

// TestRandomHistoriesAgreeWithTheModel sends random commands, up to 200 in a row, and compares the
// decider with the model. PARLEY_LONG=1 runs 100 times as many.
func TestRandomHistoriesAgreeWithTheModel(t *testing.T) {
	checks := "1000"
	if os.Getenv("PARLEY_LONG") == "1" {
		checks = "100000"
	}
	require.NoError(t, flag.Set("rapid.checks", checks))
	rapid.Check(t, func(t *rapid.T) {
		m := newModel()
		var s State
		var history []Event
		now := noon
		for range rapid.SampledFrom([]int{20, 100, 200}).Draw(t, "length") {
			now = now.Add(rapid.SampledFrom([]time.Duration{0, 0, 0, 0, 0, 0, time.Millisecond, time.Second,
				time.Second, 5 * time.Second, 15 * time.Second, 15 * time.Second, time.Hour}).Draw(t, "passed"))
			cmd := anyCommand(t, now)
			events, err := Decide(s, cmd)
			if err != nil {
				var refusal *domain.Refusal
				require.ErrorAs(t, err, &refusal, "a decider's error is a refusal")
			}
			require.Equal(t, m.do(cmd), verdictOf(events, err), "%T %+v: %v", cmd, cmd, err)

			for _, e := range events {
				requireSound(t, s, e)
				s = Evolve(s, e)
				history = append(history, e)
			}
			again, _ := Decide(s, cmd)
			require.Empty(t, again, "%T sent twice", cmd)

			require.Equal(t, m.owner, s.Owner)
			require.Equal(t, m.transfer, s.TransferInProgress())
			for id, want := range m.out {
				got, ok := s.MessageStatus(id)
				require.True(t, ok)
				require.Equal(t, want.status, got)
			}
		}
		require.Equal(t, s, Decider.Fold(history), "the history folds to the same state")
		require.Equal(t, Decider.Fold(history).CarryOver("i", now), s.CarryOver("i", now))
	})
}

func verdictOf(events []Event, err error) verdict {
	switch {
	case err != nil:
		return refused
	case len(events) == 0:
		return noOp
	}
	return happens
}

// requireSound checks what must hold for each event, given the state before it.
func requireSound(t require.TestingT, s State, e Event) {
	switch e := e.(type) {
	case MessageReceived:
		require.False(t, s.Knows(e.MessageID), "a provider message is received once")
	case Accepted:
		require.True(t, s.Waiting(), "only a waiting session is accepted")
	case OwnerChanged:
		require.Equal(t, s.Owner, e.From, "the former owner is named")
		require.NotEmpty(t, e.To, "the new owner is named")
	case Released:
		require.Equal(t, s.Owner, e.From)
	case MessageSendStarted:
		status, _ := s.MessageStatus(e.MessageID)
		attempt, running := s.Attempt(e.MessageID)
		require.Equal(t, StatusQueued, status, "only a queued message is sent")
		require.False(t, running)
		require.Equal(t, attempt+1, e.Attempt)
	}
}

var agents = []domain.AgentID{"ben", "cho"}

// kinds are drawn evenly. Commands that build up a session are listed more often than those that end it.
var kinds = []string{
	"open", "receive", "receive", "offer", "offer", "reject", "expire", "accept", "accept", "take", "assign",
	"release", "transfer", "transfer", "change", "end", "close", "send", "send", "claim", "claim", "claim",
	"not accepted", "not accepted", "outcome", "status",
}

func anyCommand(t *rapid.T, now time.Time) Command {
	agent := rapid.SampledFrom(agents)
	in := rapid.SampledFrom([]domain.MessageID{"in-1", "in-2", "in-3"})
	out := rapid.SampledFrom([]domain.MessageID{"out-1", "out-2", "out-3"})
	offerID := rapid.SampledFrom([]domain.OfferID{"o1", "o2"})
	transferID := rapid.SampledFrom([]domain.TransferID{"t1", "t2", "t3"})
	presence := rapid.SampledFrom([]Presence{Available, Available, PausedNow, AwayNow, SignedOut})
	attempt := rapid.SampledFrom([]int{1, 1, 2, 3})

	switch rapid.SampledFrom(kinds).Draw(t, "command") {
	case "open":
		return Open{Opened{AccountID: "acc", AddressID: "anna", QueueID: "sales", Number: 1, At: now}}
	case "receive":
		sent := now.Add(-rapid.SampledFrom([]time.Duration{0, time.Second, time.Hour}).Draw(t, "late"))
		return Receive{MessageReceived{MessageID: in.Draw(t, "in"), AddressID: "anna", Kind: KindText,
			SentAt: sent, At: now}}
	case "offer":
		to := rapid.SliceOfNDistinct(agent, 1, 2, rapid.ID[domain.AgentID]).Draw(t, "agents")
		return Offer{OfferID: offerID.Draw(t, "offer"), Agents: to, ExpiresAt: now.Add(30 * time.Second), At: now}
	case "reject":
		return Reject{OfferID: offerID.Draw(t, "offer"), By: agent.Draw(t, "by"), At: now}
	case "expire":
		return ExpireOffer{OfferID: offerID.Draw(t, "offer"), At: now}
	case "accept":
		return Accept{OfferID: offerID.Draw(t, "offer"), By: agent.Draw(t, "by"),
			Presence: presence.Draw(t, "presence"), At: now}
	case "take":
		return Take{By: agent.Draw(t, "by"), Presence: presence.Draw(t, "presence"),
			Member: rapid.Bool().Draw(t, "member"), Allowed: rapid.Bool().Draw(t, "allowed"), At: now}
	case "assign":
		return Assign{To: agent.Draw(t, "to"), By: "sue", At: now}
	case "release":
		return Release{From: rapid.SampledFrom([]domain.AgentID{"", "ben", "cho"}).Draw(t, "from"), By: "sue",
			Reason: ReleasedBySupervisor, At: now}
	case "transfer":
		return StartTransfer{TransferID: transferID.Draw(t, "transfer"), By: agent.Draw(t, "by"),
			ToAgent: agent.Draw(t, "to"), Allowed: true, At: now}
	case "change":
		return ChangeOwner{TransferID: transferID.Draw(t, "transfer"), To: agent.Draw(t, "to"), At: now}
	case "end":
		return EndTransfer{TransferID: transferID.Draw(t, "transfer"), Outcome: TransferExpired, At: now}
	case "close":
		if rapid.SampledFrom([]bool{true, true, true, false}).Draw(t, "not yet") { // so that most histories are long
			return Receive{MessageReceived{MessageID: in.Draw(t, "in"), AddressID: "anna", Kind: KindText,
				SentAt: now, At: now}}
		}
		seen := rapid.SampledFrom([]domain.MessageID{"", "in-1", "in-3", "out-1"}).Draw(t, "seen")
		return Close{By: agent.Draw(t, "by"), Supervisor: rapid.Bool().Draw(t, "supervisor"),
			SeenThrough: seen, At: now}
	case "send":
		return Send{MessageID: out.Draw(t, "out"), By: agent.Draw(t, "by"), Author: AuthorAgent,
			Kind: KindText, Content: Content{Text: "hi"}, Window: day, At: now}
	case "claim":
		return StartSending{MessageID: out.Draw(t, "out"), At: now}
	case "not accepted":
		return RecordNotAccepted{MessageID: out.Draw(t, "out"), Attempt: attempt.Draw(t, "attempt"),
			RetryAt: now.Add(2 * time.Second), At: now}
	case "outcome":
		switch rapid.SampledFrom([]int{0, 1, 2}).Draw(t, "outcome") {
		case 0:
			return RecordAccepted{MessageID: out.Draw(t, "out"), At: now}
		case 1:
			return RecordFailed{MessageID: out.Draw(t, "out"), At: now}
		}
		return RecordUnknown{MessageID: out.Draw(t, "out"), At: now}
	}
	status := rapid.SampledFrom([]Status{StatusSent, StatusDelivered, StatusRead, StatusFailed}).Draw(t, "status")
	return RecordStatus{MessageID: out.Draw(t, "out"), Status: status, StatusAt: now, At: now}
}
