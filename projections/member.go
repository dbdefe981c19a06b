package projections

import (
	"fmt"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

// member is one read model with its running folds.
type member struct {
	model      Model
	generation int
	after      eventstore.Position // events up to here are in its tables
	folds      []fold
	statements []*statements
	events     []eventstore.Recorded // of the batch at hand that are for it
	skips      skips
}

func newMember(m Model, generation, cacheRows int, after eventstore.Position, s skips) *member {
	mb := &member{model: m, generation: generation, after: after, skips: s}
	for _, t := range m.Tables {
		f := t.newFold(cacheRows)
		mb.folds = append(mb.folds, f)
		mb.statements = append(mb.statements, f.statements(generation))
	}
	return mb
}

// skips are the events an operator told read models to go past: by name of the read model, or "*" for all.
type skips map[string]map[uint64]bool

func (s skips) has(name string, commit uint64) bool { return s[name][commit] || s["*"][commit] }

// begin takes those of the events that are for this read model and asks for their rows.
func (m *member) begin(events []eventstore.Recorded, b *pgx.Batch) error {
	m.events = m.relevant(events)
	event := -1
	return guard(&event, func() {
		for i, f := range m.folds {
			f.begin(m.events)
			f.load(b, m.statements[i])
		}
	})
}

// relevant leaves out what is already in the tables and what is skipped.
func (m *member) relevant(events []eventstore.Recorded) []eventstore.Recorded {
	for len(events) > 0 && !events[0].Position.After(m.after) {
		events = events[1:]
	}
	if m.skips[m.model.Name] == nil && m.skips["*"] == nil {
		return events
	}
	var kept []eventstore.Recorded
	for _, e := range events {
		if !m.skips.has(m.model.Name, e.Position.Commit) {
			kept = append(kept, e)
		}
	}
	return kept
}

// apply folds the events begun with. A foldError's index counts in m.events.
func (m *member) apply() error { return m.each(fold.apply) }

// stage is apply for tables nobody sees yet.
func (m *member) stage() error { return m.each(fold.stage) }

func (m *member) each(do func(f fold, event int)) error {
	event := -1
	return guard(&event, func() {
		for event = range m.events {
			for _, f := range m.folds {
				do(f, event)
			}
		}
	})
}

// write queues what has changed.
func (m *member) write(b *pgx.Batch) error {
	event := len(m.events) - 1
	return guard(&event, func() {
		for i, f := range m.folds {
			f.write(b, m.statements[i])
		}
	})
}

func (m *member) hints(add func(uint64, Change)) {
	for _, f := range m.folds {
		f.hints(add)
	}
}

func (m *member) keep() {
	for _, f := range m.folds {
		f.keep()
	}
}

func (m *member) forget() {
	for _, f := range m.folds {
		f.forget()
	}
}

// check finds mistakes in the list of read models.
func check(models []Model) error {
	names, tables := make(map[string]bool), make(map[string]bool)
	for _, m := range models {
		if m.Name == "" || m.Name == "*" || names[m.Name] {
			return fmt.Errorf("read model %q has no name or another's", m.Name)
		}
		names[m.Name] = true
		for _, t := range m.Tables {
			if tables[t.TableName()] {
				return fmt.Errorf("table %s is in two read models", t.TableName())
			}
			tables[t.TableName()] = true
			if c, ok := t.(interface{ check() error }); ok {
				if err := c.check(); err != nil {
					return err
				}
			}
		}
		for _, ddl := range []string{m.Schema, m.Indexes, m.Views} {
			if _, err := m.expand(ddl, 1); err != nil {
				return err
			}
		}
	}
	return nil
}
