package graphql

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
)

const (
	maxQueued      = 256              // messages that a slow client has not read yet
	maxQueuedBytes = 1 << 20          // of those messages together
	writeTime      = 10 * time.Second // for one message; a slower client is disconnected
	maxOperations  = 50               // open on one socket
	duplicateID    = websocket.StatusCode(4409)
	tooManyOpen    = websocket.StatusCode(4429)
	tooSlow        = websocket.StatusCode(4408)
)

// PingEvery is how often the server asks for a sign of life on a WebSocket. A line that drops everything without closing
// is given up after three times as long.
const PingEvery = 6 * time.Second

// Sockets holds the open WebSockets of a process. Each has a bounded queue: a client that reads too slowly is
// disconnected, because publishing must never wait for it.
type Sockets struct {
	pingEvery time.Duration

	mu      sync.Mutex
	open    map[*socket]struct{}
	closing bool
}

// NewSockets returns a process's sockets. A production server uses PingEvery.
func NewSockets(pingEvery time.Duration) *Sockets {
	return &Sockets{pingEvery: pingEvery, open: make(map[*socket]struct{})}
}

// Count returns how many sockets are open.
func (s *Sockets) Count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.open)
}

// Close asks all clients to connect elsewhere, because this server goes away, and waits until they confirm or ctx
// ends. New sockets are refused from now on.
func (s *Sockets) Close(ctx context.Context) {
	s.mu.Lock()
	s.closing = true
	all := slices.Collect(maps.Keys(s.open))
	s.mu.Unlock()
	for _, k := range all {
		k.end(websocket.StatusGoingAway, "the server stops")
	}
	for _, k := range all {
		select {
		case <-k.closed:
		case <-ctx.Done():
			return
		}
	}
}

// add registers a socket unless the process is stopping.
func (s *Sockets) add(k *socket) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closing {
		s.open[k] = struct{}{}
	}
	return !s.closing
}

func (s *Sockets) remove(k *socket) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, k)
}

// accepter accepts WebSockets for the GraphQL transport.
type accepter struct {
	sockets *Sockets
	origins []string // accepted in addition to the host itself
}

// subprotocol is the only one a socket speaks. gqlgen knows an older one too, whose messages are named differently,
// so that the limits of track would not hold.
const subprotocol = "graphql-transport-ws"

// speaks reports whether a client speaks a subprotocol.
func speaks(r *http.Request, name string) bool {
	for _, line := range r.Header.Values("Sec-WebSocket-Protocol") {
		for offered := range strings.SplitSeq(line, ",") {
			if strings.EqualFold(strings.TrimSpace(offered), name) {
				return true
			}
		}
	}
	return false
}

// Accept upgrades a request that offers our subprotocol and whose origin is the host or one of the listed ones. A
// request without credentials may come from any page: it gains nothing from being sent by the user's browser.
func (s accepter) Accept(
	w http.ResponseWriter, r *http.Request, _ transport.WebsocketAcceptOptions,
) (transport.WebsocketConn, error) {
	if !speaks(r, subprotocol) {
		return nil, errors.New("the client does not speak " + subprotocol)
	}
	_, known := identity(r.Context())
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: []string{subprotocol}, OriginPatterns: s.origins, InsecureSkipVerify: !known,
		CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, err
	}
	k := &socket{
		conn: conn, all: s.sockets, wake: make(chan struct{}, 1), done: make(chan struct{}), closed: make(chan struct{}),
	}
	if !s.sockets.add(k) {
		k.end(websocket.StatusGoingAway, "the server stops")
		return k, nil // reading from it fails
	}
	go k.writeLoop()
	return k, nil
}

// socket is one client's connection.
type socket struct {
	conn   *websocket.Conn
	all    *Sockets
	wake   chan struct{}
	done   chan struct{} // closed when the socket begins to close
	closed chan struct{} // closed when it is closed

	mu       sync.Mutex
	queue    [][]byte
	bytes    int
	open     []string // ids of operations in progress
	deadline *time.Timer
	ended    bool
}

type frame struct {
	ID   string `json:"id"`
	Type string `json:"type"`
}

// NextReader returns the next message. It closes the connection when an operation reuses an open id, or too many are open.
func (k *socket) NextReader() (int, io.Reader, error) {
	kind, data, err := k.conn.Read(context.Background())
	if err != nil {
		k.all.remove(k)
		switch websocket.CloseStatus(err) {
		case websocket.StatusNormalClosure, websocket.StatusNoStatusRcvd:
			return int(kind), nil, transport.ErrWebsocketClosed
		}
		return int(kind), nil, err
	}
	var f frame
	if json.Unmarshal(data, &f) == nil {
		if code, reason := k.track(f); code != 0 {
			k.end(code, reason)
			return int(kind), nil, transport.ErrWebsocketClosed
		}
	}
	return int(kind), bytes.NewReader(data), nil
}

// track keeps the list of open operations. It returns a close code when a frame breaks a rule.
func (k *socket) track(f frame) (websocket.StatusCode, string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch f.Type {
	case "subscribe":
		switch {
		case slices.Contains(k.open, f.ID):
			return duplicateID, "Subscriber for " + f.ID + " already exists"
		case len(k.open) >= maxOperations:
			return tooManyOpen, "too many operations on one socket"
		}
		k.open = append(k.open, f.ID)
	case "complete", "error":
		k.open = slices.DeleteFunc(k.open, func(id string) bool { return id == f.ID })
	}
	return 0, ""
}

// WriteJSON queues a message to the client.
func (k *socket) WriteJSON(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	k.trackEnd(data)
	k.mu.Lock()
	if k.ended {
		k.mu.Unlock()
		return transport.ErrWebsocketClosed
	}
	if len(k.queue) >= maxQueued || k.bytes+len(data) > maxQueuedBytes && len(k.queue) > 0 {
		k.mu.Unlock()
		k.end(tooSlow, "reading too slowly")
		return transport.ErrWebsocketClosed
	}
	k.queue = append(k.queue, data)
	k.bytes += len(data)
	k.mu.Unlock()
	select {
	case k.wake <- struct{}{}:
	default:
	}
	return nil
}

// trackEnd records that a message to the client ends an operation. Only short messages can, so long ones are not parsed.
func (k *socket) trackEnd(data []byte) {
	if len(data) >= 4096 || bytes.HasSuffix(data, []byte(`"type":"next"}`)) {
		return
	}
	var f frame
	if json.Unmarshal(data, &f) == nil && (f.Type == "complete" || f.Type == "error") {
		k.track(f)
	}
}

func (k *socket) writeLoop() {
	for {
		select {
		case <-k.wake:
		case <-k.done:
			return
		}
		for data := k.next(); data != nil; data = k.next() {
			ctx, cancel := context.WithTimeout(context.Background(), writeTime)
			err := k.conn.Write(ctx, websocket.MessageText, data)
			cancel()
			if err != nil {
				k.end(tooSlow, "reading too slowly")
				return
			}
		}
	}
}

func (k *socket) next() []byte {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.queue) == 0 {
		k.queue = nil
		return nil
	}
	data := k.queue[0]
	k.queue = k.queue[1:]
	k.bytes -= len(data)
	return data
}

// end closes the connection once. A client that is still reading gets the queued messages before the close frame.
func (k *socket) end(code websocket.StatusCode, reason string) {
	k.mu.Lock()
	ended := k.ended
	k.ended = true
	if k.deadline != nil {
		k.deadline.Stop()
	}
	k.mu.Unlock()
	if ended {
		return
	}
	close(k.done)
	k.all.remove(k)
	go func() {
		defer close(k.closed)
		_ = k.conn.Close(code, reason) // waits up to five seconds, since the peer may be gone
	}()
}

// WriteClose closes the connection with a code of the protocol.
func (k *socket) WriteClose(code int, message string) error {
	k.end(websocket.StatusCode(code), message)
	return nil
}

// Close closes the connection.
func (k *socket) Close() error {
	k.end(websocket.StatusNormalClosure, "")
	return nil
}

// Subprotocol returns the agreed subprotocol.
func (k *socket) Subprotocol() string { return k.conn.Subprotocol() }

// SetReadLimit limits the size of one message from the client.
func (k *socket) SetReadLimit(limit int64) { k.conn.SetReadLimit(limit) }

// SetReadDeadline disconnects a client that sends nothing before then. The zero time means no deadline.
func (k *socket) SetReadDeadline(at time.Time) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.deadline != nil {
		k.deadline.Stop()
		k.deadline = nil
	}
	if !at.IsZero() && !k.ended {
		k.deadline = time.AfterFunc(time.Until(at), func() { _ = k.conn.CloseNow() })
	}
	return nil
}
