package node

import (
	"encoding/binary"
	"math"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	typeMetadata  = "$metadata"
	typeTombstone = "$streamDeleted"
	typeLink      = "$>"

	metastreamPrefix = "$$"

	// tombstoneRevision is the revision of a tombstone event, and the $tb that marks a stream as deleted.
	tombstoneRevision = math.MaxInt64
)

// record is one event of the log. Readers share it, so it is immutable.
type record struct {
	position int64
	streamID int64
	revision int64
	id       [16]byte
	created  time.Time // UTC, in whole microseconds as in Postgres
	json     bool
	stream   string
	kind     string // the event type
	data     []byte
	metadata []byte
}

func (r *record) size() int { return len(r.data) + len(r.metadata) + len(r.stream) + len(r.kind) + 128 }

// recordColumns lists the columns in the order scanRecord reads them.
const recordColumns = `position, stream_id, revision, event_id, created_at, is_json, stream, type, data, metadata`

// postgresEpoch is the origin of Postgres timestamps, in Unix microseconds.
const postgresEpoch = 946684800 * 1_000_000

// scanRecord decodes the binary format directly, because history is read in bulk and the columns are fixed.
func scanRecord(rows pgx.Rows) *record {
	v := rows.RawValues()
	created := int64(binary.BigEndian.Uint64(v[4])) + postgresEpoch
	r := &record{
		position: int64(binary.BigEndian.Uint64(v[0])),
		streamID: int64(binary.BigEndian.Uint64(v[1])),
		revision: int64(binary.BigEndian.Uint64(v[2])),
		created:  time.UnixMicro(created).UTC(),
		json:     v[5][0] != 0,
	}
	copy(r.id[:], v[3])
	names := string(v[6]) + string(v[7])
	r.stream, r.kind = names[:len(v[6])], names[len(v[6]):]
	payload := make([]byte, len(v[8])+len(v[9]))
	copy(payload, v[8])
	copy(payload[len(v[8]):], v[9])
	r.data = payload[:len(v[8]):len(v[8])]
	r.metadata = payload[len(v[8]):]
	return r
}

func isMetastream(stream string) bool { return strings.HasPrefix(stream, metastreamPrefix) }

// ownerOf returns the stream a metastream describes, or the stream itself.
func ownerOf(stream string) string { return strings.TrimPrefix(stream, metastreamPrefix) }

// hiddenFromAll reports whether reads of $all omit the event. Otherwise persistent subscriptions to $all
// would receive their own bookkeeping.
func hiddenFromAll(stream string) bool {
	return strings.HasPrefix(ownerOf(stream), "$persistentsubscription-$all::")
}
