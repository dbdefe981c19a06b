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

// Request is the request a provider is expected to get.
type Request struct {
	Method, Path string // Path with its query
	JSON         string // the body, compared as JSON; empty when there is none
	Header       map[string]string
}

// Reply is the answer of a provider.
type Reply struct {
	Status int
	Body   string
	Header map[string]string
}

// SendCase is one case: an Outbound and a canned reply lead to one HTTP request and one result.
type SendCase struct {
	Name  string
	Out   channels.Outbound
	Reply Reply
	Want  *Request // nil: no request may be made
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

// Outbound runs the cases. It builds provider and account for a local server, so that nothing else is reached.
func Outbound(
	t *testing.T, provider func(baseURL string) channels.Provider, account func(baseURL string) channels.Account, cases []SendCase,
) {
	t.Helper()
	for _, c := range cases {
		t.Run(c.Name, func(t *testing.T) {
			asked := make(chan call, 4)
			server := httptest.NewServer(replying(c.Reply, asked))
			defer server.Close()

			sent, err := provider(server.URL).Send(context.Background(), account(server.URL), c.Out)

			requireFailure(t, c.Err, err)
			require.Equal(t, c.Sent, sent)
			if c.Want == nil {
				require.Empty(t, asked, "no request is made")
				return
			}
			require.Len(t, asked, 1, "exactly one request")
			(<-asked).require(t, *c.Want)
		})
	}
}

type call struct {
	*http.Request
	body []byte
}

func (r call) require(t *testing.T, want Request) {
	t.Helper()
	require.Equal(t, want.Method+" "+want.Path, r.Method+" "+r.URL.RequestURI())
	if want.JSON != "" {
		require.JSONEq(t, want.JSON, string(r.body))
	}
	for key, value := range want.Header {
		require.Equal(t, value, r.Header.Get(key), key)
	}
}

func replying(reply Reply, asked chan<- call) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		asked <- call{r, body}
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
	require.NotEmpty(t, e.Reason, "the agent is told something")
}
