package main

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

// socket is a graphql-transport-ws connection with one operation. Like a browser it answers pings at any time.
type socket struct {
	conn     *websocket.Conn
	messages chan []byte // received and not taken yet; closed at the end of the connection
	ended    error       // why the connection ended, once messages is closed
	raw      []string    // all messages taken
}

type socketMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dial opens a socket; if it is refused, it returns the response.
func (c client) dial(t *testing.T, more http.Header) (*socket, *http.Response, error) {
	t.Helper()
	return c.dialWith(t, more, nil)
}

// dialWith opens a socket that sends this payload in its first message.
func (c client) dialWith(t *testing.T, more http.Header, payload json.RawMessage) (*socket, *http.Response, error) {
	t.Helper()
	header := c.header.Clone()
	for name, values := range more {
		header[name] = values
	}
	conn, res, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(c.url, "http")+"/graphql",
		&websocket.DialOptions{
			HTTPHeader: header, Subprotocols: []string{"graphql-transport-ws"},
		})
	if err != nil {
		return nil, res, err
	}
	conn.SetReadLimit(4 << 20)
	s := &socket{conn: conn, messages: make(chan []byte, 1000)}
	t.Cleanup(s.close)
	go s.receive()
	s.write(t, socketMessage{Type: "connection_init", Payload: payload})
	m, err := s.next(t, patience)
	if err != nil {
		return nil, res, err
	}
	require.Equal(t, "connection_ack", m.Type)
	return s, res, nil
}

// subscribe opens a socket with one subscription.
func (c client) subscribe(t *testing.T, document string, variables vars) *socket {
	t.Helper()
	s, _, err := c.dial(t, nil)
	require.NoError(t, err)
	payload, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	require.NoError(t, err)
	s.write(t, socketMessage{ID: "1", Type: "subscribe", Payload: payload})
	return s
}

// receive queues messages and answers pings until the connection ends.
func (s *socket) receive() {
	defer close(s.messages)
	for {
		_, data, err := s.conn.Read(context.Background())
		if err != nil {
			s.ended = err
			return
		}
		var m socketMessage
		if json.Unmarshal(data, &m) == nil && m.Type == "ping" {
			// If it cannot be written, the next read says so.
			_ = s.conn.Write(context.Background(), websocket.MessageText, []byte(`{"type":"pong"}`))
			continue
		}
		s.messages <- data
	}
}

func (s *socket) close() { _ = s.conn.CloseNow() }

func (s *socket) write(t *testing.T, m socketMessage) {
	t.Helper()
	data, err := json.Marshal(m)
	require.NoError(t, err)
	require.NoError(t, s.conn.Write(t.Context(), websocket.MessageText, data))
}

// next returns the next message, or why there is none in time.
func (s *socket) next(t *testing.T, within time.Duration) (socketMessage, error) {
	t.Helper()
	select {
	case data, open := <-s.messages:
		if !open {
			return socketMessage{}, s.ended
		}
		s.raw = append(s.raw, string(data))
		var m socketMessage
		require.NoError(t, json.Unmarshal(data, &m))
		return m, nil
	case <-time.After(within):
		return socketMessage{}, context.DeadlineExceeded
	}
}

func (s *socket) read(t *testing.T) socketMessage {
	t.Helper()
	m, err := s.next(t, patience)
	require.NoError(t, err)
	return m
}

// batch returns the next batch of a subscription, decoded.
func batch[M any](t *testing.T, s *socket) M {
	t.Helper()
	m := s.read(t)
	require.Equal(t, "next", m.Type, string(m.Payload))
	var whole struct {
		Data   M                 `json:"data"`
		Errors []json.RawMessage `json:"errors"`
	}
	require.NoError(t, json.Unmarshal(m.Payload, &whole))
	require.Empty(t, whole.Errors, string(m.Payload))
	return whole.Data
}

// refusal returns the code a subscription is refused with.
func (s *socket) refusal(t *testing.T) string {
	t.Helper()
	m := s.read(t)
	var one answer
	if m.Type == "error" {
		require.NoError(t, json.Unmarshal(m.Payload, &one.Errors))
	} else {
		require.NoError(t, json.Unmarshal(m.Payload, &one))
	}
	return one.code()
}
