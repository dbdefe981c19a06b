// Package policy holds what is set once for the whole deployment: masking and the desktop.
package policy

import (
	"time"

	"parley/domain"
)

// Event is something that happened to this setting. Its own id is the stream's.
type Event interface {
	domain.Event
	isPolicyEvent()
}

// Mode says how a field is hidden from masked viewers.
type Mode string

// The modes of masking.
const (
	MaskNone    Mode = "NONE"
	MaskPartial Mode = "PARTIAL"
	MaskFull    Mode = "FULL"
)

// Mask is how one kind of field is hidden.
type Mask struct {
	Mode Mode `json:"mode"`
	Keep int  `json:"keep"` // characters kept at the end when partial
}

// Settings is the policy.
type Settings struct {
	MaskName          Mask     `json:"maskName"`
	MaskPhone         Mask     `json:"maskPhone"`
	MaskMail          Mask     `json:"maskMail"`
	PauseReasons      []string `json:"pauseReasons"`
	TagThreshold      int      `json:"tagThreshold"`      // from so many tags on they are grey (R14, A27)
	TabsLimit         int      `json:"tabsLimit"`         // open session tabs
	DisconnectAfter   int      `json:"disconnectAfter"`   // seconds away until an agent is signed out
	MissedOffersLimit int      `json:"missedOffersLimit"` // in a row, until an agent is paused
}

// Created says it was set up.
type Created struct {
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"` // empty when the program set it up
	At       time.Time     `json:"at"`
}

// Changed says it is set differently now; Settings is the full new value.
type Changed struct {
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"`
	At       time.Time     `json:"at"`
}

// Archived says it is out of use; what refers to it stays readable.
type Archived struct {
	By domain.UserID `json:"by,omitempty"`
	At time.Time     `json:"at"`
}

func (Created) EventType() string  { return "PolicyCreated" }
func (Changed) EventType() string  { return "PolicyChanged" }
func (Archived) EventType() string { return "PolicyArchived" }

func (Created) isPolicyEvent()  {}
func (Changed) isPolicyEvent()  {}
func (Archived) isPolicyEvent() {}
