package deployment

import (
	"fmt"
	"strings"
	"time"

	"parley/domain"
)

// Command changes the deployment as a whole.
type Command interface{ isDeploymentCommand() }

// Initialize records the id key's fingerprint. It is refused if another one is recorded.
type Initialize struct {
	Fingerprint string // SHA-256, hex
	At          time.Time
}

// RecordRestored records that the log is an older copy of itself, and holds outbound messages.
type RecordRestored struct{ Restored }

// HoldOutbound stops sending to customers. It needs a note that says why.
type HoldOutbound struct {
	Note     string
	Operator string
	At       time.Time
}

// ReleaseOutbound lets messages be sent again.
type ReleaseOutbound struct{ OutboundReleased }

func (Initialize) isDeploymentCommand()      {}
func (RecordRestored) isDeploymentCommand()  {}
func (HoldOutbound) isDeploymentCommand()    {}
func (ReleaseOutbound) isDeploymentCommand() {}

// State is the fingerprint of the id key the log was started with, and what holds outbound messages.
type State struct {
	Fingerprint string
	RestoredAt  time.Time // zero if the log was never restored
	Hold        Hold
}

// Hold says why nothing is sent to customers, and since when. Without a reason, messages are sent.
type Hold struct {
	Reason Reason
	Note   string
	Since  time.Time
}

// Held reports whether sending is on hold.
func (h Hold) Held() bool { return h.Reason != "" }

// Explains reports whether a recorded restore accounts for a missing event that was last seen at lastSeen. An event
// that was seen after the restore was recorded can only be lost by a later restore.
func (s State) Explains(lastSeen time.Time) bool {
	return !s.RestoredAt.IsZero() && !lastSeen.After(s.RestoredAt)
}

// The refusals of a deployment.
var (
	ErrOtherKey = &domain.Refusal{
		Kind: domain.Conflict, Code: "KEY_MISMATCH",
		Message: "This log was written with another id key.",
	}
	ErrNoKey = &domain.Refusal{
		Kind: domain.Invalid, Code: "KEY_MISSING",
		Message: "The id key is missing.",
	}
	ErrNoHoldReason = &domain.Refusal{
		Kind: domain.Invalid, Code: "REASON_MISSING",
		Message: "Enter a reason for holding messages.",
	}
)

// Decider holds the rules of the deployment.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "deployment",
	Decide:    Decide,
	Evolve:    Evolve,
}

// Decide returns the events of a command, or a refusal.
func Decide(s State, cmd Command) ([]Event, error) {
	switch c := cmd.(type) {
	case Initialize:
		return initialize(s, c)
	case RecordRestored:
		return recordRestored(s, c)
	case HoldOutbound:
		return holdOutbound(s, c)
	case ReleaseOutbound:
		if !s.Hold.Held() {
			return nil, nil
		}
		return []Event{c.OutboundReleased}, nil
	}
	return nil, fmt.Errorf("deployment: unknown command %T", cmd)
}

func initialize(s State, c Initialize) ([]Event, error) {
	switch {
	case c.Fingerprint == "":
		return nil, ErrNoKey
	case s.Fingerprint == c.Fingerprint:
		return nil, nil
	case s.Fingerprint != "":
		return nil, ErrOtherKey
	}
	return []Event{Initialized{Fingerprint: c.Fingerprint, At: c.At}}, nil
}

func recordRestored(s State, c RecordRestored) ([]Event, error) {
	held := s.Hold.Reason == ReasonRestored
	switch {
	case c.LastSeenAt != nil && s.Explains(*c.LastSeenAt):
		return nil, nil // found by another process, or from another note
	case c.LastSeenAt == nil && held:
		return nil, nil
	case held:
		return []Event{c.Restored}, nil
	}
	return []Event{c.Restored, OutboundHeld{Reason: ReasonRestored, Operator: c.Operator, At: c.At}}, nil
}

func holdOutbound(s State, c HoldOutbound) ([]Event, error) {
	switch {
	case s.Hold.Held():
		return nil, nil
	case strings.TrimSpace(c.Note) == "":
		return nil, ErrNoHoldReason
	}
	if err := domain.OneLine(c.Note); err != nil {
		return nil, err
	}
	return []Event{OutboundHeld{Reason: ReasonOperator, Note: c.Note, Operator: c.Operator, At: c.At}}, nil
}

// Evolve applies an event to the state.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case Initialized:
		s.Fingerprint = e.Fingerprint
	case Restored:
		s.RestoredAt = e.At
		if e.LastSeenAt != nil && e.LastSeenAt.After(e.At) { // the clocks of two machines differ
			s.RestoredAt = *e.LastSeenAt
		}
	case OutboundHeld:
		s.Hold = Hold{Reason: e.Reason, Note: e.Note, Since: e.At}
	case OutboundReleased:
		s.Hold = Hold{}
	}
	return s
}
