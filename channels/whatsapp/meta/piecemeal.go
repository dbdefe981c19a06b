package meta

import (
	"encoding/json"

	"parley/channels"
)

// parseParts reads a body piece by piece. What cannot be read becomes a Notice, or an Unsupported message, with its bytes.
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
		p.notice(channels.Inbound{}, channels.FieldUnreadable, raw)
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
		p.notice(baseOf(e, change{}), channels.FieldUnreadable, raw)
	case len(changes) == 0:
		p.notice(baseOf(e, change{}), "changes", raw)
	}
	for _, part := range changes {
		p.changePart(e, part)
	}
}

// lists are the parts of a change that hold several things.
type lists struct {
	Value struct {
		Contacts json.RawMessage `json:"contacts"`
		saidLists
		Standby      saidLists       `json:"standby"`
		Errors       json.RawMessage `json:"errors"`
		UserIDUpdate json.RawMessage `json:"user_id_update"`
	} `json:"value"`
}

type saidLists struct {
	Messages json.RawMessage `json:"messages"`
	Echoes   json.RawMessage `json:"message_echoes"`
	Statuses json.RawMessage `json:"statuses"`
}

func (p *parser) changePart(e entry, raw []byte) {
	var c change
	var l lists
	decode(raw, &c)
	understood := decode(raw, &l)
	base := baseOf(e, c)
	if c.Field == history {
		p.notice(base, history, raw)
		return
	}
	before := len(p.found)

	people := readPeople(every[contact](l.Value.Contacts))
	own := c.Value.Metadata.DisplayPhoneNumber
	take := func(list json.RawMessage, one func(part []byte)) {
		parts, ok := elements(list)
		understood = understood && ok
		for _, part := range parts {
			one(part)
		}
	}
	said := func(base channels.Inbound, s saidLists) {
		take(s.Messages, func(part []byte) { p.message(base, people, own, readMessage(part), part) })
		take(s.Echoes, func(part []byte) { p.echo(base, people, readMessage(part), part) })
		take(s.Statuses, func(part []byte) { p.status(base, people, read[status](part), part) })
	}
	said(base, l.Value.saidLists)
	said(overheard(base), l.Value.Standby)
	take(l.Value.UserIDUpdate, func(part []byte) { p.userIDUpdate(base, read[userIDUpdate](part), part) })
	p.trouble(base, c.Field, every[graphError](l.Value.Errors))
	switch {
	case !understood && c.Field == "":
		p.notice(base, channels.FieldUnreadable, raw)
	case !understood || len(p.found) == before:
		p.notice(base, string(c.Field), raw)
	}
}

func (p *parser) notice(in channels.Inbound, field string, raw []byte) {
	in.Content = channels.Notice{Field: field}
	p.add(in, false, raw)
}

// readMessage decodes one message. What is too large keeps its ids only.
func readMessage(raw []byte) *message {
	var m message
	m.misfit = !decode(raw, &m)
	if len(raw) > maxPart {
		m.parts, m.Referral, m.Errors = parts{}, nil, nil
		m.Type = tooLarge
	}
	return &m
}

// read decodes what fits of one part.
func read[T any](raw []byte) *T {
	var v T
	decode(raw, &v)
	return &v
}

// elements are the parts of an array. A lone object is an array of one; it says false when it is neither.
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

// every decodes what fits of each element.
func every[T any](raw json.RawMessage) []T {
	var all []T
	parts, _ := elements(raw)
	for _, part := range parts {
		all = append(all, *read[T](part))
	}
	return all
}
