package channelstest

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/domain/account"
)

// Adapter holds a provider and what the contract needs to test it.
type Adapter struct {
	New      func(allowed ...string) channels.Provider
	Settings map[string]string // of an account that works
	Secrets  map[string]string
	BaseURL  string // the setting that says where calls go

	// Sign returns the header of a request that the provider would make for the account.
	Sign func(channels.Account, channels.Request) http.Header
	// SignsURL and SignsBody say what the provider's proof covers besides its secret.
	SignsURL, SignsBody bool

	Answers    []AnswerCase
	Deliveries map[string]string // folders of recorded deliveries by the path of their route
}

// AnswerCase is one request that delivers nothing, such as a handshake, and its answer.
type AnswerCase struct {
	Name, Method, Path, Query string
	Want                      channels.Response
}

// Contract tests what the rest of the program relies on in every provider.
func Contract(t *testing.T, a Adapter) {
	t.Run("the declaration is complete and valid", a.declares)
	t.Run("routes are distinct and one of them delivers", a.routes)
	t.Run("a delivery without a valid proof is refused", a.verifies)
	t.Run("requests that deliver nothing get their answer", a.answers)
	t.Run("an item never reaches an account with other secrets", a.owners)
	t.Run("a delivery parses the same every time, even in parallel", a.parses)
	t.Run("parsing survives a damaged delivery", a.survives)
	t.Run("a message is not accepted when no connection is made", a.unreachable)
	t.Run("the outcome is unknown when the connection breaks after writing", func(t *testing.T) {
		a.breaksOff(t, context.Background(), "CONNECTION", func(*http.Request) { panic(http.ErrAbortHandler) })
	})
	t.Run("the outcome is unknown when the answer takes too long", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		a.breaksOff(t, ctx, "TIMEOUT", func(r *http.Request) { <-r.Context().Done() })
	})
	t.Run("a status without an error code has one of three outcomes", a.outcomes)
	t.Run("health fails when the provider rejects the account", a.health)
	t.Run("private addresses are not reached unless allowed", a.privateAddresses)
}

// account returns the account with its calls going to base.
func (a Adapter) account(base string) channels.Account {
	settings := maps.Clone(a.Settings)
	if base != "" {
		settings[a.BaseURL] = base
	}
	return channels.NewAccount("acc-1", a.New().Declaration(), settings, a.Secrets)
}

// with returns the account with other secrets.
func (a Adapter) with(id string, secret func(string) string) channels.Account {
	secrets := make(map[string]string)
	for name, value := range a.Secrets {
		secrets[name] = secret(value)
	}
	return channels.NewAccount(id, a.New().Declaration(), a.Settings, secrets)
}

func (a Adapter) declares(t *testing.T) {
	d := a.New().Declaration()
	require.NoError(t, d.Validate())
	require.NotZero(t, d.Capabilities.TextLimit)
	require.NotZero(t, d.Capabilities.RatePerSecond)
	require.Contains(t, []account.FileTransfer{account.Uploaded, account.Attached, account.Linked}, d.Capabilities.Files)
	for _, s := range d.Settings {
		if s.Kind == account.Secret {
			require.Contains(t, a.Secrets, s.Name, "the test account has every secret")
		} else if s.Required {
			require.Contains(t, a.Settings, s.Name, "the test account has every required setting")
		}
	}
	for name := range a.Settings {
		declared, ok := d.Setting(name)
		require.True(t, ok && declared.Kind != account.Secret, name)
	}
	for name := range a.Secrets {
		declared, ok := d.Setting(name)
		require.True(t, ok && declared.Kind == account.Secret, name)
	}
	require.NotEmpty(t, a.BaseURL)
	shown := fmt.Sprintf("%v %+v %#v", a.account(""), a.account(""), a.account(""))
	for _, secret := range a.Secrets {
		require.NotContains(t, shown, secret)
	}
}

func (a Adapter) routes(t *testing.T) {
	seen := make(map[string]bool)
	delivering := 0
	for _, r := range a.New().Routes() {
		require.Contains(t, []string{http.MethodGet, http.MethodPost}, r.Method)
		require.False(t, seen[r.Method+r.Path], "%s %s", r.Method, r.Path)
		seen[r.Method+r.Path] = true
		require.True(t, r.Path == "" || strings.HasPrefix(r.Path, "/"), r.Path)
		if r.Answer == nil {
			delivering++
		}
	}
	require.NotZero(t, delivering)
}

// requests returns a recorded delivery for every route that delivers, signed for the account.
func (a Adapter) requests(t *testing.T, of channels.Account) []channels.Request {
	t.Helper()
	var all []channels.Request
	for _, r := range a.New().Routes() {
		if r.Answer != nil {
			continue
		}
		d := recorded(t, a.Deliveries[r.Path], r.Path)[0]
		req := channels.Request{
			Method: r.Method, URL: &url.URL{Scheme: "https", Host: "desk.example.org", Path: "/webhooks/x/acc-1" + r.Path, RawQuery: d.Query},
			Header: http.Header{"Content-Type": {d.ContentType}}, Body: d.Body, At: time.Now().UTC(),
		}
		maps.Copy(req.Header, a.Sign(of, req))
		all = append(all, req)
	}
	return all
}

func (a Adapter) verifies(t *testing.T) {
	p := a.New()
	right := a.account("")
	other := a.with("acc-1", func(s string) string { return s + "2" })
	none := a.with("acc-1", func(string) string { return "" })
	for _, req := range a.requests(t, right) {
		require.NoError(t, p.Verify(req, right))
		require.ErrorIs(t, p.Verify(req, other), channels.ErrSignature, "another secret")
		require.ErrorIs(t, p.Verify(req, none), channels.ErrSignature, "an account without secrets")

		changed := req
		changed.Header = http.Header{"Content-Type": req.Header["Content-Type"]}
		require.ErrorIs(t, p.Verify(changed, right), channels.ErrSignature, "no proof")
		for name, values := range a.Sign(right, req) {
			for _, value := range []string{"", values[0] + "0", values[0][:len(values[0])-1], strings.ToUpper(values[0]) + " "} {
				changed.Header = req.Header.Clone()
				changed.Header.Set(name, value)
				require.ErrorIs(t, p.Verify(changed, right), channels.ErrSignature, "%s: %q", name, value)
			}
		}
		if changed = req; a.SignsBody {
			changed.Body = append([]byte(" "), req.Body...)
			require.ErrorIs(t, p.Verify(changed, right), channels.ErrSignature, "another body")
		}
		if changed = req; a.SignsURL {
			u := *req.URL
			u.Path += "x"
			changed.URL = &u
			require.ErrorIs(t, p.Verify(changed, right), channels.ErrSignature, "another URL")
		}
	}
	for _, req := range a.requests(t, none) {
		require.ErrorIs(t, p.Verify(req, none), channels.ErrSignature, "signed with an empty secret")
	}
}

func (a Adapter) answers(t *testing.T) {
	of := a.account("")
	for _, r := range a.New().Routes() {
		if r.Answer == nil {
			continue
		}
		tried := 0
		for _, c := range a.Answers {
			if c.Method != r.Method || c.Path != r.Path {
				continue
			}
			tried++
			req := channels.Request{Method: c.Method, URL: &url.URL{Path: c.Path, RawQuery: c.Query}, Header: http.Header{}}
			require.Equal(t, c.Want, r.Answer(req, of), c.Name)
			unknown := r.Answer(req, channels.Account{})
			require.GreaterOrEqual(t, unknown.Status, 400, "%s, to an account that does not exist", c.Name)
		}
		require.GreaterOrEqual(t, tried, 2, "an answer is tested with right and with wrong credentials")
	}
}

func (a Adapter) owners(t *testing.T) {
	p := a.New()
	receiver, foreign := a.account(""), a.with("acc-2", func(s string) string { return s + "2" })
	for path, folder := range a.Deliveries {
		for _, d := range recorded(t, folder, path) {
			items, err := p.Parse(d)
			require.NoError(t, err)
			for _, in := range items {
				for _, id := range p.Owners(in, receiver, []channels.Account{foreign}) {
					require.Equal(t, receiver.ID, id)
				}
			}
		}
	}
}

func (a Adapter) parses(t *testing.T) {
	p := a.New()
	for path, folder := range a.Deliveries {
		deliveries := recorded(t, folder, path)
		first := make([][]channels.Inbound, len(deliveries))
		for i, d := range deliveries {
			var err error
			first[i], err = p.Parse(d)
			require.NoError(t, err)
			for _, in := range first[i] {
				require.NotNil(t, in.Content)
				require.LessOrEqual(t, len(in.Raw), channels.MaxRaw)
				require.True(t, in.At.IsZero() || in.At.Location() == time.UTC, "times are UTC")
				if _, ok := in.Content.(channels.Message); ok {
					require.NotEmpty(t, in.ProviderID, "a message needs an id, so that a repetition is recognised")
				}
			}
		}
		var readers sync.WaitGroup
		wrong := make(chan error, 4*len(deliveries))
		for range 4 {
			readers.Go(func() {
				for i, d := range deliveries {
					if again, err := p.Parse(d); err != nil || !reflect.DeepEqual(first[i], again) {
						wrong <- fmt.Errorf("delivery %d parses differently: %w", i, err)
					}
				}
			})
		}
		readers.Wait()
		require.Empty(t, wrong)
		_, err := p.Parse(channels.Delivery{Path: path, Body: []byte("no envelope")})
		require.ErrorIs(t, err, channels.ErrEnvelope)
	}
}

// survives parses truncated and damaged deliveries. The result may be an error, but never a panic.
func (a Adapter) survives(t *testing.T) {
	p := a.New()
	for path, folder := range a.Deliveries {
		for _, d := range recorded(t, folder, path) {
			body := d.Body
			step := max(len(body)/30, 1)
			for at := 0; at < len(body); at += step {
				d.Body = body[:at]
				_, _ = p.Parse(d)
				d.Body = slices.Concat(body[:at], body[at+1:])
				_, _ = p.Parse(d)
			}
		}
	}
}

// send sends a text and returns the error, which must not reveal a secret.
func (a Adapter) send(t *testing.T, ctx context.Context, base string, allowed ...string) *channels.SendError {
	t.Helper()
	_, err := a.New(allowed...).Send(ctx, a.account(base), channels.Outbound{To: "393331112222", Kind: channels.SendText, Text: "x"})
	return a.failure(t, err)
}

func (a Adapter) failure(t *testing.T, err error) *channels.SendError {
	t.Helper()
	var e *channels.SendError
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Reason, "the agent is told something")
	for _, secret := range a.Secrets {
		require.NotContains(t, fmt.Sprintf("%v %+v %s", err, err, e.Detail), secret)
	}
	return e
}

func (a Adapter) unreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	base := "http://" + listener.Addr().String()
	require.NoError(t, listener.Close())
	require.Equal(t, channels.NotAccepted, a.send(t, context.Background(), base, base).Outcome)
	p, of := a.New(base), a.account(base)
	a.failure(t, p.Health(context.Background(), of))
	if p.Declaration().Capabilities.ReadReceipts {
		a.failure(t, p.MarkRead(context.Background(), of, "id"))
	}
	if p.Declaration().Capabilities.Files == account.Uploaded {
		_, err = p.UploadMedia(context.Background(), of, channels.Upload{MimeType: "text/plain", FileName: "a.txt", Body: http.NoBody})
		a.failure(t, err)
	}
}

// breaksOff makes a request fail after the server has read it.
func (a Adapter) breaksOff(t *testing.T, ctx context.Context, code string, fail func(*http.Request)) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		fail(r)
	}))
	defer server.Close()
	e := a.send(t, ctx, server.URL, server.URL)
	require.Equal(t, channels.Unknown, e.Outcome)
	require.Equal(t, code, e.Code)
}

// answering returns a server that answers every request with a status and nothing else.
func answering(t *testing.T, status int) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(status)
	}))
	t.Cleanup(server.Close)
	return server
}

func (a Adapter) outcomes(t *testing.T) {
	for status, want := range map[int]channels.Outcome{
		http.StatusTooManyRequests: channels.NotAccepted, http.StatusBadGateway: channels.Unknown, http.StatusUnauthorized: channels.Failed,
	} {
		server := answering(t, status)
		require.Equal(t, want, a.send(t, context.Background(), server.URL, server.URL).Outcome, status)
	}
}

func (a Adapter) health(t *testing.T) {
	server := answering(t, http.StatusUnauthorized)
	e := a.failure(t, a.New(server.URL).Health(context.Background(), a.account(server.URL)))
	require.Equal(t, channels.Failed, e.Outcome)
	require.Equal(t, channels.StopAccount, e.Effect)
}

func (a Adapter) privateAddresses(t *testing.T) {
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	for _, base := range []string{
		server.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://2130706433:" + port,
		"http://0.0.0.0:" + port, "http://169.254.169.254", "http://10.0.0.1", "http://[64:ff9b::7f00:1]", "http://[::1]:" + port,
	} {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		e := a.send(t, ctx, base)
		cancel()
		require.Equal(t, channels.NotAccepted, e.Outcome, base)
	}
	require.False(t, reached)
}
