package simulator

import (
	"errors"
	"fmt"
	"time"
)

// Say is what a customer sends. Its kind follows from the fields that are set; the default is text.
type Say struct {
	Number   string `json:"number"` // phone number id; empty for the first number
	Kind     string `json:"kind"`   // only for contacts and other types without fields here
	Text     string `json:"text"`   // the text, or the caption
	MediaID  string `json:"mediaId"`
	Voice    bool   `json:"voice"`
	Location *Place `json:"location"`
	QuotedID string `json:"quotedId"`
	// Raw, if set, is the type-specific member of the message in WhatsApp's format, for types unknown to this
	// package.
	Raw map[string]any `json:"raw"`
}

// Errors of customers' actions.
var (
	ErrNoPhone   = errors.New("phone not found")
	ErrNoNumber  = errors.New("business number not found")
	ErrNoMessage = errors.New("message not found")
	ErrNoMedia   = errors.New("file not found")
	ErrNotTheirs = errors.New("this message belongs to another customer")
)

// CustomerSends sends a message as a customer and returns its id. The webhook call is made in the background.
func (s *Simulator) CustomerSends(phone string, say Say) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.phone(phone)
	if p == nil {
		return "", ErrNoPhone
	}
	n := s.number(say.Number)
	if say.Number == "" && len(s.numbers) > 0 {
		n = s.numbers[0]
	}
	if n == nil {
		return "", ErrNoNumber
	}
	m := &Message{ID: newMessageID(), Number: n.PhoneNumberID, Phone: p.ID, FromCustomer: true, Kind: "text",
		Text: say.Text, Location: say.Location, QuotedID: say.QuotedID, Voice: say.Voice, State: "sent", At: time.Now().UTC()}
	switch {
	case say.Kind != "":
		m.Kind = say.Kind
	case say.Location != nil:
		m.Kind = "location"
	}
	if say.MediaID != "" {
		if m.Media = s.media[say.MediaID]; m.Media == nil {
			return "", ErrNoMedia
		}
		m.Kind = kindOf(m.Media.MimeType)
	}
	s.messages = append(s.messages, m)
	s.announce("message", m)
	s.post(n, p, withContext(m, inboundBody(m, say.Raw)))
	return m.ID, nil
}

// CustomerReacts puts an emoji on a message, or removes it if emoji is empty.
func (s *Simulator) CustomerReacts(phone, messageID, emoji string) error {
	return s.act(phone, messageID, func(p *Phone, m *Message) (map[string]any, error) {
		react(m, "customer", emoji)
		reaction := map[string]any{"message_id": m.ID}
		if emoji != "" {
			reaction["emoji"] = emoji
		}
		return map[string]any{"type": "reaction", "reaction": reaction}, nil
	})
}

// CustomerEdits changes the text or caption of one of the customer's messages.
func (s *Simulator) CustomerEdits(phone, messageID, text string) error {
	return s.act(phone, messageID, func(p *Phone, m *Message) (map[string]any, error) {
		if !m.FromCustomer {
			return nil, ErrNotTheirs
		}
		m.Text, m.Edited = text, true
		edit := map[string]any{"original_message_id": m.ID, "message": inboundBody(m, nil)}
		return map[string]any{"type": "edit", "edit": edit}, nil
	})
}

// CustomerRevokes deletes one of the customer's messages for everyone.
func (s *Simulator) CustomerRevokes(phone, messageID string) error {
	return s.act(phone, messageID, func(p *Phone, m *Message) (map[string]any, error) {
		if !m.FromCustomer {
			return nil, ErrNotTheirs
		}
		m.Revoked = true
		return map[string]any{"type": "revoke", "revoke": map[string]any{"original_message_id": m.ID}}, nil
	})
}

// act changes a message and posts the customer's action.
func (s *Simulator) act(phone, messageID string, change func(*Phone, *Message) (map[string]any, error)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, m := s.phone(phone), s.message(messageID)
	switch {
	case p == nil:
		return ErrNoPhone
	case m == nil:
		return ErrNoMessage
	case m.Phone != p.ID:
		return ErrNotTheirs
	}
	n := s.number(m.Number)
	if n == nil {
		return ErrNoNumber
	}
	body, err := change(p, m)
	if err != nil {
		return err
	}
	s.announce("message", m)
	body["id"], body["timestamp"] = newMessageID(), fmt.Sprint(time.Now().Unix())
	s.post(n, p, body)
	return nil
}

func react(m *Message, who, emoji string) {
	// A new map, since others may be reading the old one.
	next := map[string]string{}
	for k, v := range m.Reactions {
		next[k] = v
	}
	next[who] = emoji
	if emoji == "" {
		delete(next, who)
	}
	m.Reactions = next
}

// SetPhone changes a phone: whether it sends read receipts, whether it is online, and which chat is open.
// Coming online delivers waiting messages; opening a chat reads them.
func (s *Simulator) SetPhone(id string, readReceipts, online bool, openChat string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.phone(id)
	if p == nil {
		return ErrNoPhone
	}
	p.ReadReceipts, p.Online, p.OpenChat = readReceipts, online, openChat
	s.announce("phone", p)
	for _, m := range s.messages {
		if m.Phone == p.ID && !m.FromCustomer {
			s.advance(m)
		}
	}
	return nil
}
