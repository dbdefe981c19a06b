package interaction

import (
	"slices"
	"time"

	"parley/domain"
)

// Evolve applies an event to the state. It never refuses one.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case Opened:
		return s.opened(e)
	case MessageReceived:
		return s.received(e)
	case MessageObserved:
		return s.observed(e)
	case ContentArrived:
		return s.update(e.MessageID, func(m *message) { m.placeholder, m.media = false, mediaPending })
	case MessageEdited:
		s = s.record(string(e.EditID), e.At)
		return s.update(e.MessageID, func(m *message) { m.editedAt = e.SentAt })
	case MessageRevoked:
		s = s.record(string(e.RevokeID), e.At)
		return s.update(e.MessageID, func(m *message) { m.revoked = true })
	case ReactionReceived:
		s = s.record(string(e.ReactionID), e.At)
		if e.Author != "" {
			return s
		}
		return s.update(e.MessageID, func(m *message) { m.reactedAt = e.SentAt })
	case ReactionSent:
		return s.updateOr(e.MessageID, func(m *message) { m.emoji, m.emojiSend = e.Emoji, e.SendID })
	case MessageQueued, MessageSendStarted, MessageNotAccepted, MessageAccepted, MessageSent, MessageDelivered,
		MessageRead, MessageFailed, MessageOutcomeUnknown, MessageSettled:
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
		s = s.record(string(e.TransferID), e.At)
		s.transfer = transfer{id: e.TransferID, by: e.By, toQueue: e.ToQueue}
	case OwnerChanged:
		s = s.ownedBy(e.To, e.At)
		s.transfer = transfer{}
		s.handovers = append(slices.Clone(s.handovers), handover{id: e.TransferID, to: e.To})
		if e.QueueID != "" {
			s.QueueID = e.QueueID
		}
	case TransferEnded:
		s.transfer = transfer{}
	case NoteAdded:
		s.notes = s.notes.With(string(e.NoteID), note{by: e.By})
	case WhisperAdded:
		s.notes = s.notes.With(string(e.NoteID), note{by: e.By})
	case NoteRevoked:
		s.notes = s.notes.With(string(e.NoteID), note{by: e.By, revoked: true})
	case Monitored:
		return s.record(monitorKey(e.By), e.At)
	case TagAdded:
		s.tags = append(slices.Clone(s.tags), e.Tag)
	case TagRemoved:
		s.tags = without(s.tags, []string{e.Tag})
	case SeenByOwner:
		s.seen, s.unread = max(s.seen, s.place(e.Through)), false
	case ReturnedUnread:
		s.unread = true
	case ContactLinked:
		s.ContactID = e.ContactID
	case Closed:
		s.Status, s.ClosedBy, s.WaitingSince, s.offers = SessionClosed, e.By, time.Time{}, nil
	case Disposed:
		s.DispositionID = e.DispositionID
	case JoinedInto, Joined, Separated, Restored:
		return evolveJoining(s, e)
	}
	return s
}

// record notes an edit, revoke, reaction or transfer, so that a repetition is recognised.
func (s State) record(id string, at time.Time) State {
	s.recorded = s.recorded.With(id, at)
	return s
}

func (s State) isRecorded(id string) bool {
	_, ok := s.recorded.Get(id)
	return ok
}

// update applies a change to a copy of a message. It ignores unknown messages.
func (s State) update(id domain.MessageID, change func(*message)) State {
	m, ok := s.message(id)
	if !ok {
		return s
	}
	change(&m)
	s.messages = s.messages.With(string(id), &m)
	return s
}

// message returns a copy of a message's state.
func (s State) message(id domain.MessageID) (message, bool) {
	m, ok := s.messages.Get(string(id))
	if !ok {
		return message{}, false
	}
	return *m, true
}
