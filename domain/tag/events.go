// Package tag holds the tags that agents put on interactions and contacts.
package tag

import (
	"time"

	"parley/domain"
)

// Event is something that happened to this setting. Its own id is the stream's.
type Event interface {
	domain.Event
	isTagEvent()
}

// Settings is one tag.
type Settings struct {
	Name  string `json:"name"`
	Color string `json:"color"` // a palette name, never a free colour
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

func (Created) EventType() string  { return "TagCreated" }
func (Changed) EventType() string  { return "TagChanged" }
func (Archived) EventType() string { return "TagArchived" }

func (Created) isTagEvent()  {}
func (Changed) isTagEvent()  {}
func (Archived) isTagEvent() {}
