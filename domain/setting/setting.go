// Package setting holds what all settings have in common: they are created, changed as a whole, and archived.
// Each kind of setting declares its struct, its name, and the checks a value must pass.
package setting

import (
	"time"

	"parley/domain"
)

// Named is the value of one kind of setting.
type Named interface {
	// SettingName starts the stored names of its events: "Queue" for QueueCreated, QueueChanged and QueueArchived.
	SettingName() string
}

// Event is something that happened to one setting. The stream's id is the setting's.
type Event[V Named] interface {
	domain.Event
	isEventOf(V)
}

// Created says that a setting was created.
type Created[V Named] struct {
	Settings V             `json:"settings"`
	By       domain.UserID `json:"by,omitempty"` // empty if the program created it
	At       time.Time     `json:"at"`
}

// Changed says that a setting has a new value, which replaces the old one as a whole.
type Changed[V Named] struct {
	Settings V             `json:"settings"`
	By       domain.UserID `json:"by,omitempty"`
	At       time.Time     `json:"at"`
}

// Archived says that a setting is no longer in use. What refers to it stays readable.
type Archived[V Named] struct {
	By domain.UserID `json:"by,omitempty"`
	At time.Time     `json:"at"`
}

// OwnEvent must be embedded in an event that only one kind of setting has.
type OwnEvent[V Named] struct{}

func (Created[V]) EventType() string  { return name[V]() + "Created" }
func (Changed[V]) EventType() string  { return name[V]() + "Changed" }
func (Archived[V]) EventType() string { return name[V]() + "Archived" }

func (Created[V]) isEventOf(V)  {}
func (Changed[V]) isEventOf(V)  {}
func (Archived[V]) isEventOf(V) {}

//lint:ignore U1000 events that embed OwnEvent need it to be events of the setting
func (OwnEvent[V]) isEventOf(V) {}

func name[V Named]() string {
	var v V
	return v.SettingName()
}

// Command changes one setting.
type Command[V Named] interface{ isCommandFor(V) }

// Create creates a setting. Creating it again with the same value changes nothing.
type Create[V Named] struct {
	Value V
	By    domain.UserID
	At    time.Time
}

// Change replaces a setting's value as a whole. The same value changes nothing.
type Change[V Named] struct {
	Value V
	By    domain.UserID
	At    time.Time
}

// Archive takes a setting out of use for good.
type Archive[V Named] struct {
	By domain.UserID
	At time.Time
}

// OwnCommand must be embedded in a command that only one kind of setting has.
type OwnCommand[V Named] struct{}

func (Create[V]) isCommandFor(V)     {}
func (Change[V]) isCommandFor(V)     {}
func (Archive[V]) isCommandFor(V)    {}
func (OwnCommand[V]) isCommandFor(V) {}

// State is the current value of a setting.
type State[V Named] struct {
	Exists   bool
	Archived bool
	Value    V
}
