package interaction

import (
	"time"

	"parley/domain"
)

// MessageReceived says that the customer wrote. There is one per provider message id.
type MessageReceived struct {
	MessageID         domain.MessageID `json:"messageId"` // derived from account and provider message id
	AddressID         domain.AddressID `json:"addressId"`
	Kind              MessageKind      `json:"kind"`
	QuotedID          domain.MessageID `json:"quotedId,omitempty"`
	Forwarded         bool             `json:"forwarded,omitempty"`
	SentAt            time.Time        `json:"sentAt"` // the provider's time; screens show it, and the window counts from it
	Content           Content          `json:"content" seal:"true"`
	Customer          Customer         `json:"customer" seal:"true"`
	ProviderMessageID string           `json:"providerMessageId" seal:"true"`
	At                time.Time        `json:"at"`
}

func (MessageReceived) EventType() string   { return "InteractionMessageReceived" }
func (MessageReceived) isInteractionEvent() {}
func (e MessageReceived) SealedFor() string { return string(e.AddressID) }

// ContentArrived replaces a placeholder: the provider delivered a message again, under the same id, now with what
// the customer wrote. It is not an edit.
type ContentArrived struct {
	MessageID domain.MessageID `json:"messageId"`
	AddressID domain.AddressID `json:"addressId"`
	Kind      MessageKind      `json:"kind"`
	QuotedID  domain.MessageID `json:"quotedId,omitempty"`
	Forwarded bool             `json:"forwarded,omitempty"`
	Content   Content          `json:"content" seal:"true"`
	Customer  Customer         `json:"customer" seal:"true"`
	At        time.Time        `json:"at"`
}

func (ContentArrived) EventType() string   { return "InteractionContentArrived" }
func (ContentArrived) isInteractionEvent() {}
func (e ContentArrived) SealedFor() string { return string(e.AddressID) }

// MessageEdited says that the author of a message edited it.
type MessageEdited struct {
	MessageID domain.MessageID `json:"messageId"`
	EditID    domain.MessageID `json:"editId"` // the edit's own derived id
	AddressID domain.AddressID `json:"addressId"`
	Content   Content          `json:"content" seal:"true"`
	SentAt    time.Time        `json:"sentAt"`
	At        time.Time        `json:"at"`
}

func (MessageEdited) EventType() string   { return "InteractionMessageEdited" }
func (MessageEdited) isInteractionEvent() {}
func (e MessageEdited) SealedFor() string { return string(e.AddressID) }

// MessageRevoked says that a message was deleted by who wrote it.
type MessageRevoked struct {
	MessageID domain.MessageID `json:"messageId"`
	RevokeID  domain.MessageID `json:"revokeId"`
	SentAt    time.Time        `json:"sentAt"`
	At        time.Time        `json:"at"`
}

func (MessageRevoked) EventType() string   { return "InteractionMessageRevoked" }
func (MessageRevoked) isInteractionEvent() {}

// ReactionReceived says that someone reacted to a message; an empty emoji removes the reaction.
type ReactionReceived struct {
	MessageID  domain.MessageID `json:"messageId"`
	ReactionID domain.MessageID `json:"reactionId"`
	Author     Author           `json:"author,omitempty"` // empty: the customer
	AddressID  domain.AddressID `json:"addressId"`
	Emoji      string           `json:"emoji" seal:"true"`
	SentAt     time.Time        `json:"sentAt"`
	At         time.Time        `json:"at"`
}

func (ReactionReceived) EventType() string   { return "InteractionReactionReceived" }
func (ReactionReceived) isInteractionEvent() {}
func (e ReactionReceived) SealedFor() string { return string(e.AddressID) }

// Receive records a customer's message. A known MessageID changes nothing, unless a placeholder stands for it.
type Receive struct{ MessageReceived }

// Placeholder reports whether the provider delivered a message without what was written, or a call before its end.
func (e MessageReceived) Placeholder() bool { return isPlaceholder(e.Kind, e.Content) }

func isPlaceholder(kind MessageKind, c Content) bool {
	return kind == KindUnsupported || c.Problem != nil || c.Call != nil && c.Call.Outcome == CallRinging
}

// ReceiveEdit records an edit that the provider reports.
type ReceiveEdit struct{ MessageEdited }

// ReceiveRevoke records a deletion that the provider reports.
type ReceiveRevoke struct{ MessageRevoked }

// ReceiveReaction records a reaction that the provider reports.
type ReceiveReaction struct{ ReactionReceived }

func (Receive) isInteractionCommand()         {}
func (ReceiveEdit) isInteractionCommand()     {}
func (ReceiveRevoke) isInteractionCommand()   {}
func (ReceiveReaction) isInteractionCommand() {}

// ErrNoMessage refuses a command about a message that is not in this session.
var ErrNoMessage = &domain.Refusal{
	Kind: domain.NotFound, Code: "MESSAGE_UNKNOWN",
	Message: "Message not found.",
}

func receive(s State, c Receive) ([]Event, error) {
	m, _ := s.message(c.MessageID)
	switch {
	case m.placeholder && !m.revoked && !c.Placeholder():
		return []Event{ContentArrived{
			MessageID: c.MessageID, AddressID: s.AddressID, Kind: c.Kind, QuotedID: c.QuotedID, Forwarded: c.Forwarded,
			Content: c.Content, Customer: c.Customer, At: c.At,
		}}, nil
	case s.Knows(c.MessageID):
		return nil, nil // redelivered, perhaps after closing or in the next session
	// A system message opens no session, so the closed one records it.
	case s.Status == SessionClosed && c.Kind != KindSystem:
		return nil, ErrClosed
	}
	e := c.MessageReceived
	if e.AddressID == "" {
		e.AddressID = s.AddressID
	}
	if problem := e.Content.Problem; problem != nil && e.Kind.HasMedia() {
		// there is no file to wait for
		return []Event{e, MediaFailed{MessageID: e.MessageID, Code: string(problem.Reason), At: e.At}}, nil
	}
	return []Event{e}, nil
}

func receiveEdit(s State, c ReceiveEdit) ([]Event, error) {
	m, ok := s.message(c.MessageID)
	switch {
	case !ok:
		return nil, ErrNoMessage
	case s.isRecorded(string(c.EditID)), m.revoked: // a deleted message stays deleted
		return nil, nil
	case c.SentAt.Before(m.editedAt): // a newer edit arrived first
		return nil, nil
	}
	e := c.MessageEdited
	if e.AddressID == "" {
		e.AddressID = s.AddressID
	}
	return []Event{e}, nil
}

func receiveRevoke(s State, c ReceiveRevoke) ([]Event, error) {
	m, ok := s.message(c.MessageID)
	switch {
	case !ok:
		return nil, ErrNoMessage
	case m.revoked:
		return nil, nil
	}
	return []Event{c.MessageRevoked}, nil
}

func receiveReaction(s State, c ReceiveReaction) ([]Event, error) {
	m, ok := s.message(c.MessageID)
	switch {
	case !ok:
		return nil, ErrNoMessage
	case s.isRecorded(string(c.ReactionID)), c.Author == "" && c.SentAt.Before(m.reactedAt):
		return nil, nil
	}
	e := c.ReactionReceived
	if e.AddressID == "" {
		e.AddressID = s.AddressID
	}
	return []Event{e}, nil
}

// Knows reports whether this provider message was already received, in this session or in recent days.
func (s State) Knows(id domain.MessageID) bool {
	if _, ok := s.message(id); ok {
		return true
	}
	_, ok := s.recent[tagOf(id)]
	return ok
}

// Has reports whether a message is in this session.
func (s State) Has(id domain.MessageID) bool {
	_, ok := s.message(id)
	return ok
}

func (s State) received(e MessageReceived) State {
	s.seq++
	s.messages = s.messages.With(string(e.MessageID), &message{
		seq: s.seq, inbound: true, at: e.At, placeholder: e.Placeholder(), counts: e.Kind != KindSystem,
	})
	if e.Kind == KindSystem {
		return s
	}
	s.last, s.lastAt, s.lastIn = e.MessageID, e.At, ""
	s.HasInbound, s.recontact = true, ""
	if s.silentSince.IsZero() {
		s.silentSince = e.At
	}
	if e.Kind == KindHandover { // another app said it, so the window stays as it is
		return s
	}
	return s.heard(e.SentAt, e.At)
}

// heard notes that the customer wrote, which opens the reply window.
func (s State) heard(sent, recorded time.Time) State {
	s.lastInbound = s.seq
	if sent.IsZero() {
		sent = recorded
	}
	if sent.After(s.LastInboundAt) {
		s.LastInboundAt, s.WindowClosedAt = sent, nil
	}
	return s
}
