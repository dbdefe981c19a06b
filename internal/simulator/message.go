package simulator

import (
	"crypto/rand"
	"encoding/base64"
	"slices"
	"time"
)

// Message is one message in a chat.
type Message struct {
	ID           string `json:"id"`
	Number       string `json:"number"` // phone number id
	Phone        string `json:"phone"`
	FromCustomer bool   `json:"fromCustomer"`
	// text, image, video, audio, document, sticker, location, contacts, template
	Kind      string            `json:"kind"`
	Text      string            `json:"text,omitempty"`
	Media     *Medium           `json:"media,omitempty"`
	Voice     bool              `json:"voice,omitempty"`
	Location  *Place            `json:"location,omitempty"`
	QuotedID  string            `json:"quotedId,omitempty"`
	Reactions map[string]string `json:"reactions,omitempty"` // by "customer" and "business"
	Edited    bool              `json:"edited,omitempty"`
	Revoked   bool              `json:"revoked,omitempty"`
	// accepted, sent, delivered, read or failed; sent or read for a customer's message
	State        string    `json:"state"`
	Error        string    `json:"error,omitempty"`
	CallbackData string    `json:"callbackData,omitempty"`
	At           time.Time `json:"at"`
}

// Medium is a file stored in the network.
type Medium struct {
	ID       string `json:"id"`
	MimeType string `json:"mimeType"`
	Name     string `json:"name,omitempty"`
	SHA256   string `json:"sha256,omitempty"`
	Size     int    `json:"size"`
	Bytes    []byte `json:"-"`
}

// Place is a shared location.
type Place struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
}

// newMessageID returns a random id in WhatsApp's format.
func newMessageID() string {
	b := make([]byte, 24)
	_, _ = rand.Read(b)
	return "wamid." + base64.StdEncoding.EncodeToString(b)
}

// Messages returns all messages so far, in the order they were written.
func (s *Simulator) Messages() []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for _, m := range s.messages {
		out = append(out, *m)
	}
	return out
}

// Recall adds messages of the past to the chats without sending anything. It skips those already there.
func (s *Simulator) Recall(past []Message) {
	s.mu.Lock()
	defer s.mu.Unlock()
	known := make(map[string]bool, len(s.messages))
	for _, m := range s.messages {
		known[m.ID] = true
	}
	for _, m := range past {
		if !known[m.ID] {
			s.messages = append(s.messages, &m)
		}
	}
	slices.SortStableFunc(s.messages, func(a, b *Message) int { return a.At.Compare(b.At) })
}

func (s *Simulator) message(id string) *Message {
	for i := len(s.messages) - 1; i >= 0; i-- {
		if s.messages[i].ID == id {
			return s.messages[i]
		}
	}
	return nil
}

// lastInbound returns when the customer last wrote to the number, or zero.
func (s *Simulator) lastInbound(number, phone string) time.Time {
	for i := len(s.messages) - 1; i >= 0; i-- {
		if m := s.messages[i]; m.FromCustomer && m.Number == number && m.Phone == phone {
			return m.At
		}
	}
	return time.Time{}
}
