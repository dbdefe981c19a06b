package interaction

import (
	"time"

	"parley/domain"
)

// MessageObserved says that a message was exchanged with the customer outside Parley: in the phone app, through
// another app on the same number, or before the number was connected. It needs no answer.
type MessageObserved struct {
	MessageID         domain.MessageID `json:"messageId"` // derived from account and provider message id
	AddressID         domain.AddressID `json:"addressId"`
	Author            Author           `json:"author"` // CUSTOMER, PHONE_APP or OTHER_APP
	Kind              MessageKind      `json:"kind"`
	QuotedID          domain.MessageID `json:"quotedId,omitempty"`
	Forwarded         bool             `json:"forwarded,omitempty"`
	Status            Status           `json:"status,omitempty"` // of a message from our side
	Before            bool             `json:"before,omitempty"` // from before the first session, ordered by SentAt
	ProviderTag       string           `json:"providerTag"`      // finds the message of a status
	SentAt            time.Time        `json:"sentAt"`           // the provider's time
	Content           Content          `json:"content" seal:"true"`
	Customer          Customer         `json:"customer" seal:"true"`
	ProviderMessageID string           `json:"providerMessageId" seal:"true"`
	At                time.Time        `json:"at"`
}

func (MessageObserved) EventType() string   { return "InteractionMessageObserved" }
func (MessageObserved) isInteractionEvent() {}
func (e MessageObserved) SealedFor() string { return string(e.AddressID) }

// Placeholder reports whether the provider delivered a message without what was written, or a call before its end.
func (e MessageObserved) Placeholder() bool { return isPlaceholder(e.Kind, e.Content) }

// Observe records a message that needs no answer, in an open or a closed session. A known MessageID changes nothing,
// unless a placeholder stands for it.
type Observe struct{ MessageObserved }

func (Observe) isInteractionCommand() {}

func observe(s State, c Observe) ([]Event, error) {
	m, _ := s.message(c.MessageID)
	switch {
	case m.placeholder && !m.revoked && !c.Placeholder():
		return []Event{ContentArrived{
			MessageID: c.MessageID, AddressID: s.AddressID, Kind: c.Kind, QuotedID: c.QuotedID, Forwarded: c.Forwarded,
			Content: c.Content, Customer: c.Customer, At: c.At,
		}}, nil
	case s.Knows(c.MessageID), s.ByProviderTag(c.ProviderTag) != "":
		return nil, nil
	}
	e := c.MessageObserved
	e.AddressID, e.Before = s.AddressID, s.Number == 0
	if e.Author != AuthorCustomer && e.Status == "" {
		e.Status = StatusSent
	}
	if problem := e.Content.Problem; problem != nil && e.Kind.HasMedia() {
		// there is no file to wait for
		return []Event{e, MediaFailed{MessageID: e.MessageID, Code: string(problem.Reason), At: e.At}}, nil
	}
	return []Event{e}, nil
}

func (s State) observed(e MessageObserved) State {
	s.seq++
	theirs := e.Author == AuthorCustomer
	s.messages = s.messages.With(string(e.MessageID), &message{
		seq: s.seq, inbound: theirs, at: e.At, placeholder: e.Placeholder(), status: e.Status, accepted: !theirs,
	})
	if at := e.shownAt(); !at.Before(s.lastAt) {
		s.last, s.lastAt, s.lastIn = e.MessageID, at, ""
	}
	if theirs {
		return s.heard(e.SentAt, e.At)
	}
	if e.ProviderTag != "" {
		s.providerTags = s.providerTags.With(e.ProviderTag, e.MessageID)
	}
	s.silentSince = time.Time{} // our side has answered
	return s
}

// shownAt returns the time at which the message is shown: when it was recorded or, if it is from before the
// first session, when it was sent.
func (e MessageObserved) shownAt() time.Time {
	if e.Before {
		return e.SentAt
	}
	return e.At
}
