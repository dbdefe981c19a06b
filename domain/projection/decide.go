package projection

import (
	"fmt"
	"strings"

	"parley/domain"
)

// Command records an operator's decision about a read model.
type Command interface{ isProjectionCommand() }

// Skip makes a read model skip an event that it cannot apply. It needs a reason.
type Skip struct{ Skipped }

// RecordRebuilt records that a rebuilt generation is live.
type RecordRebuilt struct{ Rebuilt }

func (Skip) isProjectionCommand()          {}
func (RecordRebuilt) isProjectionCommand() {}

// State holds the skipped events and the live generation.
type State struct {
	Skipped    map[uint64]bool // by the event's position
	Generation int
}

// The refusals about read models.
var (
	ErrNoReason = &domain.Refusal{
		Kind: domain.Invalid, Code: "REASON_MISSING",
		Message: "Enter a reason for skipping the event.",
	}
	ErrOldGeneration = &domain.Refusal{
		Kind: domain.Conflict, Code: "GENERATION_OLD",
		Message: "A later generation is live already.",
	}
)

// Decider holds the rules of operators' decisions about one read model.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "projection",
	Decide:    Decide,
	Evolve:    Evolve,
}

// Decide returns the events of a command, or a refusal.
func Decide(s State, cmd Command) ([]Event, error) {
	switch c := cmd.(type) {
	case Skip:
		switch {
		case s.Skipped[c.Commit]:
			return nil, nil
		case strings.TrimSpace(c.Reason) == "":
			return nil, ErrNoReason
		}
		return []Event{c.Skipped}, nil
	case RecordRebuilt:
		switch {
		case c.Generation == s.Generation:
			return nil, nil
		case c.Generation < s.Generation:
			return nil, ErrOldGeneration
		}
		return []Event{c.Rebuilt}, nil
	}
	return nil, fmt.Errorf("projection: unknown command %T", cmd)
}

// Evolve applies an event to the state.
func Evolve(s State, e Event) State {
	switch e := e.(type) {
	case Skipped:
		skipped := make(map[uint64]bool, len(s.Skipped)+1)
		for commit := range s.Skipped {
			skipped[commit] = true
		}
		skipped[e.Commit] = true
		s.Skipped = skipped
	case Rebuilt:
		s.Generation = e.Generation
		s.Skipped = nil // the new generation has read the whole log
	}
	return s
}
