package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/domain/contact"
	"parley/domain/interaction"
)

// testdata/deliveries holds deliveries as Meta makes them. Each test replaces their ids, so that it has customers of
// its own.

// recorded is a world with its own copy of the recorded deliveries.
type recorded struct {
	*world
	t   *testing.T
	own string // four digits in every id of this copy
}

func (w *world) recorded(t *testing.T) recorded { return recorded{w, t, w.digits()} }

// phone returns a customer's number in this copy.
func (r recorded) phone(last3 string) string { return "39347" + r.own + last3 }

// body returns a recorded delivery, addressed to the first account.
func (r recorded) body(name string) string {
	r.t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "deliveries", name+".json"))
	require.NoError(r.t, err)
	return r.adapted(string(raw))
}

// adapted replaces the ids in recorded deliveries by those of this copy and the first account.
func (r recorded) adapted(raw string) string {
	a := r.accounts[0]
	return strings.NewReplacer(
		"106540000000001", a.PhoneNumberID, "102290000000001", "100200300400500",
		"39055500010", strings.TrimPrefix(a.DisplayNumber, "+"),
		"393470000", "39347"+r.own, "900000000000", "9"+r.own+"0000000",
		"wamid.TEST", "wamid."+r.own+".", "wacid.TEST", "wacid."+r.own+".",
	).Replace(raw)
}

func (r recorded) post(body string) {
	r.t.Helper()
	a := r.accounts[0]
	require.Equal(r.t, http.StatusOK, postWebhook(r.t, r.url+a.WebhookPath, sign(a.AppSecret, []byte(body)), []byte(body)))
}

// twice posts recorded deliveries in order, and all of them again, which must change nothing.
func (r recorded) twice(names ...string) {
	r.t.Helper()
	for range 2 {
		for _, name := range names {
			r.post(r.body(name))
		}
	}
	r.settle(r.t)
}

type lineShown struct {
	Author, Kind, Text string
	Description        *string
	Revoked            bool
	Status             *string
	SentAt             time.Time
	Failure            *struct{ Code string }
	Call               *struct {
		Outcome string
		Seconds *int
	}
	CallPermission *struct {
		Granted, Permanent bool
		Until              *time.Time
	}
	Media     *struct{ FileName *string }
	Cards     []struct{ Phones, Emails []string }
	Details   []struct{ Label, Value string }
	Reactions []struct{ Emoji, Author string }
}

type sessionShown struct {
	ID, Status      string
	Number, Unread  int
	Waiting         bool
	WindowExpiresAt *time.Time
	Preview         struct{ CallOutcome *string }
	Messages        struct {
		Edges []struct{ Node lineShown }
	}
}

func (s sessionShown) lines() []lineShown {
	all := make([]lineShown, len(s.Messages.Edges))
	for i, e := range s.Messages.Edges {
		all[i] = e.Node
	}
	return all
}

func (s sessionShown) texts() []string {
	var all []string
	for _, m := range s.lines() {
		all = append(all, m.Author+": "+m.Text)
	}
	return all
}

// sessions returns the interactions of a customer that are in the read models, oldest first.
func (r recorded) sessions(phone string) []sessionShown {
	r.t.Helper()
	var ids []string
	for _, e := range r.events(r.t) {
		named := ""
		switch ev := e.Event.(type) {
		case interaction.MessageReceived:
			named = ev.Customer.Phone
		case interaction.MessageObserved:
			named = ev.Customer.Phone
		}
		if named == phone && !slices.Contains(ids, e.AggregateID) {
			ids = append(ids, e.AggregateID)
		}
	}
	var all []sessionShown
	for _, id := range ids {
		shown := get[struct{ Interaction *sessionShown }](r.t, r.as(r.t, "admin"),
			`query($id:ID!){interaction(id:$id){id status number unread waiting windowExpiresAt preview{callOutcome} messages(last:50){edges{node{
				author kind text description revoked status sentAt failure{code} call{outcome seconds}
				callPermission{granted permanent until} media{fileName} cards{phones emails} details{label value}
				reactions{emoji author}}}}}}`, vars{"id": "int_" + id}).Interaction
		if shown != nil {
			all = append(all, *shown)
		}
	}
	slices.SortFunc(all, func(a, b sessionShown) int { return a.Number - b.Number })
	return all
}

// session returns the only interaction of a customer.
func (r recorded) session(phone string) sessionShown {
	r.t.Helper()
	all := r.sessions(phone)
	require.Len(r.t, all, 1)
	return all[0]
}

func TestRecordedDeliveriesFindTheirPlace(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	for name, test := range map[string]func(*testing.T, recorded){
		"what a customer wrote replaces its placeholder":                       placeholderFirst,
		"a placeholder that comes after the text does not replace it":          placeholderLast,
		"a placeholder and its text that come together are one message":        placeholderAtOnce,
		"a message survives statuses that mean nothing":                        unknownStatuses,
		"a missed call is a line, is waiting, and opens the window":            missedCall,
		"a permission to call is a line in words":                              callPermission,
		"a violation is a notice of the account":                               accountViolation,
		"a template's quality is a notice of the account":                      templateQuality,
		"a customer who wants no marketing is marked on their contact":         marketingStopped,
		"every answer in a form has a field of its own":                        formWithAddress,
		"a card shows all its numbers and addresses":                           cards,
		"a message from the phone is a line that no one is offered":            echo,
		"a message from the phone joins the customer's session":                echoInSession,
		"old messages come first, at their time, and no one is offered one":    historyChunk,
		"a customer of another app is shown and then handed over":              standby,
		"every file arrives, whatever its name":                                documents,
		"each reaction replaces the one before":                                reactionsReplace,
		"a number and a user id are one customer until the number is recycled": numberThenUserID,
		"two open sessions of a customer become one and can be separated":      twoSessionsBecomeOne,
		"a recycled number parts two customers who write at once":              recycledNumberAtOnce,
	} {
		t.Run(name, func(t *testing.T) { test(t, w.recorded(t)) })
	}
}

func (r recorded) requireOneAnswer() {
	r.t.Helper()
	s := r.session(r.phone("101"))
	require.Equal(r.t, []string{"CUSTOMER: Buongiorno, vorrei un appuntamento"}, s.texts())
	require.Nil(r.t, s.lines()[0].Failure)
	require.Equal(r.t, 1, s.Unread)
	require.True(r.t, s.Waiting)
}

func placeholderFirst(_ *testing.T, r recorded) {
	r.twice("placeholder_1", "placeholder_2")
	r.requireOneAnswer()
}

func placeholderLast(_ *testing.T, r recorded) {
	r.twice("placeholder_2", "placeholder_1")
	r.requireOneAnswer()
}

func placeholderAtOnce(_ *testing.T, r recorded) {
	var posting sync.WaitGroup
	for _, name := range []string{"placeholder_1", "placeholder_2", "placeholder_1", "placeholder_2"} {
		body := r.body(name)
		posting.Go(func() { r.post(body) })
	}
	posting.Wait()
	r.settle(r.t)
	r.requireOneAnswer()
}

func unknownStatuses(t *testing.T, r recorded) {
	r.twice("unknown_statuses_beside_message")
	require.Equal(t, []string{"CUSTOMER: I must still be seen"}, r.session(r.phone("101")).texts())
}

func missedCall(t *testing.T, r recorded) {
	r.twice("call_missed")
	s := r.session(r.phone("101"))
	require.Len(t, s.lines(), 1)
	require.Equal(t, "CALL", s.lines()[0].Kind)
	require.Equal(t, "MISSED", s.lines()[0].Call.Outcome)
	require.Equal(t, "MISSED", *s.Preview.CallOutcome, "lists must show a missed call")
	require.True(t, s.Waiting)
	require.Equal(t, time.Unix(1785403100, 0).Add(24*time.Hour).UTC(), s.WindowExpiresAt.UTC())
}

func callPermission(t *testing.T, r recorded) {
	r.twice("call_permission_granted")
	line := r.session(r.phone("101")).lines()[0]
	require.Equal(t, "CALL_PERMISSION", line.Kind)
	require.True(t, line.CallPermission.Granted)
	require.False(t, line.CallPermission.Permanent)
	require.Equal(t, time.Unix(1786008000, 0).UTC(), line.CallPermission.Until.UTC())
}

type noticeShown struct {
	Field           string
	Event, Template *string
	Facts           []struct{ Name, Value string }
}

// notices returns the notices of the first account that are about a field.
func (r recorded) notices(field string) []noticeShown {
	r.t.Helper()
	found := get[struct {
		Accounts []struct {
			ID       string
			Settings struct{ Notices []noticeShown }
		}
	}](r.t, r.as(r.t, "admin"), `{accounts{id settings{notices{field event template facts{name value}}}}}`, nil)
	var notices []noticeShown
	for _, a := range found.Accounts {
		if a.ID == "acc_"+r.accounts[0].ID {
			notices = a.Settings.Notices
		}
	}
	return slices.DeleteFunc(notices, func(n noticeShown) bool { return n.Field != field })
}

func accountViolation(t *testing.T, r recorded) {
	r.twice("account_violation")
	found := r.notices("account_update")
	require.Len(t, found, 1)
	require.Equal(t, "ACCOUNT_VIOLATION", *found[0].Event)
	require.Contains(t, string(mustJSON(t, found[0].Facts)), "ALCOHOL")
}

func templateQuality(t *testing.T, r recorded) {
	r.twice("template_quality")
	found := r.notices("message_template_quality_update")
	require.Len(t, found, 1)
	require.Equal(t, "YELLOW", *found[0].Event)
	require.Equal(t, "order_update en_US", *found[0].Template)
}

func marketingStopped(t *testing.T, r recorded) {
	r.twice("marketing_stopped")
	var stopped []string
	for _, e := range r.events(t) {
		if _, ok := e.Event.(contact.MarketingStopped); ok {
			stopped = append(stopped, e.AggregateID)
		}
	}
	require.Len(t, stopped, 1)
	shown := get[struct {
		Contact struct {
			FirstName        string
			NoMarketingSince *time.Time
		}
	}](t, r.as(t, "admin"), "query($id:ID!){contact(id:$id){firstName noMarketingSince}}", vars{"id": "con_" + stopped[0]})
	require.Equal(t, "Ada Prova", shown.Contact.FirstName)
	require.Equal(t, time.Unix(1785403300, 0).UTC(), shown.Contact.NoMarketingSince.UTC())
}

func formWithAddress(t *testing.T, r recorded) {
	r.twice("form_with_address")
	line := r.session("919000000101").lines()[0]
	require.Equal(t, "FORM", line.Kind)
	shown := string(mustJSON(t, line.Details))
	for _, value := range []string{"Ada Prova", "400001", "12", "Example Road", "Mumbai"} {
		require.Contains(t, shown, `"`+value+`"`)
	}
}

func cards(t *testing.T, r recorded) {
	r.twice("cards_without_names_or_phones")
	line := r.session(r.phone("101")).lines()[0]
	require.Len(t, line.Cards, 3)
	require.Len(t, line.Cards[0].Phones, 3)
	require.Equal(t, []string{"carla@example.org"}, line.Cards[1].Emails)
	require.Len(t, line.Cards[2].Phones, 1)
}

func echo(t *testing.T, r recorded) {
	r.twice("echo_text")
	s := r.session(r.phone("101"))
	require.Equal(t, 0, s.Number)
	require.Equal(t, "CLOSED", s.Status)
	require.Equal(t, []string{"PHONE_APP: answered from the phone"}, s.texts())
	require.False(t, s.lines()[0].Revoked)
	r.twice("echo_revoked")
	require.True(t, r.session(r.phone("101")).lines()[0].Revoked)
}

func echoInSession(t *testing.T, r recorded) {
	r.twice("placeholder_2", "echo_text")
	s := r.session(r.phone("101"))
	require.Equal(t, []string{"CUSTOMER: Buongiorno, vorrei un appuntamento", "PHONE_APP: answered from the phone"}, s.texts())
	require.Equal(t, 1, s.Unread, "what our side wrote is not unread")
	require.Equal(t, time.Unix(1785400000, 0).Add(24*time.Hour).UTC(), s.WindowExpiresAt.UTC(), "only customers open the window")
	r.twice("echo_revoked")
	require.True(t, r.session(r.phone("101")).lines()[1].Revoked)
}

func historyChunk(t *testing.T, r recorded) {
	r.twice("placeholder_2", "history_chunk")
	all := r.sessions(r.phone("101"))
	require.Len(t, all, 2)
	old := all[0]
	require.Equal(t, []string{"CUSTOMER: old question", "PHONE_APP: old answer"}, old.texts())
	require.Equal(t, time.Unix(1780000000, 0).UTC(), old.lines()[0].SentAt.UTC())
	require.Equal(t, "READ", *old.lines()[1].Status)
	require.Equal(t, []any{0, 0, false, "CLOSED"}, []any{old.Number, old.Unread, old.Waiting, old.Status})
	require.Equal(t, []any{1, 1}, []any{all[1].Number, all[1].Unread})
}

func standby(t *testing.T, r recorded) {
	r.twice("standby_beside_message")
	s := r.session(r.phone("101"))
	require.Equal(t, []string{"CUSTOMER: question answered by Meta's agent"}, s.texts())
	require.Equal(t, []any{"CLOSED", 0, false}, []any{s.Status, s.Unread, s.Waiting})
	require.True(t, r.session(r.phone("105")).Waiting, "the ordinary message in the same delivery is ours")

	r.twice("handover")
	all := r.sessions(r.phone("101"))
	require.Len(t, all, 2)
	require.True(t, all[1].Waiting)
	line := all[1].lines()[0]
	require.Equal(t, []string{"SYSTEM", "HANDOVER", "customer asked for a person", "meta_business_agent"},
		[]string{line.Author, line.Kind, line.Text, *line.Description})
	require.Equal(t, time.Unix(1785405000, 0).Add(24*time.Hour).UTC(), all[1].WindowExpiresAt.UTC())
}

func documents(t *testing.T, r recorded) {
	r.twice("documents_with_odd_names")
	lines := r.session(r.phone("101")).lines()
	require.Len(t, lines, 9)
	kinds := make(map[string]int)
	for _, m := range lines {
		kinds[m.Kind]++
		require.NotNil(t, m.Media)
	}
	require.Equal(t, map[string]int{"DOCUMENT": 8, "VOICE": 1}, kinds)
}

func reactionsReplace(t *testing.T, r recorded) {
	r.customer("Ada Prova", r.phone("101"), 0).writes(t, "Hello")
	var home string
	require.Eventually(t, func() bool {
		for _, s := range r.sessions(r.phone("101")) {
			home = s.ID
		}
		return home != ""
	}, patience, 20*time.Millisecond)
	_, err := r.p.commands.Assign(t.Context(), domain.InteractionID(strings.TrimPrefix(home, "int_")),
		domain.AgentID(r.user(t, "anna").ID), "", commands.SystemMetadata("test", newID()))
	require.NoError(t, err)
	id := desk{client: r.as(t, "anna"), w: r.world}.sends(t, home, "Hi")
	wamid := ""
	require.Eventually(t, func() bool {
		for _, e := range r.events(t) {
			if m, ok := e.Event.(interaction.MessageAccepted); ok && "msg_"+string(m.MessageID) == id {
				wamid = m.ProviderMessageID
			}
		}
		return wamid != ""
	}, patience, 20*time.Millisecond)
	var whole struct {
		Entry []struct {
			Changes []struct {
				Value struct{ Messages []json.RawMessage }
			}
		}
	}
	body := strings.ReplaceAll(r.body("reactions"), "REPLACE_WITH_SENT_WAMID", wamid)
	require.NoError(t, json.Unmarshal([]byte(body), &whole))
	messages := whole.Entry[0].Changes[0].Value.Messages
	want := []string{
		"👍🏽", "👨\u200d👩\u200d👧\u200d👦", "❤", "❤\ufe0f",
		"🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "", "",
	}
	require.Len(t, messages, len(want))
	for n, message := range messages {
		r.post(fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"100200300400500","changes":[{"field":"messages",
			"value":{"metadata":{"phone_number_id":%q},"messages":[%s]}}]}]}`, r.accounts[0].PhoneNumberID, message))
		r.settle(t)
		sessions := r.sessions(r.phone("101"))
		lines := sessions[len(sessions)-1].lines()
		shown := lines[len(lines)-1].Reactions
		if want[n] == "" {
			require.Empty(t, shown)
			continue
		}
		require.Len(t, shown, 1, "reaction %d", n+1)
		require.Equal(t, "CUSTOMER", shown[0].Author)
		require.Equal(t, strings.ReplaceAll(want[n], "\ufe0f", ""), strings.ReplaceAll(shown[0].Emoji, "\ufe0f", ""))
	}
}
