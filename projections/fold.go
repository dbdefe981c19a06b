package projections

import (
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
	"parley/internal/bounded"
)

// Fold is the running state of one table. Each batch calls Begin, Load, Apply in order, Write, and then Keep
// or Forget.
type Fold interface {
	// Begin collects the rows the events touch.
	Begin(events []eventstore.Recorded)
	// Load queues the queries for rows that are not cached.
	Load(b *pgx.Batch, s *Statements)
	// Apply folds the i-th event.
	Apply(i int)
	// Changed reports whether Apply changed any row.
	Changed() bool
	// Write queues the statements for the changed rows.
	Write(b *pgx.Batch, s *Statements)
	// Hints passes on the live updates since Begin.
	Hints(add func(position uint64, c Change))
	// Keep caches the rows as they are now stored.
	Keep()
	// Forget clears the cache.
	Forget()

	Statements(generation int) *Statements
	bulk
}

// row is what is cached for one key.
type row[R any] struct {
	value  R
	exists bool
}

// staged is a row in the current batch.
type staged[R any] struct {
	row[R]
	stored row[R] // as stored in the database
	dirty  bool
}

type hint struct {
	position uint64
	change   Change
}

type tableFold[K comparable, R any] struct {
	table   Table[K, R]
	cache   *bounded.Cache[K, row[R]]
	events  []eventstore.Recorded
	keys    [][]K
	rows    map[K]*staged[R]
	missing []K
	hinted  []hint
	dirty   bool // some row of the batch has changed
	bulkState[K]
}

// NewFold returns a fold that caches rows of so many bytes between batches.
func (t Table[K, R]) NewFold(bytes int) Fold {
	cache := bounded.New[K](bytes, 0, func(r row[R]) int { return sizeOf(reflect.ValueOf(&r.value).Elem()) })
	return &tableFold[K, R]{table: t, cache: cache, rows: make(map[K]*staged[R])}
}

func (f *tableFold[K, R]) Begin(events []eventstore.Recorded) {
	clear(f.rows)
	f.events, f.keys, f.missing, f.hinted, f.dirty = events, f.keys[:0], f.missing[:0], f.hinted[:0], false
	for _, e := range events {
		keys := f.table.keysOf(e)
		f.keys = append(f.keys, keys)
		for _, k := range keys {
			if f.rows[k] != nil {
				continue
			}
			s := new(staged[R])
			known, ok := f.cache.Get(k)
			switch {
			case ok:
				s.row, s.stored = known, known
			case f.table.First == nil || !f.table.First(e):
				f.missing = append(f.missing, k)
			}
			f.rows[k] = s
		}
	}
}

func (f *tableFold[K, R]) Load(b *pgx.Batch, s *Statements) {
	for keys := range slices.Chunk(f.missing, chunkRows) {
		b.Queue(s.load, f.keyValues(keys)...).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				var r R
				if err := rows.Scan(f.table.Into(&r)...); err != nil {
					return fmt.Errorf("read a row of %s: %w", f.table.Name, err)
				}
				found := row[R]{value: r, exists: true}
				if s := f.rows[f.table.KeyOf(r)]; s != nil {
					s.row, s.stored = found, found
				}
			}
			return rows.Err()
		})
	}
}

func (f *tableFold[K, R]) Apply(i int) {
	e := f.events[i]
	for _, k := range f.keys[i] {
		s := f.rows[k]
		before, now := f.evolve(k, s.row, e)
		after := now.value
		changed := now.exists != s.exists || now.exists && !reflect.DeepEqual(before, after)
		if !changed {
			continue
		}
		s.row, s.dirty, f.dirty = now, true, true
		if f.table.Changes == nil {
			continue
		}
		if !now.exists {
			after = f.table.New(k)
		}
		for _, c := range f.table.Changes(before, after, e) {
			f.hinted = append(f.hinted, hint{position: e.Position.Commit, change: c})
		}
	}
}

// evolve returns a row before and after an event. A row that does not exist starts as New returns it.
func (f *tableFold[K, R]) evolve(k K, r row[R], e eventstore.Recorded) (before R, now row[R]) {
	before = r.value
	if !r.exists {
		before = f.table.New(k)
	}
	after := f.table.Evolve(before, e)
	if f.table.Gone != nil && f.table.Gone(after) {
		return before, row[R]{}
	}
	return before, row[R]{value: after, exists: true}
}

func (f *tableFold[K, R]) Changed() bool { return f.dirty }

func (f *tableFold[K, R]) Hints(add func(uint64, Change)) {
	for _, h := range f.hinted {
		add(h.position, h.change)
	}
}

// dirtyRows returns the keys to write and to delete, in the order in which events touched them.
func (f *tableFold[K, R]) dirtyRows() (upsert, remove []K) {
	if !f.dirty {
		return nil, nil
	}
	seen := make(map[K]struct{}, len(f.rows))
	for _, keys := range f.keys {
		for _, k := range keys {
			s := f.rows[k]
			if _, again := seen[k]; again || !s.dirty {
				continue
			}
			seen[k] = struct{}{}
			switch {
			case s.exists:
				upsert = append(upsert, k)
			case s.stored.exists:
				remove = append(remove, k)
			}
		}
	}
	return upsert, remove
}

func (f *tableFold[K, R]) Write(b *pgx.Batch, s *Statements) {
	upsert, remove := f.dirtyRows()
	for keys := range slices.Chunk(remove, chunkRows) {
		b.Queue(s.remove, f.keyValues(keys)...)
	}
	for keys := range slices.Chunk(upsert, chunkRows) {
		columns := make([]any, len(f.table.Columns))
		for i := range f.table.Columns {
			c := &f.table.Columns[i]
			values := make([]any, len(keys))
			for n, k := range keys {
				values[n] = s.codecs[i].inArray(c.value(&f.rows[k].value))
			}
			columns[i] = values
		}
		b.Queue(s.upsert, columns...)
	}
}

// keyValues returns the key columns of the keys, each as one array.
func (f *tableFold[K, R]) keyValues(keys []K) []any {
	columns := make([][]any, f.table.keyColumns())
	for i := range columns {
		columns[i] = make([]any, len(keys))
	}
	for n, k := range keys {
		r := f.table.New(k)
		for i := range columns {
			columns[i][n] = f.table.Columns[i].value(&r)
		}
	}
	args := make([]any, len(columns))
	for i, c := range columns {
		args[i] = c
	}
	return args
}

func (f *tableFold[K, R]) Keep() {
	for k, s := range f.rows {
		f.cache.Add(k, s.row)
	}
}

// sizeOf returns roughly how many bytes a value takes, with what it points to.
func sizeOf(v reflect.Value) int {
	size := int(v.Type().Size())
	switch v.Kind() {
	case reflect.String:
		size += v.Len()
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return size + v.Len()
		}
		for i := range v.Len() {
			size += sizeOf(v.Index(i))
		}
	case reflect.Map:
		for entry := v.MapRange(); entry.Next(); {
			size += sizeOf(entry.Key()) + sizeOf(entry.Value())
		}
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			size += sizeOf(v.Elem())
		}
	case reflect.Struct:
		if v.Type() == moment {
			return size // it points to its time zone, which all share
		}
		for i := range v.NumField() {
			field := v.Field(i)
			size += sizeOf(field) - int(field.Type().Size())
		}
	}
	return size
}

var moment = reflect.TypeFor[time.Time]()

func (f *tableFold[K, R]) Forget() {
	f.cache.Purge()
	clear(f.rows)
}
