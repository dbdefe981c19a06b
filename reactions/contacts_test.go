package reactions

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/domain/list"
	"parley/eventstore"
)

func (w *world) newList(name string) domain.ListID {
	w.t.Helper()
	id, _, err := w.commands.SaveList(w.t.Context(), "", list.Settings{Name: name}, "", by())
	require.NoError(w.t, err)
	return id
}

func (w *world) newContact(listID domain.ListID, phone string) domain.ContactID {
	w.t.Helper()
	id, at, err := w.commands.CreateContact(w.t.Context(), listID, contact.Details{FirstName: "Known", Phones: []string{phone}}, nil, "sue", by())
	require.NoError(w.t, err)
	require.True(w.t, w.listener.Await(w.t.Context(), at, "contacts_v1"))
	return id
}

// laterStamped is the world as it is for a process whose events say that they happened so much earlier.
func (w *world) laterStamped(by time.Duration) *world {
	w.t.Helper()
	c, err := commands.New(commands.Config{
		Store: w.store, IDs: w.ids, Reads: reads{w.db.Clear, Early{Pool: w.db.Clear, Sealer: w.keys, Now: w.now}}, Log: w.log(),
		Now: func() time.Time { return w.now().Add(-by) },
	})
	require.NoError(w.t, err)
	return &world{t: w.t, db: w.db, account: w.account, commands: c}
}

func (w *world) contacts() (n int) {
	w.t.Helper()
	require.NoError(w.t, w.db.Clear.QueryRow(w.t.Context(), `SELECT count(*) FROM contacts`).Scan(&n))
	return n
}

func TestTenFirstMessagesMakeOneContact(t *testing.T) { // R21, R22, F10
	w := newWorld(t)
	listID := w.newList("Customers")
	w.changeAccount(func(a *account.Settings) { a.ListID, a.CreateContacts = listID, true })
	w.react()
	w.react()
	customers := count(4, 100)
	var all sync.WaitGroup
	for c := range customers {
		for range 10 {
			all.Go(func() {
				err := w.commands.Receive(context.WithoutCancel(t.Context()), w.account, []commands.Arrival{{
					ProviderMessageID: "wamid." + uuid.NewString(), Aliases: []string{fmt.Sprintf("tel:39335000%04d", c)},
					Customer: interaction.Customer{Phone: fmt.Sprintf("39335000%04d", c), Name: "Anna"}, SentAt: w.now(),
					Message: &commands.ArrivedMessage{Kind: interaction.KindText, Content: interaction.Content{Text: "Hello"}},
				}})
				if err != nil {
					t.Error(err)
				}
			})
		}
	}
	all.Wait()
	for c := range customers {
		digits := fmt.Sprintf("39335000%04d", c)
		w.eventually(func() bool { return w.session(digits).ContactID != "" }, "not linked")
		var name, phone, listed string
		require.NoError(t, w.db.Clear.QueryRow(t.Context(), `SELECT first_name, phones[1], list_id FROM contacts WHERE id = $1`, w.session(digits).ContactID).
			Scan(&name, &phone, &listed))
		require.Equal(t, []string{"Anna", digits, string(listID)}, []string{name, phone, listed})
	}
	require.Equal(t, customers, w.contacts())
}

func TestAKnownCustomerIsRecognisedInTheAccountsOwnListFirst(t *testing.T) { // R20
	w := newWorld(t)
	own, other := w.newList("Customers"), w.newList("Partners")
	w.changeAccount(func(a *account.Settings) { a.ListID, a.CreateContacts = own, true })
	w.newContact(other, anna)
	inOwn := w.newContact(own, anna)
	onlyElsewhere := w.newContact(other, "393330000001")
	w.react()
	w.arrives(anna, "Hello")
	w.arrives("393330000001", "Hello")
	w.eventually(func() bool { return w.session(anna).ContactID == string(inOwn) }, "not the one of the own list")
	w.eventually(func() bool { return w.session("393330000001").ContactID == string(onlyElsewhere) }, "not recognised")
	require.Equal(t, 3, w.contacts())
}

func TestAnUnknownCustomerStaysABareNumberWithoutTheTrigger(t *testing.T) { // A17
	w := newWorld(t)
	listID := w.newList("Customers")
	w.changeAccount(func(a *account.Settings) { a.ListID = listID })
	known := w.newContact(listID, "393330000001")
	w.react()
	w.arrives(anna, "Hello")
	w.arrives("393330000001", "Hello")
	w.eventually(func() bool { return w.session("393330000001").ContactID == string(known) }, "not recognised")
	w.never(func() bool { return w.session(anna).ContactID != "" }, "nobody wanted a contact")
}

func TestASessionThatShowsUpLateIsLinkedAllTheSame(t *testing.T) {
	w := newWorld(t)
	listID := w.newList("Customers")
	w.changeAccount(func(a *account.Settings) { a.ListID = listID })
	w.react()
	arrives := func(digits string, late time.Duration) {
		w.newContact(listID, digits)
		w.laterStamped(late).arrives(digits, "Hello")
	}
	linked := func(digits string) bool { return w.session(digits).ContactID != "" }
	arrives(anna, 0)
	w.eventually(func() bool { return linked(anna) }, "not recognised")
	arrives("393330000001", 20*time.Second) // its append was repeated, behind another one
	w.eventually(func() bool { return linked("393330000001") }, "missed by seconds")
	arrives("393330000002", 10*time.Minute) // by another process's clock
	w.session("393330000002")
	w.later(lookedAgain)
	w.eventually(func() bool { return linked("393330000002") }, "missed by minutes")
}

func TestALinkMadeByHandIsLeftAlone(t *testing.T) {
	w := newWorld(t)
	listID := w.newList("Customers")
	first, second := w.newContact(listID, "393330000001"), w.newContact(listID, "393330000002")
	w.arrives(anna, "Hello")
	id := domain.InteractionID(w.session(anna).ID)
	_, err := w.commands.LinkContact(t.Context(), id, first, "sue", by())
	require.NoError(t, err)
	_, err = w.commands.LinkFirstContact(t.Context(), id, second)
	require.NoError(t, err)
	require.Equal(t, first, w.state(id).ContactID)
}

func TestAfterAnErasureTheCustomerGetsAnotherContactAndAMergedOneLeadsToTheSurvivor(t *testing.T) {
	w := newWorld(t)
	listID := w.newList("Customers")
	details := contact.Details{FirstName: "Anna", Phones: []string{anna}}
	first, _, err := w.commands.ContactOfCustomer(t.Context(), listID, "address", details)
	require.NoError(t, err)
	again, _, err := w.commands.ContactOfCustomer(t.Context(), listID, "address", details)
	require.NoError(t, err)
	require.Equal(t, first, again)
	elsewhere, _, err := w.commands.ContactOfCustomer(t.Context(), w.newList("Partners"), "address", details)
	require.NoError(t, err)
	require.NotEqual(t, first, elsewhere)

	append := func(id domain.ContactID, e contact.Event) {
		history, err := w.store.Read(t.Context(), contact.Decider.Stream(string(id)), 0)
		require.NoError(t, err)
		_, err = w.store.AppendChanges(t.Context(), contact.Decider.Stream(string(id)), history.Revision, eventstore.Change{Meta: by(), Events: []domain.Event{e}})
		require.NoError(t, err)
	}
	append(first, contact.MergedInto{Survivor: elsewhere, By: "sue", At: w.now()})
	survivor, _, err := w.commands.ContactOfCustomer(t.Context(), listID, "address", details)
	require.NoError(t, err)
	require.Equal(t, elsewhere, survivor)
	append(elsewhere, contact.Erased{By: "sue", Reason: "REQUEST", At: w.now()})
	second, _, err := w.commands.ContactOfCustomer(t.Context(), listID, "address", details)
	require.NoError(t, err)
	require.NotContains(t, []domain.ContactID{first, elsewhere}, second)
}
