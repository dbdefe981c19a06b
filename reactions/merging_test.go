package reactions

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/internal/access"
	"parley/projections/contacts"
	"parley/projections/interactions"
)

// merging is a world whose account creates contacts in a list.
type merging struct {
	*world
	list  domain.ListID
	named map[string]domain.ContactID
	texts map[string]string // the names of sessions, by id
}

func newMerging(t *testing.T) *merging {
	w := newWorld(t)
	m := &merging{world: w, list: w.newList("Customers"), named: map[string]domain.ContactID{}, texts: map[string]string{}}
	w.changeAccount(func(a *account.Settings) { a.ListID, a.CreateContacts = m.list, true })
	return m
}

type person struct {
	FirstName, LastName string
	Phones, Emails      []string
	Tags                []string
	Fields              map[string]string
	Sessions            []string
}

// create creates a contact by hand, and has the customer write in each of its sessions.
func (m *merging) create(name string, p person) {
	m.t.Helper()
	id, at, err := m.commands.CreateContact(m.t.Context(), m.list, contact.Details{FirstName: p.FirstName,
		LastName: p.LastName, Phones: p.Phones, Emails: p.Emails, Fields: p.Fields}, p.Tags, "", by())
	require.NoError(m.t, err)
	require.True(m.t, m.listener.Await(m.t.Context(), at, contacts.Name))
	m.named[name] = id
	for _, s := range p.Sessions {
		m.visits(s, p.Phones[0])
	}
}

// visits has a customer write in a new session, and closes it once its contact is known.
func (m *merging) visits(session, number string) {
	m.t.Helper()
	m.arrives(number, session)
	m.eventually(func() bool { return m.session(number).Status == "OPEN" && m.session(number).ContactID != "" }, "not linked")
	row := m.session(number)
	m.texts[row.ID] = session
	_, err := m.commands.Close(m.t.Context(), domain.InteractionID(row.ID), "boss", true, "", "", by())
	require.NoError(m.t, err)
	m.eventually(func() bool { return m.session(number).Status == "CLOSED" }, "not closed")
}

func (m *merging) merge(other, survivor string) {
	m.t.Helper()
	at, err := m.commands.MergeContacts(m.t.Context(), m.named[survivor], m.named[other], contact.Choice{}, "", by())
	require.NoError(m.t, err)
	require.True(m.t, m.listener.Await(m.t.Context(), at, contacts.Name))
}

func (m *merging) undo(other, survivor string) {
	m.t.Helper()
	at, err := m.commands.UnmergeContact(m.t.Context(), m.named[survivor], m.named[other], "", by())
	require.NoError(m.t, err)
	require.True(m.t, m.listener.Await(m.t.Context(), at, contacts.Name))
}

// shows returns a contact as the read models show it.
func (m *merging) shows(name string) (p person, row contacts.Row) {
	m.t.Helper()
	row, _, err := contacts.ByID(m.t.Context(), m.db.Clear, access.Viewer{Everything: true}, string(m.named[name]))
	require.NoError(m.t, err)
	found, err := m.db.Clear.Query(m.t.Context(), "SELECT interaction_id FROM interaction_customers WHERE contact_id = ANY($1)",
		append([]string{row.ID}, row.Family...))
	require.NoError(m.t, err)
	for found.Next() {
		var id string
		require.NoError(m.t, found.Scan(&id))
		p.Sessions = append(p.Sessions, m.texts[id])
	}
	require.NoError(m.t, found.Err())
	slices.Sort(p.Sessions)
	p.FirstName, p.LastName, p.Phones, p.Emails, p.Tags, p.Fields = row.FirstName, row.LastName, row.Phones, row.Emails, row.Tags, row.Fields
	return p, row
}

func (m *merging) mustShow(name string, want person) {
	m.t.Helper()
	got, _ := m.shows(name)
	if want.FirstName == "" { // only whose sessions they are
		require.Equal(m.t, want.Sessions, got.Sessions, name)
		return
	}
	require.Equal(m.t, want.FirstName, got.FirstName, name)
	require.Equal(m.t, want.LastName, got.LastName, name)
	require.Equal(m.t, want.Phones, got.Phones, name)
	require.ElementsMatch(m.t, want.Emails, got.Emails, name)
	require.ElementsMatch(m.t, want.Tags, got.Tags, name)
	require.True(m.t, maps.Equal(want.Fields, got.Fields), "%s: %v", name, got.Fields)
	require.Equal(m.t, want.Sessions, got.Sessions, name)
}

type mergeStep struct {
	Merge, Undo       []string // the merged one, the survivor
	Arrives           map[string]string
	Edit, City, Email string
	Then              map[string]person
}

func (m *merging) run(steps []mergeStep) {
	m.t.Helper()
	for _, s := range steps {
		switch {
		case s.Merge != nil:
			m.merge(s.Merge[0], s.Merge[1])
		case s.Undo != nil:
			m.undo(s.Undo[0], s.Undo[1])
		case s.Edit != "":
			before, _ := m.shows(s.Edit)
			at, err := m.commands.ChangeContact(m.t.Context(), m.named[s.Edit], contact.Change{
				Emails: append(before.Emails, s.Email), Fields: map[string]string{"city": s.City}}, by())
			require.NoError(m.t, err)
			require.True(m.t, m.listener.Await(m.t.Context(), at, contacts.Name))
		}
		for session, number := range s.Arrives {
			m.visits(session, number)
		}
		for name, want := range s.Then {
			m.mustShow(name, want)
		}
	}
}

func TestAChainOfMergesCanBeUndoneInEitherOrder(t *testing.T) {
	raw, err := os.ReadFile("testdata/merges.json")
	require.NoError(t, err)
	var cases struct {
		Contacts map[string]person
		Steps    []mergeStep
		Undos    map[string][]mergeStep
		End      map[string]person
	}
	require.NoError(t, json.Unmarshal(raw, &cases))
	require.Len(t, cases.Undos, 2)
	m := newMerging(t)
	m.react()
	for _, order := range []string{"innerFirst", "outerFirst"} {
		if order == "outerFirst" { // the same people again, with other numbers
			again, err := json.Marshal(cases)
			require.NoError(t, err)
			require.NoError(t, json.Unmarshal([]byte(strings.ReplaceAll(string(again), "39333555", "39333666")), &cases))
		}
		for _, name := range []string{"anna", "anna_m", "a"} {
			m.create(name, cases.Contacts[name])
		}
		before := m.contacts()
		m.run(cases.Steps)
		m.run(cases.Undos[order])
		for name, want := range cases.End {
			m.mustShow(name, want)
		}
		require.Equal(t, before, m.contacts(), "a contact was created")
	}
}

// bothWrite has the customers of two contacts write at the same moment, each several times.
func (m *merging) bothWrite(times int, numbers ...string) *sync.WaitGroup {
	var writing sync.WaitGroup
	for n := range times {
		for _, number := range numbers {
			writing.Go(func() {
				err := m.commands.Receive(context.WithoutCancel(m.t.Context()), m.account, []commands.Arrival{{
					ProviderMessageID: "wamid." + uuid.NewString(), Aliases: []string{"tel:" + number}, SentAt: m.now(),
					Customer: interaction.Customer{Phone: number},
					Message: &commands.ArrivedMessage{Kind: interaction.KindText,
						Content: interaction.Content{Text: fmt.Sprintf("%s %d", number, n)}},
				}})
				if err != nil {
					m.t.Error(err)
				}
			})
		}
	}
	return &writing
}

// received returns how many messages each contact has.
func (m *merging) received() map[string]int {
	m.t.Helper()
	rows, err := m.db.Clear.Query(m.t.Context(), `SELECT i.contact_id, sum(i.inbound)::int FROM interactions i GROUP BY 1`)
	require.NoError(m.t, err)
	n := map[string]int{}
	for rows.Next() {
		var id string
		var messages int
		require.NoError(m.t, rows.Scan(&id, &messages))
		n[id] = messages
	}
	return n
}

func TestMessagesThatArriveDuringAMergeAndItsUndoReachTheContactOfTheirNumber(t *testing.T) {
	m := newMerging(t)
	const annas, annes = "393335550901", "393335550902"
	m.create("anna", person{FirstName: "Anna", Phones: []string{annas}})
	m.create("anne", person{FirstName: "Anne", Phones: []string{annes}})
	d, _, err := m.commands.CreateContact(t.Context(), m.newList("Suppliers"),
		contact.Details{FirstName: "Dora", Phones: []string{annas}}, nil, "", by())
	require.NoError(t, err)
	m.named["dora"] = d
	m.eventually(func() bool { return m.contacts() == 3 }, "not created")
	dora, _ := m.shows("dora")
	m.react()
	own := func(messages int) func() bool {
		return func() bool {
			return maps.Equal(m.received(), map[string]int{string(m.named["anna"]): messages, string(m.named["anne"]): messages})
		}
	}
	times := count(10, 50)
	writing := m.bothWrite(times, annas, annes)
	m.merge("anna", "anne")
	writing.Wait()
	m.eventually(own(times), "messages are missing, twice, or with another contact")
	_, row := m.shows("anna")
	require.Equal(t, string(m.named["anne"]), row.ID, "every session must be found under the survivor")

	writing = m.bothWrite(times, annas, annes)
	m.undo("anna", "anne")
	writing.Wait()
	m.eventually(own(2*times), "messages are missing, twice, or with another contact")
	for name, number := range map[string]string{"anna": annas, "anne": annes} {
		p, row := m.shows(name)
		require.Equal(t, []string{string(m.named[name]), number}, []string{row.ID, p.Phones[0]})
		require.Len(t, p.Phones, 1)
	}
	require.Equal(t, 3, m.contacts(), "a contact was created")
	untouched, _ := m.shows("dora")
	require.Equal(t, dora, untouched, "a third contact with the same number must not change")
}

func TestMergingContactsLeavesTheirConversationsAsTheyWere(t *testing.T) {
	m := newMerging(t)
	const annas, annes = "393335550901", "393335550902"
	m.create("anna", person{FirstName: "Anna", Phones: []string{annas}})
	m.create("anne", person{FirstName: "Anne", Phones: []string{annes}})
	to := make(chan string, 10)
	m.react(with(&scripted{answer: func(ctx context.Context, n int, out channels.Outbound) (channels.Sent, error) {
		to <- out.To
		return accepts(ctx, n, out)
	}}))
	mine, theirs := m.mine(m.agents[0], annas), m.mine(m.agents[1], annes)
	m.eventually(func() bool { return m.session(annas).ContactID != "" && m.session(annes).ContactID != "" }, "not linked")
	m.merge("anna", "anne")
	m.write(mine, m.agents[0], "Hi")
	require.Equal(t, annas, <-to, "the answer goes to the number that the customer wrote from")
	m.write(theirs, m.agents[1], "Hi")
	require.Equal(t, annes, <-to)
	found, err := interactions.List(t.Context(), m.db.Clear, access.Viewer{Everything: true}, interactions.Filter{Search: "Anne"},
		interactions.ByLastMessage, nil, 10, m.now())
	require.NoError(t, err)
	require.Len(t, found.Rows, 2, "both must be found by the name of the survivor")
	for id, owner := range map[domain.InteractionID]domain.AgentID{mine: m.agents[0], theirs: m.agents[1]} {
		s := m.state(id)
		require.Equal(t, []any{interaction.SessionOpen, owner}, []any{s.Status, s.Owner})
	}
}

func TestAMarketingPreferenceStaysWithItsNumberThroughAMergeAndItsUndo(t *testing.T) {
	m := newMerging(t)
	const annas, annes = "393335550901", "393335550902"
	m.create("anna", person{FirstName: "Anna", Phones: []string{annas}})
	m.create("anne", person{FirstName: "Anne", Phones: []string{annes}})
	prefers := func(number string, stop bool) {
		m.later(time.Second)
		require.NoError(t, m.commands.Receive(t.Context(), m.account, []commands.Arrival{{ProviderMessageID: "wamid." + uuid.NewString(),
			Aliases: []string{"tel:" + number}, Customer: interaction.Customer{Phone: number}, SentAt: m.now(),
			Preference: &commands.ArrivedPreference{Stop: stop}}}))
	}
	stopped := func(name string) bool {
		_, row := m.shows(name)
		since, err := contacts.NoMarketing(t.Context(), m.db.Clear, row)
		require.NoError(t, err)
		return since != nil
	}
	prefers(annas, true)
	m.eventually(func() bool { return stopped("anna") }, "not stopped")
	require.False(t, stopped("anne"))
	m.merge("anna", "anne")
	require.True(t, stopped("anne"), "the survivor must want no marketing, like one of its numbers")
	m.undo("anna", "anne")
	require.True(t, stopped("anna"))
	require.False(t, stopped("anne"))
	m.merge("anna", "anne")
	prefers(annas, false)
	m.eventually(func() bool { return !stopped("anne") }, "still stopped")
	prefers(annas, true)
	m.eventually(func() bool { return stopped("anne") }, "not stopped")
	m.undo("anna", "anne")
	require.True(t, stopped("anna"), "the undo must leave the preference with the customer who stated it")
	require.False(t, stopped("anne"))
}

func TestTheReactionCompletesAnInterruptedMerge(t *testing.T) {
	m := newMerging(t)
	m.create("anna", person{FirstName: "Anna", Phones: []string{"393335550901"}})
	m.create("anne", person{FirstName: "Anne", Phones: []string{"393335550902"}})
	m.react()
	append := func(name string, e contact.Event) {
		stream := contact.Decider.Stream(string(m.named[name]))
		history, err := m.store.Read(t.Context(), stream, 0)
		require.NoError(t, err)
		_, err = m.store.Append(t.Context(), stream, history.Revision, by(), []domain.Event{e})
		require.NoError(t, err)
	}
	family := func() []string { _, row := m.shows("anne"); return row.Family }
	append("anna", contact.MergedInto{Survivor: m.named["anne"], By: "boss", At: m.now()})
	m.eventually(func() bool { return len(family()) == 1 }, "the survivor does not take over the contact")
	append("anna", contact.Restored{From: m.named["anne"], By: "boss", At: m.now()})
	m.eventually(func() bool { return len(family()) == 0 }, "the survivor does not give it back")
}

// visitsAs has a customer write under an identity, and closes the session once its contact is known.
func (m *merging) visitsAs(from channels.Sender) (contactID string) {
	m.t.Helper()
	m.writesAs(from, "Hello")
	var id string
	m.eventually(func() bool {
		err := m.db.Clear.QueryRow(m.t.Context(), `SELECT id, contact_id FROM interactions WHERE status = 'OPEN' AND contact_id <> ''`).
			Scan(&id, &contactID)
		return err == nil
	}, "not linked")
	_, err := m.commands.Close(m.t.Context(), domain.InteractionID(id), "boss", true, "", "", by())
	require.NoError(m.t, err)
	m.eventually(func() bool {
		var open int
		require.NoError(m.t, m.db.Clear.QueryRow(m.t.Context(), "SELECT count(*) FROM interactions WHERE status = 'OPEN'").Scan(&open))
		return open == 0
	}, "not closed")
	return contactID
}

func TestContactsOfOneCustomerAreMergedEvenIfTheirConversationsAreClosed(t *testing.T) {
	m := newMerging(t)
	m.react()
	byNumber, byUserID := m.visitsAs(tel(anna)), m.visitsAs(channels.Sender{UserID: "IT.1"})
	require.NotEqual(t, byNumber, byUserID)
	m.writesAs(channels.Sender{WaID: anna, UserID: "IT.1"}, "It's me")
	m.named["number"], m.named["user id"] = domain.ContactID(byNumber), domain.ContactID(byUserID)
	m.eventually(func() bool {
		_, one := m.shows("number")
		_, other := m.shows("user id")
		return one.ID == other.ID && len(one.Family) == 1
	}, "the contacts were not merged")
	_, merged := m.shows("number")
	require.Equal(t, [][]string{{anna}, {"IT.1"}}, [][]string{merged.Phones, merged.UserIDs})
}

func TestAMergeWithAContactThatSomeoneCreatedIsOnlySuggested(t *testing.T) {
	m := newMerging(t)
	m.react()
	m.create("by hand", person{FirstName: "Ada", Phones: []string{anna}})
	require.Equal(t, string(m.named["by hand"]), m.visitsAs(tel(anna)))
	byProgram := m.visitsAs(channels.Sender{UserID: "IT.1"})
	m.writesAs(channels.Sender{WaID: anna, UserID: "IT.1"}, "It's me")
	m.named["by program"] = domain.ContactID(byProgram)
	suggested := func() []string {
		_, one := m.shows("by hand")
		_, other := m.shows("by program")
		return slices.Concat(one.Suggested, other.Suggested)
	}
	m.eventually(func() bool { return len(suggested()) == 1 }, "not suggested")
	require.Equal(t, 2, m.contacts())
	m.merge("by program", "by hand")
	require.Empty(t, suggested(), "a suggestion ends with the merge")
}
