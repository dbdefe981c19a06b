package contact_test

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"parley/domain"
	. "parley/domain/contact"
)

// TestMergesEditsAndUndosInAnyOrderMatchASimpleModel merges, edits and unmerges five contacts in random orders.
// PARLEY_LONG=1 tries 100,000 orders.
func TestMergesEditsAndUndosInAnyOrderMatchASimpleModel(t *testing.T) {
	checks := "500"
	if os.Getenv("PARLEY_LONG") == "1" {
		checks = "100000"
	}
	require.NoError(t, flag.Set("rapid.checks", checks))

	rapid.Check(t, func(t *rapid.T) {
		ids := []domain.ContactID{"c1", "c2", "c3", "c4", "c5"}
		w := world{states: map[domain.ContactID]State{}, own: map[domain.ContactID]*owned{}}
		for i, id := range ids {
			w.create(t, id, fmt.Sprintf("3933300000%d", i), rapid.Bool().Draw(t, "named"))
		}
		pick := rapid.SampledFrom(ids)
		for n := range rapid.SampledFrom([]int{4, 10, 30}).Draw(t, "length") {
			a, b := pick.Draw(t, "survivor"), pick.Draw(t, "other")
			switch rapid.SampledFrom([]string{"merge", "merge", "edit", "edit", "unmerge"}).Draw(t, "step") {
			case "merge":
				w.merge(t, a, b, Choice{FirstName: rapid.Bool().Draw(t, "first"), Fields: rapid.SampledFrom(
					[][]string{nil, {"city"}}).Draw(t, "fields")})
			case "edit":
				w.edit(t, a, n)
			case "unmerge":
				w.unmerge(t, a, b)
			}
			for _, id := range ids {
				if w.states[id].Status == StatusActive {
					w.check(t, id)
				}
			}
		}
		for range ids {
			for _, id := range ids {
				if s := w.states[id]; s.Status == StatusMerged && rapid.Bool().Draw(t, "first") {
					w.unmerge(t, s.Survivor, id)
				}
			}
		}
		for _, id := range ids {
			if s := w.states[id]; s.Status == StatusMerged {
				w.unmerge(t, s.Survivor, id)
			}
		}
		for _, id := range ids {
			s, own := w.states[id], w.own[id]
			require.Equal(t, StatusActive, s.Status)
			require.Equal(t, own.first, s.Details.FirstName, "%s has its name back, or what someone wrote since", id)
			require.Equal(t, own.city, s.Details.Fields["city"])
			require.ElementsMatch(t, slices.Collect(maps.Keys(own.phones)), s.Details.Phones)
			require.ElementsMatch(t, slices.Collect(maps.Keys(own.tags)), s.Tags)
		}
	})
}

// owned is what belongs to a contact alone: what it had and what someone added to it while it was not merged.
type owned struct {
	first, city  string
	phones, tags map[string]bool
}

type world struct {
	states map[domain.ContactID]State
	own    map[domain.ContactID]*owned
}

func (w world) create(t require.TestingT, id domain.ContactID, phone string, named bool) {
	d := Details{Phones: []string{phone}}
	if named {
		d.FirstName, d.Fields = string(id)+" first", map[string]string{"city": string(id) + " city"}
	}
	events, err := Decide(State{}, Create{Created: Created{ContactID: id, ListID: "l1", At: noon, Details: d},
		Tags: []string{string(id), "all"}})
	require.NoError(t, err)
	w.states[id] = Decider.Fold(events)
	w.own[id] = &owned{first: d.FirstName, city: d.Fields["city"], phones: map[string]bool{phone: true},
		tags: map[string]bool{string(id): true, "all": true}}
}

// merge does what the program does: it reserves the other contact, merges it, and restores it if that is refused.
func (w world) merge(t require.TestingT, survivor, other domain.ContactID, take Choice) {
	if w.states[other].Status != StatusActive || !w.do(other, MergeInto{Survivor: survivor, Take: take, At: noon}) {
		return
	}
	if !w.do(survivor, Merge{Other: w.states[other], At: noon}) {
		require.True(t, w.do(other, Restore{From: survivor, At: noon}))
	}
}

// unmerge undoes a merge, even if its survivor has itself been merged since.
func (w world) unmerge(t require.TestingT, survivor, other domain.ContactID) {
	if w.states[other].Survivor != survivor {
		return
	}
	require.True(t, w.do(other, Restore{From: survivor, At: noon}))
	require.True(t, w.do(survivor, Unmerge{Other: other, At: noon}))
	for w.states[survivor].Status == StatusMerged {
		next := w.states[survivor].Survivor
		require.True(t, w.do(next, Merge{Other: w.states[survivor], At: noon}))
		survivor = next
	}
}

// edit changes an active contact. An added value belongs to that contact. A removed value comes back when the
// merge of the contact that had it is undone.
func (w world) edit(t *rapid.T, id domain.ContactID, n int) {
	s, own := w.states[id], w.own[id]
	if s.Status != StatusActive {
		return
	}
	switch rapid.IntRange(0, 3).Draw(t, "edit") {
	case 0:
		name := rapid.SampledFrom([]string{"", fmt.Sprint("first ", n)}).Draw(t, "name")
		require.True(t, w.do(id, Change{FirstName: &name, At: noon}))
		if name != s.Details.FirstName {
			own.first = name
		}
	case 1:
		added := fmt.Sprintf("39333111%03d", n)
		own.phones[added] = true
		require.True(t, w.do(id, Change{Phones: append(slices.Clone(s.Details.Phones), added), At: noon}))
	case 2:
		own.city = fmt.Sprint("city ", n)
		require.True(t, w.do(id, Change{Fields: map[string]string{"city": own.city}, At: noon}))
	case 3:
		if len(s.Tags) == 0 {
			return
		}
		removed := rapid.SampledFrom(s.Tags).Draw(t, "removed")
		delete(own.tags, removed)
		require.True(t, w.do(id, RemoveTag{Tag: removed, At: noon}))
	}
}

// check compares an active contact with what it and the contacts merged into it own.
func (w world) check(t require.TestingT, id domain.ContactID) {
	s := w.states[id]
	var numbers []string
	var names []string
	for other, own := range w.own {
		if w.survivor(t, other) == id {
			numbers = append(numbers, slices.Collect(maps.Keys(own.phones))...)
			names = append(names, own.first)
		}
	}
	require.ElementsMatch(t, numbers, s.Details.Phones, "the numbers of all who were merged, and no others")
	if name := s.Details.FirstName; name != "" {
		require.Contains(t, names, name)
	}
}

func (w world) do(id domain.ContactID, cmd Command) (accepted bool) {
	events, err := Decide(w.states[id], cmd)
	for _, e := range events {
		w.states[id] = Evolve(w.states[id], e)
	}
	return err == nil
}

// survivor follows the pointers to an active contact, in at most five steps.
func (w world) survivor(t require.TestingT, id domain.ContactID) domain.ContactID {
	for range w.states {
		if w.states[id].Status == StatusActive {
			return id
		}
		id = w.states[id].Survivor
	}
	require.Fail(t, "the pointers form a cycle")
	return ""
}
