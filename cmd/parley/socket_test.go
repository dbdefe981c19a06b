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

// socket is one graphql-transport-ws connection with one operation on it.
type socket struct {
	conn *websocket.Conn
	raw  []string // every message that came
}

type socketMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// dial opens a socket; the answer of a refused one is returned.
func (c client) dial(t *testing.T, more http.Header) (*socket, *http.Response, error) {
	t.Helper()
	header := c.header.Clone()
	for name, values := range more {
		header[name] = values
	}
	conn, res, err := websocket.Dial(t.Context(), "ws"+strings.TrimPrefix(c.url, "http")+"/graphql", &websocket.DialOptions{
		HTTPHeader: header, Subprotocols: []string{"graphql-transport-ws"},
	})
	if err != nil {
		return nil, res, err
	}
	conn.SetReadLimit(4 << 20)
	s := &socket{conn: conn}
	t.Cleanup(s.close)
	s.write(t, socketMessage{Type: "connection_init"})
	require.Equal(t, "connection_ack", s.read(t).Type)
	return s, res, nil
}

// subscribe opens a socket with one subscription on it.
func (c client) subscribe(t *testing.T, document string, variables vars) *socket {
	t.Helper()
	s, _, err := c.dial(t, nil)
	require.NoError(t, err)
	payload, err := json.Marshal(map[string]any{"query": document, "variables": variables})
	require.NoError(t, err)
	s.write(t, socketMessage{ID: "1", Type: "subscribe", Payload: payload})
	return s
}

func (s *socket) close() { _ = s.conn.CloseNow() } // it may be closed already

func (s *socket) write(t *testing.T, m socketMessage) {
	t.Helper()
	data, err := json.Marshal(m)
	require.NoError(t, err)
	require.NoError(t, s.conn.Write(t.Context(), websocket.MessageText, data))
}

// next is the next message, or why there is none within the time.
func (s *socket) next(t *testing.T, within time.Duration) (socketMessage, error) {
	t.Helper()
	for {
		ctx, cancel := context.WithTimeout(t.Context(), within)
		_, data, err := s.conn.Read(ctx)
		cancel()
		if err != nil {
			return socketMessage{}, err
		}
		s.raw = append(s.raw, string(data))
		var m socketMessage
		require.NoError(t, json.Unmarshal(data, &m))
		if m.Type == "ping" {
			s.write(t, socketMessage{Type: "pong"})
			continue
		}
		return m, nil
	}
}

func (s *socket) read(t *testing.T) socketMessage {
	t.Helper()
	m, err := s.next(t, patience)
	require.NoError(t, err)
	return m
}

// batch is the next batch of a subscription, as it decodes.
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

// refusal is the code that a subscription is refused with.
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
