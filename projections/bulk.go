package projections

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

// bulk is how a fold fills a table of its own: it folds as many events as fit into memory and copies the rows out.
type bulk interface {
	// prepareBulk is begin without a cache: rows stay staged until flush. It returns how many must be loaded first.
	prepareBulk(events []eventstore.Recorded) int
	// stage folds the i-th event. Nobody hears of it.
	stage(i int)
	// stagedRows is how many rows are held in memory.
	stagedRows() int
	// flush writes all staged rows: new ones by COPY, others as upserts.
	flush(ctx context.Context, tx pgx.Tx, s *statements) error
}

type bulkState[K comparable] struct {
	flushed bool // some rows are in the table only
}

func (f *tableFold[K, R]) prepareBulk(events []eventstore.Recorded) int {
	f.events, f.keys, f.missing, f.hinted = events, f.keys[:0], f.missing[:0], f.hinted[:0]
	for _, e := range events {
		keys := f.table.keysOf(e)
		f.keys = append(f.keys, keys)
		for _, k := range keys {
			if f.rows[k] != nil {
				continue
			}
			f.rows[k] = new(staged[R])
			if f.flushed && (f.table.First == nil || !f.table.First(e)) {
				f.missing = append(f.missing, k)
			}
		}
	}
	return len(f.missing)
}

// stage does not look whether the event changed anything: in a table filled from nothing it nearly always did.
func (f *tableFold[K, R]) stage(i int) {
	for _, k := range f.keys[i] {
		s := f.rows[k]
		_, s.row = f.evolve(k, s.row, f.events[i])
		s.dirty, f.dirty = true, true
	}
}

func (f *tableFold[K, R]) stagedRows() int { return len(f.rows) }

func (f *tableFold[K, R]) flush(ctx context.Context, tx pgx.Tx, s *statements) error {
	var fresh, upsert, remove []K
	for k, r := range f.rows {
		switch {
		case !r.dirty:
		case r.exists && !r.stored.exists:
			fresh = append(fresh, k)
		case r.exists:
			upsert = append(upsert, k)
		case r.stored.exists:
			remove = append(remove, k)
		}
	}
	if len(fresh) > 0 {
		rows := pgx.CopyFromSlice(len(fresh), func(i int) ([]any, error) {
			r := &f.rows[fresh[i]].value
			values := make([]any, len(f.table.Columns))
			for n, c := range f.table.Columns {
				values[n] = s.codecs[n].plain(c.Value(r))
			}
			return values, nil
		})
		if _, err := tx.CopyFrom(ctx, identifier(s.table), s.columns, rows); err != nil {
			return fmt.Errorf("copy into %s: %w", s.table, err)
		}
	}
	if len(upsert)+len(remove) > 0 {
		var b pgx.Batch
		f.keys = [][]K{upsert, remove}
		f.write(&b, s)
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return fmt.Errorf("write to %s: %w", s.table, err)
		}
	}
	f.flushed = true
	clear(f.rows)
	return nil
}
