package commands_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	. "parley/commands"
	"parley/domain"
	"parley/domain/contact"
)

// person creates a contact with a name and a number of its own.
func (w *world) person(listID domain.ListID, name string, n int) domain.ContactID {
	w.t.Helper()
	id, _, err := w.CreateContact(w.ctx(), listID, contact.Details{FirstName: name, Phones: []string{number(n)}}, nil, "",
		someone())
	require.NoError(w.t, err)
	return id
}

// people folds the log into the contacts it holds.
func (w *world) people() map[domain.ContactID]contact.State {
	w.t.Helper()
	all := make(map[domain.ContactID]contact.State)
	for _, r := range w.log() {
		if e, ok := r.Event.(contact.Event); ok {
			id := domain.ContactID(r.AggregateID)
			all[id] = contact.Evolve(all[id], e)
		}
	}
	return all
}

type pair struct{ survivor, other domain.ContactID }

// atOnce merges several pairs at the same time, each in its own process.
func (w *world) atOnce(processes []*Commands, pairs ...pair) []error {
	return together(len(pairs), func(i int) error {
		_, err := processes[i].MergeContacts(w.ctx(), pairs[i].survivor, pairs[i].other, contact.Choice{}, "", someone())
		return err
	})
}

// mustBeSound checks that every contact leads to an active one, and that each survivor knows exactly the
// contacts that point to it. It returns the active ones.
func (w *world) mustBeSound(ids ...domain.ContactID) (active []domain.ContactID) {
	w.t.Helper()
	all := w.people()
	for _, id := range ids {
		end := id
		for range ids {
			if all[end].Status == contact.StatusMerged {
				require.Contains(w.t, all[all[end].Survivor].Merged(), end, "the survivor knows who was merged into it")
				end = all[end].Survivor
			}
		}
		require.Equal(w.t, contact.StatusActive, all[end].Status, "%s leads to an active contact", id)
		require.Subset(w.t, all[end].Details.Phones, all[id].Details.Phones)
		for _, other := range all[id].Merged() {
			require.Equal(w.t, id, all[other].Survivor)
		}
		if all[id].Status == contact.StatusActive {
			active = append(active, id)
		}
	}
	return active
}

func TestOfTwoOppositeMergesExactlyOneSucceeds(t *testing.T) {
	w := newWorld(t)
	listID, processes := w.list("Customers"), []*Commands{w.process(), w.process()}
	for i := range times(10, 100) {
		a, b := w.person(listID, "A", 2*i), w.person(listID, "B", 2*i+1)
		n := codes(t, w.atOnce(processes, pair{b, a}, pair{a, b}))
		require.Equal(t, map[string]int{"": 1, "CONTACT_MERGED": 1}, n)
		require.Len(t, w.mustBeSound(a, b), 1)
	}
}

func TestOfTwoSimultaneousMergesOfOneContactExactlyOneSucceeds(t *testing.T) {
	w := newWorld(t)
	listID, processes := w.list("Customers"), []*Commands{w.process(), w.process()}
	for i := range times(5, 100) {
		a, b, c := w.person(listID, "A", 3*i), w.person(listID, "B", 3*i+1), w.person(listID, "C", 3*i+2)
		n := codes(t, w.atOnce(processes, pair{b, a}, pair{c, a}))
		require.Equal(t, map[string]int{"": 1, "CONTACT_MERGED": 1}, n)
		require.Len(t, w.mustBeSound(a, b, c), 2)
	}
}

func TestThreeMergesInARingLeaveAtLeastOneContact(t *testing.T) {
	w := newWorld(t)
	listID, processes := w.list("Customers"), []*Commands{w.process(), w.process(), w.process()}
	for i := range times(5, 100) {
		a, b, c := w.person(listID, "A", 3*i), w.person(listID, "B", 3*i+1), w.person(listID, "C", 3*i+2)
		n := codes(t, w.atOnce(processes, pair{b, a}, pair{c, b}, pair{a, c}))
		require.LessOrEqual(t, n[""], 2)
		require.Len(t, w.mustBeSound(a, b, c), 3-n[""])
	}
}

func TestSimultaneousMergesAndUndosLeaveAllContactsInAgreement(t *testing.T) {
	w := newWorld(t)
	listID, processes := w.list("Customers"), []*Commands{w.process(), w.process(), w.process()}
	for i := range times(5, 100) {
		a, b, c := w.person(listID, "A", 3*i), w.person(listID, "B", 3*i+1), w.person(listID, "C", 3*i+2)
		_, err := w.MergeContacts(w.ctx(), b, a, contact.Choice{}, "", someone())
		require.NoError(t, err)
		errs := together(3, func(n int) error {
			var err error
			switch n {
			case 0:
				_, err = processes[n].UnmergeContact(w.ctx(), b, a, "", someone())
			case 1:
				_, err = processes[n].MergeContacts(w.ctx(), c, b, contact.Choice{}, "", someone())
			case 2:
				_, err = processes[n].UnmergeContact(w.ctx(), b, a, "", someone())
			}
			return err
		})
		require.Equal(t, []error{nil, nil, nil}, errs)
		require.ElementsMatch(t, []domain.ContactID{a, c}, w.mustBeSound(a, b, c))
		require.ElementsMatch(t, []string{number(3*i + 1), number(3*i + 2)}, w.people()[c].Details.Phones)
	}
	require.Len(t, all[contact.Unmerged](w), times(5, 100), "undoing twice is one undo")
}

func TestAContactCannotBeMergedIntoItself(t *testing.T) {
	w := newWorld(t)
	a := w.person(w.list("Customers"), "A", 1)
	before := w.people()[a]
	_, err := w.MergeContacts(w.ctx(), a, a, contact.Choice{}, "", someone())
	require.ErrorIs(t, err, contact.ErrMergeSelf)
	require.Equal(t, before, w.people()[a])
}

func TestAMergeNeedsAccessToBothListsAndRevealsNothingWithoutIt(t *testing.T) {
	w := newWorld(t)
	mine, others := w.list("Customers"), w.list("Partners")
	ann := w.agent("ann")
	_, err := w.GrantLists(w.ctx(), ann, []domain.ListID{mine}, "", someone())
	require.NoError(t, err)
	a, b := w.person(mine, "A", 1), w.person(others, "Secret", 2)
	events := len(w.log())
	for _, p := range []pair{{a, b}, {b, a}} {
		_, err = w.MergeContacts(w.ctx(), p.survivor, p.other, contact.Choice{}, ann, someone())
		require.Equal(t, "LIST_NOT_GRANTED", code(t, err))
		require.NotContains(t, fmt.Sprintf("%+v", err), "Secret")
	}
	require.Len(t, w.log(), events)
	_, err = w.MergeContacts(w.ctx(), a, b, contact.Choice{}, "", someone())
	require.NoError(t, err)
	_, err = w.UnmergeContact(w.ctx(), a, b, ann, someone())
	require.Equal(t, "LIST_NOT_GRANTED", code(t, err))
	_, err = w.UnmergeContact(w.ctx(), b, a, "", someone())
	require.NoError(t, err, "undoing a merge that never happened changes nothing")
	require.Equal(t, a, w.people()[b].Survivor)
}

func TestAMergeTakesTheValuesThatSomeoneChose(t *testing.T) {
	w := newWorld(t)
	listID := w.list("Customers")
	a, b := w.person(listID, "Anna", 1), w.person(listID, "A.", 2)
	before, meta := w.people(), someone()
	for range 2 {
		_, err := w.MergeContacts(w.ctx(), b, a, contact.Choice{FirstName: true}, "", meta)
		require.NoError(t, err)
	}
	require.Equal(t, "Anna", w.people()[b].Details.FirstName)
	require.Equal(t, "A.", all[contact.Merged](w)[0].Overwritten.FirstName)
	_, err := w.UnmergeContact(w.ctx(), b, a, "", someone())
	require.NoError(t, err)
	require.Equal(t, before[b].Details, w.people()[b].Details)
}

// half appends one event, as if the process had died before the next step.
func (w *world) half(id domain.ContactID, e contact.Event) {
	w.t.Helper()
	store, stream := w.store(), contact.Decider.Stream(string(id))
	history, err := store.Read(w.ctx(), stream, 0)
	require.NoError(w.t, err)
	_, err = store.Append(w.ctx(), stream, history.Revision, someone(), []domain.Event{e})
	require.NoError(w.t, err)
}

func TestAnInterruptedMergeIsCompleted(t *testing.T) {
	w := newWorld(t)
	listID := w.list("Customers")
	a, b, c := w.person(listID, "Anna", 1), w.person(listID, "A.", 2), w.person(listID, "C", 3)
	w.half(a, contact.MergedInto{Survivor: b, Take: contact.Choice{FirstName: true}, By: "boss", At: w.now()})
	require.NoError(t, w.FinishMerge(w.ctx(), b, a))
	require.Equal(t, "Anna", w.people()[b].Details.FirstName, "the survivor has the name that the person chose")
	require.Equal(t, domain.UserID("boss"), all[contact.Merged](w)[0].By)

	_, err := w.MergeContacts(w.ctx(), c, b, contact.Choice{}, "", someone())
	require.NoError(t, err)
	w.half(a, contact.Restored{From: b, By: "boss", At: w.now()})
	require.NoError(t, w.FinishMerge(w.ctx(), c, a), "an undo further down must reach the last survivor")
	w.mustBeSound(a, b, c)
	require.False(t, slices.Contains(w.people()[c].Details.Phones, number(1)))

	d := w.person(listID, "D", 4)
	w.half(d, contact.MergedInto{Survivor: b, At: w.now()})
	require.NoError(t, w.FinishMerge(w.ctx(), b, d), "a contact is restored if its survivor cannot take it")
	require.Equal(t, contact.StatusActive, w.people()[d].Status)
}

func TestADeclinedMergeIsNeverSuggestedAgain(t *testing.T) {
	w := newWorld(t)
	listID := w.list("Customers")
	typed, made := w.person(listID, "Ada", 1), w.person(listID, "", 2)
	for range 2 {
		require.NoError(t, w.JoinContacts(w.ctx(), typed, made))
		require.NoError(t, w.JoinContacts(w.ctx(), made, typed))
	}
	require.Len(t, all[contact.MergeSuggested](w), 1)
	_, err := w.DeclineMerge(w.ctx(), typed, made, "", someone())
	require.NoError(t, err)
	require.NoError(t, w.JoinContacts(w.ctx(), typed, made))
	require.NoError(t, w.JoinContacts(w.ctx(), made, typed))
	require.Len(t, all[contact.MergeSuggested](w), 1, "a declined merge was suggested again")
	elsewhere := w.person(w.list("Partners"), "Ada", 3)
	require.NoError(t, w.JoinContacts(w.ctx(), typed, elsewhere))
	require.Empty(t, all[contact.MergedInto](w))
	require.Len(t, all[contact.MergeSuggested](w), 1, "a merge of contacts in different lists was suggested")
}
