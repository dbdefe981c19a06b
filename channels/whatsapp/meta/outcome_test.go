package meta_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
)

func at(base string) channels.Credentials {
	c := creds
	c.BaseURL = base
	return c
}

func sendTo(t *testing.T, ctx context.Context, base string, admitted ...string) *channels.SendError {
	t.Helper()
	_, err := provider(admitted...).Send(ctx, at(base), text("393331112222", "x"))
	var e *channels.SendError
	require.ErrorAs(t, err, &e)
	require.NotContains(t, err.Error(), "token-1")
	return e
}

func TestNothingWasTakenWhenNoConnectionCameAbout(t *testing.T) { // F14
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	base := "http://" + listener.Addr().String()
	require.NoError(t, listener.Close())
	require.Equal(t, channels.NotTaken, sendTo(t, context.Background(), base, base).Outcome)
}

func TestTheOutcomeIsUnknownWhenTheConnectionBreaksAfterWriting(t *testing.T) { // F17, K16
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		panic(http.ErrAbortHandler)
	}))
	defer server.Close()
	e := sendTo(t, context.Background(), server.URL, server.URL)
	require.Equal(t, channels.Unknown, e.Outcome)
	require.Equal(t, "CONNECTION", e.Code)
}

func TestTheOutcomeIsUnknownWhenTheAnswerTakesTooLong(t *testing.T) { // F17
	done := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-done
	}))
	defer server.Close()
	defer close(done)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	e := sendTo(t, ctx, server.URL, server.URL)
	require.Equal(t, channels.Unknown, e.Outcome)
	require.Equal(t, "TIMEOUT", e.Code)
}

func TestOnlyAdmittedAddressesInsideAreReached(t *testing.T) { // S42
	reached := false
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer server.Close()
	_, port, err := net.SplitHostPort(server.Listener.Addr().String())
	require.NoError(t, err)
	for _, base := range []string{server.URL, "http://localhost:" + port, "http://[::ffff:127.0.0.1]:" + port, "http://2130706433:" + port,
		"http://0.0.0.0:" + port, "http://169.254.169.254", "http://10.0.0.1", "http://[64:ff9b::7f00:1]", "http://[::1]:" + port} {
		ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
		e := sendTo(t, ctx, base)
		cancel()
		require.Equal(t, channels.NotTaken, e.Outcome, base)
	}
	require.False(t, reached)
}
