package meta

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"

	"parley/channels"
	"parley/channels/phone"
)

// maxPart is the largest message that is taken apart. A customer's longest text is far below it, and an event that holds
// one must fit into an append; what is larger is kept whole as raw bytes.
const maxPart = 512 << 10

// history is the field under which what was said before in the phone app is sent again. It is no news, and nobody's message.
const history = "history"

// standby is the field under which one listens to what another app of the same number is answering.
const standby = "standby"

// Parse takes a webhook body apart: entries, changes, messages and statuses at all four levels. Most bodies fit their shape
// and are decoded in one go; when anything does not, every part is read by itself, so that one odd part spoils no other.
func (*Meta) Parse(raw []byte) ([]channels.Inbound, error) {
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
			before := len(p.found)
			p.change(e, c)
			if len(p.found) == before {
				return nil, false
			}
		}
	}
	return p.found, len(p.found) > 0 && !p.odd
}

// parser collects what a body says, in its order.
type parser struct {
	found []channels.Inbound
	odd   bool // something was not understood and its raw part was not at hand
}

func (p *parser) change(e entry, c change) {
	if c.Field == history {
		return
	}
	v, base := &c.Value, baseOf(e, c)
	people := readPeople(v.Contacts)
	p.said(base, people, v.Metadata.DisplayPhoneNumber, &v.said)
	p.said(overheard(base), people, v.Metadata.DisplayPhoneNumber, &v.Standby)
	for i := range v.UserIDUpdate {
		p.userIDUpdate(base, &v.UserIDUpdate[i], nil)
	}
	p.trouble(base, c.Field, v.Errors)
}

func (p *parser) said(base channels.Inbound, people people, own text, s *said) {
	for i := range s.Messages {
		p.message(base, people, own, &s.Messages[i], nil)
	}
	for i := range s.Echoes {
		p.echo(base, people, &s.Echoes[i], nil)
	}
	for i := range s.Statuses {
		p.status(base, people, &s.Statuses[i], nil)
	}
}

func baseOf(e entry, c change) channels.Inbound {
	in := channels.Inbound{BusinessID: string(e.ID), At: instant(e.Time), PhoneNumberID: string(c.Value.Metadata.PhoneNumberID)}
	if c.Field == standby {
		return overheard(in)
	}
	return in
}

// overheard is what was said to another app: it begins and changes nothing here.
func overheard(in channels.Inbound) channels.Inbound {
	in.Unplaced = true
	return in
}

// add keeps what was found, with the raw part when it was not understood in full.
func (p *parser) add(in channels.Inbound, understood bool, raw []byte) {
	if !understood {
		p.odd = p.odd || raw == nil
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
	if s := m.System; s != nil { // who it is about, as he was known before: from_user_id may be the new one already
		m.From = cmp.Or(m.From, s.Customer)
		m.FromUserID = cmp.Or(s.PreviousUserID, m.FromUserID)
		m.FromParentUserID = cmp.Or(s.PreviousParentID, m.FromParentUserID)
	}
	in.From = people.find(string(m.From), string(m.FromUserID), string(m.FromParentUserID))
	content, understood := m.content()
	in.Content = content
	p.add(in, understood, raw)
}

// echo adds a message that went out from the phone app of our own number.
func (p *parser) echo(base channels.Inbound, people people, m *message, raw []byte) {
	in := p.about(base, m, raw)
	in.From = people.find(string(m.To), string(m.ToUserID), "")
	body, understood := m.body()
	in.Content = channels.Echo{Message: m.around(body)}
	p.add(in, understood, raw)
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

// trouble adds errors that concern the account.
func (p *parser) trouble(in channels.Inbound, field text, errs []graphError) {
	if len(errs) > 0 {
		in.Content = channels.Notice{Field: string(field), Errors: explainAll(errs)}
		p.add(in, true, nil)
	}
}

// idOf is the provider's id, or one made from the bytes, so that a message without an id is still known when it comes again.
func (p *parser) idOf(id text, raw []byte) string {
	if id != "" {
		return string(id)
	}
	p.odd = p.odd || raw == nil
	sum := sha256.Sum256(raw)
	return "sha256:" + hex.EncodeToString(sum[:16])
}
