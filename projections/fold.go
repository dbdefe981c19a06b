package projections

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

// fold is the running state of one table. Per batch: begin, load, apply in order, write, and then keep or forget.
type fold interface {
	// begin finds out which rows the events touch.
	begin(events []eventstore.Recorded)
	// load asks for those rows that are not known yet.
	load(b *pgx.Batch, s *statements)
	// apply folds the i-th event.
	apply(i int)
	// changed says whether apply changed any row.
	changed() bool
	// write queues what has changed.
	write(b *pgx.Batch, s *statements)
	// hints hands over the live updates since begin.
	hints(add func(position uint64, c Change))
	// keep remembers the rows as they are now stored.
	keep()
	// forget drops all that is known of rows.
	forget()

	statements(generation int) *statements
	bulk
}

// row is what is known of one key.
type row[R any] struct {
	value  R
	exists bool
}

// staged is a row in the batch at hand.
type staged[R any] struct {
	row[R]
	stored row[R] // as the database has it
	dirty  bool
}

type hint struct {
	position uint64
	change   Change
}

type tableFold[K comparable, R any] struct {
	table   Table[K, R]
	cache   *lru.Cache[K, row[R]]
	events  []eventstore.Recorded
	keys    [][]K
	rows    map[K]*staged[R]
	missing []K
	hinted  []hint
	dirty   bool // some row of the batch is
	bulkState[K]
}

// newFold remembers up to limit rows between batches.
func (t Table[K, R]) newFold(limit int) fold {
	cache, err := lru.New[K, row[R]](max(limit, 1))
	if err != nil {
		panic(err) // only for a size below one
	}
	return &tableFold[K, R]{table: t, cache: cache, rows: make(map[K]*staged[R])}
}

func (f *tableFold[K, R]) begin(events []eventstore.Recorded) {
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

func (f *tableFold[K, R]) load(b *pgx.Batch, s *statements) {
	for keys := range slices.Chunk(f.missing, chunkRows) {
		b.Queue(s.load, f.keyValues(keys)...).Query(func(rows pgx.Rows) error {
			for rows.Next() {
				var r R
				targets := make([]any, len(f.table.Columns))
				for i, c := range f.table.Columns {
					targets[i] = c.Scan(&r)
				}
				if err := rows.Scan(targets...); err != nil {
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

func (f *tableFold[K, R]) apply(i int) {
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

// evolve is a row before an event, begun with if need be, and after it.
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

func (f *tableFold[K, R]) changed() bool { return f.dirty }

func (f *tableFold[K, R]) hints(add func(uint64, Change)) {
	for _, h := range f.hinted {
		add(h.position, h.change)
	}
}

// dirtyRows are the keys to write and to delete, in the order in which events touched them.
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

func (f *tableFold[K, R]) write(b *pgx.Batch, s *statements) {
	upsert, remove := f.dirtyRows()
	for keys := range slices.Chunk(remove, chunkRows) {
		b.Queue(s.remove, f.keyValues(keys)...)
	}
	for keys := range slices.Chunk(upsert, chunkRows) {
		columns := make([]any, len(f.table.Columns))
		for i, c := range f.table.Columns {
			values := make([]any, len(keys))
			for n, k := range keys {
				values[n] = s.codecs[i].inArray(c.Value(&f.rows[k].value))
			}
			columns[i] = values
		}
		b.Queue(s.upsert, columns...)
	}
}

// keyValues are the key columns of keys, each as one array.
func (f *tableFold[K, R]) keyValues(keys []K) []any {
	columns := make([][]any, f.table.Key)
	for i := range columns {
		columns[i] = make([]any, len(keys))
	}
	for n, k := range keys {
		r := f.table.New(k)
		for i := range columns {
			columns[i][n] = f.table.Columns[i].Value(&r)
		}
	}
	args := make([]any, len(columns))
	for i, c := range columns {
		args[i] = c
	}
	return args
}

func (f *tableFold[K, R]) keep() {
	for k, s := range f.rows {
		f.cache.Add(k, s.row)
	}
}

func (f *tableFold[K, R]) forget() {
	f.cache.Purge()
	clear(f.rows)
}

// foldError says a read model's own function could not take an event.
type foldError struct {
	index int // of the event in the batch; -1 before the first
	cause any
}

// Error names the kind of panic only: its text could hold what somebody wrote.
func (e *foldError) Error() string {
	if err, ok := e.cause.(runtime.Error); ok {
		return "panic: " + err.Error()
	}
	return fmt.Sprintf("panic with %T", e.cause)
}

// guard makes a foldError of a panic in what a read model does with event i.
func guard(i *int, do func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &foldError{index: *i, cause: p}
		}
	}()
	do()
	return nil
}
