package meta

import (
	"encoding/json"
	"maps"
	"slices"

	"parley/channels"
)

// parseParts reads a body part by part. A part that cannot be read becomes Opaque
// or an Unsupported message, with its bytes.
func parseParts(raw []byte) ([]channels.Inbound, error) {
	var env struct {
		Object text            `json:"object"`
		Entry  json.RawMessage `json:"entry"`
	}
	decode(raw, &env)
	if !json.Valid(raw) || env.Object == "" && env.Entry == nil {
		return nil, channels.ErrEnvelope
	}
	p := parser{}
	entries, ok := elements(env.Entry)
	if !ok {
		p.unknown(channels.Inbound{}, channels.FieldUnreadable, raw)
	}
	for _, part := range entries {
		p.entryPart(part)
	}
	return p.found, nil
}

func (p *parser) entryPart(raw []byte) {
	var shell struct {
		Changes json.RawMessage `json:"changes"`
	}
	var e entry
	understood := decode(raw, &shell)
	decode(raw, &e)
	changes, ok := elements(shell.Changes)
	switch {
	case !understood || !ok:
		p.unknown(baseOf(e, change{}), channels.FieldUnreadable, raw)
	case len(changes) == 0:
		p.unknown(baseOf(e, change{}), "changes", raw)
	}
	for _, part := range changes {
		p.changePart(e, part)
	}
}

func (p *parser) changePart(e entry, raw []byte) {
	var c change
	var shell struct {
		Value json.RawMessage `json:"value"`
	}
	decode(raw, &c)
	understood := decode(raw, &shell)
	base := baseOf(e, c)
	before := len(p.found)
	switch {
	case isNotice(c.Field) && understood:
		p.accountNotice(base, c.Field, shell.Value)
	case c.Field == handoverField && understood:
		p.handover(base, shell.Value)
	default:
		v := section{parser: p, base: base, field: c.Field, own: c.Value.Metadata.DisplayPhoneNumber, understood: understood}
		v.read(shell.Value)
		understood = v.understood
	}
	switch {
	case !understood && c.Field == "":
		p.unknown(base, channels.FieldUnreadable, raw)
	case !understood || len(p.found) == before:
		p.unknown(base, string(c.Field), raw)
	}
}

// section reads a change's value, or what it holds for another app.
type section struct {
	*parser
	base       channels.Inbound
	field      text
	own        text // our number as people write it
	people     people
	understood bool
}

// read reads the members of an object. When it finds items, it keeps the members it does not know one by one.
func (s *section) read(value json.RawMessage) {
	var members map[string]json.RawMessage
	if !decode(value, &members) {
		s.understood = s.understood && len(value) == 0
		return
	}
	if contacts, ok := members["contacts"]; ok {
		s.people = readPeople(decodeEach[contact](contacts))
	}
	before := len(s.found)
	for _, name := range []string{"messages", "message_echoes", "statuses", "standby", "calls", "user_preferences",
		"user_id_update", "history", "errors"} {
		s.member(name, members[name])
		delete(members, name)
	}
	if len(s.found) == before {
		return // the whole part is kept
	}
	for _, name := range []string{"messaging_product", "metadata", "contacts"} {
		delete(members, name)
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if part := members[name]; !isEmpty(part) {
			s.unknown(s.base, string(s.field)+"."+name, part)
		}
	}
}

func (s *section) member(name string, list json.RawMessage) {
	switch name {
	case "messages":
		s.each(list, func(part []byte) { s.message(s.base, s.people, s.own, readMessage(part), part) })
	case "message_echoes":
		s.each(list, func(part []byte) { s.echo(s.base, s.people, readMessage(part), part) })
	case "statuses":
		s.each(list, func(part []byte) { s.status(s.base, s.people, read[status](part), part) })
	case "calls":
		s.each(list, func(part []byte) { s.call(s.base, s.people, read[call](part), part) })
	case "user_preferences":
		s.each(list, func(part []byte) { s.preference(s.base, s.people, read[preference](part), part) })
	case "user_id_update":
		s.each(list, func(part []byte) { s.userIDUpdate(s.base, read[userIDUpdate](part), part) })
	case "history":
		s.each(list, func(part []byte) { s.oldThreads(s.base, s.own, part) })
	case "errors":
		s.accountErrors(s.base, s.field, decodeEach[graphError](list))
	case "standby":
		inner := section{parser: s.parser, base: s.base, field: s.field, own: s.own, people: s.people, understood: true}
		inner.base.Source = channels.Standby
		if len(list) > 0 {
			inner.read(list)
		}
		s.understood = s.understood && inner.understood
	}
}

// each calls one for every element of a list.
func (s *section) each(list json.RawMessage, one func(part []byte)) {
	parts, ok := elements(list)
	s.understood = s.understood && ok
	for _, part := range parts {
		one(part)
	}
}

// isEmpty reports whether a value says nothing.
func isEmpty(value json.RawMessage) bool {
	switch string(value) {
	case "", "null", "[]", "{}", `""`:
		return true
	}
	return false
}

// unknown keeps a part that was not understood.
func (p *parser) unknown(in channels.Inbound, field string, raw []byte) {
	in.Content = channels.Opaque{Field: field}
	p.add(in, false, raw)
}

// readMessage decodes one message. A message that is too large keeps only its ids.
func readMessage(raw []byte) *message {
	var m message
	m.wrongType = !decode(raw, &m)
	if len(raw) > maxPart {
		m.parts, m.Referral, m.Errors = parts{}, nil, nil
		m.Type = tooLarge
	}
	return &m
}

// read decodes as much of a part as fits.
func read[T any](raw []byte) *T {
	var v T
	decode(raw, &v)
	return &v
}

// elements returns the elements of an array, or a lone object as its only element. It
// returns false for anything else.
func elements(raw json.RawMessage) ([]json.RawMessage, bool) {
	switch {
	case len(raw) == 0 || raw[0] == 'n':
		return nil, true
	case raw[0] == '{':
		return []json.RawMessage{raw}, true
	}
	var list []json.RawMessage
	ok := decode(raw, &list)
	return list, ok
}

// decodeEach decodes as much of each element as fits.
func decodeEach[T any](raw json.RawMessage) []T {
	var all []T
	parts, _ := elements(raw)
	for _, part := range parts {
		all = append(all, *read[T](part))
	}
	return all
}
