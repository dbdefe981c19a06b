package interaction

import (
	"time"

	"parley/domain"
)

// MessageSettled says how the owner settled a message of unknown outcome, for example after asking the customer.
// A later status still counts.
type MessageSettled struct {
	MessageID domain.MessageID `json:"messageId"`
	By        domain.AgentID   `json:"by"`
	As        Status           `json:"as"` // SENT or FAILED
	At        time.Time        `json:"at"`
}

func (MessageSettled) EventType() string   { return "InteractionMessageSettled" }
func (MessageSettled) isInteractionEvent() {}

// Settle settles a message of unknown outcome. It changes nothing once the outcome is known.
type Settle struct {
	MessageID domain.MessageID
	By        domain.AgentID
	As        Status // SENT or FAILED
	At        time.Time
}

// RetryUnknown sends a message of unknown outcome again. It changes nothing once the outcome is known.
type RetryUnknown struct{ Send }

func (Settle) isInteractionCommand()       {}
func (RetryUnknown) isInteractionCommand() {}

func settle(s State, c Settle) ([]Event, error) {
	m, err := s.outbound(c.MessageID)
	switch {
	case err != nil:
		return nil, err
	case c.By == "" || c.By != s.Owner:
		return nil, ErrNotOwner
	case c.As != StatusSent && c.As != StatusFailed:
		return nil, ErrNoStatus.With("status", string(c.As))
	case m.status != StatusUnknown:
		return nil, nil
	}
	return []Event{MessageSettled{MessageID: c.MessageID, By: c.By, As: c.As, At: c.At}}, nil
}

func retryUnknown(s State, c RetryUnknown) ([]Event, error) {
	m, err := s.outbound(c.RetryOf)
	switch {
	case err != nil:
		return nil, err
	case c.By == "" || c.By != s.Owner:
		return nil, ErrNotOwner
	case m.status != StatusUnknown, m.retriedBy != "" && !s.sendFailedOrUnknown(m.retriedBy):
		return nil, nil
	}
	return send(s, c.Send)
}
