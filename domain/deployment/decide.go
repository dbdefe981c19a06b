package deployment

import (
	"fmt"
	"time"

	"parley/domain"
)

// Command changes the deployment as a whole.
type Command interface{ isDeploymentCommand() }

// Initialize records the id key's fingerprint. It is refused if another one is recorded.
type Initialize struct {
	Fingerprint string // SHA-256, hex
	At          time.Time
}

func (Initialize) isDeploymentCommand() {}

// State is the fingerprint of the id key the log was started with.
type State struct{ Fingerprint string }

// The refusals of a deployment.
var (
	ErrOtherKey = &domain.Refusal{
		Kind: domain.Conflict, Code: "KEY_MISMATCH",
		Message: "This log was written with another id key.",
	}
	ErrNoKey = &domain.Refusal{
		Kind: domain.Invalid, Code: "KEY_MISSING",
		Message: "The id key is missing.",
	}
)

// Decider holds the rules of the deployment.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "deployment",
	Decide:    Decide,
	Evolve:    Evolve,
}

// Decide returns the events of a command, or a refusal.
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

// Evolve applies an event to the state.
func Evolve(s State, e Event) State {
	if e, ok := e.(Initialized); ok {
		s.Fingerprint = e.Fingerprint
	}
	return s
}
