package verify

import (
	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
)

// sessions checks that an interaction has at most one owner, and a customer at most one open interaction per
// account.
type sessions struct {
	known map[string]*session // by stream
	open  map[conversation]string
	owner Finding
	alone Finding
}

type conversation struct {
	account domain.AccountID
	address domain.AddressID
}

type session struct {
	conversation
	owner    domain.AgentID
	transfer domain.TransferID
	closed   bool
}

func newSessions() *sessions {
	return &sessions{
		known: make(map[string]*session), open: make(map[conversation]string),
		owner: Finding{Invariant: "an interaction has at most one owner"},
		alone: Finding{Invariant: "a customer has at most one open interaction per account"},
	}
}

func (s *sessions) observe(e eventstore.Recorded) {
	if opened, ok := e.Event.(interaction.Opened); ok {
		s.opened(e, opened)
		return
	}
	i := s.known[e.Stream]
	if i == nil {
		return
	}
	switch ev := e.Event.(type) {
	case interaction.Accepted:
		s.owns(e, i, ev.By, i.owner == "")
	case interaction.Assigned:
		s.owns(e, i, ev.To, true)
	case interaction.OwnerChanged:
		s.owns(e, i, ev.To, i.transfer == ev.TransferID && i.owner == ev.From)
		i.transfer = ""
	case interaction.Released:
		s.owns(e, i, "", i.owner == ev.From)
	case interaction.TransferStarted:
		i.transfer = ev.TransferID
	case interaction.TransferEnded:
		i.transfer = ""
	case interaction.Closed:
		if s.open[i.conversation] == e.Stream {
			delete(s.open, i.conversation)
		}
		i.closed = true
	case interaction.Restored:
		if ev.Open {
			i.closed = false
			s.open[i.conversation] = e.Stream
		}
	}
}

func (s *sessions) opened(e eventstore.Recorded, ev interaction.Opened) {
	i := &session{conversation: conversation{ev.AccountID, ev.AddressID}}
	s.known[e.Stream] = i
	if ev.Origin == interaction.OriginBefore { // closed from the start
		return
	}
	s.alone.Checked++
	if other := s.open[i.conversation]; other != "" {
		s.alone.violated("%s opened at %s while %s is open", e.Stream, e.Position, other)
	}
	s.open[i.conversation] = e.Stream
}

// owns records a new owner, or none, and reports it unless it follows from the previous owner.
func (s *sessions) owns(e eventstore.Recorded, i *session, owner domain.AgentID, follows bool) {
	s.owner.Checked++
	if !follows || i.closed {
		s.owner.violated("%s at revision %d: %s, owned by %q, closed %t", e.Stream, e.Revision, e.Type, i.owner,
			i.closed)
	}
	i.owner = owner
}

func (s *sessions) findings() []Finding { return []Finding{s.owner, s.alone} }
