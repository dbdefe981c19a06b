// Package audit records the reads that must leave a trace. A stream holds what one user read on one day.
package audit

import (
	"time"

	"parley/domain"
)

// Event is a read that left a trace.
type Event interface {
	domain.Event
	isAuditEvent()
}

// Revealed says a masked viewer was shown or matched a clear value.
type Revealed struct {
	By     domain.UserID `json:"by"`
	Field  string        `json:"field"` // name, phone, mail
	Kind   string        `json:"kind"`  // what it belongs to: contact, interaction
	ID     string        `json:"id,omitempty"`
	Reason string        `json:"reason"` // REVEAL or WHOLE_VALUE_SEARCH
	At     time.Time     `json:"at"`
}

// Exported says data left the system as a file.
type Exported struct {
	By   domain.UserID `json:"by"`
	Kind string        `json:"kind"` // transcript, list, events
	ID   string        `json:"id,omitempty"`
	At   time.Time     `json:"at"`
}

// HistoryRead says somebody looked at the raw events of something.
type HistoryRead struct {
	By     domain.UserID `json:"by"`
	Stream string        `json:"stream"`
	At     time.Time     `json:"at"`
}

func (Revealed) EventType() string    { return "AuditRevealed" }
func (Exported) EventType() string    { return "AuditExported" }
func (HistoryRead) EventType() string { return "AuditHistoryRead" }
func (Revealed) isAuditEvent()        {}
func (Exported) isAuditEvent()        {}
func (HistoryRead) isAuditEvent()     {}
