package webhook_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/channels/spool"
	"parley/channels/webhook"
	"parley/channels/whatsapp/meta"
	"parley/domain/account"
	"parley/internal/testwait"
)

// signsURL is a provider with two paths. It signs the URL, delivers in the query, and expects XML as an answer.
type signsURL struct {
	channels.Provider
	parsed chan channels.Delivery
}

const acceptedByXML = "<Response/>"

func (signsURL) Declaration() account.Provider {
	return account.Provider{Name: "other", Settings: []account.Setting{
		{Name: "sender", Kind: account.Text, Required: true, Identity: true}, {Name: "key", Kind: account.Secret, Required: true},
	}}
}

func (signsURL) Routes() []channels.Route {
	xml := channels.Response{ContentType: "text/xml", Body: acceptedByXML}
	return []channels.Route{
		{Method: http.MethodGet, Accepted: xml}, {Method: http.MethodPost, Accepted: xml}, {Method: http.MethodPost, Path: "/status"},
	}
}

func (signsURL) Verify(req channels.Request, a channels.Account) error {
	if a.Secret("key") == "" || req.Header.Get("X-Signed") != a.Secret("key")+" "+req.URL.String() {
		return channels.ErrSignature
	}
	return nil
}

func (s signsURL) Parse(d channels.Delivery) ([]channels.Inbound, error) {
	s.parsed <- d
	text := channels.Text{Text: d.Query}
	return []channels.Inbound{{ProviderID: "1", From: channels.Sender{WaID: "39333"}, Content: channels.Message{Body: text}}}, nil
}

func (signsURL) Owners(_ channels.Inbound, receiver channels.Account, _ []channels.Account) []string {
	return []string{receiver.ID}
}

type oneAccount struct{ channels.Account }

func (o oneAccount) ByID(_ context.Context, id string) (channels.Account, bool, error) {
	return o.Account, id == o.ID, nil
}

func (o oneAccount) At(context.Context, string) ([]channels.Account, error) {
	return []channels.Account{o.Account}, nil
}

func newSigned(t *testing.T, change func(*webhook.Config)) (*webhook.Handler, http.Handler, signsURL) {
	t.Helper()
	p := signsURL{parsed: make(chan channels.Delivery, 10)}
	third, err := meta.New()
	require.NoError(t, err)
	registry, err := channels.NewRegistry(third, p)
	require.NoError(t, err)
	a := channels.NewAccount("acc-9", p.Declaration(), nil, map[string]string{"key": "key-9"})
	c := webhook.Config{
		Providers: registry, Accounts: oneAccount{a}, PublicURL: "https://desk.example.org", Log: slog.New(slog.DiscardHandler),
		Receive: func(context.Context, string, []channels.Inbound) error { return nil },
	}
	if change != nil {
		change(&c)
	}
	h := webhook.New(c)
	return h, mux(h), p
}

func called(served http.Handler, method, path, signed string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, path, nil)
	r.Header.Set("X-Signed", signed)
	w := httptest.NewRecorder()
	served.ServeHTTP(w, r)
	return w
}

func TestEveryRouteOfAProviderHasItsAddress(t *testing.T) {
	h, served, p := newSigned(t, nil)
	var patterns []string
	for _, m := range h.Mounts() {
		patterns = append(patterns, m.Pattern)
	}
	require.Equal(t, []string{"/webhooks/meta/{accountId}", "/webhooks/other/{accountId}", "/webhooks/other/{accountId}/status"}, patterns)
	require.Equal(t, []string{"/webhooks/other/acc-9", "/webhooks/other/acc-9/status"}, h.Paths("other", "acc-9"))

	require.Empty(t, h.Paths("gone", "acc-9"))

	status := called(served, http.MethodPost, "/webhooks/other/acc-9/status",
		"key-9 https://desk.example.org/webhooks/other/acc-9/status")
	require.Equal(t, http.StatusOK, status.Code)
	require.Empty(t, status.Body.String())
	require.Equal(t, "/status", (<-p.parsed).Path)

	refused := called(served, http.MethodGet, "/webhooks/other/acc-9/status", "")
	require.Equal(t, http.StatusMethodNotAllowed, refused.Code)
	require.Equal(t, "POST", refused.Header().Get("Allow"))
}

func TestVerificationUsesTheURLThatTheProviderCalled(t *testing.T) {
	_, served, p := newSigned(t, nil)
	answer := called(served, http.MethodGet, "/webhooks/other/acc-9?text=ciao",
		"key-9 https://desk.example.org/webhooks/other/acc-9?text=ciao")
	require.Equal(t, http.StatusOK, answer.Code)
	require.Equal(t, acceptedByXML, answer.Body.String())
	require.Equal(t, "text/xml", answer.Header().Get("Content-Type"))
	require.Equal(t, "text=ciao", (<-p.parsed).Query)
	for _, signed := range []string{
		"key-9 http://example.com/webhooks/other/acc-9?text=ciao", "key-9 https://desk.example.org/webhooks/other/acc-9", "key-8 x", "",
	} {
		require.Equal(t, http.StatusUnauthorized, called(served, http.MethodGet, "/webhooks/other/acc-9?text=ciao", signed).Code, signed)
	}
}

func TestAnAccountIsReachedThroughItsOwnProviderOnly(t *testing.T) {
	_, served, _ := newSigned(t, nil)
	require.Equal(t, http.StatusUnauthorized, called(served, http.MethodPost, "/webhooks/meta/acc-9", "").Code)
	handshake := called(served, http.MethodGet, "/webhooks/meta/acc-9?hub.mode=subscribe&hub.verify_token=", "")
	require.Equal(t, http.StatusForbidden, handshake.Code)
}

func TestADeliveryKeptOnDiskParsesLikeTheOriginal(t *testing.T) {
	same := func(b []byte) ([]byte, error) { return b, nil }
	queue, err := spool.Open(t.TempDir(), spool.Options{Seal: same, Open: same, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	away := true
	h, served, p := newSigned(t, func(c *webhook.Config) {
		c.Spool = queue
		c.Receive = func(context.Context, string, []channels.Inbound) error {
			if away {
				return errors.New("store is away")
			}
			return nil
		}
	})
	path := "/webhooks/other/acc-9?text=ciao"
	r := httptest.NewRequest(http.MethodPost, path, io.NopCloser(http.NoBody))
	r.Header.Set("X-Signed", "key-9 https://desk.example.org"+path)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	served.ServeHTTP(w, r)
	require.Equal(t, http.StatusOK, w.Code)
	first := <-p.parsed
	require.Equal(t, "application/x-www-form-urlencoded", first.ContentType)

	away = false
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- queue.Run(ctx, h.Drain) }()
	again := <-p.parsed
	require.Equal(t, fmt.Sprint(first), fmt.Sprint(again))
	require.Eventually(t, func() bool { return !queue.Pending("acc-9") }, testwait.Limit, time.Millisecond)
	cancel()
	require.NoError(t, <-done)
	require.NoError(t, queue.Close())
}
