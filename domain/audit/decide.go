package audit

import (
	"fmt"

	"parley/domain"
)

// Command records one read. It is never refused, since the read has already happened.
type Command interface{ isAuditCommand() }

// The reads that are recorded.
type (
	RecordRevealed    struct{ Revealed }
	RecordExported    struct{ Exported }
	RecordHistoryRead struct{ HistoryRead }
)

func (RecordRevealed) isAuditCommand()    {}
func (RecordExported) isAuditCommand()    {}
func (RecordHistoryRead) isAuditCommand() {}

// State is the last read, so that a repeated command records it once.
type State struct{ Last Event }

// Decider records one user's reads on one day.
var Decider = domain.Decider[State, Command, Event]{
	Aggregate: "audit",
	Decide:    Decide,
	Evolve:    func(_ State, e Event) State { return State{Last: e} },
}

// Decide records a read, unless it equals the last one.
func Decide(s State, cmd Command) ([]Event, error) {
	var e Event
	switch c := cmd.(type) {
	case RecordRevealed:
		e = c.Revealed
	case RecordExported:
		e = c.Exported
	case RecordHistoryRead:
		e = c.HistoryRead
	default:
		return nil, fmt.Errorf("audit: unknown command %T", cmd)
	}
	if s.Last == e {
		return nil, nil
	}
	return []Event{e}, nil
}
