package graphql

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
)

const (
	queuedMessages = 256              // to a client that reads slower than things happen
	queuedBytes    = 1 << 20          // of them
	writeTime      = 10 * time.Second // for one message, then the client is cut off
	maxOperations  = 50               // subscriptions on one socket
	duplicateID    = websocket.StatusCode(4409)
	tooManyOpen    = websocket.StatusCode(4429)
	tooSlow        = websocket.StatusCode(4408)
)

// sockets accepts WebSockets for the transport. Each has a bounded queue: who is too slow is hung up on rather than waited for.
type sockets struct {
	origins []string // beside the host itself
}

// Accept upgrades a request; the origin must be the host or one of the listed ones.
func (s sockets) Accept(w http.ResponseWriter, r *http.Request, o transport.WebsocketAcceptOptions) (transport.WebsocketConn, error) {
	conn, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols: o.Subprotocols, OriginPatterns: s.origins, CompressionMode: websocket.CompressionDisabled,
	})
	if err != nil {
		return nil, err
	}
	k := &socket{conn: conn, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go k.writeLoop()
	return k, nil
}

// socket is one client's connection.
type socket struct {
	conn *websocket.Conn
	wake chan struct{}
	done chan struct{}

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

// NextReader hands the next message on. A second operation under an id in use, or too many of them, ends the connection.
func (k *socket) NextReader() (int, io.Reader, error) {
	kind, data, err := k.conn.Read(context.Background())
	if err != nil {
		if status := websocket.CloseStatus(err); status == websocket.StatusNormalClosure || status == websocket.StatusNoStatusRcvd {
			return int(kind), nil, transport.ErrWebsocketClosed
		}
		return int(kind), nil, err
	}
	var f frame
	if json.Unmarshal(data, &f) == nil {
		if code, reason := k.note(f); code != 0 {
			k.end(code, reason)
			return int(kind), nil, transport.ErrWebsocketClosed
		}
	}
	return int(kind), bytes.NewReader(data), nil
}

func (k *socket) note(f frame) (websocket.StatusCode, string) {
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

// WriteJSON queues a message.
func (k *socket) WriteJSON(v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	var f frame
	if len(data) < 4096 && !bytes.HasSuffix(data, []byte(`"type":"next"}`)) && json.Unmarshal(data, &f) == nil { // complete and error are short
		k.note(frame{ID: f.ID, Type: only(f.Type, "complete", "error")})
	}
	k.mu.Lock()
	if k.ended {
		k.mu.Unlock()
		return transport.ErrWebsocketClosed
	}
	if len(k.queue) >= queuedMessages || k.bytes+len(data) > queuedBytes && len(k.queue) > 0 {
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

func only(s string, allowed ...string) string {
	if slices.Contains(allowed, s) {
		return s
	}
	return ""
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

// end closes the connection once. The close frame goes out behind what is queued, if the client still reads.
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
	go func() { _ = k.conn.Close(code, reason) }() // waits up to five seconds for a peer that may be gone
}

// WriteClose ends the connection with a code of the protocol.
func (k *socket) WriteClose(code int, message string) error {
	k.end(websocket.StatusCode(code), message)
	return nil
}

// Close ends the connection.
func (k *socket) Close() error {
	k.end(websocket.StatusNormalClosure, "")
	return nil
}

// Subprotocol is what was agreed on.
func (k *socket) Subprotocol() string { return k.conn.Subprotocol() }

// SetReadLimit bounds one message from the client, in bytes.
func (k *socket) SetReadLimit(limit int64) { k.conn.SetReadLimit(limit) }

// SetReadDeadline cuts a client off that says nothing until then; the zero time waits for ever.
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
