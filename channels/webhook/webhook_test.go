package webhook_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/channels/spool"
	"parley/channels/webhook"
	"parley/channels/whatsapp/meta"
	"parley/domain"
	"parley/internal/testwait"
)

const secret = "app-secret-1"

// accounts holds two accounts under one app, and one under another.
type accounts struct{ err error }

var known = map[string]channels.Account{
	"acc-1": metaAccount("acc-1", "1001", secret),
	"acc-2": metaAccount("acc-2", "1002", secret),
	"acc-3": metaAccount("acc-3", "1003", "app-secret-2"),
}

func metaAccount(id, number, appSecret string) channels.Account {
	var p *meta.Meta
	return channels.NewAccount(id, p.Declaration(), map[string]string{meta.PhoneNumberID: number},
		map[string]string{meta.AppSecret: appSecret, meta.VerifyToken: "verify-" + id})
}

func (a accounts) ByID(_ context.Context, id string) (channels.Account, bool, error) {
	found, ok := known[id]
	return found, ok, a.err
}

func (a accounts) At(_ context.Context, provider string) ([]channels.Account, error) {
	return slices.Collect(maps.Values(known)), a.err
}

// desk is a handler that records what it received and counted.
type desk struct {
	*httptest.Server
	mu      sync.Mutex
	got     map[string][]string // texts by account
	counts  map[webhook.Outcome]int
	receive func(ctx context.Context) error // nil: takes everything
	handler *webhook.Handler
}

func newDesk(t *testing.T, change func(*webhook.Config)) *desk {
	t.Helper()
	provider, err := meta.New()
	require.NoError(t, err)
	registry, err := channels.NewRegistry(provider)
	require.NoError(t, err)
	d := &desk{got: map[string][]string{}, counts: map[webhook.Outcome]int{}}
	c := webhook.Config{
		Providers: registry, Accounts: accounts{}, Receive: d.take, Log: slog.New(slog.DiscardHandler),
		Count: func(h webhook.Outcome) { d.mu.Lock(); defer d.mu.Unlock(); d.counts[h]++ },
	}
	if change != nil {
		change(&c)
	}
	d.handler = webhook.New(c)
	d.Server = httptest.NewServer(mux(d.handler))
	t.Cleanup(d.Close)
	return d
}

func mux(h *webhook.Handler) *http.ServeMux {
	m := http.NewServeMux()
	for _, mount := range h.Mounts() {
		m.Handle(mount.Pattern, mount.Handler)
	}
	return m
}

func (d *desk) take(ctx context.Context, account string, items []channels.Inbound) error {
	d.mu.Lock()
	receive := d.receive
	d.mu.Unlock()
	if receive != nil {
		if err := receive(ctx); err != nil {
			return err
		}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, in := range items {
		text := in.Content.Kind()
		if m, ok := in.Content.(channels.Message); ok {
			text = m.Body.(channels.Text).Text
		}
		if in.Unplaced {
			text = "unplaced: " + text
		}
		d.got[account] = append(d.got[account], text)
	}
	return nil
}

func (d *desk) set(receive func(context.Context) error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.receive = receive
}

func (d *desk) texts(account string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return append([]string(nil), d.got[account]...)
}

func (d *desk) count(h webhook.Outcome) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.counts[h]
}

func (d *desk) post(t *testing.T, account, signature, body string) int {
	t.Helper()
	req, err := http.NewRequest(http.MethodPost, d.URL+webhook.Path(meta.Name, account, ""), strings.NewReader(body))
	require.NoError(t, err)
	req.Header.Set(meta.SignatureHeader, signature)
	resp, err := d.Client().Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func (d *desk) signed(t *testing.T, account, body string) int {
	t.Helper()
	return d.post(t, account, meta.Sign(secret, []byte(body)), body)
}

func says(number string, texts ...string) string {
	var messages []string
	for i, text := range texts {
		messages = append(messages, fmt.Sprintf(
			`{"from":"393331112222","id":"wamid.%s.%d","timestamp":"1790000000","type":"text","text":{"body":%q}}`, number, i, text))
	}
	return fmt.Sprintf(`{"field":"messages","value":{"metadata":{"phone_number_id":%q},"messages":[%s]}}`, number, strings.Join(messages, ","))
}

func delivery(changes ...string) string {
	return `{"object":"whatsapp_business_account","entry":[{"id":"2001","changes":[` + strings.Join(changes, ",") + `]}]}`
}

func TestEachItemGoesToTheAccountOfItsNumber(t *testing.T) {
	d := newDesk(t, nil)
	body := delivery(says("1001", "one", "two"), says("1002", "three"), says("1001", "four"), says("1003", "other app"),
		says("9999", "nobody's"))
	require.Equal(t, 200, d.signed(t, "acc-2", body), "an app posts all its numbers to one address")
	require.Equal(t, []string{"one", "two", "four"}, d.texts("acc-1"))
	require.Equal(t, []string{"three", "unplaced: other app", "unplaced: nobody's"}, d.texts("acc-2"),
		"items for a number of no account stay with the receiver")
	require.Empty(t, d.texts("acc-3"), "a number under another app secret is out of reach")
	require.Equal(t, 2, d.count(webhook.UnknownNumber))
}

func TestAnUnsignedDeliveryIsRefusedUnparsed(t *testing.T) {
	d := newDesk(t, nil)
	body := delivery(says("1001", "x"))
	require.Equal(t, 401, d.post(t, "acc-1", "", body))
	require.Equal(t, 401, d.post(t, "acc-1", meta.Sign("app-secret-2", []byte(body)), body))
	require.Equal(t, 401, d.post(t, "nobody", meta.Sign("", []byte(body)), body), "an unknown account looks the same")
	require.Equal(t, 401, d.post(t, "acc-1", "", "{not json"))
	require.Empty(t, d.texts("acc-1"))
	require.Zero(t, d.count(webhook.Unreadable))
}

func TestABodyAboveTheLimitIsRefused(t *testing.T) {
	d := newDesk(t, nil)
	large := strings.Repeat(" ", webhook.MaxBody+1)
	require.Equal(t, 413, d.signed(t, "acc-1", large))
	fits := delivery(says("1001", "x"))
	fits += strings.Repeat(" ", webhook.MaxBody-len(fits))
	require.Equal(t, 200, d.signed(t, "acc-1", fits))
}

func TestABodyWithoutALengthIsReadToItsEnd(t *testing.T) {
	d := newDesk(t, nil)
	body := delivery(says("1001", "chunked"))
	req, err := http.NewRequest(http.MethodPost, d.URL+webhook.Path(meta.Name, "acc-1", ""), io.MultiReader(strings.NewReader(body)))
	require.NoError(t, err)
	req.Header.Set(meta.SignatureHeader, meta.Sign(secret, []byte(body)))
	resp, err := d.Client().Do(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 200, resp.StatusCode)
	require.Equal(t, []string{"chunked"}, d.texts("acc-1"))
}

func TestASignedBodyThatCannotBeParsedIsAnsweredAndKept(t *testing.T) {
	d := newDesk(t, nil)
	require.Equal(t, 200, d.signed(t, "acc-1", "{torn"))
	require.Equal(t, []string{"unreadable"}, d.texts("acc-1"))
	require.Equal(t, 1, d.count(webhook.Unreadable))
}

// panicking is a provider whose parser panics.
type panicking struct{ channels.Provider }

func (panicking) Parse(channels.Delivery) ([]channels.Inbound, error) { panic("bug") }

func TestADeliveryThatPanicsTheParserIsKept(t *testing.T) {
	d := newDesk(t, func(c *webhook.Config) {
		registry, err := channels.NewRegistry(panicking{c.Providers.All()[0]})
		require.NoError(t, err)
		c.Providers = registry
	})
	require.Equal(t, 200, d.signed(t, "acc-1", delivery(says("1001", "x"))))
	require.NoError(t, d.handler.Drain(context.Background(), "acc-1", [][]byte{[]byte("{}\n{}"), []byte("{}\n{}")}))
	require.Equal(t, []string{"unreadable", "unreadable", "unreadable"}, d.texts("acc-1"))
	require.Equal(t, 3, d.count(webhook.Unreadable))
}

func TestTheHandshakeReturnsTheChallenge(t *testing.T) {
	d := newDesk(t, nil)
	for query, want := range map[string]int{
		"hub.mode=subscribe&hub.challenge=42&hub.verify_token=verify-acc-1":   200,
		"hub.mode=subscribe&hub.challenge=42&hub.verify_token=verify-acc-2":   403,
		"hub.mode=subscribe&hub.challenge=42":                                 403,
		"hub.mode=unsubscribe&hub.challenge=42&hub.verify_token=verify-acc-1": 403,
	} {
		resp, err := d.Client().Get(d.URL + webhook.Path(meta.Name, "acc-1", "") + "?" + query)
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, want, resp.StatusCode, query)
		if want == 200 {
			require.Equal(t, "42", string(body))
			require.Contains(t, resp.Header.Get("Content-Type"), "text/plain")
		}
	}
	resp, err := d.Client().Get(d.URL + webhook.Path(meta.Name, "nobody", "") + "?hub.mode=subscribe&hub.challenge=1&hub.verify_token=")
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 403, resp.StatusCode)
}

func TestAProviderMustRepeatADeliveryThatIsNotDurable(t *testing.T) {
	d := newDesk(t, nil)
	d.set(func(context.Context) error { return errors.New("store is away") })
	require.Equal(t, 503, d.signed(t, "acc-1", delivery(says("1001", "x"))))
	require.Equal(t, 1, d.count(webhook.Lost))
}

func TestAProviderMustRepeatADeliveryWhoseAccountCannotBeLookedUp(t *testing.T) {
	d := newDesk(t, func(c *webhook.Config) { c.Accounts = accounts{err: errors.New("database is away")} })
	require.Equal(t, 503, d.signed(t, "acc-1", delivery(says("1001", "x"))))
}

func TestAPanicOnOneDeliveryDoesNotAffectTheNext(t *testing.T) {
	d := newDesk(t, nil)
	d.set(func(context.Context) error { panic("bug") })
	require.Equal(t, 503, d.signed(t, "acc-1", delivery(says("1001", "x"))))
	d.set(nil)
	require.Equal(t, 200, d.signed(t, "acc-1", delivery(says("1001", "x"))))
}

func TestTooManyDeliveriesAtOnceAreRefused(t *testing.T) {
	d := newDesk(t, func(c *webhook.Config) { c.InFlight, c.Patience = 2, 200*time.Millisecond })
	release := make(chan struct{})
	d.set(func(ctx context.Context) error { <-release; return nil })
	body := delivery(says("1001", "x"))
	answers := make(chan int, 10)
	for range 10 {
		go func() { answers <- d.signed(t, "acc-1", body) }()
	}
	for range 8 {
		require.Equal(t, 503, <-answers)
	}
	close(release)
	require.Equal(t, []int{200, 200}, []int{<-answers, <-answers})
	require.Equal(t, 8, d.count(webhook.Overloaded))
}

// unfinished opens a connection that claims a body of this many bytes and sends less.
func (d *desk) unfinished(t *testing.T, claimed int, sent string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", d.Listener.Addr().String())
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	_, err = fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: desk\r\nContent-Length: %d\r\n\r\n%s",
		webhook.Path(meta.Name, "acc-1", ""), claimed, sent)
	require.NoError(t, err)
	return conn
}

func TestConnectionsThatNeverFinishTheirBodyDoNotKeepDeliveriesOut(t *testing.T) {
	d := newDesk(t, func(c *webhook.Config) { c.InFlight, c.Arriving = 2, 40 })
	var first net.Conn
	for n := range 100 {
		conn := d.unfinished(t, webhook.MaxBody, "abc")
		if n == 0 {
			first = conn
		}
	}
	answer, err := http.ReadResponse(bufio.NewReader(first), nil)
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, 503, answer.StatusCode, "the one that took longest makes way")
	require.Eventually(t, func() bool { return d.count(webhook.Overloaded) == 60 }, testwait.Limit, time.Millisecond)
	for i := range 20 {
		require.Equal(t, 200, d.signed(t, "acc-1", delivery(says("1001", fmt.Sprint(i)))))
	}
	require.Len(t, d.texts("acc-1"), 20)
}

func TestBodiesThatAreNotVerifiedHoldABoundedNumberOfBytes(t *testing.T) {
	d := newDesk(t, func(c *webhook.Config) { c.Unverified = 1 << 20 })
	for range 20 {
		d.unfinished(t, webhook.MaxBody, strings.Repeat(" ", 100<<10))
	}
	require.Eventually(t, func() bool { return d.count(webhook.Overloaded) >= 11 }, testwait.Limit, time.Millisecond,
		"a body of 100 kB takes a buffer of 128 kB, so 8 have room")
	large := delivery(says("1001", "large"))
	large += strings.Repeat(" ", 800<<10)
	require.Equal(t, 200, d.signed(t, "acc-1", large), "a delivery that arrives in one go finds room")
}

func TestAForgedDeliveryTakesNoSlot(t *testing.T) {
	d := newDesk(t, func(c *webhook.Config) { c.InFlight, c.Patience = 1, 100*time.Millisecond })
	release := make(chan struct{})
	d.set(func(context.Context) error { <-release; return nil })
	body := delivery(says("1001", "x"))
	answers := make(chan int, 2)
	for range 2 {
		go func() { answers <- d.signed(t, "acc-1", body) }()
	}
	require.Equal(t, 503, <-answers, "the only slot is taken")
	require.Equal(t, 401, d.post(t, "acc-1", "sha256=00", body), "and a forged delivery is refused for what it is")
	close(release)
	require.Equal(t, 200, <-answers)
}

func keep(b []byte) ([]byte, error) { return bytes.Clone(b), nil }

func TestDeliveriesWaitOnDiskInOrderWhileTheStoreIsAway(t *testing.T) {
	queue, err := spool.Open(t.TempDir(), spool.Options{Seal: keep, Open: keep, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	d := newDesk(t, func(c *webhook.Config) { c.Spool, c.Patience = queue, 50*time.Millisecond })
	d.set(func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() })
	var want []string
	for i := range 20 {
		want = append(want, fmt.Sprint(i))
		require.Equal(t, 200, d.signed(t, "acc-1", delivery(says("1001", fmt.Sprint(i)))))
	}
	require.Equal(t, 20, d.count(webhook.Spooled))
	d.set(nil)
	require.Equal(t, 200, d.signed(t, "acc-1", delivery(says("1001", "behind"))))
	require.Empty(t, d.texts("acc-1"), "a new delivery queues behind those that wait")

	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- queue.Run(ctx, d.handler.Drain) }()
	require.Eventually(t, func() bool { return !queue.Pending("acc-1") }, testwait.Limit, time.Millisecond)
	cancel()
	require.NoError(t, <-done)
	require.Equal(t, append(want, "behind"), d.texts("acc-1"))
	require.Equal(t, 200, d.signed(t, "acc-1", delivery(says("1001", "direct"))))
	require.Equal(t, "direct", d.texts("acc-1")[21])
	require.NoError(t, queue.Close())
	require.Equal(t, 200, d.signed(t, "acc-1", delivery(says("1001", "store answers"))))
	d.set(func(context.Context) error { return errors.New("away again") })
	require.Equal(t, 503, d.signed(t, "acc-1", delivery(says("1001", "neither"))), "neither store nor queue")
}

func TestADeliveryRefusedForGoodIsSetAside(t *testing.T) {
	queue, err := spool.Open(t.TempDir(), spool.Options{Seal: keep, Open: keep, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	d := newDesk(t, func(c *webhook.Config) { c.Spool = queue })
	d.set(func(context.Context) error { return &domain.Refusal{Kind: domain.Invalid, Code: "X"} })
	require.Equal(t, 200, d.signed(t, "acc-1", delivery(says("1001", "poison"))))
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- queue.Run(ctx, d.handler.Drain) }()
	require.Eventually(t, func() bool { return !queue.Pending("acc-1") }, testwait.Limit, time.Millisecond)
	cancel()
	require.NoError(t, <-done)
	require.Equal(t, 1, d.count(webhook.SetAside))
	require.NoError(t, queue.Close())
}

func BenchmarkADelivery(b *testing.B) {
	provider, err := meta.New()
	require.NoError(b, err)
	registry, err := channels.NewRegistry(provider)
	require.NoError(b, err)
	h := webhook.New(webhook.Config{Providers: registry, Accounts: accounts{},
		Receive: func(context.Context, string, []channels.Inbound) error { return nil }})
	served := mux(h)
	body := []byte(delivery(says("1001", "Buongiorno, è arrivato il mio ordine?")))
	signature := meta.Sign(secret, body)
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, webhook.Path(meta.Name, "acc-1", ""), bytes.NewReader(body))
		r.Header.Set(meta.SignatureHeader, signature)
		w := httptest.NewRecorder()
		if served.ServeHTTP(w, r); w.Code != 200 {
			b.Fatal(w.Code)
		}
	}
}
