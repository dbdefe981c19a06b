package backup

import (
	"bufio"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/eventstore"
)

// ErrDamaged means that a file is no backup, or not a whole one.
var ErrDamaged = errors.New("the file is damaged or not a backup of Parley")

// Check reads a whole backup and compares it with its checksum. Nothing is restored from a file that fails.
func Check(r io.Reader) (Contents, error) {
	c, ended := Contents{}, false
	for l, err := range lines(r, &c) {
		switch {
		case err != nil:
			return c, err
		case l.Event != nil:
			c.Events++
		case l.Table != "":
			if !slices.Contains(Tables, l.Table) {
				return c, fmt.Errorf("%w: it holds the table %q, which this version does not know", ErrDamaged, l.Table)
			}
			c.Rows++
			if l.Table == "deployment" {
				if err := readDeployment(l.Row, &c); err != nil {
					return c, err
				}
			}
		case l.End != nil:
			ended = l.End.Events == c.Events && l.End.Rows == c.Rows
		}
	}
	if !ended {
		return c, fmt.Errorf("%w: its end is missing", ErrDamaged)
	}
	return c, nil
}

// Fill appends the events of a backup that Check has accepted to an empty event store.
func Fill(ctx context.Context, r io.Reader, store *eventstore.Store) error {
	_, err := eventstore.Fill(ctx, store, events(r), nil)
	if errors.Is(err, eventstore.ErrWrongRevision) {
		return fmt.Errorf("the event store holds other events; restore into an empty one: %w", err)
	}
	return err
}

func events(r io.Reader) iter.Seq2[eventstore.Stored, error] {
	return func(yield func(eventstore.Stored, error) bool) {
		for l, err := range lines(r, new(Contents)) {
			if err != nil {
				yield(eventstore.Stored{}, err)
				return
			}
			if e := l.Event; e != nil && !yield(eventstore.Stored{ID: e.ID, Stream: e.Stream, Revision: e.Revision,
				Type: e.Type, JSON: !e.Binary, Data: e.Data.raw(), Metadata: e.Metadata.raw(), Created: e.Created}, nil) {
				return
			}
		}
	}
}

// RestoreTables writes the rows of a backup that Check has accepted into empty tables, all or none.
func RestoreTables(ctx context.Context, r io.Reader, pool *pgxpool.Pool) error {
	return pgx.BeginFunc(ctx, pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
			return err
		}
		w := rowWriter{tx: tx}
		for l, err := range lines(r, new(Contents)) {
			if err == nil && l.Table != "" {
				err = w.add(ctx, l.Table, l.Row)
			}
			if err != nil {
				return err
			}
		}
		if err := w.flush(ctx); err != nil {
			return err
		}
		// New rows must not get the numbers of restored ones.
		_, err := tx.Exec(ctx, `
			SELECT setval(pg_get_serial_sequence('ops.' || t, 'id'), n + 1, false) FROM (
				SELECT 'early_statuses' AS t, coalesce(max(id), 0) AS n FROM ops.early_statuses
				UNION ALL SELECT 'early_updates', coalesce(max(id), 0) FROM ops.early_updates) last`)
		return err
	})
}

// rowsAtOnce is how many rows of a table are written with one statement.
const rowsAtOnce = 500

// rowWriter writes rows of one table after the other.
type rowWriter struct {
	tx    pgx.Tx
	table string
	rows  []json.RawMessage
}

func (w *rowWriter) add(ctx context.Context, table string, row json.RawMessage) error {
	if table != w.table || len(w.rows) == rowsAtOnce {
		if err := w.flush(ctx); err != nil {
			return err
		}
	}
	w.table, w.rows = table, append(w.rows, row)
	return nil
}

func (w *rowWriter) flush(ctx context.Context) error {
	if len(w.rows) == 0 {
		return nil
	}
	all, err := json.Marshal(w.rows)
	if err != nil {
		return err
	}
	table := pgx.Identifier{"ops", w.table}.Sanitize()
	_, err = w.tx.Exec(ctx, `INSERT INTO `+table+` OVERRIDING SYSTEM VALUE
		SELECT * FROM jsonb_populate_recordset(NULL::`+table+`, $1::text::jsonb)`, string(all))
	if err != nil {
		return fmt.Errorf("restore ops.%s: %w", w.table, err)
	}
	w.rows = nil
	return nil
}

// lines iterates over the lines of a backup after its header, which it puts into c. It ends with an error if the
// checksum is wrong.
func lines(r io.Reader, c *Contents) iter.Seq2[line, error] {
	return func(yield func(line, error) bool) {
		unpacked, err := gzip.NewReader(r)
		if err != nil {
			yield(line{}, fmt.Errorf("%w: %w", ErrDamaged, err))
			return
		}
		in, sum := bufio.NewReaderSize(unpacked, 1<<20), sha256.New()
		for first := true; ; first = false {
			raw, err := in.ReadBytes('\n')
			if errors.Is(err, io.EOF) && len(raw) == 0 {
				return
			}
			if err != nil {
				yield(line{}, fmt.Errorf("%w: %w", ErrDamaged, err))
				return
			}
			if first {
				if err := readHeader(raw, c); err != nil {
					yield(line{}, err)
					return
				}
				sum.Write(raw)
				continue
			}
			var l line
			if err := json.Unmarshal(raw, &l); err != nil {
				yield(line{}, fmt.Errorf("%w: %w", ErrDamaged, err))
				return
			}
			if l.End != nil && l.End.SHA256 != hex.EncodeToString(sum.Sum(nil)) {
				yield(line{}, fmt.Errorf("%w: its checksum is wrong", ErrDamaged))
				return
			}
			sum.Write(raw)
			if !yield(l, nil) || l.End != nil {
				return
			}
		}
	}
}

// readDeployment reads the wrapped id key, which shows whether a master key belongs to the backup.
func readDeployment(row json.RawMessage, c *Contents) error {
	var d struct {
		Wrapped string `json:"wrapped_id_key"`
	}
	err := json.Unmarshal(row, &d)
	if err == nil {
		c.WrappedIDKey, err = hex.DecodeString(strings.TrimPrefix(d.Wrapped, `\x`))
	}
	if err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

func readHeader(raw []byte, c *Contents) error {
	var h header
	if err := json.Unmarshal(raw, &h); err != nil || h.Format != format {
		return ErrDamaged
	}
	if h.Version != version {
		return fmt.Errorf("the backup has version %d of the format, and this program knows %d: use the version of Parley "+
			"that made it, or a newer one", h.Version, version)
	}
	c.Fingerprint, c.MadeAt = h.Fingerprint, h.MadeAt
	return nil
}
