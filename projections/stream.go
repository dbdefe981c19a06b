package projections

import (
	"slices"

	"parley/domain"
	"parley/eventstore"
)

// Stream names events that a read model folds: those of one kind of stream.
type Stream struct {
	Aggregate string         // such as "interaction", as in the names of the streams
	Events    []domain.Event // zero values; empty: all events of these streams
	Except    []domain.Event // zero values of events that the model ignores
}

// Concerns reports whether the model folds an event. An event of a type that this program does not know may
// matter to every model that folds events of its stream.
func (m Model) Concerns(e eventstore.Recorded) bool {
	return slices.ContainsFunc(m.Consumes, func(s Stream) bool { return s.Aggregate == e.Aggregate && s.has(e) })
}

func (s Stream) has(e eventstore.Recorded) bool {
	if u, ok := e.Event.(eventstore.Unknown); ok && !u.Listed {
		return true
	}
	ofType := func(event domain.Event) bool { return event.EventType() == e.Type }
	return (len(s.Events) == 0 || slices.ContainsFunc(s.Events, ofType)) && !slices.ContainsFunc(s.Except, ofType)
}
