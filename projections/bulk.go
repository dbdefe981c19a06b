package projections

import (
	"context"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

// bulk is a fold that fills a table of its own: it folds as many events as fit into memory, then copies the
// rows out.
type bulk interface {
	// PrepareBulk is Begin without a cache: rows stay staged until Flush. It returns the number of rows to
	// load first.
	PrepareBulk(events []eventstore.Recorded) int
	// Stage folds the i-th event without announcing the changes.
	Stage(i int)
	// StagedRows returns the number of rows held in memory.
	StagedRows() int
	// Flush writes all staged rows: new ones by COPY, others as upserts.
	Flush(ctx context.Context, tx pgx.Tx, s *Statements) error
}

type bulkState[K comparable] struct {
	flushed bool // some rows exist only in the table
}

func (f *tableFold[K, R]) PrepareBulk(events []eventstore.Recorded) int {
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

// Stage does not check whether the event changed the row: in a table filled from scratch it nearly always
// did.
func (f *tableFold[K, R]) Stage(i int) {
	for _, k := range f.keys[i] {
		s := f.rows[k]
		_, s.row = f.evolve(k, s.row, f.events[i])
		s.dirty, f.dirty = true, true
	}
}

func (f *tableFold[K, R]) StagedRows() int { return len(f.rows) }

func (f *tableFold[K, R]) Flush(ctx context.Context, tx pgx.Tx, s *Statements) error {
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
			for n := range f.table.Columns {
				values[n] = s.codecs[n].plain(f.table.Columns[n].value(r))
			}
			return values, nil
		})
		if _, err := tx.CopyFrom(ctx, identifier(s.Table), s.Columns, rows); err != nil {
			return fmt.Errorf("copy into %s: %w", s.Table, err)
		}
	}
	if len(upsert)+len(remove) > 0 {
		var b pgx.Batch
		f.keys = [][]K{upsert, remove}
		f.Write(&b, s)
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return fmt.Errorf("write to %s: %w", s.Table, err)
		}
	}
	f.flushed = true
	clear(f.rows)
	return nil
}

// identifier splits a physical table name for COPY.
func identifier(table string) pgx.Identifier { return strings.Split(table, ".") }
