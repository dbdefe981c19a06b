package projections

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

// Table is one table of a read model: a pure fold from events to rows. A row exists from its first event on,
// unless Gone says otherwise.
//
// The functions must not modify slices or maps of the row they are given, and must not depend on clocks or
// other state: the same events must produce the same rows in every process, however they are batched.
type Table[K comparable, R any] struct {
	// Name ends in the version of its structure. The physical table is app_data.<Name>_g<generation>.
	// Queries read the view, which has the name without the version.
	Name    string
	Columns []Column[R]
	// Storage ends the CREATE TABLE statement, such as WITH (fillfactor = 90).
	Storage string
	// HideNames replaces the customer's names within free text when a masked viewer reads it. It turns an SQL
	// expression for the text into one for the text without names, and says where the names are: in the row's own
	// columns (OfColumns) or in those of its interaction (OfInteraction). A table with a FreeText column needs it.
	HideNames func(text string) string
	// ClearOnly hides the table from masked viewers and analysts: only the program reads it.
	ClearOnly bool

	// KeyOf returns the key of a row that was read from the database.
	KeyOf func(R) K
	// Keys returns the rows an event touches. It returns none if the event does not concern this table.
	Keys func(e eventstore.Recorded) []K
	// First, if set, reports whether an event is always the first one of its rows, as Requested is for a transfer.
	// The engine then does not look for the rows in the database. This only saves time.
	First func(e eventstore.Recorded) bool
	// New returns a row before its first event, with its key columns set.
	New func(K) R
	// Evolve folds one event into a row. It must be pure and only assign fields.
	Evolve func(row R, e eventstore.Recorded) R
	// Gone, if set, reports after Evolve whether the row should not exist, such as an offer that is over in a list of
	// pending ones. It is then deleted, or not inserted. The next event with its key starts with New again.
	Gone func(R) bool
	// Changes, if set, says which screens to update after an event has changed the row: each Change is a hint ("this
	// row changed"), which internal/live passes to the open subscriptions. A row that does not exist, before or after,
	// is passed as New returns it.
	Changes func(before, after R, e eventstore.Recorded) []Change
}

// TableName returns the table's name without a generation.
func (t Table[K, R]) TableName() string { return t.Name }

// ViewName returns the table's name without its version.
func (t Table[K, R]) ViewName() string {
	if i := strings.LastIndex(t.Name, "_v"); i > 0 {
		return t.Name[:i]
	}
	return t.Name
}

// Declarations returns the columns in order.
func (t Table[K, R]) Declarations() []Declaration {
	all := make([]Declaration, len(t.Columns))
	for i := range t.Columns {
		all[i] = t.Columns[i].Declaration
	}
	return all
}

func (t Table[K, R]) storage() string { return t.Storage }
func (t Table[K, R]) clearOnly() bool { return t.ClearOnly }

func (t Table[K, R]) hideNames() func(string) string { return t.HideNames }

// Select returns the list of all columns for a query that refers to the view by an alias: "i.id,
// i.account_id, …".
func (t Table[K, R]) Select(alias string) string {
	names := make([]string, len(t.Columns))
	for i := range t.Columns {
		names[i] = alias + "." + t.Columns[i].Name
	}
	return strings.Join(names, ", ")
}

// Into returns the scan targets for the columns of Select.
func (t Table[K, R]) Into(r *R) []any {
	targets := make([]any, len(t.Columns))
	for i := range t.Columns {
		targets[i] = t.Columns[i].scan(r)
	}
	return targets
}

// Scan reads a row selected with Select. It is a pgx.RowToFunc.
func (t Table[K, R]) Scan(row pgx.CollectableRow) (R, error) {
	var r R
	err := row.Scan(t.Into(&r)...)
	return r, err
}

// keyColumns returns the number of key columns.
func (t Table[K, R]) keyColumns() int {
	n := 0
	for n < len(t.Columns) && t.Columns[n].key {
		n++
	}
	return n
}

// Fold returns the table's rows after these events.
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

// keysOf returns the keys of the rows an event touches, as the database can store them. It removes NUL
// characters as in any other column; otherwise a row read back would not have the key it was requested by.
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
		return k // the usual case, and this runs for every event
	}
	r := t.New(k)
	for _, c := range t.Columns[:t.keyColumns()] {
		if field := reflect.ValueOf(c.scan(&r)).Elem(); field.Kind() == reflect.String {
			field.SetString(strings.ReplaceAll(field.String(), "\x00", ""))
		}
	}
	return t.KeyOf(r)
}

// Check returns the first mistake in a table's definition.
func (t Table[K, R]) Check() error {
	switch {
	case t.Name == "", t.keyColumns() == 0:
		return fmt.Errorf("table %q: the name is missing, or the first column is not a key", t.Name)
	case t.KeyOf == nil, t.Keys == nil, t.New == nil, t.Evolve == nil:
		return fmt.Errorf("table %s: KeyOf, Keys, New or Evolve is missing", t.Name)
	}
	for i, c := range t.Columns {
		if err := c.check(); err != nil {
			return fmt.Errorf("table %s: %w", t.Name, err)
		}
		if c.key && i >= t.keyColumns() {
			return fmt.Errorf("table %s: key column %s must come before the other columns", t.Name, c.Name)
		}
	}
	return nil
}
