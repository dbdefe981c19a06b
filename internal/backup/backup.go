// Package backup writes what cannot be rebuilt to a file, and fills a new deployment from it: the event log as it is
// stored, with personal data sealed, and the keys, which the master key wraps. Read models are left out. They hold
// names, numbers and texts in clear and are rebuilt from the log.
package backup

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"parley/eventstore"
)

// Tables lists the tables of the schema ops that a backup holds. What they say about people is sealed or a hash.
var Tables = []string{"deployment", "subject_keys", "secrets", "passwords", "devices", "tokens", "drafts", "saved_filters", "blobs",
	"uploads", "early_statuses", "early_updates"}

// LeftOut lists the other tables of the schema ops, and why a backup does not hold them.
var LeftOut = map[string]string{
	"sessions":       "users sign in again",
	"login_attempts": "they are forgotten after 15 minutes",
	"heartbeats":     "desktops connect again",
	"database_roles": "each database has passwords of its own, which are in clear",
}

const (
	format  = "parley-backup"
	version = 1
)

// header is the first line of a backup.
type header struct {
	Format      string    `json:"format"`
	Version     int       `json:"version"`
	Fingerprint string    `json:"fingerprint"` // of the deployment
	MadeAt      time.Time `json:"madeAt"`
}

// line is one of the other lines: an event, a row, or the end.
type line struct {
	Event *event          `json:"event,omitempty"`
	Table string          `json:"table,omitempty"`
	Row   json.RawMessage `json:"row,omitempty"`
	End   *end            `json:"end,omitempty"`
}

// event is an event as stored.
type event struct {
	ID       uuid.UUID `json:"id"`
	Stream   string    `json:"stream"`
	Revision uint64    `json:"revision"`
	Type     string    `json:"type"`
	Created  time.Time `json:"created"`
	Data     value     `json:"data"`
	Metadata value     `json:"metadata"`
	Binary   bool      `json:"binary,omitempty"` // the store does not know the data as JSON
}

// value is bytes: JSON as it is, anything else in base64.
type value struct {
	JSON  json.RawMessage `json:"json,omitempty"`
	Bytes []byte          `json:"bytes,omitempty"`
}

// end is the last line. SHA256 is that of everything before it, in hex.
type end struct {
	Events int    `json:"events"`
	Rows   int    `json:"rows"`
	SHA256 string `json:"sha256"`
}

// Contents says how much a backup holds.
type Contents struct {
	Fingerprint  string
	MadeAt       time.Time
	Events, Rows int
	WrappedIDKey []byte // by the master key; only Check sets it
}

// Write writes a backup. Parley may keep running: the rows are read after the events, in one snapshot, so every
// event has its keys.
func Write(
	ctx context.Context, w io.Writer, store *eventstore.Store, pool *pgxpool.Pool, fingerprint string, now time.Time,
) (Contents, error) {
	packed := gzip.NewWriter(w)
	sum := sha256.New()
	out := json.NewEncoder(io.MultiWriter(packed, sum))
	out.SetEscapeHTML(false)
	c := Contents{Fingerprint: fingerprint, MadeAt: now}
	if err := out.Encode(header{Format: format, Version: version, Fingerprint: fingerprint, MadeAt: now}); err != nil {
		return c, err
	}
	for e, err := range store.EachStored(ctx) {
		if err == nil {
			err = out.Encode(line{Event: eventOf(e)})
		}
		if err != nil {
			return c, fmt.Errorf("back up the event log: %w", err)
		}
		c.Events++
	}
	snapshot := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, pool, snapshot, func(tx pgx.Tx) error {
		for _, table := range Tables {
			n, err := writeTable(ctx, tx, out, table)
			if err != nil {
				return fmt.Errorf("back up ops.%s: %w", table, err)
			}
			c.Rows += n
		}
		return nil
	})
	if err != nil {
		return c, err
	}
	last := end{Events: c.Events, Rows: c.Rows, SHA256: hex.EncodeToString(sum.Sum(nil))}
	return c, errors.Join(out.Encode(line{End: &last}), packed.Close())
}

func writeTable(ctx context.Context, tx pgx.Tx, out *json.Encoder, table string) (n int, err error) {
	if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = 0`); err != nil {
		return 0, err
	}
	rows, err := tx.Query(ctx, `SELECT to_jsonb(t)::text FROM ops.`+table+` t`)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for rows.Next() {
		var row string
		if err := rows.Scan(&row); err != nil {
			return n, err
		}
		if err := out.Encode(line{Table: table, Row: json.RawMessage(row)}); err != nil {
			return n, err
		}
		n++
	}
	return n, rows.Err()
}

func eventOf(e eventstore.Stored) *event {
	return &event{ID: e.ID, Stream: e.Stream, Revision: e.Revision, Type: e.Type, Created: e.Created,
		Data: valueOf(e.Data), Metadata: valueOf(e.Metadata), Binary: !e.JSON}
}

// valueOf keeps JSON readable unless an encoder would change its bytes.
func valueOf(raw []byte) value {
	var compact bytes.Buffer
	if len(raw) > 0 && json.Compact(&compact, raw) == nil && bytes.Equal(compact.Bytes(), raw) {
		return value{JSON: raw}
	}
	return value{Bytes: raw}
}

func (v value) raw() []byte {
	if v.JSON != nil {
		return v.JSON
	}
	return v.Bytes
}
