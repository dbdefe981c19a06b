package simulator

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// Delivery is one webhook call with its retries.
type Delivery struct {
	URL      string `json:"url"`
	Body     string `json:"body"`
	Attempts int    `json:"attempts"`
	Status   int    `json:"status"` // of the last attempt; 0 if there was no answer
	Done     bool   `json:"done"`   // answered 200
}

// Deliveries returns the webhook calls so far.
func (s *Simulator) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Delivery
	for _, d := range s.deliveries {
		out = append(out, *d)
	}
	return out
}

// post delivers a customer's action. Requires s.mu.
func (s *Simulator) post(n *Number, p *Phone, message map[string]any) {
	contact := map[string]any{"profile": map[string]any{"name": p.Name}}
	if p.Username != "" {
		contact["profile"] = map[string]any{"name": p.Name, "username": p.Username}
	}
	if p.Digits != "" {
		contact["wa_id"], message["from"] = p.Digits, p.Digits
	}
	if p.UserID != "" {
		contact["user_id"], message["from_user_id"] = p.UserID, p.UserID
	}
	s.deliver(n, "messages", value(n, map[string]any{"contacts": []any{contact}, "messages": []any{message}}))
}

func value(n *Number, parts map[string]any) map[string]any {
	parts["messaging_product"] = "whatsapp"
	parts["metadata"] = map[string]any{"display_phone_number": n.DisplayNumber,
		"phone_number_id": n.PhoneNumberID}
	return parts
}

// inboundBody returns a customer's message without its chat, id and time.
func inboundBody(m *Message, raw map[string]any) map[string]any {
	body := map[string]any{"type": m.Kind}
	switch {
	case raw != nil:
		for k, v := range raw {
			body[k] = v
		}
	case m.Media != nil:
		part := map[string]any{"id": m.Media.ID, "mime_type": m.Media.MimeType, "sha256": m.Media.SHA256}
		switch m.Kind {
		case "audio":
			part["voice"] = m.Voice
		case "document":
			part["filename"] = m.Media.Name
		}
		if m.Text != "" {
			part["caption"] = m.Text
		}
		body[m.Kind] = part
	case m.Location != nil:
		body["location"] = m.Location
	case m.Kind == "text":
		body["text"] = map[string]any{"body": m.Text}
	}
	return body
}

func withContext(m *Message, body map[string]any) map[string]any {
	body["id"], body["timestamp"] = m.ID, fmt.Sprint(m.At.Unix())
	if m.QuotedID != "" {
		body["context"] = map[string]any{"id": m.QuotedID}
	}
	return body
}

// deliver posts one change to the number's webhook until it is answered 200, with any scripted duplicates.
// Requires s.mu.
func (s *Simulator) deliver(n *Number, field string, v map[string]any) {
	body, err := json.Marshal(map[string]any{"object": "whatsapp_business_account",
		"entry": []any{map[string]any{
			"id": n.BusinessID, "time": time.Now().Unix(), "changes": []any{map[string]any{"field": field,
				"value": v}}}}})
	if err != nil || n.WebhookURL == "" {
		return
	}
	for range 1 + s.trouble.Duplicates {
		d := &Delivery{URL: n.WebhookURL, Body: string(body)}
		s.deliveries = appendBounded(s.deliveries, d)
		var wait time.Duration
		if s.trouble.Reorder {
			wait = rand.N(4*s.pace + time.Millisecond)
		}
		secret := n.AppSecret
		s.later(wait, func() { s.attempt(d, secret, time.Second) })
	}
}

// attempt posts once, and retries at growing intervals for as long as the simulator runs.
func (s *Simulator) attempt(d *Delivery, secret string, wait time.Duration) {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(d.Body))
	status := s.call(d.URL, d.Body, "sha256="+hex.EncodeToString(mac.Sum(nil)))
	s.mu.Lock()
	d.Attempts, d.Status, d.Done = d.Attempts+1, status, status == http.StatusOK
	s.mu.Unlock()
	if status != http.StatusOK {
		s.log.Warn("webhook not answered, retrying", "status", status, "attempt", d.Attempts)
		s.later(wait, func() { s.attempt(d, secret, min(2*wait, 10*time.Minute)) })
	}
}

func (s *Simulator) call(url, body, signature string) int {
	req, err := http.NewRequestWithContext(s.ctx, http.MethodPost, url, bytes.NewReader([]byte(body)))
	if err != nil {
		return 0
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Hub-Signature-256", signature)
	resp, err := s.client.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
	return resp.StatusCode
}

// kindOf returns the message kind of a file type.
func kindOf(mime string) string {
	kind, _, _ := strings.Cut(mime, "/")
	switch {
	case mime == "image/webp":
		return "sticker"
	case kind == "image", kind == "video", kind == "audio":
		return kind
	}
	return "document"
}

// appendBounded appends to a record and drops the older half when it gets too long.
func appendBounded[T any](record []T, item T) []T {
	const most = 20_000
	if len(record) >= most {
		record = append([]T(nil), record[most/2:]...)
	}
	return append(record, item)
}

// Deliver posts any signed change to a number's webhook, with the number's metadata added. It is for changes
// no customer makes here, such as a new user id or the approval of a template.
func (s *Simulator) Deliver(phoneNumberID, field string, v map[string]any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.number(phoneNumberID)
	if n == nil {
		return ErrNoNumber
	}
	s.deliver(n, field, value(n, v))
	return nil
}
