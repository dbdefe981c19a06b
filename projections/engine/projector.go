package engine

import (
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
	"parley/projections"
)

// projector applies events to the tables of one read model.
type projector struct {
	model      projections.Model
	generation int
	foldedTo   eventstore.Position // the tables hold all events up to here
	folds      []projections.Fold
	statements []*projections.Statements
	events     []eventstore.Recorded // of the current batch, without those folded or skipped
	skips      skips
}

func newProjector(m projections.Model, generation, cacheBytes int, foldedTo eventstore.Position, s skips) *projector {
	p := &projector{model: m, generation: generation, foldedTo: foldedTo, skips: s}
	for _, t := range m.Tables {
		f := t.NewFold(cacheBytes)
		p.folds = append(p.folds, f)
		p.statements = append(p.statements, f.Statements(generation))
	}
	return p
}

// begin selects the events for this read model and queues the queries for their rows.
func (p *projector) begin(events []eventstore.Recorded, b *pgx.Batch) error {
	if err := p.selectEvents(events); err != nil {
		return err
	}
	event := -1
	return catchPanic(&event, func() {
		for i, f := range p.folds {
			f.Begin(p.events)
			f.Load(b, p.statements[i])
		}
	})
}

// selectEvents sets the events of the current batch. It fails if the read model needs one that cannot be read.
func (p *projector) selectEvents(events []eventstore.Recorded) error {
	p.events = p.relevant(events)
	for i, e := range p.events {
		if u, ok := e.Event.(eventstore.Unknown); ok {
			return &unreadableError{index: i, event: e.Type, reason: u.Reason}
		}
	}
	return nil
}

// relevant drops events that are already folded or skipped, and unreadable ones that do not concern the model.
func (p *projector) relevant(events []eventstore.Recorded) []eventstore.Recorded {
	for len(events) > 0 && !events[0].Position.After(p.foldedTo) {
		events = events[1:]
	}
	if !slices.ContainsFunc(events, p.ignores) {
		return events
	}
	return slices.DeleteFunc(slices.Clone(events), p.ignores)
}

func (p *projector) ignores(e eventstore.Recorded) bool {
	if p.skips.has(p.model.Name, e.Position.Commit) {
		return true
	}
	_, unreadable := e.Event.(eventstore.Unknown)
	return unreadable && !p.model.Concerns(e)
}

// apply folds the selected events. The index of a failed one refers to p.events.
func (p *projector) apply() error { return p.applyEach(projections.Fold.Apply) }

// stage is apply for tables that are not in service yet.
func (p *projector) stage() error { return p.applyEach(projections.Fold.Stage) }

func (p *projector) applyEach(do func(f projections.Fold, event int)) error {
	event := -1
	return catchPanic(&event, func() {
		for event = range p.events {
			for _, f := range p.folds {
				do(f, event)
			}
		}
	})
}

// write queues the statements for the changed rows.
func (p *projector) write(b *pgx.Batch) error {
	event := len(p.events) - 1
	return catchPanic(&event, func() {
		for i, f := range p.folds {
			f.Write(b, p.statements[i])
		}
	})
}

func (p *projector) changes(add func(uint64, projections.Change)) {
	for _, f := range p.folds {
		f.Hints(add)
	}
}

func (p *projector) keepCache() {
	for _, f := range p.folds {
		f.Keep()
	}
}

func (p *projector) forgetCache() {
	for _, f := range p.folds {
		f.Forget()
	}
}

// wrapError adds the read model and the event to an error.
func (p *projector) wrapError(err error) error {
	if i := failedIndex(err); i >= 0 && i < len(p.events) {
		return &eventError{model: p.model.Name, at: p.events[i].Position, event: p.events[i].Type, cause: err}
	}
	return fmt.Errorf("%s: %w", p.model.Name, err)
}
