package meta

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"

	"parley/channels"
	"parley/domain/interaction"
	"parley/domain/phone"
)

// maxPart is the largest message that is parsed. The longest text is far shorter, and an event must fit into an
// append. A larger message is kept as raw bytes.
const maxPart = 512 << 10

// The fields whose items are not new, or not ours to handle.
const (
	historyField = "history" // old conversations of the phone app
	standbyField = "standby" // customers whom another app of the same number handles
)

// Parse returns the items of a body: its entries, changes, messages and statuses. Most bodies decode in one go.
// When something does not fit, every part is decoded separately, so that one bad part does not affect the others.
func (*Meta) Parse(d channels.Delivery) ([]channels.Inbound, error) {
	raw := d.Body
	if found, ok := parseWhole(raw); ok {
		return found, nil
	}
	return parseParts(raw)
}

func parseWhole(raw []byte) ([]channels.Inbound, bool) {
	var env envelope
	if len(raw) > maxPart || !decode(raw, &env) {
		return nil, false
	}
	p := parser{}
	for _, e := range env.Entry {
		for _, c := range e.Changes {
			if c.Field != "messages" || c.Value.more {
				return nil, false
			}
			before := len(p.found)
			p.change(e, c)
			if len(p.found) == before {
				return nil, false
			}
		}
	}
	return p.found, len(p.found) > 0 && !p.incomplete
}

// parser collects the items of a body, in order.
type parser struct {
	found      []channels.Inbound
	incomplete bool // something was not understood, and its raw part was not available
}

func (p *parser) change(e entry, c change) {
	v, base := &c.Value, baseOf(e, c)
	people := readPeople(v.Contacts)
	for i := range v.Messages {
		p.message(base, people, v.Metadata.DisplayPhoneNumber, &v.Messages[i], nil)
	}
	for i := range v.Statuses {
		p.status(base, people, &v.Statuses[i], nil)
	}
	p.accountErrors(base, c.Field, v.Errors)
}

func baseOf(e entry, c change) channels.Inbound {
	in := channels.Inbound{
		BusinessID: string(e.ID), At: instant(e.Time),
		Number: string(cmp.Or(c.Value.Metadata.PhoneNumberID, c.Value.Recipient.PhoneNumberID)),
	}
	switch c.Field {
	case standbyField:
		in.Source = channels.Standby
	case historyField:
		in.Source = channels.History
	}
	return in
}

// add adds an item, with its raw part when it was not understood completely.
func (p *parser) add(in channels.Inbound, understood bool, raw []byte) {
	if !understood {
		p.incomplete = p.incomplete || raw == nil
		in.KeepRaw(raw)
	}
	p.found = append(p.found, in)
}

func (p *parser) message(base channels.Inbound, people people, own text, m *message, raw []byte) {
	if own != "" && m.From != "" && phone.Canonical(string(m.From)) == phone.Canonical(string(own)) {
		p.echo(base, people, m, raw)
		return
	}
	in := p.about(base, m, raw)
	if s := m.System; s != nil { // the customer as known before the change: from_user_id may be the new one
		m.From = cmp.Or(m.From, s.Customer)
		m.FromUserID = cmp.Or(s.PreviousUserID, m.FromUserID)
		m.FromParentUserID = cmp.Or(s.PreviousParentID, m.FromParentUserID)
	}
	in.From = people.find(string(m.From), string(m.FromUserID), string(m.FromParentUserID))
	content, understood := m.content()
	in.Content = content
	p.add(in, understood, raw)
}

// echo adds what our own side did in the phone app or through another app.
func (p *parser) echo(base channels.Inbound, people people, m *message, raw []byte) {
	in := p.about(base, m, raw)
	in.From = people.find(string(m.To), string(m.ToUserID), "")
	content, understood := m.content()
	in.Content = channels.Echo{
		Content: content, OtherApp: in.Source == channels.Standby, State: oldStates[m.HistoryContext.Status],
	}
	p.add(in, understood, raw)
}

// oldStates maps Meta's words for how far an old message got.
var oldStates = map[text]channels.State{
	"SENT": channels.StateSent, "DELIVERED": channels.StateDelivered, "READ": channels.StateRead,
	"PLAYED": channels.StateRead, "ERROR": channels.StateFailed,
}

func (p *parser) about(in channels.Inbound, m *message, raw []byte) channels.Inbound {
	in.ProviderID = p.idOf(m.ID, raw)
	in.At = instant(m.Timestamp)
	in.GroupID = string(m.GroupID)
	return in
}

func (p *parser) userIDUpdate(in channels.Inbound, u *userIDUpdate, raw []byte) {
	in.From = sender(string(u.WaID), string(u.UserID.Current), string(u.ParentUserID.Current))
	if at := instant(u.Timestamp); !at.IsZero() {
		in.At = at
	}
	in.Content = channels.UserIDUpdate{
		PreviousUserID: string(u.UserID.Previous), CurrentUserID: string(u.UserID.Current),
		PreviousParent: string(u.ParentUserID.Previous), CurrentParent: string(u.ParentUserID.Current),
	}
	p.add(in, u.UserID.Current != "", raw)
}

// accountErrors adds errors of the account, as notices.
func (p *parser) accountErrors(in channels.Inbound, field text, errs []graphError) {
	for _, e := range explainAll(errs) {
		in.Content = channels.Notice{Field: string(field), Event: e.Code, Facts: []interaction.FormField{
			{Path: "title", Label: "Title", Value: e.Title}, {Path: "details", Label: "Details", Value: e.Details},
		}}
		p.add(in, true, nil)
	}
}

// idOf returns the provider's id, or one derived from the bytes, so that a repeated
// message without an id is recognised.
func (p *parser) idOf(id text, raw []byte) string {
	if id != "" {
		return string(id)
	}
	p.incomplete = p.incomplete || raw == nil
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:16])
}
