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

// TestAnyOrderOfMergesLeadsToOneSurvivorAndCanBeUndone merges and unmerges five contacts in random orders,
// each step in two halves, as the program does. PARLEY_LONG=1 tries 100,000 orders.
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
			events, err := Decide(State{},
				Create{Created: Created{ContactID: id, ListID: "l1", At: noon, Details: Details{
					Phones: []string{fmt.Sprintf("3933300000%d", i)}, Emails: []string{fmt.Sprintf("%s@example.org", id)},
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
				require.Contains(t, w[end].Details.Phones, fmt.Sprintf("3933300000%d", i),
					"every number is found at the survivor")
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
			require.Equal(t, before[id].Details, w[id].Details, "undoing all merges restores every contact")
		}
	})
}

type world map[domain.ContactID]State

// merge does what the program does: it reserves the other contact, merges it, and restores it if that is refused.
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

// survivor follows the pointers to an active contact, in at most five steps.
func (w world) survivor(t require.TestingT, id domain.ContactID) domain.ContactID {
	for range w {
		if w[id].Status == StatusActive {
			return id
		}
		id = w[id].Survivor
	}
	require.Fail(t, "the pointers form a cycle")
	return ""
}
