package httpserver

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAnswersAreCompressedForClientsThatAcceptIt(t *testing.T) {
	long := strings.Repeat(`{"name":"Ada"},`, 1000)
	served := Compressed(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, long)
	}))
	ask := func(header ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/graphql", nil)
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		served.ServeHTTP(w, r)
		return w
	}
	packed := ask("Accept-Encoding", "gzip, deflate, br")
	require.Equal(t, "gzip", packed.Header().Get("Content-Encoding"))
	require.Contains(t, packed.Header().Values("Vary"), "Accept-Encoding")
	require.Less(t, packed.Body.Len(), len(long)/10)
	unpacked, err := gzip.NewReader(packed.Body)
	require.NoError(t, err)
	text, err := io.ReadAll(unpacked)
	require.NoError(t, err)
	require.Equal(t, long, string(text))

	require.Equal(t, long, ask().Body.String(), "a client that accepts no compression")
	require.Equal(t, long, ask("Accept-Encoding", "gzip", "Upgrade", "websocket").Body.String(), "a socket")
}

func TestOnlyTLSOrATrustedProxySetsStrictTransportSecurity(t *testing.T) {
	s := &Server{TrustedProxies: []string{"192.0.2.1"}}
	served := secureHeaders(s.overTLS, http.HandlerFunc(Alive))
	for _, c := range []struct {
		name, peer, proto string
		want              string
	}{
		{"a client that claims https", "198.51.100.7:4000", "https", ""},
		{"a trusted proxy that says https", "192.0.2.1:4000", "https", "max-age=31536000"},
		{"a trusted proxy that says http", "192.0.2.1:4000", "http", ""},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		r.Header.Set("X-Forwarded-Proto", c.proto)
		w := httptest.NewRecorder()
		served.ServeHTTP(w, r)
		require.Equal(t, c.want, w.Header().Get("Strict-Transport-Security"), c.name)
	}
}
