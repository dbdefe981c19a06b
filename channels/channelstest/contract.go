package channelstest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
)

// Adapter is a provider with what is needed to try it out without knowing which one it is.
type Adapter struct {
	New        func(admitted ...string) channels.Provider
	With       channels.Credentials // the base URL is filled in
	Sign       func(secret string, body []byte) http.Header
	Deliveries string // the folder of recorded deliveries, <name>.json
}

// Contract tries out what the rest of the program relies on, whichever provider it is (R81).
func Contract(t *testing.T, a Adapter) {
	t.Run("it has a name", func(t *testing.T) { require.Regexp(t, regexp.MustCompile(`^[a-z]+$`), a.New().Kind()) })
	t.Run("it believes signed deliveries alone", a.signatures)
	t.Run("it reads the same out of a delivery each time, and whoever reads beside it", a.parses)
	t.Run("it survives any part of a delivery", a.survives)
	t.Run("nothing was taken when no connection came about", a.unreachable)                       // F14
	t.Run("the outcome is unknown when the connection breaks after writing", func(t *testing.T) { // F17, K16
		a.breaksOff(t, context.Background(), "CONNECTION", func(*http.Request) { panic(http.ErrAbortHandler) })
	})
	t.Run("the outcome is unknown when the answer takes too long", func(t *testing.T) { // F17
		ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
		defer cancel()
		a.breaksOff(t, ctx, "TIMEOUT", func(r *http.Request) { <-r.Context().Done() })
	})
	t.Run("it tells its three outcomes apart", a.outcomes)
	t.Run("addresses inside are not reached unless admitted", a.inside) // S42
}

func (a Adapter) recorded(t *testing.T) [][]byte {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(a.Deliveries, "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	bodies := make([][]byte, len(files))
	for i, file := range files {
		bodies[i], err = os.ReadFile(file)
		require.NoError(t, err)
	}
	return bodies
}

func (a Adapter) signatures(t *testing.T) {
	p, body := a.New(), a.recorded(t)[0]
	right := a.Sign("secret-1", body)
	require.NoError(t, p.Verify("secret-1", right, body))
	for name, err := range map[string]error{
		"no signature":     p.Verify("secret-1", http.Header{}, body),
		"another secret":   p.Verify("secret-2", right, body),
		"another body":     p.Verify("secret-1", right, append([]byte(" "), body...)),
		"no secret to try": p.Verify("", a.Sign("", body), body),
	} {
		require.ErrorIs(t, err, channels.ErrSignature, name)
	}
}

func (a Adapter) parses(t *testing.T) {
	p, bodies := a.New(), a.recorded(t)
	first := make([][]channels.Inbound, len(bodies))
	for i, body := range bodies {
		var err error
		first[i], err = p.Parse(body)
		require.NoError(t, err)
		for _, in := range first[i] {
			require.NotNil(t, in.Content)
			require.LessOrEqual(t, len(in.Raw), channels.MaxRaw)
			require.True(t, in.At.IsZero() || in.At.Location() == time.UTC, "times are UTC")
			if _, said := in.Content.(channels.Message); said {
				require.NotEmpty(t, in.ProviderID, "a message is known when it comes again")
			}
		}
	}
	var readers sync.WaitGroup
	wrong := make(chan error, 4*len(bodies))
	for range 4 {
		readers.Go(func() {
			for i, body := range bodies {
				if again, err := p.Parse(body); err != nil || !reflect.DeepEqual(first[i], again) {
					wrong <- fmt.Errorf("delivery %d reads otherwise: %w", i, err)
				}
			}
		})
	}
	readers.Wait()
	require.Empty(t, wrong)
	_, err := p.Parse([]byte("no envelope"))
	require.ErrorIs(t, err, channels.ErrEnvelope)
}

// survives cuts deliveries off and takes bytes out of them: an error or something found, never a panic.
func (a Adapter) survives(t *testing.T) {
	p := a.New()
	for _, body := range a.recorded(t) {
		step := max(len(body)/30, 1)
		for at := 0; at < len(body); at += step {
			_, _ = p.Parse(body[:at])
			_, _ = p.Parse(append(append([]byte{}, body[:at]...), body[at+1:]...))
		}
	}
}

// send tries to send a text and gives the failure there must be. It never tells the token.
func (a Adapter) send(t *testing.T, ctx context.Context, base string, admitted ...string) *channels.SendError {
	t.Helper()
	with := a.With
	with.BaseURL = base
	p := a.New(admitted...)
	_, err := p.Send(ctx, with, channels.Outbound{To: "393331112222", Kind: channels.SendText, Text: "x"})
	var e *channels.SendError
	require.ErrorAs(t, err, &e)
	require.NotEmpty(t, e.Words, "the agent is told something")
	require.NotContains(t, fmt.Sprintf("%v %+v %s", err, err, e.Words), with.AccessToken)
	return e
}

func (a Adapter) unreachable(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	base := "http://" + listener.Addr().String()
	require.NoError(t, listener.Close())
	require.Equal(t, channels.NotTaken, a.send(t, context.Background(), base, base).Outcome)
	with := a.With
	with.BaseURL = base
	var e *channels.SendError
	require.ErrorAs(t, a.New(base).MarkRead(context.Background(), with, "id"), &e)
	_, err = a.New(base).UploadMedia(context.Background(), with, channels.Upload{MimeType: "text/plain", FileName: "a.txt", Body: http.NoBody})
	require.ErrorAs(t, err, &e)
}

// breaksOff: the provider has read the request when it goes wrong.
func (a Adapter) breaksOff(t *testing.T, ctx context.Context, code string, goes func(*http.Request)) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		goes(r)
	}))
	defer server.Close()
	e := a.send(t, ctx, server.URL, server.URL)
	require.Equal(t, channels.Unknown, e.Outcome)
	require.Equal(t, code, e.Code)
}

func (a Adapter) outcomes(t *testing.T) {
	for status, want := range map[int]channels.Outcome{
		http.StatusTooManyRequests: channels.NotTaken, http.StatusBadGateway: channels.Unknown, http.StatusUnauthorized: channels.Refused,
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body)
			w.WriteHeader(status)
		}))
		require.Equal(t, want, a.send(t, context.Background(), server.URL, server.URL).Outcome, status)
		server.Close()
	}
}

func (a Adapter) inside(t *testing.T) {
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	for _, base := range []string{server.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://2130706433:" + port,
		"http://0.0.0.0:" + port, "http://169.254.169.254", "http://10.0.0.1", "http://[64:ff9b::7f00:1]", "http://[::1]:" + port} {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		e := a.send(t, ctx, base)
		cancel()
		require.Equal(t, channels.NotTaken, e.Outcome, base)
	}
	require.False(t, reached)
}
