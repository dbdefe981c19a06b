package reactions

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/channels/phone"
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
	id, at, err := w.commands.CreateContact(w.t.Context(), listID,
		contact.Details{FirstName: "Known", Phones: []string{phone}}, nil, "", by())
	require.NoError(w.t, err)
	require.True(w.t, w.listener.Await(w.t.Context(), at, "contacts_v2"))
	return id
}

// clockBehind returns the world of a process whose clock is behind by the given time.
func (w *world) clockBehind(by time.Duration) *world {
	w.t.Helper()
	c, err := commands.New(commands.Config{
		Store: w.store, IDs: w.ids, ReadPhone: phone.TypedWith, Log: w.log(),
		Reads: reads{w.db.Clear, EarlyUpdates{Pool: w.db.Clear, Sealer: w.keys, Now: w.now}},
		Now:   func() time.Time { return w.now().Add(-by) },
	})
	require.NoError(w.t, err)
	return &world{t: w.t, db: w.db, account: w.account, commands: c}
}

func (w *world) contacts() (n int) {
	w.t.Helper()
	require.NoError(w.t, w.db.Clear.QueryRow(w.t.Context(), `SELECT count(*) FROM contacts`).Scan(&n))
	return n
}

func TestTenSimultaneousFirstMessagesCreateOneContact(t *testing.T) {
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
					ProviderMessageID: "wamid." + uuid.NewString(),
					Aliases:           []string{fmt.Sprintf("tel:39335000%04d", c)},
					Customer:          interaction.Customer{Phone: fmt.Sprintf("39335000%04d", c), Name: "Anna"},
					SentAt:            w.now(),
					Message: &commands.ArrivedMessage{Kind: interaction.KindText,
						Content: interaction.Content{Text: "Hello"}},
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
		require.NoError(t, w.db.Clear.QueryRow(t.Context(),
			`SELECT first_name, phones[1], list_id FROM contacts WHERE id = $1`, w.session(digits).ContactID).
			Scan(&name, &phone, &listed))
		require.Equal(t, []string{"Anna", digits, string(listID)}, []string{name, phone, listed})
	}
	require.Equal(t, customers, w.contacts())
}

func TestACustomerIsMatchedInTheAccountsOwnListFirst(t *testing.T) {
	w := newWorld(t)
	own, other := w.newList("Customers"), w.newList("Partners")
	w.changeAccount(func(a *account.Settings) { a.ListID, a.CreateContacts = own, true })
	w.newContact(other, anna)
	inOwn := w.newContact(own, anna)
	onlyElsewhere := w.newContact(other, "393330000001")
	w.react()
	w.arrives(anna, "Hello")
	w.arrives("393330000001", "Hello")
	w.eventually(func() bool { return w.session(anna).ContactID == string(inOwn) }, "not the contact in the own list")
	w.eventually(func() bool { return w.session("393330000001").ContactID == string(onlyElsewhere) }, "not recognised")
	require.Equal(t, 3, w.contacts())
}

func TestACustomerIsMatchedByTheNewSpellingOfAnOldNumber(t *testing.T) {
	w := newWorld(t)
	listID := w.newList("Customers")
	w.changeAccount(func(a *account.Settings) { a.ListID = listID })
	asNew, asOld := w.newContact(listID, "2290197000101"), w.newContact(listID, "22507000103")
	w.react()
	w.arrives("22997000101", "Hello")
	w.arrives("2250707000103", "Hello")
	w.eventually(func() bool { return w.session("22997000101").ContactID == string(asNew) },
		"stored with the new number")
	w.eventually(func() bool { return w.session("2250707000103").ContactID == string(asOld) },
		"stored with the old number")
}

func TestAnUnknownCustomerGetsNoContactIfTheAccountCreatesNone(t *testing.T) {
	w := newWorld(t)
	listID := w.newList("Customers")
	w.changeAccount(func(a *account.Settings) { a.ListID = listID })
	known := w.newContact(listID, "393330000001")
	w.react()
	w.arrives(anna, "Hello")
	w.arrives("393330000001", "Hello")
	w.eventually(func() bool { return w.session("393330000001").ContactID == string(known) }, "not recognised")
	w.never(func() bool { return w.session(anna).ContactID != "" }, "the account creates no contacts")
}

func TestAnInteractionThatAppearsLateStillGetsItsContact(t *testing.T) {
	w := newWorld(t)
	listID := w.newList("Customers")
	w.changeAccount(func(a *account.Settings) { a.ListID = listID })
	w.react()
	arrives := func(digits string, late time.Duration) {
		w.newContact(listID, digits)
		w.clockBehind(late).arrives(digits, "Hello")
	}
	linked := func(digits string) bool { return w.session(digits).ContactID != "" }
	arrives(anna, 0)
	w.eventually(func() bool { return linked(anna) }, "not recognised")
	arrives("393330000001", 20*time.Second) // a repeated append landed after a later one
	w.eventually(func() bool { return linked("393330000001") }, "missed by seconds")
	arrives("393330000002", 10*time.Minute) // stamped by another process's clock
	w.session("393330000002")
	w.later(fullScanEvery)
	w.eventually(func() bool { return linked("393330000002") }, "missed by minutes")
}

func TestALinkMadeByAnAgentIsNotReplaced(t *testing.T) {
	w := newWorld(t)
	listID := w.newList("Customers")
	first, second := w.newContact(listID, "393330000001"), w.newContact(listID, "393330000002")
	w.arrives(anna, "Hello")
	id := domain.InteractionID(w.session(anna).ID)
	_, err := w.commands.LinkContact(t.Context(), id, first, "", by())
	require.NoError(t, err)
	_, err = w.commands.LinkFirstContact(t.Context(), id, second)
	require.NoError(t, err)
	require.Equal(t, first, w.state(id).ContactID)
}

func TestACustomersContactStaysTheirsAfterAMergeAndIsReplacedAfterAnErasure(t *testing.T) {
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
		_, err = w.store.AppendChanges(t.Context(), contact.Decider.Stream(string(id)), history.Revision,
			eventstore.Change{Meta: by(), Events: []domain.Event{e}})
		require.NoError(t, err)
	}
	append(first, contact.MergedInto{Survivor: elsewhere, By: "sue", At: w.now()})
	merged, _, err := w.commands.ContactOfCustomer(t.Context(), listID, "address", details)
	require.NoError(t, err)
	require.Equal(t, first, merged)
	append(elsewhere, contact.Erased{By: "sue", Reason: "REQUEST", At: w.now()})
	second, _, err := w.commands.ContactOfCustomer(t.Context(), listID, "address", details)
	require.NoError(t, err)
	require.NotContains(t, []domain.ContactID{first, elsewhere}, second)
}
