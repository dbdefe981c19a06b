package projections

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"parley/eventstore"
)

// Table is one table of a read model: a pure fold from events to rows. A row exists from its first event on, unless Gone.
//
// The functions must not write into slices or maps of a row they are given, and must not look at clocks or other state:
// the same events make the same rows in every process, whatever the batches were.
type Table[K comparable, R any] struct {
	// Name ends in the version of its shape. The physical table is app_data.<Name>_g<generation>.
	Name    string
	Columns []Column[R]
	Key     int // the first Key columns are the primary key

	// KeyOf is the key of a row read back.
	KeyOf func(R) K
	// Keys names the rows an event touches; none means this table does not care.
	Keys func(e eventstore.Recorded) []K
	// First says, where it is given, that no earlier event touched the event's rows, so they are not looked for.
	First func(e eventstore.Recorded) bool
	// New is the row before its first event; its key columns are set.
	New func(K) R
	// Evolve folds one event into one row. Pure, assignments only.
	Evolve func(row R, e eventstore.Recorded) R
	// Gone says, where it is given, that such a row is deleted, or never inserted. The next event of its key begins with New.
	Gone func(R) bool
	// Changes are hints for live updates, where it is given. It is called when the event changed the row; a row that did
	// not exist, or does not any more, is the one New makes.
	Changes func(before, after R, e eventstore.Recorded) []Change
}

// TableName is the table's name without a generation.
func (t Table[K, R]) TableName() string { return t.Name }

// Fold is what the table holds after these events.
func (t Table[K, R]) Fold(events ...eventstore.Recorded) map[K]R {
	rows := make(map[K]R)
	for _, e := range events {
		for _, k := range t.keysOf(e) {
			row, there := rows[k]
			if !there {
				row = t.New(k)
			}
			row = t.Evolve(row, e)
			if t.Gone != nil && t.Gone(row) {
				delete(rows, k)
				continue
			}
			rows[k] = row
		}
	}
	return rows
}

// keysOf are the keys of the rows an event touches, as the database can hold them: a NUL is left out as in any other column,
// or a row read back would not have the key it was looked for by.
func (t Table[K, R]) keysOf(e eventstore.Recorded) []K {
	keys := t.Keys(e)
	if !slices.ContainsFunc(keys, func(k K) bool { return t.storable(k) != k }) {
		return keys
	}
	var held []K
	for _, k := range keys {
		if k = t.storable(k); !slices.Contains(held, k) {
			held = append(held, k)
		}
	}
	return held
}

func (t Table[K, R]) storable(k K) K {
	if text, ok := any(k).(string); ok && strings.IndexByte(text, 0) < 0 {
		return k // nearly always, and for every event
	}
	r := t.New(k)
	for _, c := range t.Columns[:t.Key] {
		if field := reflect.ValueOf(c.Scan(&r)).Elem(); field.Kind() == reflect.String {
			field.SetString(strings.ReplaceAll(field.String(), "\x00", ""))
		}
	}
	return t.KeyOf(r)
}

// check finds mistakes in a table's definition.
func (t Table[K, R]) check() error {
	switch {
	case t.Name == "", len(t.Columns) == 0, t.Key < 1, t.Key > len(t.Columns):
		return fmt.Errorf("table %q: name, columns or key are missing", t.Name)
	case t.KeyOf == nil, t.Keys == nil, t.New == nil, t.Evolve == nil:
		return fmt.Errorf("table %s: KeyOf, Keys, New or Evolve is missing", t.Name)
	}
	for _, c := range t.Columns {
		if c.Name == "" || c.Type == "" || c.Value == nil || c.Scan == nil {
			return fmt.Errorf("table %s: column %q is incomplete", t.Name, c.Name)
		}
	}
	return nil
}
