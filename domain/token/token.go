// Package token records who made and who revoked an API token. The secret itself is not in the log.
package token

import (
	"fmt"
	"slices"
	"time"

	"parley/domain"
	"parley/domain/setting"
)

// Event is something that happened to one token.
type Event interface {
	domain.Event
	isTokenEvent()
}

// Created says that a token was made for a program.
type Created struct {
	UserID      domain.UserID `json:"userId"` // whom the program acts as
	Name        string        `json:"name"`
	Permissions []string      `json:"permissions"` // the most it may ever do
	ExpiresAt   time.Time     `json:"expiresAt"`
	By          domain.UserID `json:"by,omitempty"`
	Operator    string        `json:"operator,omitempty"` // account on the server that ran a command; then By is empty
	At          time.Time     `json:"at"`
}

// Revoked says that a token can no longer be used.
type Revoked struct {
	Reason   Reason        `json:"reason"`
	By       domain.UserID `json:"by,omitempty"`
	Operator string        `json:"operator,omitempty"` // as in Created
	At       time.Time     `json:"at"`
}

func (Created) EventType() string { return "TokenCreated" }
func (Revoked) EventType() string { return "TokenRevoked" }
func (Created) isTokenEvent()     {}
func (Revoked) isTokenEvent()     {}

// Reason says why a token was revoked.
type Reason string

// The reasons for a revocation.
const (
	ByHand        Reason = "BY_HAND"
	PasswordReset Reason = "PASSWORD_RESET" // someone else set the user's password
	UserRemoved   Reason = "USER_REMOVED"   // the user was disabled or archived
)

// Command changes one token.
type Command interface{ isTokenCommand() }

// Create records a new token. Without permissions it may do all that is allowed; without an end it lasts DefaultLife.
type Create struct {
	Created
	Allowed []string // what its user may do
}

// Revoke records that a token can no longer be used.
type Revoke struct{ Revoked }

func (Create) isTokenCommand() {}
func (Revoke) isTokenCommand() {}

// How long a token is valid: unless something else is asked for, and at most.
const (
	DefaultLife = 90 * 24 * time.Hour
	MaxLife     = 366 * 24 * time.Hour
)

// The refusals of a token.
var (
	ErrUnknown = &domain.Refusal{
		Kind: domain.NotFound, Code: "TOKEN_UNKNOWN",
		Message: "Token not found.",
	}
	ErrExists = &domain.Refusal{
		Kind: domain.Conflict, Code: "TOKEN_EXISTS",
		Message: "Another token has this id.",
	}
	ErrExpiry = &domain.Refusal{
		Kind: domain.Invalid, Code: "TOKEN_EXPIRY_INVALID",
		Message: "Choose an expiry date in the future, within a year.",
	}
	ErrNoPermission = &domain.Refusal{
		Kind: domain.Invalid, Code: "TOKEN_PERMISSIONS_INVALID",
		Message: "Choose at least one permission that the user has.",
	}
)

// State is what the rules of a token remember.
type State struct {
	Created *Created // nil if there is none
	revoked bool
}

// Decider holds the rules of one token.
var Decider = domain.Decider[State, Command, Event]{Aggregate: "token", Decide: Decide, Evolve: Evolve}

// Decide returns the events of a command, or a refusal.
func Decide(s State, cmd Command) ([]Event, error) {
	switch c := cmd.(type) {
	case Create:
		return create(s, c)
	case Revoke:
		switch {
		case s.Created == nil:
			return nil, ErrUnknown
		case s.revoked:
			return nil, nil
		}
		return []Event{c.Revoked}, nil
	}
	return nil, fmt.Errorf("token: unknown command %T", cmd)
}

func create(s State, c Create) ([]Event, error) {
	name, err := setting.Name(c.Name)
	c.Name, c.Permissions = name, setting.Distinct(c.Permissions)
	if len(c.Permissions) == 0 {
		c.Permissions = c.Allowed
	}
	if c.ExpiresAt.IsZero() {
		c.ExpiresAt = c.At.Add(DefaultLife)
	}
	missing := slices.IndexFunc(c.Permissions, func(p string) bool { return !slices.Contains(c.Allowed, p) })
	switch {
	case err != nil:
		return nil, err
	case s.Created != nil && same(*s.Created, c.Created):
		return nil, nil
	case s.Created != nil:
		return nil, ErrExists
	case len(c.Permissions) == 0:
		return nil, ErrNoPermission
	case missing >= 0:
		return nil, ErrNoPermission.With("permission", c.Permissions[missing])
	case !c.ExpiresAt.After(c.At) || c.ExpiresAt.Sub(c.At) > MaxLife:
		return nil, ErrExpiry
	}
	return []Event{c.Created}, nil
}

// same reports whether two requests ask for the same token.
func same(a, b Created) bool {
	return a.UserID == b.UserID && a.Name == b.Name && slices.Equal(a.Permissions, b.Permissions)
}

// Evolve applies an event to the state.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case Created:
		s.Created = &e
	case Revoked:
		s.revoked = true
	}
	return s
}
