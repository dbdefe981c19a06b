package channelstest

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
)

// Request is what a provider is expected to be asked.
type Request struct {
	Method, Path string // Path with its query
	JSON         string // the body, compared as JSON; empty when there is none
	Header       map[string]string
}

// Reply is what a provider answers.
type Reply struct {
	Status int
	Body   string
	Header map[string]string
}

// SendCase is one row: an Outbound and a canned reply give one HTTP request and one result.
type SendCase struct {
	Name  string
	Out   channels.Outbound
	Reply Reply
	Want  *Request // nil: nothing may be asked
	Sent  channels.Sent
	Err   *Failure
}

// Failure is the part of a SendError that others rely on.
type Failure struct {
	Outcome    channels.Outcome
	Code       string
	Effect     channels.Effect
	RetryAfter time.Duration
}

// Outbound runs the rows. The provider is made for a server of the test's own, and nothing reaches any other.
func Outbound(t *testing.T, provider func(baseURL string) channels.Provider, with channels.Credentials, cases []SendCase) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			asked := make(chan recorded, 4)
			server := httptest.NewServer(answering(c.Reply, asked))
			defer server.Close()
			with := with
			with.BaseURL = server.URL

			sent, err := provider(server.URL).Send(context.Background(), with, c.Out)

			requireFailure(t, c.Err, err)
			require.Equal(t, c.Sent, sent)
			if c.Want == nil {
				require.Empty(t, asked, "nothing is asked")
				return
			}
			require.Len(t, asked, 1, "exactly one request")
			(<-asked).require(t, *c.Want)
		})
	}
}

type recorded struct {
	*http.Request
	body []byte
}

func (r recorded) require(t *testing.T, want Request) {
	t.Helper()
	require.Equal(t, want.Method+" "+want.Path, r.Method+" "+r.URL.RequestURI())
	if want.JSON != "" {
		require.JSONEq(t, want.JSON, string(r.body))
	}
	for key, value := range want.Header {
		require.Equal(t, value, r.Header.Get(key), key)
	}
}

func answering(reply Reply, asked chan<- recorded) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked <- recorded{r, body}
		for key, value := range reply.Header {
			w.Header().Set(key, value)
		}
		w.WriteHeader(reply.Status)
		_, _ = io.WriteString(w, reply.Body)
	})
}

func requireFailure(t *testing.T, want *Failure, err error) {
	t.Helper()
	if want == nil {
		require.NoError(t, err)
		return
	}
	var e *channels.SendError
	require.ErrorAs(t, err, &e)
	require.Equal(t, *want, Failure{e.Outcome, e.Code, e.Effect, e.RetryAfter})
	require.NotEmpty(t, e.Words, "the agent is told something")
}
