package contact_test

import (
	"flag"
	"fmt"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/domain"
	. "parley/domain/contact"
)

// TestAnyOrderOfMergesLeadsToOneSurvivorAndCanBeUndone merges and unmerges five people in random orders, each step in its
// two halves as the program does it (A23, B7). PARLEY_LONG=1 tries a hundred thousand orders.
func TestAnyOrderOfMergesLeadsToOneSurvivorAndCanBeUndone(t *testing.T) {
	checks := "500"
	if os.Getenv("PARLEY_LONG") == "1" {
		checks = "100000"
	}
	require.NoError(t, flag.Set("rapid.checks", checks))

	rapid.Check(t, func(t *rapid.T) {
		ids := []domain.ContactID{"c1", "c2", "c3", "c4", "c5"}
		w := world{}
		before := world{}
		for i, id := range ids {
			events, err := Decide(State{}, Create{Created: Created{ContactID: id, ListID: "l1", At: noon, Details: Details{
				Phones: []string{fmt.Sprintf("3933300000%d", i)}, Mails: []string{fmt.Sprintf("%s@example.org", id)},
			}}})
			require.NoError(t, err)
			w[id] = Decider.Fold(events)
			before[id] = w[id]
		}
		pick := rapid.SampledFrom(ids)
		for range rapid.SampledFrom([]int{4, 10, 30}).Draw(t, "length") {
			a, b := pick.Draw(t, "survivor"), pick.Draw(t, "other")
			if rapid.SampledFrom([]bool{true, true, false}).Draw(t, "merge") {
				w.merge(a, b)
			} else {
				w.unmerge(a, b)
			}
			for i, id := range ids {
				end := w.survivor(t, id)
				require.Contains(t, w[end].Details.Phones, fmt.Sprintf("3933300000%d", i), "whoever calls is found at the survivor")
			}
		}
		for range ids { // from the outermost survivor inwards
			for _, id := range ids {
				if s := w[id]; s.Status == StatusMerged && w[s.Survivor].Status == StatusActive {
					w.unmerge(s.Survivor, id)
				}
			}
		}
		for _, id := range ids {
			require.Equal(t, StatusActive, w[id].Status)
			require.Equal(t, before[id].Details, w[id].Details, "with everything undone each is who he was")
		}
	})
}

type world map[domain.ContactID]State

// merge does what the program does: reserve the other one, take it in, and give it free again when that is refused.
func (w world) merge(survivor, other domain.ContactID) {
	if w[other].Status != StatusActive {
		return
	}
	if !w.do(other, MergeInto{Survivor: survivor, At: noon}) {
		return
	}
	if !w.do(survivor, Merge{Other: w[other], At: noon}) {
		w.do(other, Restore{From: survivor, At: noon})
	}
}

func (w world) unmerge(survivor, other domain.ContactID) {
	if w[other].Survivor == survivor && w.do(survivor, Unmerge{Other: other, At: noon}) {
		w.do(other, Restore{From: survivor, At: noon})
	}
}

func (w world) do(id domain.ContactID, cmd Command) (accepted bool) {
	events, err := Decide(w[id], cmd)
	for _, e := range events {
		w[id] = Evolve(w[id], e)
	}
	return err == nil
}

// survivor follows the pointers; they lead to somebody who stands by himself, in at most five steps.
func (w world) survivor(t require.TestingT, id domain.ContactID) domain.ContactID {
	for range w {
		if w[id].Status == StatusActive {
			return id
		}
		id = w[id].Survivor
	}
	require.Fail(t, "pointers go round in a circle")
	return ""
}
