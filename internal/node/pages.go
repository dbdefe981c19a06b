package node

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// pages reads the log page by page, so that a slow reader holds neither a connection nor much memory.
type pages struct{ pool *pgxpool.Pool }

const (
	selectRecords = `SELECT ` + recordColumns + ` FROM eventlog.events `

	allForwardSQL     = selectRecords + `WHERE position > $1 ORDER BY position LIMIT $2`
	allBackwardSQL    = selectRecords + `WHERE position < $1 ORDER BY position DESC LIMIT $2`
	ofStream          = `WHERE stream_id = $1 AND revision BETWEEN $2 AND $3 AND created_at >= $4 `
	streamForwardSQL  = selectRecords + ofStream + `ORDER BY revision LIMIT $5`
	streamBackwardSQL = selectRecords + ofStream + `ORDER BY revision DESC LIMIT $5`

	logHeadSQL = `SELECT coalesce(max(position), 0) FROM eventlog.events`

	streamSQL = `SELECT s.id, s.metadata,
       coalesce((SELECT max(revision) FROM eventlog.events e WHERE e.stream_id = s.id), -1),
       s.tombstoned OR EXISTS (SELECT FROM eventlog.streams o WHERE o.name = $2 AND o.tombstoned)
  FROM eventlog.streams s WHERE s.name = $1`
)

// withReconnect runs a query, and runs it again if the connection was dead. After a restart of Postgres, every
// connection in the pool is dead.
func withReconnect[T any](ctx context.Context, p pages, run func() (T, error)) (T, error) {
	v, err := run()
	if disconnected(err) && ctx.Err() == nil {
		p.pool.Reset()
		return run()
	}
	return v, err
}

// disconnected reports whether the connection failed, as opposed to the query.
func disconnected(err error) bool {
	if answer := new(pgconn.PgError); errors.As(err, &answer) {
		return answer.Code == "57P01" || answer.Code == "57P02"
	}
	return err != nil && !errors.Is(err, pgx.ErrNoRows)
}

// query runs a page query and reads as many of its rows as fit into maxPageBytes.
func (p pages) query(ctx context.Context, sql string, args ...any) ([]*record, error) {
	return withReconnect(ctx, p, func() ([]*record, error) {
		rows, err := p.pool.Query(ctx, sql, args...)
		if err != nil {
			return nil, fmt.Errorf("read events: %w", err)
		}
		defer rows.Close()
		var records []*record
		for size := 0; size < maxPageBytes && rows.Next(); {
			r := scanRecord(rows)
			records, size = append(records, r), size+r.size()
		}
		rows.Close() // skips the rest of a page that would take too much memory
		if err := rows.Err(); err != nil {
			return nil, fmt.Errorf("read events: %w", err)
		}
		return records, nil
	})
}

// after returns up to limit events after a position, in log order.
func (p pages) after(ctx context.Context, position int64, limit int) ([]*record, error) {
	return p.query(ctx, allForwardSQL, position, limit)
}

// before returns up to limit events before a position, last first.
func (p pages) before(ctx context.Context, position int64, limit int) ([]*record, error) {
	return p.query(ctx, allBackwardSQL, position, limit)
}

// head returns the position of the last event, 0 if there is none.
func (p pages) head(ctx context.Context) (int64, error) {
	return withReconnect(ctx, p, func() (head int64, err error) {
		if err := p.pool.QueryRow(ctx, logHeadSQL).Scan(&head); err != nil {
			return 0, fmt.Errorf("read head of the log: %w", err)
		}
		return head, nil
	})
}

// streamView says what a reader may see of a stream at one moment.
type streamView struct {
	id         int64 // 0 if never written
	revision   int64 // last event, -1 if none
	tombstoned bool
	hidden     bool // soft-deleted
	lowest     int64
	since      time.Time // older events have expired
}

// exists reports whether reading the stream succeeds, even if no events are left.
func (v streamView) exists() bool { return v.revision >= 0 && !v.hidden }

// stream looks up a stream and the limits its metadata sets.
func (p pages) stream(ctx context.Context, name string) (streamView, error) {
	return withReconnect(ctx, p, func() (streamView, error) { return p.lookUp(ctx, name) })
}

func (p pages) lookUp(ctx context.Context, name string) (streamView, error) {
	v := streamView{revision: -1}
	var metadata []byte
	err := p.pool.QueryRow(ctx, streamSQL, name, ownerOf(name)).Scan(&v.id, &metadata, &v.revision, &v.tombstoned)
	if errors.Is(err, pgx.ErrNoRows) && isMetastream(name) {
		// It was never written, but a tombstone on its stream covers it too.
		err = p.pool.QueryRow(ctx, `SELECT tombstoned FROM eventlog.streams WHERE name = $1`,
			ownerOf(name)).Scan(&v.tombstoned)
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return v, fmt.Errorf("look up stream: %w", err)
	}
	v.applyLimits(name, parseLimits(metadata))
	return v, nil
}

// applyLimits applies the stream's metadata. A metastream shows its last event only.
func (v *streamView) applyLimits(name string, l limits) {
	if isMetastream(name) {
		l = limits{maxCount: 1}
	}
	v.hidden = l.softDeleted()
	v.lowest = l.truncateBefore
	if l.maxCount > 0 && v.revision >= l.maxCount {
		v.lowest = max(v.lowest, v.revision-l.maxCount+1)
	}
	if l.maxAge > 0 {
		v.since = time.Now().Add(-l.maxAge)
	}
}

// forward returns up to limit events of a stream from a revision upwards.
func (p pages) forward(ctx context.Context, v streamView, from int64, limit int) ([]*record, error) {
	return p.query(ctx, streamForwardSQL, v.id, max(from, v.lowest), int64(math.MaxInt64), v.since, limit)
}

// backward returns up to limit events of a stream from a revision downwards.
func (p pages) backward(ctx context.Context, v streamView, from int64, limit int) ([]*record, error) {
	return p.query(ctx, streamBackwardSQL, v.id, v.lowest, from, v.since, limit)
}

const (
	firstPage     = 64
	largestPage   = 1024
	pageBytesGoal = 2 << 20
	maxPageBytes  = 16 << 20 // unless one event is larger
)

// full reports whether there may be more events after a page.
func full(records []*record, limit int) bool {
	size := 0
	for _, r := range records {
		size += r.size()
	}
	return len(records) == limit || size >= maxPageBytes
}

// nextPage returns how many events to read next, judging by the size of those just read.
func nextPage(last int, records []*record) int {
	if len(records) == 0 {
		return last
	}
	size := 0
	for _, r := range records {
		size += r.size()
	}
	fits := pageBytesGoal / max(1, size/len(records))
	return max(1, min(last*4, fits, largestPage))
}
