package simulator

import (
	"fmt"
	"time"
)

// advance moves a message of the business to its next state after a delay, as far as the phone allows:
// accepted, sent, delivered once the phone is online, read once its chat is open. Requires s.mu.
func (s *Simulator) advance(m *Message) {
	next := s.nextState(m)
	if next == "" {
		return
	}
	s.later(s.pace, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.nextState(m) != next {
			return // already advanced, or the phone has changed
		}
		s.report(m, next, nil)
		s.advance(m)
	})
}

func (s *Simulator) nextState(m *Message) string {
	p := s.phone(m.Phone)
	switch {
	case p == nil:
		return ""
	case m.State == "accepted":
		return "sent"
	case m.State == "sent" && p.Online:
		return "delivered"
	case m.State == "delivered" && p.Online && p.OpenChat == m.Number && p.ReadReceipts:
		return "read"
	}
	return ""
}

// fail reports a message that WhatsApp accepted but could not deliver.
func (s *Simulator) fail(m *Message, code int, words string) {
	s.later(s.pace, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		m.Error = words
		s.report(m, "failed", []map[string]any{{
			"code": code, "title": words, "message": words, "error_data": map[string]any{"details": words},
		}})
	})
}

// report records a state and posts it. Requires s.mu.
func (s *Simulator) report(m *Message, state string, errs []map[string]any) {
	m.State = state
	s.announce("message", m)
	s.postStatus(m, errs)
}

// postStatus delivers the current state of a message. Requires s.mu.
func (s *Simulator) postStatus(m *Message, errs []map[string]any) {
	n, p := s.number(m.Number), s.phone(m.Phone)
	if n == nil {
		return
	}
	status := map[string]any{"id": m.ID, "status": m.State, "timestamp": fmt.Sprint(time.Now().Unix())}
	if m.CallbackData != "" {
		status["biz_opaque_callback_data"] = m.CallbackData
	}
	if p == nil {
		status["recipient_id"] = m.Phone
	} else {
		if p.Digits != "" {
			status["recipient_id"] = p.Digits
		}
		if p.UserID != "" {
			status["recipient_user_id"] = p.UserID
		}
	}
	if m.State == "sent" || m.State == "delivered" {
		status["pricing"] = map[string]any{
			"billable": true, "pricing_model": "PMP", "type": "regular", "category": "service",
		}
	}
	if errs != nil {
		status["errors"] = errs
	}
	s.deliver(n, "messages", value(n, map[string]any{"statuses": []any{status}}))
}
