package transfer_test

import (
	"flag"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/domain"
	. "parley/domain/transfer"
)

// TestATransferHasOneFinalEventInAnyOrder sends random commands in random order and compares the decider with
// a small model. PARLEY_LONG=1 runs 100 times as many.
func TestATransferHasOneFinalEventInAnyOrder(t *testing.T) {
	checks := "1000"
	if os.Getenv("PARLEY_LONG") == "1" {
		checks = "100000"
	}
	require.NoError(t, flag.Set("rapid.checks", checks))

	rapid.Check(t, func(t *rapid.T) {
		offered := []domain.AgentID{"ben", "cho"}
		all := history(requested)
		s := Decider.Fold(all)
		m := model{status: StatusPending, asked: slices.Clone(offered)}
		now := noon
		for range rapid.SampledFrom([]int{3, 8, 20}).Draw(t, "length") {
			now = now.Add(rapid.SampledFrom([]time.Duration{0, 0, time.Millisecond, time.Minute, 4 * time.Minute}).
				Draw(t, "passed"))
			cmd := anyCommand(t, now)
			events, err := Decide(s, cmd)
			if err != nil {
				var refusal *domain.Refusal
				require.ErrorAs(t, err, &refusal)
			}
			for _, e := range events {
				require.False(t, s.Over(), "%T came after the final event", e)
				s = Evolve(s, e)
			}
			all = append(all, events...)
			m.do(cmd)
			require.Equal(t, m.status, s.Status, "%T", cmd)
			require.Equal(t, m.by, s.AcceptedBy)
			again, _ := Decide(s, cmd)
			require.Empty(t, again, "%T sent twice", cmd)
			require.Equal(t, s, Decider.Fold(all))
		}
	})
}

// model is a minimal version of the rules.
type model struct {
	status Status
	by     domain.AgentID
	asked  []domain.AgentID // agents who may still accept
}

func (m *model) do(cmd Command) {
	pending := m.status == StatusPending
	switch c := cmd.(type) {
	case Accept:
		if pending && slices.Contains(m.asked, c.By) && c.At.Before(requested.ExpiresAt) && !c.SignedOut {
			m.status, m.by = StatusAccepted, c.By
		}
	case Reject:
		if !pending || !c.At.Before(requested.ExpiresAt) {
			return
		}
		had := len(m.asked)
		m.asked = slices.DeleteFunc(m.asked, func(a domain.AgentID) bool { return a == c.By })
		if had > 0 && len(m.asked) == 0 {
			m.status = StatusRefused
		}
	case Expire:
		if pending && !c.At.Before(requested.ExpiresAt) {
			m.status = StatusExpired
		}
	case Cancel:
		if pending && c.By == requested.By {
			m.status = StatusCancelled
		}
	case Refuse:
		if pending {
			m.status = StatusRefused
		}
	case Void:
		if pending || m.status == StatusAccepted {
			m.status = StatusVoided
		}
	case Complete:
		if m.status == StatusAccepted {
			m.status = StatusCompleted
		}
	}
}

func anyCommand(t *rapid.T, now time.Time) Command {
	agent := rapid.SampledFrom([]domain.AgentID{"ben", "cho", "dan", "ann"})
	kinds := []string{"accept", "accept", "accept", "reject", "reject", "reject", "expire", "cancel",
		"refuse", "void", "complete", "complete"}
	switch rapid.SampledFrom(kinds).Draw(t, "command") {
	case "accept":
		return Accept{By: agent.Draw(t, "by"), At: now,
			SignedOut: rapid.SampledFrom([]bool{false, false, true}).Draw(t, "signed out")}
	case "reject":
		return Reject{By: agent.Draw(t, "by"), At: now}
	case "expire":
		return Expire{At: now}
	case "cancel":
		return Cancel{By: agent.Draw(t, "by"), At: now}
	case "refuse":
		return Refuse{Reason: NoOneAvailable, At: now}
	case "void":
		return Void{Reason: "INTERACTION_CLOSED", At: now}
	}
	return Complete{At: now}
}
