// Package user holds the people of the organisation: their sign-in, their role, and what they may see.
package user

import (
	"slices"
	"time"

	"parley/domain"
	"parley/domain/setting"
)

// Role says what a user does.
type Role string

// The roles.
const (
	Admin      Role = "ADMIN"
	Supervisor Role = "SUPERVISOR"
	Agent      Role = "AGENT"
	Auditor    Role = "AUDITOR"
	Analyst    Role = "ANALYST"
)

// SeesEverything reports whether a role sees all queues, accounts and lists.
func (r Role) SeesEverything() bool { return r == Admin || r == Auditor || r == Analyst }

// Settings says what a user may do.
type Settings struct {
	Role        Role             `json:"role"`
	Permissions []string         `json:"permissions,omitempty"` // beyond the role's own
	Lists       []domain.ListID  `json:"lists,omitempty"`       // granted contact lists
	Queues      []domain.QueueID `json:"queues,omitempty"`      // that a supervisor sees
	Masked      bool             `json:"masked"`
	Disabled    bool             `json:"disabled"`
	Capacity    int              `json:"capacity"` // open interactions an agent gets through offers; 0: no limit
}

// SeesList reports whether the user may use a contact list.
func (s Settings) SeesList(list domain.ListID) bool {
	return s.Role.SeesEverything() || slices.Contains(s.Lists, list)
}

// Profile identifies a user to other people.
type Profile struct {
	Login string `json:"login"`
	Name  string `json:"name"`
	Alias string `json:"alias,omitempty"` // shown to customers instead of the name
	Email string `json:"email,omitempty"`
}

// Created says that a user was created. It differs from other settings' events because the profile is sealed
// under the user's id.
type Created struct {
	setting.OwnEvent[Value]
	UserID   domain.UserID `json:"userId"`
	Profile  Profile       `json:"profile" seal:"true"`
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"` // empty if the program created them
	At       time.Time     `json:"at"`
}

// Changed says that a user has a new profile or new settings. Both are stored as a whole.
type Changed struct {
	setting.OwnEvent[Value]
	UserID   domain.UserID `json:"userId"`
	Profile  Profile       `json:"profile" seal:"true"`
	Settings Settings      `json:"settings"`
	By       domain.UserID `json:"by,omitempty"`
	At       time.Time     `json:"at"`
}

// SessionEnded says that the user or an administrator ended one of the user's browser sessions by hand.
type SessionEnded struct {
	setting.OwnEvent[Value]
	SessionID string        `json:"sessionId"` // not the secret in the browser's cookie
	By        domain.UserID `json:"by"`
	At        time.Time     `json:"at"`
}

func (Created) EventType() string      { return "UserCreated" }
func (Changed) EventType() string      { return "UserChanged" }
func (SessionEnded) EventType() string { return "UserSessionEnded" }

func (e Created) SealedFor() string { return string(e.UserID) }
func (e Changed) SealedFor() string { return string(e.UserID) }
