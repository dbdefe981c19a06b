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

// pages reads the log in pages, so that neither a connection nor much memory is held while a reader is slow.
type pages struct{ pool *pgxpool.Pool }

const (
	selectRecords = `SELECT ` + recordColumns + ` FROM eventlog.events `

	allForwardSQL     = selectRecords + `WHERE position > $1 ORDER BY position LIMIT $2`
	allBackwardSQL    = selectRecords + `WHERE position < $1 ORDER BY position DESC LIMIT $2`
	streamForwardSQL  = selectRecords + `WHERE stream_id = $1 AND revision BETWEEN $2 AND $3 AND created_at >= $4 ORDER BY revision LIMIT $5`
	streamBackwardSQL = selectRecords + `WHERE stream_id = $1 AND revision BETWEEN $2 AND $3 AND created_at >= $4 ORDER BY revision DESC LIMIT $5`

	logHeadSQL = `SELECT coalesce(max(position), 0) FROM eventlog.events`

	streamSQL = `SELECT s.id, s.metadata,
       coalesce((SELECT max(revision) FROM eventlog.events e WHERE e.stream_id = s.id), -1),
       s.tombstoned OR EXISTS (SELECT FROM eventlog.streams o WHERE o.name = $2 AND o.tombstoned)
  FROM eventlog.streams s WHERE s.name = $1`
)

// retried runs a query, and once more if the connection turns out to be dead, as all in the pool are after a restart
// of Postgres.
func retried[T any](ctx context.Context, p pages, run func() (T, error)) (T, error) {
	v, err := run()
	if disconnected(err) && ctx.Err() == nil {
		p.pool.Reset()
		return run()
	}
	return v, err
}

// disconnected says whether the database went away rather than answer.
func disconnected(err error) bool {
	if answer := new(pgconn.PgError); errors.As(err, &answer) {
		return answer.Code == "57P01" || answer.Code == "57P02"
	}
	return err != nil && !errors.Is(err, pgx.ErrNoRows)
}

// query runs a page query. The rows are read to their end before it returns.
func (p pages) query(ctx context.Context, sql string, args ...any) ([]*record, error) {
	return retried(ctx, p, func() ([]*record, error) {
		rows, err := p.pool.Query(ctx, sql, args...)
		if err != nil {
			return nil, fmt.Errorf("read events: %w", err)
		}
		defer rows.Close()
		var records []*record
		for rows.Next() {
			records = append(records, scanRecord(rows))
		}
		if err := rows.Err(); err != nil {
			return nil, fmt.Errorf("read events: %w", err)
		}
		return records, nil
	})
}

// after gives up to limit events behind a position, in the order of the log.
func (p pages) after(ctx context.Context, position int64, limit int) ([]*record, error) {
	return p.query(ctx, allForwardSQL, position, limit)
}

// before gives up to limit events ahead of a position, last first.
func (p pages) before(ctx context.Context, position int64, limit int) ([]*record, error) {
	return p.query(ctx, allBackwardSQL, position, limit)
}

// head is the position of the last event, 0 if there is none.
func (p pages) head(ctx context.Context) (int64, error) {
	return retried(ctx, p, func() (head int64, err error) {
		if err := p.pool.QueryRow(ctx, logHeadSQL).Scan(&head); err != nil {
			return 0, fmt.Errorf("read head of the log: %w", err)
		}
		return head, nil
	})
}

// streamView is what a reader may see of a stream, as of one moment.
type streamView struct {
	id         int64 // 0: never written
	revision   int64 // of the last event, -1 if none
	tombstoned bool
	hidden     bool // soft-deleted
	lowest     int64
	since      time.Time // older events have expired
}

// found says whether reads of the stream answer with events, even if there are none left.
func (v streamView) found() bool { return v.revision >= 0 && !v.hidden }

// stream looks a stream up and works out the bounds its metadata sets.
func (p pages) stream(ctx context.Context, name string) (streamView, error) {
	return retried(ctx, p, func() (streamView, error) { return p.lookUp(ctx, name) })
}

func (p pages) lookUp(ctx context.Context, name string) (streamView, error) {
	v := streamView{revision: -1}
	var metadata []byte
	err := p.pool.QueryRow(ctx, streamSQL, name, ownerOf(name)).Scan(&v.id, &metadata, &v.revision, &v.tombstoned)
	if errors.Is(err, pgx.ErrNoRows) && isMetastream(name) {
		// It was never written, but is gone for ever with its owner.
		err = p.pool.QueryRow(ctx, `SELECT tombstoned FROM eventlog.streams WHERE name = $1`, ownerOf(name)).Scan(&v.tombstoned)
	}
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return v, fmt.Errorf("look up stream: %w", err)
	}
	v.bound(name, limitsFrom(metadata))
	return v, nil
}

// bound applies what metadata says. A metastream shows its last event only.
func (v *streamView) bound(name string, l limits) {
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

// forward gives up to limit events of a stream from a revision upwards.
func (p pages) forward(ctx context.Context, v streamView, from int64, limit int) ([]*record, error) {
	return p.query(ctx, streamForwardSQL, v.id, max(from, v.lowest), int64(math.MaxInt64), v.since, limit)
}

// backward gives up to limit events of a stream from a revision downwards.
func (p pages) backward(ctx context.Context, v streamView, from int64, limit int) ([]*record, error) {
	return p.query(ctx, streamBackwardSQL, v.id, v.lowest, from, v.since, limit)
}

const (
	firstPage     = 64
	largestPage   = 1024
	pageBytesGoal = 2 << 20
)

// nextPage sizes a page by what the last one weighed.
func nextPage(last int, records []*record) int {
	if len(records) == 0 {
		return last
	}
	size := 0
	for _, r := range records {
		size += r.size()
	}
	fits := pageBytesGoal / max(1, size/len(records))
	return max(8, min(last*4, fits, largestPage))
}
