package unplaced

import (
	"fmt"

	"parley/domain"
)

// Command keeps one item. There is nothing to refuse: it was said.
type Command interface{ isUnplacedCommand() }

// Keep keeps what could not be placed.
type Keep struct{ Kept }

func (Keep) isUnplacedCommand() {}

// State is the last item, so that one and the same is kept once.
type State struct{ Last domain.MessageID }

// Decider answers the commands of one account.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "unplaced",
	Decide:    Decide,
	Evolve:    Evolve,
}

// Decide keeps an item, unless it is the one kept last.
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
