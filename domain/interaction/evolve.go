package interaction

import (
	"slices"
	"time"

	"parley/domain"
)

// Evolve records what happened. It never refuses and never decides.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case Opened:
		return s.opened(e)
	case MessageReceived:
		return s.received(e)
	case MessageEdited:
		s = s.fact(string(e.EditID), e.At)
		return s.update(e.MessageID, func(m *message) { m.editedAt = e.SentAt })
	case MessageRevoked:
		s = s.fact(string(e.RevokeID), e.At)
		return s.update(e.MessageID, func(m *message) { m.revoked = true })
	case ReactionReceived:
		s = s.fact(string(e.ReactionID), e.At)
		return s.update(e.MessageID, func(m *message) { m.reactedAt = e.SentAt })
	case ReactionSent:
		return s.update(e.MessageID, func(m *message) { m.emoji, m.emojiSend = e.Emoji, e.SendID })
	case MessageQueued, MessageSendStarted, MessageNotTaken, MessageAccepted, MessageSent, MessageDelivered, MessageRead,
		MessageFailed, MessageOutcomeUnknown:
		return evolveDelivery(s, e)
	case MediaStored:
		return s.update(e.MessageID, func(m *message) { m.media = mediaStored })
	case MediaFailed:
		return s.update(e.MessageID, func(m *message) { m.media = mediaFailed })
	case Offered, OfferRejected, OfferExpired:
		return evolveOffers(s, e)
	case Accepted:
		return s.ownedBy(e.By, e.At)
	case Assigned:
		return s.ownedBy(e.To, e.At)
	case Released:
		s.Owner, s.WaitingSince, s.round = "", e.At, 0
	case TransferStarted:
		s = s.fact(string(e.TransferID), e.At)
		s.transfer = transfer{id: e.TransferID, by: e.By, toQueue: e.ToQueue}
	case OwnerChanged:
		s = s.ownedBy(e.To, e.At)
		s.transfer = transfer{}
		s.handed = append(slices.Clone(s.handed), handover{id: e.TransferID, to: e.To})
		if e.QueueID != "" {
			s.QueueID = e.QueueID
		}
	case TransferEnded:
		s.transfer = transfer{}
	case NoteAdded:
		s.notes = s.notes.with(string(e.NoteID), note{by: e.By})
	case WhisperAdded:
		s.notes = s.notes.with(string(e.NoteID), note{by: e.By})
	case NoteRevoked:
		s.notes = s.notes.with(string(e.NoteID), note{by: e.By, revoked: true})
	case Spied:
		return s.fact(spyKey(e.By), e.At)
	case TagAdded:
		s.tags = append(slices.Clone(s.tags), e.Tag)
	case TagRemoved:
		s.tags = without(s.tags, []string{e.Tag})
	case SeenByOwner:
		m, _ := s.message(e.Through)
		s.seen, s.unread = max(s.seen, m.seq), false
	case ReturnedUnread:
		s.unread = true
	case ContactLinked:
		s.ContactID = e.ContactID
	case Closed:
		s.Status, s.ClosedBy, s.WaitingSince, s.offers = SessionClosed, e.By, time.Time{}, nil
	case Disposed:
		s.DispositionID = e.DispositionID
	}
	return s
}

func (s State) opened(e Opened) State {
	s.Status, s.AccountID, s.AddressID, s.Channel = SessionOpen, e.AccountID, e.AddressID, e.Channel
	s.QueueID, s.Number, s.ContactID, s.LastOwner = e.QueueID, e.Number, e.ContactID, e.LastOwner
	s.WaitingSince = e.At
	if e.LastInboundAt != nil {
		s.LastInboundAt = *e.LastInboundAt
	}
	if len(e.Recent) > 0 {
		s.recent = make(map[string]time.Time, len(e.Recent))
		for _, r := range e.Recent {
			s.recent[r.Tag] = r.At
		}
	}
	return s
}

func (s State) received(e MessageReceived) State {
	s.seq++
	s.messages = s.messages.with(string(e.MessageID), &message{seq: s.seq, inbound: true, at: e.At})
	if e.Kind == KindSystem {
		return s
	}
	s.HasInbound, s.lastInbound, s.recontact = true, s.seq, ""
	if s.silentSince.IsZero() {
		s.silentSince = e.At
	}
	if at := sentAt(e); at.After(s.LastInboundAt) {
		s.LastInboundAt, s.WindowShut = at, false
	}
	return s
}

func sentAt(e MessageReceived) time.Time {
	if e.SentAt.IsZero() {
		return e.At
	}
	return e.SentAt
}

// ownedBy gives whoever has it now the whole time to answer.
func (s State) ownedBy(agent domain.AgentID, at time.Time) State {
	if !s.silentSince.IsZero() {
		s.silentSince = at
	}
	if s.Owner != agent {
		s.seen, s.unread = 0, false
	}
	s.Owner, s.LastOwner, s.WaitingSince, s.offers = agent, agent, time.Time{}, nil
	return s
}

func (s State) fact(id string, at time.Time) State {
	s.facts = s.facts.with(id, at)
	return s
}

func (s State) hasFact(id string) bool {
	_, ok := s.facts.get(id)
	return ok
}

func (s State) update(id domain.MessageID, change func(*message)) State {
	m, ok := s.message(id)
	if !ok {
		return s
	}
	change(&m)
	s.messages = s.messages.with(string(id), &m)
	return s
}

// message is a copy of what is remembered of one.
func (s State) message(id domain.MessageID) (message, bool) {
	m, ok := s.messages.get(string(id))
	if !ok {
		return message{}, false
	}
	return *m, true
}

func spyKey(by domain.UserID) string { return "spy " + string(by) }
