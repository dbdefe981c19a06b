package unplaced

import (
	"fmt"

	"parley/domain"
)

// Command stores one item. It is never refused, since the provider has already reported it.
type Command interface{ isUnplacedCommand() }

// Keep stores an item.
type Keep struct{ Kept }

func (Keep) isUnplacedCommand() {}

// State is the last item, so that a repeated command stores it once.
type State struct{ Last domain.MessageID }

// Decider records the unplaced items of one account.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "unplaced",
	Decide:    Decide,
	Evolve:    Evolve,
}

// Decide stores an item, unless it equals the last one.
func Decide(s State, cmd Command) ([]Event, error) {
	c, ok := cmd.(Keep)
	switch {
	case !ok:
		return nil, fmt.Errorf("unplaced: unknown command %T", cmd)
	case s.Last == c.ItemID:
		return nil, nil
	}
	return []Event{c.Kept}, nil
}

// Evolve remembers the last item.
func Evolve(_ State, e Event) State {
	kept, _ := e.(Kept)
	return State{Last: kept.ItemID}
}
