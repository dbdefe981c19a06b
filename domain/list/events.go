// Package list holds the contact lists: their custom fields and who may use them.
package list

import (
	"time"

	"parley/domain"
)

// Event is something that happened to this setting. Its own id is the stream's.
type Event interface {
	domain.Event
	isListEvent()
}

// Field is a custom field of the contacts in a list.
type Field struct {
	Key      string   `json:"key"`
	Label    string   `json:"label"`
	Type     string   `json:"type"` // TEXT, SELECT, NUMBER, SWITCH, DATETIME, URL
	Required bool     `json:"required,omitempty"`
	Options  []string `json:"options,omitempty"`
}

// Settings is how a list works.
type Settings struct {
	Name        string  `json:"name"`
	Description string  `json:"description,omitempty"`
	DialPrefix  string  `json:"dialPrefix,omitempty"`
	Fields      []Field `json:"fields,omitempty"`
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

func (Created) EventType() string  { return "ListCreated" }
func (Changed) EventType() string  { return "ListChanged" }
func (Archived) EventType() string { return "ListArchived" }

func (Created) isListEvent()  {}
func (Changed) isListEvent()  {}
func (Archived) isListEvent() {}
