package commands_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	. "parley/commands"
	"parley/domain"
	"parley/domain/contact"
	"parley/domain/list"
	"parley/domain/user"
)

// list creates a contact list whose numbers are Italian unless they have a country code.
func (w *world) list(name string) domain.ListID {
	w.t.Helper()
	id, _, err := w.SaveList(w.ctx(), "", list.Settings{Name: name, DialPrefix: "39"}, "", someone())
	require.NoError(w.t, err)
	return id
}

func (w *world) contact(id domain.ContactID) contact.Details {
	w.t.Helper()
	var events []contact.Event
	for _, r := range w.log() {
		if e, ok := r.Event.(contact.Event); ok && r.AggregateID == string(id) {
			events = append(events, e)
		}
	}
	return contact.Decider.Fold(events).Details
}

func TestContactsAreChangedAndLinkedOnlyInGrantedLists(t *testing.T) {
	w := newWorld(t)
	ann, vip, other := w.agent("ann"), w.list("VIP"), w.list("Other")
	_, err := w.GrantLists(w.ctx(), ann, []domain.ListID{vip}, "", someone())
	require.NoError(t, err)

	_, _, err = w.CreateContact(w.ctx(), other, contact.Details{FirstName: "Maria"}, nil, ann, someone())
	require.ErrorIs(t, err, user.ErrList)
	mine, _, err := w.CreateContact(w.ctx(), vip, contact.Details{FirstName: "Maria"}, nil, ann, someone())
	require.NoError(t, err)

	foreign, _, err := w.CreateContact(w.ctx(), other, contact.Details{FirstName: "Nadia"}, nil, "", someone())
	require.NoError(t, err, "the program itself needs no grant")
	name := "Nora"
	_, err = w.ChangeContact(w.ctx(), foreign, contact.Change{FirstName: &name, By: ann}, someone())
	require.ErrorIs(t, err, user.ErrList)

	home := w.owned(ann, tel(number(1)), "m1")
	_, err = w.LinkContact(w.ctx(), home, foreign, ann, someone())
	require.ErrorIs(t, err, user.ErrList)
	_, err = w.LinkContact(w.ctx(), home, domain.ContactID(NewID()), ann, someone())
	require.ErrorIs(t, err, contact.ErrUnknown)
	_, err = w.LinkContact(w.ctx(), home, mine, ann, someone())
	require.NoError(t, err)
}

func TestATypedNumberIsStoredAsDigitsWithItsCountryCode(t *testing.T) {
	w := newWorld(t)
	id, _, err := w.CreateContact(w.ctx(), w.list("VIP"),
		contact.Details{Phones: []string{"333 123 4567", "+44 20 7946 0958"}}, nil, "", someone())
	require.NoError(t, err)
	require.Equal(t, []string{"393331234567", "442079460958"}, w.contact(id).Phones)

	_, err = w.ChangeContact(w.ctx(), id, contact.Change{Phones: []string{"393331234567", "06 5551234"}}, someone())
	require.NoError(t, err)
	require.Equal(t, []string{"393331234567", "39065551234"}, w.contact(id).Phones, "a stored number stays as it is")

	_, err = w.ChangeContact(w.ctx(), id, contact.Change{Phones: []string{"•••4567"}}, someone())
	require.ErrorIs(t, err, contact.ErrMasked)
	_, err = w.ChangeContact(w.ctx(), id, contact.Change{Phones: []string{"call me"}}, someone())
	require.ErrorIs(t, err, contact.ErrPhone)
}
