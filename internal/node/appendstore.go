package node

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
)

// appendStore writes groups over its own connection, reconnecting when it is lost.
type appendStore struct {
	config *pgx.ConnConfig
	wide   bool // positions, see positions.go
	conn   *pgx.Conn
}

// write decides and stores the proposals in one transaction. After an error the outcome is unknown.
func (a *appendStore) write(ctx context.Context, proposals []*proposal) ([]outcome, *appendGroup, error) {
	reused := a.conn != nil
	outcomes, group, err := a.attempt(ctx, proposals)
	var notStarted *notStartedError
	if reused && errors.As(err, &notStarted) {
		// The connection broke while it was idle, for example because Postgres restarted. Nothing was written.
		outcomes, group, err = a.attempt(ctx, proposals)
	}
	return outcomes, group, err
}

func (a *appendStore) attempt(
	ctx context.Context, proposals []*proposal,
) (outcomes []outcome, g *appendGroup, err error) {
	if a.conn == nil {
		if a.conn, err = connectDurably(ctx, a.config); err != nil {
			return nil, nil, fmt.Errorf("connect event log: %w", err)
		}
	}
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	g, err = a.begin(ctx, proposals)
	if err != nil {
		return nil, nil, &notStartedError{err}
	}
	if err := a.lookUpRevisions(ctx, g, proposals); err != nil {
		return nil, nil, &notStartedError{err}
	}
	outcomes = make([]outcome, len(proposals))
	for i, p := range proposals {
		outcomes[i] = g.decide(p)
	}
	if err := a.finish(ctx, g); err != nil {
		return nil, nil, fmt.Errorf("commit append group: %w", err)
	}
	return outcomes, g, nil
}

// connectDurably opens a connection whose commits are on disk when they return, whatever the database's
// default.
func connectDurably(ctx context.Context, config *pgx.ConnConfig) (*pgx.Conn, error) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	const on = `SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'`
	if _, err := conn.Exec(ctx, on); err != nil {
		closeQuietly(conn)
		return nil, err
	}
	return conn, nil
}

func (a *appendStore) close() {
	closeQuietly(a.conn)
	a.conn = nil
}

// notStartedError means that the attempt failed before it wrote anything.
type notStartedError struct{ cause error }

func (e *notStartedError) Error() string { return "begin append group: " + e.cause.Error() }
func (e *notStartedError) Unwrap() error { return e.cause }

const (
	lockAppendSQL = `SELECT pg_advisory_xact_lock($1, $2)`

	headSQL = `SELECT (SELECT coalesce(max(position), 0) FROM eventlog.events),
       (SELECT coalesce(max(id), 0) FROM eventlog.streams)`

	streamsSQL = `SELECT s.id, s.name, s.tombstoned, s.metadata,
       (SELECT max(revision) FROM eventlog.events e WHERE e.stream_id = s.id)
  FROM eventlog.streams s WHERE s.name = ANY($1)`

	// Each ORDER BY matches exactly one index, so that no plan made while the tables were small can scan a
	// whole stream.
	eventsByIDSQL = `SELECT q.name, e.revision, e.position, e.event_id
  FROM unnest($1::text[], $2::uuid[]) AS q(name, id)
  JOIN eventlog.streams s ON s.name = q.name
 CROSS JOIN LATERAL (
       SELECT revision, position, event_id FROM eventlog.events
        WHERE stream_id = s.id AND event_id >= q.id ORDER BY event_id LIMIT 1) e
 WHERE e.event_id = q.id`

	eventsByRevisionSQL = `SELECT q.stream_id, e.revision, e.position, e.event_id
  FROM unnest($1::bigint[], $2::bigint[], $3::bigint[]) AS q(stream_id, low, high)
 CROSS JOIN LATERAL (
       SELECT revision, position, event_id FROM eventlog.events
        WHERE stream_id = q.stream_id AND revision BETWEEN q.low AND q.high ORDER BY revision) e`

	saveStreamsSQL = `INSERT INTO eventlog.streams (id, name, tombstoned, metadata)
SELECT * FROM unnest($1::bigint[], $2::text[], $3::boolean[], $4::bytea[])
    ON CONFLICT (id) DO UPDATE SET tombstoned = excluded.tombstoned, metadata = excluded.metadata`

	saveEventsSQL = `INSERT INTO eventlog.events (` + recordColumns + `)
SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::uuid[], $5::timestamptz[], $6::boolean[],
       $7::text[], $8::text[], $9::bytea[], $10::bytea[])`
)

// begin locks the end of the log and loads the proposals' streams in one round trip. The lock is taken first,
// in a statement of its own, so that later reads see what its previous holder committed.
func (a *appendStore) begin(ctx context.Context, proposals []*proposal) (*appendGroup, error) {
	g := &appendGroup{
		wide: a.wide, streams: make(map[string]*streamState, len(proposals)),
		now: time.Now().UTC().Truncate(time.Microsecond),
	}
	names := streamNames(proposals)
	byName, byID := idLookups(proposals)

	batch := &pgx.Batch{}
	batch.Queue("BEGIN")
	batch.Queue(lockAppendSQL, int32(lockSpace), int32(lockAppend))
	batch.Queue(headSQL).QueryRow(func(row pgx.Row) error { return row.Scan(&g.head, &g.maxID) })
	batch.Queue(streamsSQL, names).Query(g.scanStreams)
	if len(byID) > 0 {
		batch.Queue(eventsByIDSQL, byName, byID).Query(g.scanByID)
	}
	if err := a.conn.SendBatch(ctx, batch).Close(); err != nil {
		return nil, err
	}
	g.before = g.head
	return g, a.loadMetastreams(ctx, g)
}

// streamNames lists the streams to load: each stream that is written to, the stream that a metastream
// describes, and the metastream of a stream to delete.
func streamNames(proposals []*proposal) []string {
	names := make([]string, 0, len(proposals))
	seen := make(map[string]bool, len(proposals))
	add := func(name string) {
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	for _, p := range proposals {
		add(p.stream)
		if isMetastream(p.stream) {
			add(ownerOf(p.stream))
		}
		if p.action == actionDelete {
			add(metastreamPrefix + p.stream)
		}
	}
	return names
}

// idLookups lists the events by whose ids an append is recognised as repeated, as pairs of stream and event id.
func idLookups(proposals []*proposal) (names []string, ids [][16]byte) {
	for _, p := range proposals {
		if p.expected != expectAny && p.expected != expectStreamExists {
			continue
		}
		for i := range p.events {
			names = append(names, p.stream)
			ids = append(ids, p.events[i].id)
		}
	}
	return names, ids
}

func (g *appendGroup) scanStreams(rows pgx.Rows) error {
	for rows.Next() {
		s := &streamState{}
		var revision *int64
		if err := rows.Scan(&s.id, &s.name, &s.tombstoned, &s.metadata, &revision); err != nil {
			return err
		}
		s.revision = -1
		if revision != nil {
			s.revision = *revision
		}
		s.limits = parseLimits(s.metadata)
		g.streams[s.name] = s
	}
	return rows.Err()
}

func (g *appendGroup) scanByID(rows pgx.Rows) error {
	for rows.Next() {
		var name string
		var p location
		if err := rows.Scan(&name, &p.revision, &p.position, &p.id); err != nil {
			return err
		}
		g.stream(name).remember(p)
	}
	return rows.Err()
}

// loadMetastreams loads the metastreams of soft-deleted streams, because writing to such a stream adds to
// both.
func (a *appendStore) loadMetastreams(ctx context.Context, g *appendGroup) error {
	var names []string
	for name, s := range g.streams {
		if _, loaded := g.streams[metastreamPrefix+name]; s.limits.softDeleted() && !loaded {
			names = append(names, metastreamPrefix+name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	rows, err := a.conn.Query(ctx, streamsSQL, names)
	if err != nil {
		return err
	}
	defer rows.Close()
	return g.scanStreams(rows)
}

// lookUpRevisions loads the events at the revisions an append expects to write. Only repeated appends and
// losers of a race need it.
func (a *appendStore) lookUpRevisions(ctx context.Context, g *appendGroup, proposals []*proposal) error {
	var streams, low, high []int64
	byID := map[int64]*streamState{}
	for _, p := range proposals {
		s, ok := g.streams[p.stream]
		first := int64(p.expected) + 1
		if !ok || p.expected < expectNoStream || len(p.events) == 0 || first > s.revision {
			continue
		}
		streams, low, high = append(streams, s.id), append(low, first), append(high, first+int64(len(p.events))-1)
		byID[s.id] = s
	}
	if len(streams) == 0 {
		return nil
	}
	rows, err := a.conn.Query(ctx, eventsByRevisionSQL, streams, low, high)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		var p location
		if err := rows.Scan(&id, &p.revision, &p.position, &p.id); err != nil {
			return err
		}
		byID[id].remember(p)
	}
	return rows.Err()
}

// finish stores what the group wrote and commits, in one round trip unless the group is large.
func (a *appendStore) finish(ctx context.Context, g *appendGroup) error {
	rest := g.records
	for {
		n, size := 0, 0
		for n < len(rest) && (n == 0 || size+rest[n].size() <= maxGroupBytes) {
			size += rest[n].size()
			n++
		}
		if n == len(rest) {
			break
		}
		batch := &pgx.Batch{}
		queueEvents(batch, rest[:n])
		if err := a.conn.SendBatch(ctx, batch).Close(); err != nil {
			return err
		}
		rest = rest[n:]
	}
	batch := &pgx.Batch{}
	queueStreams(batch, g)
	queueEvents(batch, rest)
	batch.Queue("COMMIT")
	return a.conn.SendBatch(ctx, batch).Close()
}

func queueStreams(batch *pgx.Batch, g *appendGroup) {
	var ids []int64
	var names []string
	var tombstoned []bool
	var metadata [][]byte
	for _, s := range g.streams {
		if s.changed {
			ids, names = append(ids, s.id), append(names, s.name)
			tombstoned, metadata = append(tombstoned, s.tombstoned), append(metadata, s.metadata)
		}
	}
	if len(ids) > 0 {
		batch.Queue(saveStreamsSQL, ids, names, tombstoned, metadata)
	}
}

func queueEvents(batch *pgx.Batch, records []*record) {
	n := len(records)
	if n == 0 {
		return
	}
	positions, streamIDs, revisions := make([]int64, n), make([]int64, n), make([]int64, n)
	ids, created, json := make(pgtype.FlatArray[pgtype.UUID], n), make([]time.Time, n), make([]bool, n)
	streams, kinds, data, metadata := make([]string, n), make([]string, n), make([][]byte, n), make([][]byte, n)
	for i, r := range records {
		positions[i], streamIDs[i], revisions[i] = r.position, r.streamID, r.revision
		ids[i], created[i], json[i] = pgtype.UUID{Bytes: r.id, Valid: true}, r.created, r.json
		streams[i], kinds[i], data[i], metadata[i] = r.stream, r.kind, r.data, r.metadata
	}
	batch.Queue(saveEventsSQL, positions, streamIDs, revisions, ids, created, json, streams, kinds, data, metadata)
}
