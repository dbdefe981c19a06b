package domain

import (
	"errors"
	"maps"
	"time"
)

// Kind says what the caller can do about a refusal.
type Kind string

// The kinds of refusal.
const (
	Invalid     Kind = "INVALID"     // the input is wrong: correct it
	NotFound    Kind = "NOT_FOUND"   // there is no such thing, or not for this viewer
	Conflict    Kind = "CONFLICT"    // it does not fit what is true now: look again
	Forbidden   Kind = "FORBIDDEN"   // this viewer may not
	Unavailable Kind = "UNAVAILABLE" // try again later
)

// Refusal is a domain rule saying no. Every other error is a fault of ours.
type Refusal struct {
	Kind    Kind
	Code    string         // stable, part of the API; errors.Is compares it
	Message string         // for the person at the screen
	Details map[string]any // what the screen needs to say more, such as who was quicker
}

// Error is the message for the person at the screen.
func (r *Refusal) Error() string { return r.Message }

// Is compares by code, so a refusal with details still matches the rule it came from.
func (r *Refusal) Is(target error) bool {
	t, ok := target.(*Refusal)
	return ok && t.Code == r.Code
}

// With returns a copy that says one thing more.
func (r *Refusal) With(key string, value any) *Refusal {
	c := *r
	c.Details = maps.Clone(r.Details)
	if c.Details == nil {
		c.Details = make(map[string]any, 1)
	}
	c.Details[key] = value
	return &c
}

// ErrNotDue says a deadline has not come yet. Its detail "dueIn" is the time.Duration still to wait.
var ErrNotDue = &Refusal{Kind: Conflict, Code: "NOT_DUE", Message: "It is not time for that yet."}

// DueIn says how long still when err is ErrNotDue; otherwise 0 and false.
func DueIn(err error) (time.Duration, bool) {
	var r *Refusal
	if !errors.As(err, &r) || !r.Is(ErrNotDue) {
		return 0, false
	}
	d, ok := r.Details["dueIn"].(time.Duration)
	return d, ok
}
