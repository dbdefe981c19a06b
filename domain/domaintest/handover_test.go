package domaintest_test

import (
	"flag"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/transfer"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// TestATransferHasOneOutcomeOnBothStreams runs a transfer over its two streams as the program does, step by
// step. Agents accept and reject, the sender cancels, supervisors close and release, and timers fire, in random
// order. Reactions finish what a process left half done; they run between any two steps and at the end.
func TestATransferHasOneOutcomeOnBothStreams(t *testing.T) {
	checks := "1000"
	if os.Getenv("PARLEY_LONG") == "1" {
		checks = "100000"
	}
	require.NoError(t, flag.Set("rapid.checks", checks))

	rapid.Check(t, func(t *rapid.T) {
		w := &world{t: t, now: noon}
		w.begin()
		for range rapid.SampledFrom([]int{2, 6, 15}).Draw(t, "length") {
			w.now = w.now.Add(rapid.SampledFrom([]time.Duration{0, 0, time.Millisecond, time.Minute}).Draw(t, "passed"))
			w.step(rapid.SampledFrom(steps).Draw(t, "step"),
				rapid.SampledFrom([]domain.AgentID{"ben", "cho"}).Draw(t, "agent"))
		}
		w.now = w.now.Add(10 * time.Minute)
		for range 4 {
			w.step("timer", "")
			w.step("end", "")
			w.step("void", "")
			w.step("hand over", "")
			w.step("complete", "")
		}

		require.Equal(t, 1, w.finals, "exactly one final event")
		require.Empty(t, w.session.TransferInProgress(), "the interaction has no transfer in progress")
		if w.transfer.Status == transfer.StatusCompleted {
			require.Equal(t, 1, w.ownerChanged, "a completed transfer changed the owner once")
		} else {
			require.Zero(t, w.ownerChanged, "only a completed transfer changes the owner")
			require.Equal(t, 1, w.ended, "the interaction recorded the end of the transfer")
		}
		if !w.released {
			require.NotEmpty(t, w.session.Owner, "the interaction never loses its owner")
		}
	})
}

var steps = []string{
	"accept", "accept", "accept", "reject", "reject", "cancel", "timer", "close", "release", "assign",
	"hand over", "complete", "void", "end", "end",
}

// world holds both streams and counts what happened.
type world struct {
	t                           *rapid.T
	now                         time.Time
	session                     interaction.State
	transfer                    transfer.State
	finals, ownerChanged, ended int
	released                    bool
}

func (w *world) begin() {
	w.onSession(interaction.Open{Opened: interaction.Opened{AccountID: "acc", AddressID: "kim", Number: 1, At: w.now}})
	w.onSession(interaction.Receive{MessageReceived: interaction.MessageReceived{MessageID: "m1",
		Kind: interaction.KindText, SentAt: w.now, At: w.now}})
	w.onSession(interaction.Assign{To: "ann", By: "sue", At: w.now})
	w.onSession(interaction.StartTransfer{TransferID: "t1", By: "ann", ToQueue: "q2", Allowed: true, At: w.now})
	w.onTransfer(transfer.Request{Requested: transfer.Requested{
		InteractionID: "i1", By: "ann", ToQueue: "q2", OfferedTo: []domain.AgentID{"ben", "cho"},
		ExpiresAt: w.now.Add(5 * time.Minute), At: w.now,
	}})
}

func (w *world) step(name string, agent domain.AgentID) {
	switch name {
	case "accept":
		w.onTransfer(transfer.Accept{By: agent, At: w.now})
	case "reject":
		w.onTransfer(transfer.Reject{By: agent, At: w.now})
	case "cancel":
		w.onTransfer(transfer.Cancel{By: "ann", At: w.now})
	case "timer":
		w.onTransfer(transfer.Expire{At: w.now})
	case "close":
		w.onSession(interaction.Close{By: "sue", Supervisor: true, At: w.now})
	case "release":
		w.onSession(interaction.Release{By: "sue", Reason: interaction.ReleasedBySupervisor, At: w.now})
	case "assign":
		w.onSession(interaction.Assign{To: agent, By: "sue", At: w.now})
	case "hand over": // second step of an accept, or its repair
		if w.transfer.Status == transfer.StatusAccepted {
			if refused := w.onSession(interaction.ChangeOwner{TransferID: "t1", To: w.transfer.AcceptedBy,
				At: w.now}); refused {
				w.onTransfer(transfer.Void{Reason: "TRANSFER_VOID", At: w.now})
			}
		}
	case "complete": // third step
		if w.ownerChanged > 0 {
			w.onTransfer(transfer.Complete{At: w.now})
		}
	case "void": // the reaction to TransferEnded on the interaction
		if w.ended > 0 {
			w.onTransfer(transfer.Void{Reason: "INTERACTION", At: w.now})
		}
	case "end": // the reaction to a final event on the transfer
		if w.transfer.Over() && w.transfer.Status != transfer.StatusCompleted {
			w.onSession(interaction.EndTransfer{TransferID: "t1", Outcome: string(w.transfer.Status), At: w.now})
		}
	}
}

func (w *world) onSession(cmd interaction.Command) (refused bool) {
	events, err := interaction.Decide(w.session, cmd)
	for _, e := range events {
		switch e.(type) {
		case interaction.OwnerChanged:
			w.ownerChanged++
		case interaction.TransferEnded:
			w.ended++
		case interaction.Released:
			w.released = true
		}
		w.session = interaction.Evolve(w.session, e)
	}
	return err != nil
}

func (w *world) onTransfer(cmd transfer.Command) {
	events, _ := transfer.Decide(w.transfer, cmd)
	for _, e := range events {
		w.transfer = transfer.Evolve(w.transfer, e)
		if w.transfer.Over() {
			w.finals++
		}
	}
}
