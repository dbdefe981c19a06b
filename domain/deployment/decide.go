package deployment

import (
	"fmt"
	"time"

	"parley/domain"
)

// Command is a wish about the deployment as a whole.
type Command interface{ isDeploymentCommand() }

// Initialize records the id key's fingerprint; with another one it is refused.
type Initialize struct {
	Fingerprint string // SHA-256, hex
	At          time.Time
}

func (Initialize) isDeploymentCommand() {}

// State is the fingerprint the log was begun with.
type State struct{ Fingerprint string }

// The refusals of a deployment.
var (
	ErrOtherKey = &domain.Refusal{Kind: domain.Conflict, Code: "KEY_MISMATCH", Message: "This log was written with another id key."}
	ErrNoKey    = &domain.Refusal{Kind: domain.Invalid, Code: "KEY_MISSING", Message: "There is no id key."}
)

// Decider answers the commands of the deployment.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "deployment",
	Decide:    Decide,
	Evolve:    Evolve,
}

// Decide answers a command with what happens next.
func Decide(s State, cmd Command) ([]Event, error) {
	c, ok := cmd.(Initialize)
	switch {
	case !ok:
		return nil, fmt.Errorf("deployment: unknown command %T", cmd)
	case c.Fingerprint == "":
		return nil, ErrNoKey
	case s.Fingerprint == c.Fingerprint:
		return nil, nil
	case s.Fingerprint != "":
		return nil, ErrOtherKey
	}
	return []Event{Initialized{Fingerprint: c.Fingerprint, At: c.At}}, nil
}

// Evolve records what happened.
func Evolve(s State, e Event) State {
	if e, ok := e.(Initialized); ok {
		s.Fingerprint = e.Fingerprint
	}
	return s
}
