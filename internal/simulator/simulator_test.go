package simulator_test

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/channels"
	"parley/channels/whatsapp/meta"
	"parley/internal/simulator"
	"parley/internal/testwait"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	giulia = "393331112222"
	joao   = "551187654321"
	noor   = "NL.9034417720"
)

// world is a simulator, a desk that receives its webhooks, and the real provider between them.
type world struct {
	*simulator.Simulator
	provider *meta.Meta
	account  channels.Account
	server   *httptest.Server

	mu       sync.Mutex
	received []channels.Inbound
	refuse   int // number of webhook calls to answer with 503
}

// account returns the desk's account at the simulator.
func account(base, token string) channels.Account {
	return channels.NewAccount("acc-1", (&meta.Meta{}).Declaration(),
		map[string]string{meta.BaseURL: base, meta.PhoneNumberID: "1001"},
		map[string]string{meta.AccessToken: token, meta.AppSecret: "app-secret"})
}

func begin(t *testing.T, change func(*simulator.Config)) *world {
	t.Helper()
	w := &world{}
	desk := httptest.NewServer(http.HandlerFunc(w.listen))
	c := simulator.Config{
		Numbers: []simulator.Number{{PhoneNumberID: "1001", BusinessID: "2001", DisplayNumber: "390559876543",
			Name:      "Shop",
			AppSecret: "app-secret", AccessToken: "token", WebhookURL: desk.URL}},
		Pace: time.Millisecond, Log: slog.New(slog.DiscardHandler),
	}
	if change != nil {
		change(&c)
	}
	w.Simulator = simulator.New(c)
	w.server = httptest.NewServer(w.Handler())
	var err error
	w.provider, err = meta.New(w.server.URL)
	require.NoError(t, err)
	w.account = account(w.server.URL, "token")
	t.Cleanup(func() {
		w.Close()
		w.server.Close()
		desk.Close()
		w.provider.CloseIdle()
	})
	return w
}

func (w *world) listen(out http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	w.mu.Lock()
	defer w.mu.Unlock()
	provider := &meta.Meta{}
	if provider.Verify(channels.Request{Header: r.Header, Body: raw}, account("", "token")) != nil {
		out.WriteHeader(http.StatusUnauthorized)
		return
	}
	if w.refuse > 0 {
		w.refuse--
		out.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	items, err := provider.Parse(channels.Delivery{Body: raw})
	if err != nil {
		out.WriteHeader(http.StatusInternalServerError)
		return
	}
	w.received = append(w.received, items...)
}

func (w *world) all() []channels.Inbound {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]channels.Inbound(nil), w.received...)
}

func (w *world) states(id string) []channels.State {
	var out []channels.State
	for _, in := range w.all() {
		if s, ok := in.Content.(channels.Status); ok && s.MessageID == id {
			out = append(out, s.State)
		}
	}
	return out
}

// next waits for the n-th inbound item, counted from 1.
func (w *world) next(t *testing.T, n int) channels.Inbound {
	t.Helper()
	require.Eventually(t, func() bool { return len(w.all()) >= n }, testwait.Limit, time.Millisecond)
	return w.all()[n-1]
}

func (w *world) say(t *testing.T, phone string, say simulator.Say) string {
	t.Helper()
	before := len(w.all())
	id, err := w.CustomerSends(phone, say)
	require.NoError(t, err)
	w.next(t, before+1)
	return id
}

func (w *world) send(t *testing.T, to, text string) string {
	t.Helper()
	sent, err := w.try(to, text)
	require.NoError(t, err)
	return sent.ProviderMessageID
}

func (w *world) try(to, text string) (channels.Sent, error) {
	return w.provider.Send(context.Background(), w.account,
		channels.Outbound{To: to, Kind: channels.SendText, Text: text, CallbackData: "i.m"})
}

func (w *world) requireStates(t *testing.T, id string, want ...channels.State) {
	t.Helper()
	require.Eventually(t, func() bool { return len(w.states(id)) >= len(want) }, testwait.Limit,
		time.Millisecond)
	require.Equal(t, want, w.states(id))
}

func outcome(t *testing.T, err error) channels.SendError {
	t.Helper()
	var e *channels.SendError
	require.ErrorAs(t, err, &e)
	return *e
}

func TestACustomersMessageArrivesSigned(t *testing.T) {
	w := begin(t, nil)
	id := w.say(t, giulia, simulator.Say{Text: "Buongiorno"})
	in := w.all()[0]
	require.Equal(t, id, in.ProviderID)
	require.Equal(t, "1001", in.Number)
	require.Equal(t, channels.Text{Text: "Buongiorno"}, in.Content.(channels.Message).Body)
	require.Equal(t, giulia, in.From.WaID)
	require.Equal(t, "giulia.m", in.From.Username)
	require.WithinDuration(t, time.Now(), in.At, testwait.Limit)
}

func TestACustomerWithAHiddenNumberIsIdentifiedByUserID(t *testing.T) {
	w := begin(t, nil)
	w.say(t, noor, simulator.Say{Text: "hi"})
	require.Equal(t, channels.Sender{UserID: noor, Username: "noor.draws", ProfileName: "Noor"},
		w.all()[0].From)
	id := w.send(t, noor, "hello")
	w.requireStates(t, id, channels.StateSent, channels.StateDelivered)
}

func TestTheProviderUnderstandsEveryActionOfACustomer(t *testing.T) {
	w := begin(t, nil)
	ours := func() string {
		w.say(t, giulia, simulator.Say{Text: "first"})
		return w.send(t, giulia,
			"answer")
	}()
	w.requireStates(t, ours, channels.StateSent, channels.StateDelivered)
	n := len(w.all())
	do := func(err error) channels.Inbound {
		require.NoError(t, err)
		n++
		in := w.next(t, n)
		require.Nil(t, in.Raw, "nothing is left over")
		return in
	}
	say := func(s simulator.Say) channels.Inbound {
		_, err := w.CustomerSends(giulia, s)
		return do(err)
	}
	for kind, want := range map[string]channels.MediaKind{"image": channels.Image, "voice": channels.Audio,
		"document": channels.Document} {
		id, err := w.AddSample(kind)
		require.NoError(t, err)
		in := say(simulator.Say{MediaID: id, Voice: kind == "voice", Text: "caption"})
		media := in.Content.(channels.Message).Body.(channels.Media)
		require.Equal(t, want, media.Medium)
		require.Equal(t, kind == "voice", media.Voice)
		var file bytes.Buffer
		info, err := w.provider.FetchMedia(context.Background(), w.account, media.ID, &file, 1<<20)
		require.NoError(t, err)
		require.EqualValues(t, file.Len(), info.Size)
	}
	location := say(simulator.Say{Location: &simulator.Place{Latitude: 43.7, Longitude: 11.2, Name: "Shop"}})
	require.Equal(t, channels.Location{Latitude: 43.7, Longitude: 11.2, Name: "Shop"},
		location.Content.(channels.Message).Body)
	quoted := say(simulator.Say{Text: "this one", QuotedID: ours})
	require.Equal(t, ours, quoted.Content.(channels.Message).QuotedID)
	require.Equal(t, channels.Reaction{TargetID: ours, Emoji: "👍"},
		do(w.CustomerReacts(giulia, ours, "👍")).Content)
	require.Equal(t, channels.Reaction{TargetID: ours}, do(w.CustomerReacts(giulia, ours, "")).Content)
	require.Equal(t, channels.Edit{TargetID: quoted.ProviderID, Body: channels.Text{Text: "that one"}},
		do(w.CustomerEdits(giulia, quoted.ProviderID, "that one")).Content)
	require.Equal(t, channels.Revoke{TargetID: quoted.ProviderID},
		do(w.CustomerRevokes(giulia, quoted.ProviderID)).Content)
	button := say(simulator.Say{Kind: "button",
		Raw: map[string]any{"button": map[string]any{"payload": "P", "text": "Yes"}}})
	require.Equal(t, channels.Reply{Type: "button", ID: "P", Title: "Yes"},
		button.Content.(channels.Message).Body)
	require.ErrorIs(t, w.CustomerEdits(giulia, ours, "x"), simulator.ErrNotTheirs)
}

func TestStatusesFollowThePhone(t *testing.T) {
	w := begin(t, nil)
	w.say(t, giulia, simulator.Say{Text: "ciao"})
	require.NoError(t, w.SetPhone(giulia, true, false, ""))
	id := w.send(t, giulia, "offline")
	w.requireStates(t, id, channels.StateSent)
	require.NoError(t, w.SetPhone(giulia, true, true, ""))
	w.requireStates(t, id, channels.StateSent, channels.StateDelivered)
	require.NoError(t, w.SetPhone(giulia, true, true, "1001"))
	w.requireStates(t, id, channels.StateSent, channels.StateDelivered, channels.StateRead)
	require.NoError(t, w.SetPhone(giulia, false, true, "1001"))
	second := w.send(t, giulia, "read, but not told")
	w.requireStates(t, second, channels.StateSent, channels.StateDelivered)
	for _, in := range w.all() {
		if s, ok := in.Content.(channels.Status); ok {
			require.Equal(t, "i.m", s.CallbackData)
			require.Equal(t, giulia, in.From.WaID)
		}
	}
}

func TestSendsThatWhatsAppRefusesAreRefused(t *testing.T) {
	w := begin(t, func(c *simulator.Config) { c.Limits = simulator.Limits{PairBurst: 2, PairEvery: time.Hour} })
	w.say(t, giulia, simulator.Say{Text: "ciao"})
	w.send(t, giulia, "one")
	w.send(t, giulia, "two")
	_, err := w.try(giulia, "three")
	require.Equal(t, "131056", outcome(t, err).Code)
	require.Equal(t, channels.SlowRecipient, outcome(t, err).Effect)

	closed := w.send(t, joao, "the customer never wrote")
	w.requireStates(t, closed, channels.StateFailed)
	nobody := w.send(t, "49301234567", "not on WhatsApp")
	w.requireStates(t, nobody, channels.StateFailed)
	words := func(id string) string {
		for _, in := range w.all() {
			if s, ok := in.Content.(channels.Status); ok && s.MessageID == id {
				return s.Errors[0].Code
			}
		}
		return ""
	}
	require.Equal(t, "131047", words(closed))
	require.Equal(t, "131026", words(nobody))

	wrong := account(w.server.URL, "other")
	_, err = w.provider.Send(context.Background(), wrong,
		channels.Outbound{To: giulia, Kind: channels.SendText, Text: "x"})
	require.Equal(t, channels.StopAccount, outcome(t, err).Effect)
}

func TestACustomerWhoWroteBeforeTheStartCanBeAnswered(t *testing.T) {
	w := begin(t, nil)
	past := []simulator.Message{
		{ID: "wamid.old", Number: "1001", Phone: joao, FromCustomer: true, Kind: "text", Text: "Bom dia",
			State: "sent", At: time.Now().Add(-time.Hour)},
		{ID: "wamid.older", Number: "1001", Phone: giulia, FromCustomer: true, Kind: "text", Text: "Ciao",
			State: "sent", At: time.Now().Add(-25 * time.Hour)},
	}
	w.Recall(past)
	w.Recall(past)
	require.Len(t, w.Messages(), 2, "messages are recalled once")
	require.Equal(t, "wamid.older", w.Messages()[0].ID, "messages are in the order of time")
	require.Empty(t, w.all(), "nothing is delivered")
	w.requireStates(t, w.send(t, joao, "Good morning"), channels.StateSent, channels.StateDelivered)
	w.requireStates(t, w.send(t, giulia, "too late"), channels.StateFailed)
}

func TestTheThroughputOfANumberIsLimited(t *testing.T) {
	w := begin(t, func(c *simulator.Config) { c.Limits = simulator.Limits{PerSecond: 3} })
	w.say(t, giulia, simulator.Say{Text: "ciao"})
	var last error
	for range 10 {
		if _, last = w.try(giulia, "x"); last != nil {
			break
		}
	}
	require.Equal(t, "130429", outcome(t, last).Code)
}

func TestBothSpellingsOfABrazilianNumberReachOnePhone(t *testing.T) {
	w := begin(t, nil)
	w.say(t, joao, simulator.Say{Text: "oi"})
	sent, err := w.try("5511987654321", "olá")
	require.NoError(t, err)
	require.Equal(t, joao, sent.WaID)
}

func TestAWebhookCallIsRepeatedUntilItIsAnswered(t *testing.T) {
	w := begin(t, nil)
	w.mu.Lock()
	w.refuse = 1
	w.mu.Unlock()
	_, err := w.CustomerSends(giulia, simulator.Say{Text: "again"})
	require.NoError(t, err)
	w.next(t, 1)
	require.Eventually(t, func() bool { d := w.Deliveries(); return d[0].Done && d[0].Attempts == 2 },
		testwait.Limit, time.Millisecond)
}

func TestTheSimulatorFailsAsScripted(t *testing.T) {
	w := begin(t, nil)
	w.say(t, giulia, simulator.Say{Text: "ciao"})
	t.Run("webhook calls are duplicated", func(t *testing.T) {
		w.Trouble(simulator.Trouble{Duplicates: 2})
		n := len(w.all())
		_, err := w.CustomerSends(giulia, simulator.Say{Text: "three times"})
		require.NoError(t, err)
		w.next(t, n+3)
		require.Equal(t, w.all()[n].ProviderID, w.all()[n+2].ProviderID)
	})
	t.Run("a bare 503 means the message was not accepted", func(t *testing.T) {
		w.Trouble(simulator.Trouble{ServerError: 1})
		_, err := w.try(giulia, "x")
		require.Equal(t, channels.Unknown, outcome(t, err).Outcome)
		w.send(t, giulia, "the next one passes")
	})
	t.Run("a send is refused with the scripted code", func(t *testing.T) {
		w.Trouble(simulator.Trouble{Code: 131016, Coded: 1})
		_, err := w.try(giulia, "x")
		require.Equal(t, channels.NotAccepted, outcome(t, err).Outcome)
	})
	t.Run("a message is taken but the answer lost", func(t *testing.T) {
		w.Trouble(simulator.Trouble{AcceptAndLose: 1})
		before := len(w.Messages())
		_, err := w.try(giulia, "taken")
		require.Equal(t, channels.Unknown, outcome(t, err).Outcome)
		require.Len(t, w.Messages(), before+1)
		id := w.Messages()[before].ID
		w.requireStates(t, id, channels.StateSent, channels.StateDelivered)
	})
	t.Run("a connection lost before the send takes nothing", func(t *testing.T) {
		w.Trouble(simulator.Trouble{LoseBefore: 1})
		before := len(w.Messages())
		_, err := w.try(giulia, "gone")
		require.Equal(t, channels.Unknown, outcome(t, err).Outcome)
		require.Len(t, w.Messages(), before)
	})
	t.Run("held statuses are released later", func(t *testing.T) {
		w.Trouble(simulator.Trouble{HoldStatuses: true})
		id := w.send(t, giulia, "held")
		w.Trouble(simulator.Trouble{})
		require.Eventually(t, func() bool { return len(w.states(id)) == 2 }, testwait.Limit, time.Millisecond)
		// released at once, so in any order
		require.ElementsMatch(t, []channels.State{channels.StateSent, channels.StateDelivered}, w.states(id))
	})
	require.Contains(t, w.Received()[0].Path, "/1001/messages")
}

func TestThePhoneShowsReactionsAndReadReceiptsOfTheBusiness(t *testing.T) {
	w := begin(t, nil)
	id := w.say(t, giulia, simulator.Say{Text: "ciao"})
	require.NoError(t, w.provider.MarkRead(context.Background(), w.account, id))
	require.Equal(t, "read", w.Messages()[0].State)
	_, err := w.provider.Send(context.Background(), w.account,
		channels.Outbound{To: giulia, Kind: channels.SendReaction,
			Reaction: &channels.Reaction{TargetID: id, Emoji: "❤️"}})
	require.NoError(t, err)
	require.Equal(t, map[string]string{"business": "❤️"}, w.Messages()[0].Reactions)
	require.Len(t, w.Messages(), 1)
}

func TestTheBusinessSendsAFile(t *testing.T) {
	w := begin(t, nil)
	w.say(t, giulia, simulator.Say{Text: "ciao"})
	id, err := w.provider.UploadMedia(context.Background(), w.account,
		channels.Upload{MimeType: "image/png", FileName: "a.png", Body: bytes.NewReader([]byte("png"))})
	require.NoError(t, err)
	_, err = w.provider.Send(context.Background(), w.account,
		channels.Outbound{To: giulia, Kind: channels.SendMedia,
			Media: &channels.OutboundMedia{Medium: channels.Image, ID: id, Caption: "look"}})
	require.NoError(t, err)
	got := w.Messages()[1]
	require.Equal(t, "image", got.Kind)
	require.Equal(t, "look", got.Text)
	require.Equal(t, []byte("png"), got.Media.Bytes)
}

func TestChatsSurviveARestart(t *testing.T) {
	file := filepath.Join(t.TempDir(), "simulator.json")
	keep := func(c *simulator.Config) { c.StateFile = file }
	w := begin(t, keep)
	sample, err := w.AddSample("image")
	require.NoError(t, err)
	w.say(t, giulia, simulator.Say{MediaID: sample})
	require.NoError(t, w.SetPhone(giulia, false, true, "1001"))
	before := w.Messages()
	w.Close()
	again := begin(t, keep)
	require.Equal(t, before, again.Messages())
	require.False(t, again.Phones()[0].ReadReceipts)
}
