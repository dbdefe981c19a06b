package commands_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/stretchr/testify/require"

	. "parley/commands"
	"parley/domain"
	"parley/domain/interaction"
)

// action is a command that the test gives.
type action struct {
	kind  string
	agent domain.AgentID
}

// result is the refusal's code and the owner it names, both empty on success.
type result struct{ code, by string }

// ownership models an interaction as a cell that holds its owner.
var ownership = porcupine.Model{
	Init: func() any { return domain.AgentID("") },
	Step: func(state, input, output any) (bool, any) {
		owner, in, out := state.(domain.AgentID), input.(action), output.(result)
		if out.code == ErrBusy.Code {
			return true, owner
		}
		switch {
		case in.kind == "assign":
			return out.code == "", in.agent
		case in.kind == "release":
			return out.code == "", domain.AgentID("")
		case in.kind == "send":
			return (out.code == "") == (owner == in.agent) && (out.code == "" || out.code == "NOT_OWNER"), owner
		case owner == "" || owner == in.agent: // take
			return out.code == "", in.agent
		}
		return out.code == "ALREADY_ACCEPTED" && out.by == string(owner), owner
	},
}

// Some order of all actions must explain every result that the two processes get.
func TestConcurrentOwnerChangesAreLinearizable(t *testing.T) {
	w := newWorld(t)
	agents := []domain.AgentID{w.agent("ann"), w.agent("ben"), w.agent("cho")}
	w.join(agents...)
	processes := []*Commands{w.Commands, w.process()}
	for round := range times(5, 1_000) {
		home := w.receive(tel(number(round)), "m1")
		began := time.Now()
		histories := make([][]porcupine.Operation, 6)
		for _, err := range together(len(histories), func(i int) error {
			for range 8 {
				in := action{kind: []string{"take", "take", "assign", "release", "send"}[rand.N(5)],
					agent: agents[rand.N(len(agents))]}
				call := time.Since(began)
				err := w.do(processes[i%2], home, in)
				out, err := resultOf(err)
				if err != nil {
					return err
				}
				histories[i] = append(histories[i], porcupine.Operation{
					ClientId: i, Input: in, Call: call.Nanoseconds(), Output: out,
					Return: time.Since(began).Nanoseconds(),
				})
			}
			return nil
		}) {
			require.NoError(t, err)
		}
		var all []porcupine.Operation
		for _, h := range histories {
			all = append(all, h...)
		}
		require.Equal(t, porcupine.Ok, porcupine.CheckOperationsTimeout(ownership, all, time.Minute), "%+v", all)
	}
}

func (w *world) do(c *Commands, home domain.InteractionID, in action) (err error) {
	switch in.kind {
	case "take":
		_, err = c.Take(w.ctx(), home, in.agent, someone())
	case "assign":
		_, err = c.Assign(w.ctx(), home, in.agent, "sue", someone())
	case "release":
		_, err = c.Release(w.ctx(), home, "sue", someone())
	case "send":
		_, err = c.Send(w.ctx(), home, in.agent, Draft{Text: "hello", Kind: interaction.KindText}, someone())
	}
	return err
}

// resultOf returns the refusal in an error, if it is one.
func resultOf(err error) (result, error) {
	refusal, ok := err.(*domain.Refusal)
	if !ok {
		return result{}, err
	}
	by, _ := refusal.Details["by"].(string)
	return result{code: refusal.Code, by: by}, nil
}
