// Package user holds the people of the organisation: sign-in, role, and what they may see.
package user

import (
	"time"

	"parley/domain"
)

// Event is something that happened to this setting. Its own id is the stream's.
type Event interface {
	domain.Event
	isUserEvent()
}

// Role is what a user is.
type Role string

// The roles (R115).
const (
	Admin      Role = "ADMIN"
	Supervisor Role = "SUPERVISOR"
	Agent      Role = "AGENT"
	Auditor    Role = "AUDITOR"
	Analyst    Role = "ANALYST"
)

// Settings is what a user may.
type Settings struct {
	Role        Role             `json:"role"`
	Permissions []string         `json:"permissions,omitempty"` // beyond the role's own
	Lists       []domain.ListID  `json:"lists,omitempty"`       // granted contact lists (R6)
	Queues      []domain.QueueID `json:"queues,omitempty"`      // a supervisor's
	Masked      bool             `json:"masked"`
	Disabled    bool             `json:"disabled"`
	Capacity    int              `json:"capacity"` // open interactions an agent gets by offers; 0 = no limit
}

// Profile is who a user is.
type Profile struct {
	Login string `json:"login"`
	Name  string `json:"name"`
	Alias string `json:"alias,omitempty"` // shown to customers instead of the name
	Mail  string `json:"mail,omitempty"`
}

// Created says it was set up.
type Created struct {
	UserID   domain.UserID `json:"userId"`
	Profile  Profile       `json:"profile" seal:"true"`
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"` // empty when the program set it up
	At       time.Time     `json:"at"`
}

// Changed says it is set differently now; Settings is the full new value.
type Changed struct {
	UserID   domain.UserID `json:"userId"`
	Profile  Profile       `json:"profile" seal:"true"`
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"`
	At       time.Time     `json:"at"`
}

// Archived says it is out of use; what refers to it stays readable.
type Archived struct {
	By domain.UserID `json:"by,omitempty"`
	At time.Time     `json:"at"`
}

func (Created) EventType() string  { return "UserCreated" }
func (Changed) EventType() string  { return "UserChanged" }
func (Archived) EventType() string { return "UserArchived" }

func (Created) isUserEvent()  {}
func (Changed) isUserEvent()  {}
func (Archived) isUserEvent() {}

// Who a user is stays sealed under his own id.

func (e Created) SealedFor() string { return string(e.UserID) }
func (e Changed) SealedFor() string { return string(e.UserID) }
