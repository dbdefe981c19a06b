package graphql

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"parley/internal/testwait"
)

func TestAConnectionThatDropsEverythingSilentlyIsGivenUp(t *testing.T) {
	t.Parallel()
	require.LessOrEqual(t, 3*PingEvery, 20*time.Second, "the longest that a dead line goes unnoticed")
	s := newSocketServer(t, time.Second)
	line := newSilentProxy(t, s.address)
	c := s.dial(line.address())
	pings := c.answerPings()
	for range 3 { // longer than a dead line is tolerated
		select {
		case <-pings:
		case <-time.After(testwait.Limit):
			t.Fatal("the server does not ask for a sign of life")
		}
	}
	require.Equal(t, 1, s.sockets.Count(), "a line that answers stays open")

	line.silent.Store(true)
	require.Eventually(t, func() bool { return s.sockets.Count() == 0 }, testwait.Limit, 10*time.Millisecond)
}

func TestClientsAreToldThatTheServerGoesAway(t *testing.T) {
	t.Parallel()
	s := newSocketServer(t, PingEvery)
	c := s.dial(s.address)
	closed := make(chan error, 1)
	go func() {
		_, _, err := c.conn.Read(context.Background())
		closed <- err
	}()
	s.sockets.Close(t.Context())
	require.Equal(t, websocket.StatusGoingAway, websocket.CloseStatus(<-closed))
	require.Zero(t, s.sockets.Count())

	late, _, err := websocket.Dial(t.Context(), "ws://"+s.address, &websocket.DialOptions{Subprotocols: subprotocols})
	require.NoError(t, err)
	_, _, err = late.Read(t.Context())
	require.Equal(t, websocket.StatusGoingAway, websocket.CloseStatus(err), "a new connection is refused")
}

func TestClosingSocketsDoesNotWaitForAClientThatIsGone(t *testing.T) {
	t.Parallel()
	s := newSocketServer(t, PingEvery)
	line := newSilentProxy(t, s.address)
	s.dial(line.address())
	line.silent.Store(true)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	s.sockets.Close(ctx)
	require.Zero(t, s.sockets.Count())
}

func TestAClientThatSpeaksOnlyAnotherProtocolIsRefused(t *testing.T) {
	t.Parallel()
	s := newSocketServer(t, PingEvery)
	for _, offered := range [][]string{{"graphql-ws"}, {"graphql-ws", "mqtt"}, nil} {
		_, answer, err := websocket.Dial(t.Context(), "ws://"+s.address, &websocket.DialOptions{Subprotocols: offered})
		require.Error(t, err, offered)
		require.Equal(t, http.StatusBadRequest, answer.StatusCode, offered)
	}
	require.Zero(t, s.sockets.Count())

	both := &websocket.DialOptions{Subprotocols: []string{"graphql-ws", "graphql-transport-ws"}}
	conn, _, err := websocket.Dial(t.Context(), "ws://"+s.address, both)
	require.NoError(t, err)
	defer conn.CloseNow()
	require.Equal(t, "graphql-transport-ws", conn.Subprotocol(), "a client that speaks both uses ours")
}

var subprotocols = []string{"graphql-transport-ws"}

// socketServer serves the WebSockets of a user. They carry no operations.
type socketServer struct {
	t       *testing.T
	sockets *Sockets
	address string
}

func newSocketServer(t *testing.T, pingEvery time.Duration) *socketServer {
	t.Helper()
	r := &Resolver{Log: slog.New(slog.DiscardHandler), Sockets: NewSockets(pingEvery)}
	api := r.Handler([]string{"127.0.0.1:*"})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		api.ServeHTTP(w, req.WithContext(WithIdentity(req.Context(), Identity{User: "anna"})))
	}))
	t.Cleanup(server.Close)
	return &socketServer{t: t, sockets: r.Sockets, address: strings.TrimPrefix(server.URL, "http://")}
}

type socketClient struct {
	t    *testing.T
	conn *websocket.Conn
}

// dial opens a socket and introduces the client.
func (s *socketServer) dial(address string) socketClient {
	s.t.Helper()
	conn, _, err := websocket.Dial(s.t.Context(), "ws://"+address, &websocket.DialOptions{Subprotocols: subprotocols})
	require.NoError(s.t, err)
	s.t.Cleanup(func() { _ = conn.CloseNow() })
	require.NoError(s.t, conn.Write(s.t.Context(), websocket.MessageText, []byte(`{"type":"connection_init"}`)))
	_, data, err := conn.Read(s.t.Context())
	require.NoError(s.t, err)
	require.Contains(s.t, string(data), "connection_ack")
	return socketClient{s.t, conn}
}

// answerPings answers pings until the connection ends, and reports each.
func (c socketClient) answerPings() <-chan struct{} {
	pings := make(chan struct{}, 100)
	go func() {
		for {
			_, data, err := c.conn.Read(context.Background())
			var f frame
			if err != nil || json.Unmarshal(data, &f) != nil {
				return
			}
			if f.Type == "ping" {
				_ = c.conn.Write(context.Background(), websocket.MessageText, []byte(`{"type":"pong"}`))
				pings <- struct{}{}
			}
		}
	}()
	return pings
}

// silentProxy forwards connections, and can stop forwarding without closing them.
type silentProxy struct {
	listener net.Listener
	silent   atomic.Bool
}

func newSilentProxy(t *testing.T, target string) *silentProxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	p := &silentProxy{listener: l}
	var conns sync.Map
	t.Cleanup(func() {
		_ = l.Close()
		conns.Range(func(c, _ any) bool { _ = c.(net.Conn).Close(); return true })
	})
	go func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", target)
			if err != nil {
				_ = near.Close()
				return
			}
			conns.Store(near, nil)
			conns.Store(far, nil)
			go p.forward(near, far)
			go p.forward(far, near)
		}
	}()
	return p
}

func (p *silentProxy) address() string { return p.listener.Addr().String() }

func (p *silentProxy) forward(to io.Writer, from io.Reader) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if p.silent.Load() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}
