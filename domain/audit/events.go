// Package audit records the reads that must be traceable. A stream holds one user's reads on one day.
package audit

import (
	"time"

	"parley/domain"
)

// Event is a recorded read.
type Event interface {
	domain.Event
	isAuditEvent()
}

// Revealed says that a masked viewer saw or matched a clear value.
type Revealed struct {
	By     domain.UserID `json:"by"`
	Field  string        `json:"field"` // name, phone, email
	Kind   string        `json:"kind"`  // what it belongs to: contact, interaction
	ID     string        `json:"id,omitempty"`
	Reason string        `json:"reason"` // REVEAL or WHOLE_VALUE_SEARCH
	At     time.Time     `json:"at"`
}

// Exported says that data was exported as a file.
type Exported struct {
	By       domain.UserID `json:"by,omitempty"`
	Operator string        `json:"operator,omitempty"` // account on the server that ran a command; then By is empty
	Kind     string        `json:"kind"`               // transcript, list, events
	ID       string        `json:"id,omitempty"`
	At       time.Time     `json:"at"`
}

// HistoryRead says that someone read raw events.
type HistoryRead struct {
	By       domain.UserID `json:"by,omitempty"`
	Operator string        `json:"operator,omitempty"` // as in Exported
	Stream   string        `json:"stream"`
	At       time.Time     `json:"at"`
}

func (Revealed) EventType() string    { return "AuditRevealed" }
func (Exported) EventType() string    { return "AuditExported" }
func (HistoryRead) EventType() string { return "AuditHistoryRead" }
func (Revealed) isAuditEvent()        {}
func (Exported) isAuditEvent()        {}
func (HistoryRead) isAuditEvent()     {}
