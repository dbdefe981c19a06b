package projection

import (
	"fmt"
	"strings"

	"parley/domain"
)

// Command records an operator's decision about a read model.
type Command interface{ isProjectionCommand() }

// Skip tells a read model to go past an event it cannot apply. It needs a reason.
type Skip struct{ Skipped }

// RecordRebuilt says a rebuilt generation is live.
type RecordRebuilt struct{ Rebuilt }

func (Skip) isProjectionCommand()          {}
func (RecordRebuilt) isProjectionCommand() {}

// State is what was skipped, and the generation that is live.
type State struct {
	Skipped    map[uint64]bool // by the event's position
	Generation int
}

// The refusals about read models.
var (
	ErrNoReason      = &domain.Refusal{Kind: domain.Invalid, Code: "REASON_MISSING", Message: "Say why the event is skipped."}
	ErrOldGeneration = &domain.Refusal{Kind: domain.Conflict, Code: "GENERATION_OLD", Message: "A later generation is live already."}
)

// Decider answers the commands about one read model.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "projection",
	Decide:    Decide,
	Evolve:    Evolve,
}

// Decide answers a command with what happens next.
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

// Evolve records what happened.
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
		s.Skipped = nil // the new generation read the log anew
	}
	return s
}
