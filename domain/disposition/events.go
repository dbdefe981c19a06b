// Package disposition holds the outcomes an interaction can be closed with, in up to three levels.
package disposition

import (
	"time"

	"parley/domain"
)

// Event is something that happened to this setting. Its own id is the stream's.
type Event interface {
	domain.Event
	isDispositionEvent()
}

// Settings is one outcome.
type Settings struct {
	Label     string               `json:"label"`
	ParentID  domain.DispositionID `json:"parentId,omitempty"`
	Scope     string               `json:"scope"` // GLOBAL, LIST, ACCOUNT, QUEUE
	ScopeID   string               `json:"scopeId,omitempty"`
	Level     int                  `json:"level"` // 1 to 3
	SortOrder int                  `json:"sortOrder,omitempty"`
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

func (Created) EventType() string  { return "DispositionCreated" }
func (Changed) EventType() string  { return "DispositionChanged" }
func (Archived) EventType() string { return "DispositionArchived" }

func (Created) isDispositionEvent()  {}
func (Changed) isDispositionEvent()  {}
func (Archived) isDispositionEvent() {}
