package node_test

import (
	"crypto/tls"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/eventstore/storetest"
	"parley/internal/devpg"
	"parley/internal/node"
	"parley/internal/testwait"
)

func TestHealthChecksOverHTTPShareThePort(t *testing.T) {
	database := devpg.TestDatabase(t)
	for name, c := range map[string]struct {
		cfg            node.Config
		scheme, user   string
		authentication string
	}{
		"without TLS, as on loopback": {cfg: node.Config{Insecure: true}, scheme: "http", authentication: "insecure"},
		"with TLS, without a password": {
			cfg: node.Config{Users: map[string]string{"parley": "secret"},
				TLS: &tls.Config{Certificates: []tls.Certificate{selfSigned(t)}}},
			scheme: "https", user: "parley:secret@", authentication: "internal"},
	} {
		t.Run(name, func(t *testing.T) {
			c.cfg.DatabaseURL = database
			n := startNode(t, c.cfg)
			client := &http.Client{Timeout: testwait.Limit,
				Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}
			defer client.CloseIdleConnections()
			get := func(path string) (int, []byte) {
				answer, err := client.Get(c.scheme + "://" + n.Addr() + path)
				require.NoError(t, err)
				defer answer.Body.Close()
				require.Equal(t, 1, answer.ProtoMajor)
				body, err := io.ReadAll(answer.Body)
				require.NoError(t, err)
				return answer.StatusCode, body
			}
			code, _ := get("/health/live")
			require.Equal(t, http.StatusNoContent, code)
			code, _ = get("/health/live?liveCode=200")
			require.Equal(t, http.StatusOK, code)
			code, body := get("/info")
			require.Equal(t, http.StatusOK, code)
			var info struct {
				DBVersion      string `json:"dbVersion"`
				State          string
				Authentication struct{ Type string }
			}
			require.NoError(t, json.Unmarshal(body, &info))
			require.NotEmpty(t, info.DBVersion)
			require.Equal(t, "leader", info.State)
			require.Equal(t, c.authentication, info.Authentication.Type)
			code, _ = get("/streams/some")
			require.Equal(t, http.StatusNotFound, code)

			suffix := "?tls=false"
			if c.scheme == "https" {
				suffix = "?tlsverifycert=false"
			}
			appendOne(t, storetest.Connect(t, "esdb://"+c.user+n.Addr()+suffix), "shared-port")
		})
	}
}

func TestTheNodeIsNotLiveWhileItsDatabaseIsAway(t *testing.T) {
	dir, err := os.MkdirTemp("", "parley-live-")
	require.NoError(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	postgres, err := devpg.Start(t.Context(), devpg.Config{Dir: dir})
	require.NoError(t, err)
	defer func() { _ = postgres.Stop() }()
	n := startNode(t, node.Config{Insecure: true, DatabaseURL: postgres.URL("postgres")})
	client := &http.Client{Timeout: testwait.Limit}
	defer client.CloseIdleConnections()
	live := func(code int) func() bool {
		return func() bool {
			answer, err := client.Get("http://" + n.Addr() + "/health/live")
			if err != nil {
				return false
			}
			_ = answer.Body.Close()
			return answer.StatusCode == code
		}
	}
	require.Eventually(t, live(http.StatusNoContent), testwait.Limit, 10*time.Millisecond)
	require.NoError(t, postgres.Stop())
	require.Eventually(t, live(http.StatusServiceUnavailable), testwait.Limit, 10*time.Millisecond)
}

func TestConnectionsThatSayNothingDoNotKeepTheNodeFromStopping(t *testing.T) {
	n, err := node.Start(t.Context(), node.Config{Insecure: true, DatabaseURL: devpg.TestDatabase(t)})
	require.NoError(t, err)
	for _, start := range []string{"", "PRI * HT", "GET /in"} {
		conn, err := net.Dial("tcp", n.Addr())
		require.NoError(t, err)
		defer conn.Close()
		_, err = conn.Write([]byte(start))
		require.NoError(t, err)
	}
	n.Stop()
	require.NoError(t, n.Wait())
	_, err = net.Dial("tcp", n.Addr())
	require.Error(t, err)
}
