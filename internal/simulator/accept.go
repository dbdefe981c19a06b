package simulator

import (
	"cmp"
	"regexp"
	"strings"
	"time"
	"unicode/utf8"
)

const window = 24 * time.Hour

var (
	notDigits = regexp.MustCompile(`[^0-9]`)
	userID    = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$`)
)

// accept accepts a message of the business, or returns the error code and text of the refusal.
func (s *Simulator) accept(n *Number, out outgoing) (answer any, code int, words string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	to := cmp.Or(notDigits.ReplaceAllString(out.To, ""), out.Recipient)
	switch {
	case out.To == "" && !userID.MatchString(out.Recipient) || to == "":
		return nil, 131009, "Parameter value is not valid: to"
	case !s.limits.numberOK(n.PhoneNumberID):
		return nil, 130429, "Rate limit hit"
	case !s.limits.pairOK(n.PhoneNumberID, to):
		return nil, 131056, "Pair rate limit hit"
	case to == notDigits.ReplaceAllString(n.DisplayNumber, ""):
		return nil, 131021, "Recipient cannot be sender"
	}
	phone := s.recipient(to)
	m := &Message{ID: newMessageID(), Number: n.PhoneNumberID, Phone: to, Kind: out.Type,
		QuotedID:     out.Context.MessageID,
		CallbackData: out.Callback, State: "accepted", At: time.Now().UTC()}
	contact := map[string]any{"input": cmp.Or(out.To, out.Recipient)}
	if phone != nil {
		m.Phone = phone.ID
	}
	switch {
	case out.To == "":
		contact["user_id"] = out.Recipient
	case phone != nil:
		contact["wa_id"] = phone.Digits
	default:
		contact["wa_id"] = to
	}
	if code, words := s.fill(m, out); code != 0 {
		return nil, code, words
	}
	sent := map[string]any{"id": m.ID}
	if out.Type == "template" {
		sent["message_status"] = "accepted"
	}
	s.admit(m, phone, out)
	return map[string]any{"messaging_product": "whatsapp", "contacts": []any{contact},
		"messages": []any{sent}}, 0, ""
}

// recipient finds a phone by number or user id. Brazilian numbers with and without the ninth digit are the
// same phone.
func (s *Simulator) recipient(to string) *Phone {
	if p := s.phone(to); p != nil {
		return p
	}
	for _, p := range s.phones {
		if p.Digits != "" && ninth(p.Digits) == ninth(to) {
			return p
		}
	}
	return nil
}

func ninth(d string) string {
	if strings.HasPrefix(d, "55") && len(d) == 12 {
		return d[:4] + "9" + d[4:]
	}
	return d
}

// fill copies the type-specific part into the message.
func (s *Simulator) fill(m *Message, out outgoing) (code int, words string) {
	files := map[string]*file{"image": out.Image, "video": out.Video, "audio": out.Audio,
		"document": out.Document, "sticker": out.Sticker}
	f, isFile := files[out.Type]
	switch {
	case out.Type == "text":
		if m.Text = out.Text.Body; m.Text == "" || utf8.RuneCountInString(m.Text) > 4096 {
			return 100, "Param text['body'] must be between 1 and 4096 characters"
		}
	case out.Type == "reaction":
		if target := s.message(out.Reaction.MessageID); target == nil || target.Phone != m.Phone {
			return 131009, "Parameter value is not valid: reaction message_id"
		}
	case out.Type == "template":
		if m.Text = out.Template.Name; m.Text == "" {
			return 132001, "Template does not exist"
		}
	case out.Type == "location":
		if m.Location = out.Location; m.Location == nil {
			return 131008, "Required parameter is missing: location"
		}
	case isFile && f != nil:
		if m.Media = s.media[f.ID]; m.Media == nil && f.Link == "" {
			return 131009, "Parameter value is not valid: media id"
		}
		m.Text, m.Voice = f.Caption, f.Voice
	default:
		return 131051, "Unsupported message type"
	}
	return 0, ""
}

// admit sends an accepted message on its way, or reports why WhatsApp could not deliver it.
func (s *Simulator) admit(m *Message, phone *Phone, out outgoing) {
	if out.Type == "reaction" {
		target := s.message(out.Reaction.MessageID)
		react(target, "business", out.Reaction.Emoji)
		s.announce("message", target)
		m.State = "sent" // a reaction gets no further
		s.postStatus(m, nil)
		return
	}
	s.messages = append(s.messages, m)
	s.announce("message", m)
	last := s.lastInbound(m.Number, m.Phone)
	switch {
	case phone == nil:
		s.fail(m, 131026, "Message undeliverable")
	case out.Type != "template" && time.Since(last) > window:
		s.fail(m, 131047, "Re-engagement message")
	default:
		s.start(m)
	}
}
