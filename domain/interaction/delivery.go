package interaction

import (
	"slices"
	"time"

	"parley/domain"
)

// MessageSendStarted is the claim on one attempt: the process that appended it may call the provider, once.
type MessageSendStarted struct {
	MessageID domain.MessageID `json:"messageId"`
	Attempt   int              `json:"attempt"` // 1, 2, 3…
	At        time.Time        `json:"at"`
}

func (MessageSendStarted) EventType() string   { return "InteractionMessageSendStarted" }
func (MessageSendStarted) isInteractionEvent() {}

// MessageNotAccepted says that the provider definitely did not accept the attempt. It may be repeated at RetryAt.
type MessageNotAccepted struct {
	MessageID domain.MessageID `json:"messageId"`
	Attempt   int              `json:"attempt"`
	Code      string           `json:"code"` // the provider's, or ours such as "CONNECT"
	RetryAt   time.Time        `json:"retryAt"`
	At        time.Time        `json:"at"`
}

func (MessageNotAccepted) EventType() string   { return "InteractionMessageNotAccepted" }
func (MessageNotAccepted) isInteractionEvent() {}

// MessageAccepted says that the provider accepted the message and gave it an id.
type MessageAccepted struct {
	MessageID domain.MessageID `json:"messageId"`
	AddressID domain.AddressID `json:"addressId"`
	// ProviderTag is derived from the provider message id. It finds the message of a status without callback data.
	ProviderTag       string    `json:"providerTag"`
	ProviderMessageID string    `json:"providerMessageId" seal:"true"`
	At                time.Time `json:"at"`
}

func (MessageAccepted) EventType() string   { return "InteractionMessageAccepted" }
func (MessageAccepted) isInteractionEvent() {}
func (e MessageAccepted) SealedFor() string { return string(e.AddressID) }

// MessageFailed says that the message will not reach the customer.
type MessageFailed struct {
	MessageID domain.MessageID `json:"messageId"`
	AddressID domain.AddressID `json:"addressId"`
	Code      string           `json:"code"` // the provider's
	Reason    FailureReason    `json:"reason"`
	Detail    string           `json:"detail,omitempty" seal:"true"`
	StatusAt  *time.Time       `json:"statusAt,omitempty"` // nil when the send call itself was refused
	// the reply window is closed until the customer writes again
	WindowClosed bool      `json:"windowClosed,omitempty"`
	At           time.Time `json:"at"`
}

func (MessageFailed) EventType() string   { return "InteractionMessageFailed" }
func (MessageFailed) isInteractionEvent() {}
func (e MessageFailed) SealedFor() string { return string(e.AddressID) }

// MessageOutcomeUnknown says that no one knows whether the provider accepted the message.
// It is never resent automatically.
type MessageOutcomeUnknown struct {
	MessageID domain.MessageID `json:"messageId"`
	Code      string           `json:"code"`
	At        time.Time        `json:"at"`
}

func (MessageOutcomeUnknown) EventType() string   { return "InteractionMessageOutcomeUnknown" }
func (MessageOutcomeUnknown) isInteractionEvent() {}

// StartSending claims one attempt. The caller that gets the event may call the provider.
type StartSending struct {
	MessageID domain.MessageID
	At        time.Time
}

// RecordNotAccepted, RecordAccepted, RecordFailed and RecordUnknown say how a claimed attempt ended.
type (
	RecordNotAccepted struct {
		MessageID domain.MessageID
		Attempt   int
		Code      string
		RetryAt   time.Time
		At        time.Time
	}
	RecordAccepted struct {
		MessageID         domain.MessageID
		ProviderMessageID string
		ProviderTag       string
		At                time.Time
	}
	RecordFailed struct {
		MessageID domain.MessageID
		Attempt   int    // 0: the running one, or none when we give up
		Code      string // the provider's
		Reason    FailureReason
		Detail    string
		At        time.Time
	}
	RecordUnknown struct {
		MessageID domain.MessageID
		Attempt   int // 0: the running one
		Code      string
		At        time.Time
	}
)

func (StartSending) isInteractionCommand()      {}
func (RecordNotAccepted) isInteractionCommand() {}
func (RecordAccepted) isInteractionCommand()    {}
func (RecordFailed) isInteractionCommand()      {}
func (RecordUnknown) isInteractionCommand()     {}

// unknownDelay is how long a message of unknown outcome delays the next ones.
const unknownDelay = 10 * time.Second

// The refusals of sending and delivery.
var (
	ErrClaimed = &domain.Refusal{
		Kind: domain.Conflict, Code: "SEND_CLAIMED",
		Message: "This message is already being sent.",
	}
	ErrNotQueued = &domain.Refusal{
		Kind: domain.Conflict, Code: "NOT_QUEUED",
		Message: "This message is not waiting to be sent.",
	}
	ErrNotYourTurn = &domain.Refusal{
		Kind: domain.Conflict, Code: "NOT_YOUR_TURN",
		Message: "An earlier message has to go first.",
	}
	ErrNotClaimed = &domain.Refusal{
		Kind: domain.Conflict, Code: "NOT_CLAIMED",
		Message: "This attempt to send was never started.",
	}
)

func startSending(s State, c StartSending) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	switch {
	case err != nil:
		return nil, err
	case m.status != StatusQueued:
		return nil, ErrNotQueued.With("status", string(m.status))
	case m.running:
		return nil, ErrClaimed
	case c.At.Before(m.retryAt):
		return nil, domain.ErrNotDue.With("dueIn", m.retryAt.Sub(c.At))
	}
	for _, id := range s.outbox {
		if id == c.MessageID {
			break
		}
		first, _ := s.message(id)
		if first.status == StatusQueued {
			return nil, ErrNotYourTurn.With("behind", string(id))
		}
		if wait := first.unknownAt.Add(unknownDelay).Sub(c.At); wait > 0 {
			return nil, ErrNotYourTurn.With("behind", string(id)).With("dueIn", wait)
		}
	}
	return []Event{MessageSendStarted{MessageID: c.MessageID, Attempt: m.attempt + 1, At: c.At}}, nil
}

func recordNotAccepted(s State, c RecordNotAccepted) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	switch {
	case err != nil:
		return nil, err
	case c.Attempt < 1 || c.Attempt > m.attempt:
		return nil, ErrNotClaimed
	case !m.running || c.Attempt < m.attempt:
		return nil, nil // already recorded, or a status came first
	}
	return []Event{MessageNotAccepted{MessageID: c.MessageID, Attempt: c.Attempt, Code: c.Code,
		RetryAt: c.RetryAt, At: c.At}}, nil
}

func recordAccepted(s State, c RecordAccepted) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	switch {
	case err != nil:
		return nil, err
	case m.accepted || m.status == StatusFailed:
		return nil, nil
	case m.attempt == 0:
		return nil, ErrNotClaimed
	}
	return []Event{MessageAccepted{
		MessageID: c.MessageID, AddressID: s.AddressID, ProviderTag: c.ProviderTag,
		ProviderMessageID: c.ProviderMessageID, At: c.At,
	}}, nil
}

func recordFailed(s State, c RecordFailed) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	switch {
	case err != nil:
		return nil, err
	case c.Attempt > m.attempt:
		return nil, ErrNotClaimed
	case m.status != StatusQueued && m.status != StatusUnknown:
		return nil, nil // an accepted message can fail only through a status
	case c.Attempt != 0 && c.Attempt < m.attempt:
		return nil, nil
	}
	return []Event{MessageFailed{
		MessageID: c.MessageID, AddressID: s.AddressID, Code: c.Code, Reason: c.Reason, Detail: c.Detail,
		WindowClosed: s.closesWindow(m, c.Reason), At: c.At,
	}}, nil
}

func recordUnknown(s State, c RecordUnknown) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	switch {
	case err != nil:
		return nil, err
	case m.attempt == 0 || c.Attempt > m.attempt:
		return nil, ErrNotClaimed
	case !m.running || c.Attempt != 0 && c.Attempt < m.attempt:
		return nil, nil // the outcome is already known
	}
	return []Event{MessageOutcomeUnknown{MessageID: c.MessageID, Code: c.Code, At: c.At}}, nil
}

func (s State) outbound(id domain.MessageID) (message, error) {
	m, ok := s.message(id)
	if !ok || m.inbound {
		return m, ErrNoMessage
	}
	return m, nil
}

// Attempt returns the number of the last attempt to send a message, and whether it is still running.
func (s State) Attempt(id domain.MessageID) (number int, running bool) {
	m, _ := s.message(id)
	return m.attempt, m.running
}

func evolveDelivery(s State, e Event) State {
	switch e := e.(type) {
	case MessageQueued:
		return s.queued(e)
	case MessageSendStarted:
		s = s.update(e.MessageID, func(m *message) { m.attempt, m.running = e.Attempt, true })
		return s.forgetBefore(e.MessageID)
	case MessageNotAccepted:
		return s.update(e.MessageID, func(m *message) { m.running, m.retryAt = false, e.RetryAt })
	case MessageAccepted:
		s = s.update(e.MessageID, func(m *message) { m.accepted = true })
		if e.ProviderTag != "" {
			s.providerTags = s.providerTags.With(e.ProviderTag, e.MessageID)
		}
		return s.reached(e.MessageID, StatusAccepted)
	case MessageSent:
		return s.reached(e.MessageID, StatusSent)
	case MessageDelivered:
		return s.reached(e.MessageID, StatusDelivered)
	case MessageRead:
		return s.reached(e.MessageID, StatusRead)
	case MessageFailed:
		if e.WindowClosed {
			at := e.At
			s.WindowClosedAt = &at
		}
		return s.reached(e.MessageID, StatusFailed)
	case MessageOutcomeUnknown:
		return s.update(e.MessageID, func(m *message) {
			m.running, m.status, m.unknownAt = false, StatusUnknown, e.At
		})
	case MessageSettled:
		return s.reached(e.MessageID, e.As)
	}
	return s
}

// forgetBefore drops the messages of unknown outcome ahead of this one from the outbox.
func (s State) forgetBefore(id domain.MessageID) State {
	if at := slices.Index(s.outbox, id); at > 0 {
		s.outbox = slices.Clone(s.outbox[at:])
	}
	return s
}
