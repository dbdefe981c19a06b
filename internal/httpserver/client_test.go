package httpserver

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestOnlyRequestsMadeOnThisMachineGetTheMetrics(t *testing.T) {
	served := onlyLoopback(http.HandlerFunc(Alive))
	ask := func(peer string, header ...string) int {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr = peer
		for i := 0; i < len(header); i += 2 {
			r.Header.Add(header[i], header[i+1])
		}
		w := httptest.NewRecorder()
		served.ServeHTTP(w, r)
		return w.Code
	}
	require.Equal(t, http.StatusOK, ask("127.0.0.1:4000"))
	require.Equal(t, http.StatusOK, ask("[::1]:4000"))
	require.Equal(t, http.StatusNotFound, ask("192.0.2.7:4000"))
	// a proxy on this machine, for any client
	for _, name := range []string{"X-Forwarded-For", "Forwarded", "X-Real-IP", "X-Forwarded-Proto", "Via"} {
		require.Equal(t, http.StatusNotFound, ask("127.0.0.1:4000", name, "192.0.2.7"), name)
		require.Equal(t, http.StatusNotFound, ask("127.0.0.1:4000", name, "127.0.0.1"), name)
	}
}

func TestTheClientsAddressIsTheLastOneATrustedProxyNames(t *testing.T) {
	s := &Server{TrustedProxies: []string{"127.0.0.1"}}
	for _, c := range []struct {
		peer      string
		forwarded []string
		from      string
	}{
		{"127.0.0.1:4000", nil, "127.0.0.1"},
		{"127.0.0.1:4000", []string{"192.0.2.7"}, "192.0.2.7"},
		{"127.0.0.1:4000", []string{"203.0.113.9, 192.0.2.7"}, "192.0.2.7"},
		{"127.0.0.1:4000", []string{"203.0.113.9", "192.0.2.7"}, "192.0.2.7"},
		{"192.0.2.8:4000", []string{"203.0.113.9"}, "192.0.2.8"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/auth/login", nil)
		r.RemoteAddr, r.Header = c.peer, http.Header{"X-Forwarded-For": c.forwarded}
		require.Equal(t, c.from, s.clientAddress(r), "%+v", c)
	}
}
