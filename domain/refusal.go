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
	Invalid     Kind = "INVALID"     // correct the input
	NotFound    Kind = "NOT_FOUND"   // missing, or hidden from the viewer
	Conflict    Kind = "CONFLICT"    // the state does not allow it; reload first
	Forbidden   Kind = "FORBIDDEN"   // the viewer is not allowed to
	Unavailable Kind = "UNAVAILABLE" // try again later
)

// Refusal says that a rule did not allow a command. Every other error is a fault of ours.
type Refusal struct {
	Kind    Kind
	Code    string         // stable, part of the API; errors.Is compares it
	Message string         // for the user
	Details map[string]any // more for the screen, such as who accepted first
}

// Error returns the message for the user.
func (r *Refusal) Error() string { return r.Message }

// Is compares codes, so a refusal with details still matches the rule it came from.
func (r *Refusal) Is(target error) bool {
	t, ok := target.(*Refusal)
	return ok && t.Code == r.Code
}

// With returns a copy with one more detail.
func (r *Refusal) With(key string, value any) *Refusal {
	c := *r
	c.Details = maps.Clone(r.Details)
	if c.Details == nil {
		c.Details = make(map[string]any, 1)
	}
	c.Details[key] = value
	return &c
}

// The refusals that several aggregates share.
var (
	ErrNotSignedIn = &Refusal{
		Kind: Forbidden, Code: "NOT_SIGNED_IN",
		Message: "You are offline. Go available, then try again.",
	}
	ErrNotMember = &Refusal{
		Kind: Forbidden, Code: "NOT_A_MEMBER",
		Message: "You are not a member of this queue.",
	}
)

// ErrNotDue refuses a command that came too early. Its detail "dueIn" is the time.Duration left to wait.
var ErrNotDue = &Refusal{Kind: Conflict, Code: "NOT_DUE", Message: "It is too early for this."}

// DueIn returns how long to wait if err is ErrNotDue; otherwise it returns false.
func DueIn(err error) (time.Duration, bool) {
	var r *Refusal
	if !errors.As(err, &r) || !r.Is(ErrNotDue) {
		return 0, false
	}
	d, ok := r.Details["dueIn"].(time.Duration)
	return d, ok
}
