package interactions_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/domain/policy"
	"parley/domain/queue"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/access"
	"parley/internal/database"
	"parley/projections/all"
	"parley/projections/interactions"
	"parley/projections/projectionstest"
)

var nine = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

func at(minutes int) time.Time { return nine.Add(time.Duration(minutes) * time.Minute) }

func settings() []eventstore.Recorded {
	var log []eventstore.Recorded
	log = append(log, projectionstest.Record("account-shop",
		account.Created{Settings: account.Settings{Name: "Shop", QueueID: "sales",
			Queues: []domain.QueueID{"help"}, WindowHours: 24}, At: nine})...)
	log = append(log, projectionstest.Record("account-lab",
		account.Created{Settings: account.Settings{Name: "Lab", QueueID: "lab", WindowHours: 24}, At: nine})...)
	log = append(log, projectionstest.Record("queue-sales",
		queue.Created{Settings: queue.Settings{Name: "Sales", Members: []domain.AgentID{"ada", "ben"}}, At: nine})...)
	log = append(log, projectionstest.Record("user-ada",
		user.Created{UserID: "ada", Profile: user.Profile{Login: "Ada", Name: "Ada"},
			Settings: user.Settings{Role: user.Agent}, At: nine})...)
	log = append(log, projectionstest.Record("policy-one", policy.Created{Settings: policy.Settings{
		MaskName: policy.Mask{Mode: policy.MaskFull}, MaskPhone: policy.Mask{Mode: policy.MaskPartial,
			Keep: 3}, MaskEmail: policy.Mask{Mode: policy.MaskFull},
	}, At: nine})...)
	return log
}

// opened returns a session in the queue that begins with a message some minutes after nine.
func opened(
	id, accountID, queueID string, minutes int, c interaction.Customer, text string, more ...domain.Event,
) []eventstore.Recorded {
	events := []domain.Event{
		interaction.Opened{AccountID: domain.AccountID(accountID),
			AddressID: domain.AddressID("addr-" + c.Phone), Channel: "whatsapp",
			QueueID: domain.QueueID(queueID), Number: 1, Origin: interaction.OriginInbound, Customer: c,
			At: at(minutes)},
		interaction.MessageReceived{MessageID: domain.MessageID("m-" + id),
			AddressID: domain.AddressID("addr-" + c.Phone), Kind: interaction.KindText, SentAt: at(minutes),
			Content: interaction.Content{Text: text}, Customer: c, At: at(minutes)},
	}
	return projectionstest.Record("interaction-"+id, append(events, more...)...)
}

var (
	admin = access.Viewer{User: "root", Role: user.Admin, Everything: true}
	ada   = access.Viewer{User: "ada", Role: user.Agent, Queues: []domain.QueueID{"sales"},
		Accounts: []domain.AccountID{"shop"}}
	masked = access.Viewer{User: "eve", Role: user.Auditor, Everything: true, Masked: true}
)

func world(t *testing.T) database.DB {
	return projectionstest.Run(t, all.Models(), settings(),
		projectionstest.Record("contact-c1", contact.Created{ContactID: "c1", ListID: "customers",
			Origin: "USER", Details: contact.Details{FirstName: "Zoe", LastName: "Quill",
				Phones: []string{"4915111"}}, At: nine}),
		opened("one", "shop", "sales", 0, interaction.Customer{Phone: "4915100000001", Name: "Maria Nowak"},
			"where is my parcel",
			interaction.NoteAdded{NoteID: "n-named", By: "ada", Text: "maria here", At: at(0)},
			interaction.Accepted{By: "ada", At: at(1)},
			interaction.TagAdded{Tag: "urgent", By: "ada", At: at(1)},
			interaction.TagAdded{Tag: "parcel", By: "ada", At: at(1)}),
		opened("two", "shop", "sales", 10, interaction.Customer{Phone: "4915100000002", Name: "Otto Lamm"},
			"call me at +49 151 2345678"),
		opened("three", "lab", "lab", 20, interaction.Customer{Phone: "4915100000003", Name: "Ida Lab"}, "a question",
			interaction.Assigned{To: "ada", By: "root", At: at(21)}),
		opened("four", "lab", "lab", 30, interaction.Customer{Phone: "4915100000004"}, "the parcel again",
			interaction.TagAdded{Tag: "urgent", At: at(31)},
			interaction.ContactLinked{ContactID: "c1", At: at(31)},
			interaction.Assigned{To: "cho", By: "root", At: at(32)},
			interaction.SeenByOwner{By: "cho", Through: "m-four", At: at(32)},
			interaction.Closed{By: "cho", At: at(33)},
			interaction.Disposed{DispositionID: "d1", Path: []string{"Sold", "Online"}, By: "cho", At: at(34)}),
	)
}

func ids(p interactions.Page) []string {
	found := []string{}
	for _, r := range p.Rows {
		found = append(found, r.ID)
	}
	return found
}

func TestTheListAppliesFilterAndScope(t *testing.T) {
	db := world(t)
	t.Run("conditions that match few", func(t *testing.T) { testFilterAndScope(t, db) })
	t.Run("conditions that match many", func(t *testing.T) {
		interactions.TreatAllAsMany(t)
		testFilterAndScope(t, db)
	})
}

func testFilterAndScope(t *testing.T, db database.DB) {
	yes, no := true, false
	from, to := at(5), at(25)
	for _, c := range []struct {
		name   string
		viewer access.Viewer
		filter interactions.Filter
		order  interactions.Order
		want   []string
	}{
		{name: "an admin sees all, newest message first", viewer: admin, want: []string{"four", "three", "two", "one"}},
		{name: "an agent sees their queues and their own interactions", viewer: ada, want: []string{"three", "two", "one"}},
		{name: "the status filter keeps closed ones", viewer: admin, filter: interactions.Filter{Status: "CLOSED"}, want: []string{"four"}},
		{name: "the open filter keeps to the scope", viewer: ada, filter: interactions.Filter{Status: "OPEN"},
			want: []string{"three", "two", "one"}},
		{name: "the unread filter applies", viewer: admin, filter: interactions.Filter{Read: &no}, want: []string{"three", "two", "one"}},
		{name: "the read filter applies", viewer: admin, filter: interactions.Filter{Read: &yes}, want: []string{"four"}},
		{name: "the waiting filter applies", viewer: ada, filter: interactions.Filter{Waiting: &yes}, want: []string{"two"}},
		{name: "the owned filter applies", viewer: ada, filter: interactions.Filter{Waiting: &no}, want: []string{"three", "one"}},
		{name: "the account filter applies", viewer: admin,
			filter: interactions.Filter{AccountIDs: []string{"lab"}}, want: []string{"four", "three"}},
		{name: "the queue filter takes several", viewer: admin,
			filter: interactions.Filter{QueueIDs: []string{"lab", "sales"}},
			want:   []string{"four", "three", "two", "one"}},
		{name: "the first-owner filter applies", viewer: admin,
			filter: interactions.Filter{FirstOwnerIDs: []string{"ada"}}, want: []string{"three", "one"}},
		{name: "the owner filter keeps to the scope", viewer: ada,
			filter: interactions.Filter{OwnerIDs: []string{"cho", "ada"}}, want: []string{"three", "one"}},
		{name: "any of the tags matches", viewer: admin,
			filter: interactions.Filter{Tags: []string{"urgent", "parcel"}}, want: []string{"four", "one"}},
		{name: "all of the tags match", viewer: admin,
			filter: interactions.Filter{Tags: []string{"urgent", "parcel"}, AllTags: true}, want: []string{"one"}},
		{name: "the start filter excludes its end", viewer: admin,
			filter: interactions.Filter{StartedFrom: &from, StartedTo: &to}, want: []string{"three", "two"}},
		{name: "the contact filter applies", viewer: admin,
			filter: interactions.Filter{ContactIDs: []string{"c1"}}, want: []string{"four"}},
		{name: "the newest session comes first", viewer: ada, order: interactions.ByStart, want: []string{"three", "two", "one"}},
		{name: "the window closing soonest comes first", viewer: admin, order: interactions.ByWindow,
			want: []string{"one", "two", "three"}},
		{name: "part of a name is found", viewer: admin, filter: interactions.Filter{Search: "nowa"}, want: []string{"one"}},
		{name: "part of a number is found in any spelling", viewer: admin,
			filter: interactions.Filter{Search: "+49 151-00000002"}, want: []string{"two"}},
		{name: "a contact's name is found", viewer: admin, filter: interactions.Filter{Search: "quill"}, want: []string{"four"}},
		{name: "an unfinished word of a message is found", viewer: admin,
			filter: interactions.Filter{Search: "parc"}, want: []string{"four", "one"}},
		{name: "a search keeps to the scope", viewer: ada, filter: interactions.Filter{Search: "parcel"}, want: []string{"one"}},
		{name: "a search and a filter combine", viewer: admin,
			filter: interactions.Filter{Search: "parcel", Status: "OPEN"}, want: []string{"one"}},
		{name: "a masked viewer finds no part of a name", viewer: masked, filter: interactions.Filter{Search: "nowa"}, want: []string{}},
		{name: "a masked viewer finds no part of a number", viewer: masked, filter: interactions.Filter{Search: "49151"}, want: []string{}},
		{name: "a masked viewer finds a whole number", viewer: masked,
			filter: interactions.Filter{Search: "4915100000002"}, want: []string{"two"}},
		{name: "a masked viewer finds a whole name", viewer: masked,
			filter: interactions.Filter{Search: "Maria Nowak"}, want: []string{"one"}},
		{name: "a masked viewer finds no message by the customer's name", viewer: masked,
			filter: interactions.Filter{Search: "maria"}, want: []string{}},
		{name: "a viewer finds a message by the customer's name", viewer: admin,
			filter: interactions.Filter{Search: "maria here"}, want: []string{"one"}},
		{name: "a masked viewer finds words of a message", viewer: masked,
			filter: interactions.Filter{Search: "call"}, want: []string{"two"}},
		{name: "a masked viewer finds no number in a message", viewer: masked,
			filter: interactions.Filter{Search: "2345678"}, want: []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			order := c.order
			if order == "" {
				order = interactions.ByLastMessage
			}
			page, err := interactions.List(t.Context(), db.For(c.viewer), c.viewer, c.filter, order, nil, 10, at(60))
			require.NoError(t, err)
			require.Equal(t, c.want, ids(page))
		})
	}
}

func TestAnInteractionIsFoundByEverySpellingOfItsNumber(t *testing.T) {
	db := projectionstest.Run(t, all.Models(), settings(),
		opened("old", "shop", "sales", 0, interaction.Customer{Phone: "22997000101"}, "hello"),
		opened("new", "shop", "sales", 10, interaction.Customer{Phone: "2290161000102"}, "hello"),
		opened("other", "shop", "sales", 20, interaction.Customer{Phone: "2250507000106"}, "hello"))
	find := func(v access.Viewer, text string) []string {
		page, err := interactions.List(t.Context(), db.For(v), v, interactions.Filter{Search: text},
			interactions.ByLastMessage, nil, 10, at(60))
		require.NoError(t, err)
		return ids(page)
	}
	for id, spellings := range map[string][]string{
		"old":   {"22997000101", "2290197000101", "+229 01 97 00 01 01", "+229 97000101"},
		"new":   {"22961000102", "2290161000102", "+229 01 61 00 01 02", "+229 61 00 01 02"},
		"other": {"2250507000106", "+225 05 07 00 01 06"},
	} {
		for _, s := range spellings {
			require.Equal(t, []string{id}, find(admin, s), s)
			require.Equal(t, []string{id}, find(masked, s), "%s, whole, for a masked viewer", s)
		}
	}
	require.Empty(t, find(admin, "22507000106"), "the same digits at another operator")
	page, err := interactions.List(t.Context(), db.Clear, admin, interactions.Filter{}, interactions.ByStart,
		nil, 10, at(60))
	require.NoError(t, err)
	require.Equal(t, "22997000101", page.Rows[2].CustomerPhone, "kept as WhatsApp sent it: replies go there")
}

func TestMaskedViewersFindMessagesByWhatTheySeeOfThem(t *testing.T) {
	lukasz := interaction.Customer{Phone: "4915100000001", Name: "Łukasz O’Strauß", Username: "luk_1"}
	db := projectionstest.Run(t, all.Models(), settings(),
		projectionstest.Record("contact-c1", contact.Created{ContactID: "c1", ListID: "customers",
			Details: contact.Details{FirstName: "Jürgen", LastName: "Kühn"}, At: nine}),
		opened("latin", "shop", "sales", 0, lukasz, "Perché? Sono LUKASZ O'Strauss, Jurgen. Chiamate",
			interaction.ContactLinked{ContactID: "c1", At: at(0)}),
		opened("number", "shop", "sales", 1, interaction.Customer{Phone: "4915100000002"},
			"È il ٣٣٣ 123 45 67, perché? o’hara@posta.example"),
		opened("kanji", "shop", "sales", 2, interaction.Customer{Phone: "4915100000003", Name: "山田 太郎"},
			"山田太郎です、返品したい"))
	find := func(v access.Viewer, text string) []string {
		page, err := interactions.List(t.Context(), db.For(v), v, interactions.Filter{Search: text},
			interactions.ByLastMessage, nil, 10, at(60))
		require.NoError(t, err)
		return ids(page)
	}
	run := func(t *testing.T) {
		for _, shown := range []struct {
			text string
			want []string
		}{
			{"perche", []string{"number", "latin"}}, {"chiamate", []string{"latin"}}, {"返品", []string{"kanji"}},
			{"です", []string{"kanji"}}, {"Lukasz O'Strauss", []string{"latin"}}, {"山田 太郎", []string{"kanji"}},
		} {
			require.Equal(t, shown.want, find(admin, shown.text), shown.text)
			require.Equal(t, shown.want, find(masked, shown.text), "%s, for a masked viewer", shown.text)
		}
		for _, hidden := range []string{"lukasz", "Łukasz", "ostrauss", "o'strauss", "strau", "jürgen", "333", "123", "4567",
			"67", "hara", "posta", "example", "山田", "太郎", "田太", "郎", "郎です"} {
			require.Empty(t, find(masked, hidden), "%s, for a masked viewer", hidden)
		}
		for _, found := range []string{"lukasz", "strau", "jürgen", "333", "67", "hara", "posta", "田太", "郎です"} {
			require.Len(t, find(admin, found), 1, found)
		}
	}
	t.Run("words in few messages", run)
	t.Run("words in many messages", func(t *testing.T) {
		interactions.TreatAllAsMany(t)
		run(t)
	})
}

func TestAnAgentsInteractionInAnotherQueueIsFoundWithAndWithoutItsQueue(t *testing.T) {
	db := projectionstest.Run(t, all.Models(), settings(),
		opened("here", "shop", "sales", 0, interaction.Customer{Phone: "4915100000001"}, "hello"),
		opened("assigned", "lab", "sales", 10, interaction.Customer{Phone: "4915100000002"}, "hello",
			interaction.Assigned{To: "ada", By: "root", At: at(11)}),
		opened("elsewhere", "lab", "sales", 20, interaction.Customer{Phone: "4915100000003"}, "hello"))
	interactions.TreatAllAsMany(t)
	for _, f := range []interactions.Filter{{}, {QueueIDs: []string{"sales"}},
		{AccountIDs: []string{"shop", "lab"}}, {QueueIDs: []string{"sales"}, AccountIDs: []string{"shop", "lab"}}} {
		page, err := interactions.List(t.Context(), db.For(ada), ada, f, interactions.ByLastMessage, nil, 10, at(60))
		require.NoError(t, err)
		require.Equal(t, []string{"assigned", "here"}, ids(page))
	}
}

func TestCombinedFiltersFindWhatEachOfThemFinds(t *testing.T) {
	db := world(t)
	t.Run("conditions that match few", func(t *testing.T) { testCombinedFilters(t, db) })
	t.Run("conditions that match many", func(t *testing.T) {
		interactions.TreatAllAsMany(t)
		testCombinedFilters(t, db)
	})
}

func testCombinedFilters(t *testing.T, db database.DB) {
	yes, no := true, false
	from, to := at(5), at(25)
	conditions := []struct {
		name string
		add  func(*interactions.Filter)
	}{
		{"open interactions only", func(f *interactions.Filter) { f.Status = "OPEN" }},
		{"unread interactions only", func(f *interactions.Filter) { f.Read = &no }},
		{"waiting interactions only", func(f *interactions.Filter) { f.Waiting = &yes }},
		{"account shop is selected", func(f *interactions.Filter) { f.AccountIDs = []string{"shop"} }},
		{"account lab is selected", func(f *interactions.Filter) { f.AccountIDs = []string{"lab"} }},
		{"queue lab is selected", func(f *interactions.Filter) { f.QueueIDs = []string{"lab"} }},
		{"queue sales is selected", func(f *interactions.Filter) { f.QueueIDs = []string{"sales"} }},
		{"queue lab or sales", func(f *interactions.Filter) { f.QueueIDs = []string{"sales", "lab"} }},
		{"first owner is ada", func(f *interactions.Filter) { f.FirstOwnerIDs = []string{"ada"} }},
		{"owners ada and cho", func(f *interactions.Filter) { f.OwnerIDs = []string{"ada", "cho"} }},
		{"any of two tags", func(f *interactions.Filter) { f.Tags = []string{"urgent", "parcel"} }},
		{"start within a range", func(f *interactions.Filter) { f.StartedFrom, f.StartedTo = &from, &to }},
		{"contact c1 is selected", func(f *interactions.Filter) { f.ContactIDs = []string{"c1"} }},
		{"search for a word", func(f *interactions.Filter) { f.Search = "parcel" }},
	}
	found := func(viewer access.Viewer, f interactions.Filter) []string {
		page, err := interactions.List(t.Context(), db.For(viewer), viewer, f, interactions.ByLastMessage,
			nil, 10, at(60))
		require.NoError(t, err)
		return ids(page)
	}
	both := 0
	for _, viewer := range []access.Viewer{admin, ada} {
		alone := make(map[string][]string)
		for i, one := range conditions {
			var f interactions.Filter
			one.add(&f)
			alone[one.name] = found(viewer, f)
			for _, other := range conditions[:i] {
				if strings.Fields(one.name)[0] == strings.Fields(other.name)[0] {
					continue // both are the same condition
				}
				var f interactions.Filter
				one.add(&f)
				other.add(&f)
				want := []string{}
				for _, id := range alone[one.name] {
					if slices.Contains(alone[other.name], id) {
						want = append(want, id)
					}
				}
				require.Equal(t, want, found(viewer, f), "%s: %s and %s", viewer.User, one.name, other.name)
				both += min(len(want), 1)
			}
		}
	}
	require.Greater(t, both, 20, "pairs that find something")
}

func TestPagesHaveNoGapsOrRepetitions(t *testing.T) {
	db := world(t)
	for _, order := range []interactions.Order{interactions.ByLastMessage, interactions.ByStart,
		interactions.ByWindow} {
		whole, err := interactions.List(t.Context(), db.Clear, ada, interactions.Filter{}, order, nil, 10, at(60))
		require.NoError(t, err)
		var after *interactions.Cursor
		for i, want := range whole.Rows {
			page, err := interactions.List(t.Context(), db.Clear, ada, interactions.Filter{}, order, after, 1, at(60))
			require.NoError(t, err)
			require.Len(t, page.Rows, 1)
			require.Equal(t, want, page.Rows[0])
			require.Equal(t, i < len(whole.Rows)-1, page.HasNext)
			c := interactions.CursorOf(page.Rows[0], order)
			after = &c
		}
	}
}

func TestARowHasEverythingTheListShows(t *testing.T) {
	db := world(t)
	r, found, err := interactions.ByID(t.Context(), db.Clear, admin, "four")
	require.NoError(t, err)
	require.True(t, found)
	closed, accepted, inbound := at(33), at(32), at(30)
	require.Equal(t, interactions.Row{
		ID: "four", AccountID: "lab", AddressID: "addr-4915100000004", Channel: "whatsapp", QueueID: "lab",
		Number: 1, Origin: "INBOUND",
		Status: "CLOSED", ContactID: "c1", CustomerPhone: "4915100000004", OwnerID: "cho",
		FirstOwnerID: "cho", LastOwnerID: "cho",
		StartedAt: at(30), AcceptedAt: &accepted, ClosedAt: &closed, ClosedBy: "cho", LastMessageAt: at(30),
		LastMessageID:        "m-four",
		LastMessageDirection: "IN", LastCustomerMessageID: "m-four", LastInboundAt: &inbound, Inbound: 1,
		Preview: interaction.Preview{Kind: interaction.KindText, Text: "the parcel again"},
		Unseen:  []string{}, Tags: []string{"urgent"}, DispositionID: "d1", DispositionPath: []string{"Sold", "Online"},
		Joined: []string{}, TransferTo: []string{}, Offers: []string{}, OfferedTo: []string{}, Agents: []string{"cho"},
	}, r)
}

func TestMaskedViewersGetMaskedValues(t *testing.T) {
	db := world(t)
	r, found, err := interactions.ByID(t.Context(), db.For(masked), masked, "two")
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, "•••", r.CustomerName)
	require.Equal(t, "•••002", r.CustomerPhone)
	require.Equal(t, "call me at •••", r.Preview.Text)
}

func TestAnInteractionOutOfScopeIsNotFound(t *testing.T) {
	db := world(t)
	_, found, err := interactions.ByID(t.Context(), db.Clear, ada, "four")
	require.NoError(t, err)
	require.False(t, found)
}

func TestSessionsAreAnAgentsOpenInteractionsOldestFirst(t *testing.T) {
	db := world(t)
	rows, err := interactions.Sessions(t.Context(), db.Clear, "ada")
	require.NoError(t, err)
	require.Equal(t, []string{"one", "three"}, ids(interactions.Page{Rows: rows}))
}

func TestUnmanagedSessionsCountUntilOneHasAnOwner(t *testing.T) {
	c := interaction.Customer{Phone: "4915100000009"}
	session := func(id string, n, minutes int, more ...domain.Event) []eventstore.Recorded {
		log := opened(id, "shop", "sales", minutes, c, "hello", more...)
		first := log[0].Event.(interaction.Opened)
		first.Number = n
		log[0].Event = first
		return log
	}
	history := [][]eventstore.Recorded{settings(),
		session("a1", 1, 0, interaction.Closed{By: "sup", At: at(1)}),
		session("a2", 2, 2, interaction.Closed{By: "sup", At: at(3)}),
		session("a3", 3, 4)}
	db := projectionstest.Run(t, all.Models(), history...)
	r, _, err := interactions.ByID(t.Context(), db.Clear, admin, "a3")
	require.NoError(t, err)
	require.Equal(t, 3, r.Unmanaged)

	projectionstest.Append(t, db, all.Models(), 100, projectionstest.Record("interaction-a3",
		interaction.Accepted{By: "ada", At: at(6)}))
	r, _, err = interactions.ByID(t.Context(), db.Clear, admin, "a3")
	require.NoError(t, err)
	require.Zero(t, r.Unmanaged)

	latest, number, err := interactions.Latest(t.Context(), db.Clear, "shop", "addr-4915100000009")
	require.NoError(t, err)
	require.Equal(t, domain.InteractionID("a3"), latest)
	require.Equal(t, 3, number)
}

func TestTheJourneyShowsEverySessionOfACustomer(t *testing.T) {
	db := world(t)
	page, err := interactions.Journey(t.Context(), db.Clear, admin, []string{"c1"}, "shop",
		"addr-4915100000001", nil, 10)
	require.NoError(t, err)
	require.Equal(t, []string{"four", "one"}, ids(page))
}

func TestCommonWordsAreFoundPageByPage(t *testing.T) {
	var log [][]eventstore.Recorded
	for i := range 60 {
		log = append(log, opened(fmt.Sprintf("i%02d", i), "shop", "sales", i,
			interaction.Customer{Phone: fmt.Sprint(4915100000000 + i)}, "hello again"))
	}
	db := projectionstest.Run(t, all.Models(), log...)
	for _, v := range []access.Viewer{ada, masked} {
		var found []string
		var after *interactions.Cursor
		for {
			page, err := interactions.List(t.Context(), db.For(v), v,
				interactions.Filter{Search: "again hel"}, interactions.ByLastMessage, after, 7, at(100))
			require.NoError(t, err)
			found = append(found, ids(page)...)
			if !page.HasNext {
				break
			}
			c := interactions.CursorOf(page.Rows[len(page.Rows)-1], interactions.ByLastMessage)
			after = &c
		}
		require.Len(t, found, 60)
		require.Equal(t, "i59", found[0])
		require.Equal(t, "i00", found[59])
	}
}

func TestARangeOfDaysFindsLongSessions(t *testing.T) {
	day := 24 * 60
	again := func(minutes int) domain.Event {
		return interaction.MessageReceived{MessageID: domain.MessageID(fmt.Sprint("m", minutes)),
			Kind: interaction.KindText, SentAt: at(minutes), Content: interaction.Content{Text: "still here"}, At: at(minutes)}
	}
	customer := func(n int) interaction.Customer { return interaction.Customer{Phone: fmt.Sprint(4915100000000 + n)} }
	db := projectionstest.Run(t, all.Models(),
		opened("before", "shop", "sales", 0, customer(1), "hello", again(9*day)),
		opened("short", "shop", "sales", 2*day, customer(2), "hello", again(2*day+700)),
		opened("half-a-day", "shop", "sales", 3*day-1, customer(3), "hello", again(3*day+719)),
		opened("long", "shop", "sales", 2*day+1, customer(4), "hello", again(8*day)),
		opened("after", "shop", "sales", 3*day, customer(5), "hello"),
	)
	from, to := at(day), at(3*day)
	filter := interactions.Filter{StartedFrom: &from, StartedTo: &to}
	interactions.TreatAllAsMany(t)
	for _, v := range []access.Viewer{admin, ada} {
		page, err := interactions.List(t.Context(), db.For(v), v, filter, interactions.ByLastMessage, nil, 10,
			at(10*day))
		require.NoError(t, err)
		require.Equal(t, []string{"long", "half-a-day", "short"}, ids(page))
	}
}
