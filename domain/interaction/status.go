package interaction

import (
	"slices"
	"time"

	"parley/domain"
)

// Status is how far a message to the customer got.
type Status string

// The statuses of a message to the customer.
const (
	StatusQueued    Status = "QUEUED"
	StatusAccepted  Status = "ACCEPTED"
	StatusSent      Status = "SENT"
	StatusDelivered Status = "DELIVERED"
	StatusRead      Status = "READ"
	StatusFailed    Status = "FAILED"
	StatusUnknown   Status = "UNKNOWN"
)

// MessageSent says that the provider passed on the message.
type MessageSent struct {
	MessageID domain.MessageID `json:"messageId"`
	StatusAt  time.Time        `json:"statusAt"` // the provider's time
	At        time.Time        `json:"at"`
}

func (MessageSent) EventType() string   { return "InteractionMessageSent" }
func (MessageSent) isInteractionEvent() {}

// MessageDelivered says that the message reached the customer's phone.
type MessageDelivered struct {
	MessageID domain.MessageID `json:"messageId"`
	StatusAt  time.Time        `json:"statusAt"`
	At        time.Time        `json:"at"`
}

func (MessageDelivered) EventType() string   { return "InteractionMessageDelivered" }
func (MessageDelivered) isInteractionEvent() {}

// MessageRead says that the customer has read the message.
type MessageRead struct {
	MessageID domain.MessageID `json:"messageId"`
	StatusAt  time.Time        `json:"statusAt"`
	At        time.Time        `json:"at"`
}

func (MessageRead) EventType() string   { return "InteractionMessageRead" }
func (MessageRead) isInteractionEvent() {}

// RecordStatus records a provider's report. A status only moves forward; a late report settles an unknown outcome.
type RecordStatus struct {
	MessageID         domain.MessageID
	Status            Status // SENT, DELIVERED, READ or FAILED
	ProviderMessageID string
	ProviderTag       string
	Code              string        // of a failure
	Reason            FailureReason // of a failure
	Detail            string
	StatusAt          time.Time
	At                time.Time
}

func (RecordStatus) isInteractionCommand() {}

// ErrNoStatus refuses a report other than sent, delivered, read or failed.
var ErrNoStatus = &domain.Refusal{
	Kind: domain.Invalid, Code: "STATUS_UNKNOWN",
	Message: "Delivery status not found.",
}

func recordStatus(s State, c RecordStatus) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	if err != nil {
		return nil, err
	}
	var report Event
	switch c.Status {
	case StatusSent:
		report = MessageSent{MessageID: c.MessageID, StatusAt: c.StatusAt, At: c.At}
	case StatusDelivered:
		report = MessageDelivered{MessageID: c.MessageID, StatusAt: c.StatusAt, At: c.At}
	case StatusRead:
		report = MessageRead{MessageID: c.MessageID, StatusAt: c.StatusAt, At: c.At}
	case StatusFailed:
		at := c.StatusAt
		report = MessageFailed{
			MessageID: c.MessageID, AddressID: s.AddressID, Code: c.Code, Reason: c.Reason, Detail: c.Detail,
			StatusAt: &at, WindowClosed: s.closesWindow(m, c.Reason), At: c.At,
		}
	default:
		return nil, ErrNoStatus.With("status", string(c.Status))
	}
	if !m.status.AdvancesTo(c.Status) {
		return nil, nil
	}
	if m.accepted {
		return []Event{report}, nil
	}
	// The report arrived before the provider's answer to our call. It implies that the message was accepted.
	return []Event{MessageAccepted{
		MessageID: c.MessageID, AddressID: s.AddressID, ProviderTag: c.ProviderTag,
		ProviderMessageID: c.ProviderMessageID, At: c.At,
	}, report}, nil
}

// statusOrder lists the statuses in order. Delivered and read override failed; any
// report settles an unknown outcome.
var statusOrder = []Status{StatusQueued, StatusUnknown, StatusAccepted, StatusSent, StatusFailed, StatusDelivered,
	StatusRead}

// AdvancesTo reports whether the next status is further along. A status never moves back.
func (s Status) AdvancesTo(next Status) bool {
	return slices.Index(statusOrder, next) > slices.Index(statusOrder, s)
}

func (s State) reached(id domain.MessageID, status Status) State {
	s = s.update(id, func(m *message) {
		m.running, m.retryAt = false, time.Time{}
		if m.status.AdvancesTo(status) {
			m.status = status
		}
	})
	s.outbox = without(s.outbox, []domain.MessageID{id})
	return s
}

// MessageStatus returns how far a message to the customer got, or false if this session has no such message.
func (s State) MessageStatus(id domain.MessageID) (Status, bool) {
	m, ok := s.message(id)
	return m.status, ok && !m.inbound
}

// ByProviderTag returns our message with this provider tag, or "" if this session has none.
func (s State) ByProviderTag(tag string) domain.MessageID {
	id, _ := s.providerTags.Get(tag)
	return id
}
