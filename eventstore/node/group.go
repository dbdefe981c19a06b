package node

import (
	"time"

	"github.com/google/uuid"
)

// streamState is what the writer knows of one stream while it decides a group.
type streamState struct {
	id         int64
	name       string
	revision   int64 // of the last event written, in the group or before; -1 if none
	tombstoned bool
	metadata   []byte // of the last $metadata event; nil if there was none
	limits     limits

	changed bool               // the row must be written
	stored  map[int64]place    // events from before the group, by revision, as far as they were looked up
	known   map[[16]byte]place // the same by id, and those of the group
}

func (s *streamState) at(revision int64) (place, bool) { p, ok := s.stored[revision]; return p, ok }
func (s *streamState) find(id [16]byte) (place, bool)  { p, ok := s.known[id]; return p, ok }

func (s *streamState) remember(p place) {
	if s.stored == nil {
		s.stored, s.known = map[int64]place{}, map[[16]byte]place{}
	}
	s.stored[p.revision] = p
	s.known[p.id] = p
}

func (s *streamState) setMetadata(metadata []byte) {
	s.metadata, s.limits, s.changed = metadata, limitsFrom(metadata), true
}

// group is a set of proposals that become durable in one transaction, each decided on what is true
// after those before it.
type group struct {
	head    int64 // position of the last event, in the group or before
	maxID   int64 // highest stream id given out
	streams map[string]*streamState
	records []*record
	now     time.Time
}

// stream gives the state of a stream, a new one if it was never written.
func (g *group) stream(name string) *streamState {
	s, ok := g.streams[name]
	if !ok {
		s = &streamState{name: name, revision: -1}
		g.streams[name] = s
	}
	return s
}

func (g *group) identify(s *streamState) {
	if s.id == 0 {
		g.maxID++
		s.id, s.changed = g.maxID, true
	}
}

// decide answers one proposal and keeps what it writes.
func (g *group) decide(p *proposal) outcome {
	s := g.stream(p.stream)
	owner := g.stream(ownerOf(p.stream))
	where := situation{
		revision:    s.revision,
		tombstoned:  s.tombstoned || owner.tombstoned,
		softDeleted: s.limits.softDeleted(),
		hasMetadata: s.metadata != nil,
	}
	ids := p.ids()
	if p.action != actionAppend {
		ids = [][16]byte{uuid.New()}
		if refused, ok := refuseDelete(p, where); ok {
			return refused
		}
	}
	switch v, last := decide(where, s, p.expected, ids); v {
	case verdictWrite:
	case verdictAlready:
		return outcome{verdict: verdictAlready, revision: last.revision, position: last.position}
	default:
		return outcome{verdict: v, revision: s.revision}
	}
	switch p.action {
	case actionDelete:
		return g.writeMetadata(s, softDelete())
	case actionTombstone:
		s.tombstoned = true
		g.identify(s)
		s.changed = true
		return g.writeAt(s, tombstoneRevision, proposed{id: uuid.New(), kind: typeTombstone})
	}
	return g.append(s, owner, p.events)
}

// refuseDelete holds what deleting adds to the rules of appending: there must be something to delete softly,
// and a stream that never existed can be closed for ever, but not at a revision it does not have.
func refuseDelete(p *proposal, where situation) (outcome, bool) {
	if where.tombstoned || where.revision >= 0 || where.hasMetadata {
		return outcome{}, false
	}
	if p.action == actionTombstone {
		return outcome{}, false
	}
	return outcome{verdict: verdictWrongVersion, revision: -1}, true
}

func (g *group) append(s, owner *streamState, events []proposed) outcome {
	out := outcome{revision: s.revision}
	first := s.revision + 1
	for _, e := range events {
		out = g.writeAt(s, s.revision+1, e)
	}
	if len(events) == 0 {
		return out
	}
	if s != owner {
		g.adoptMetadata(owner, events)
	} else if s.limits.softDeleted() {
		g.writeMetadata(s, recreated(s.metadata, first))
	}
	return out
}

// adoptMetadata makes the last metadata event just written to a metastream count for its owner.
func (g *group) adoptMetadata(owner *streamState, events []proposed) {
	for _, e := range events {
		if e.kind == typeMetadata {
			g.identify(owner)
			owner.setMetadata(nonNil(e.data))
		}
	}
}

// writeMetadata appends a metadata event of the node's own making.
func (g *group) writeMetadata(s *streamState, metadata []byte) outcome {
	meta := g.stream(metastreamPrefix + s.name)
	out := g.writeAt(meta, meta.revision+1, proposed{id: uuid.New(), kind: typeMetadata, json: true, data: metadata})
	g.identify(s)
	s.setMetadata(metadata)
	return out
}

func (g *group) writeAt(s *streamState, revision int64, e proposed) outcome {
	g.identify(s)
	g.head++
	s.revision = revision
	s.remember(place{revision: revision, position: g.head, id: e.id})
	g.records = append(g.records, &record{
		position: g.head, streamID: s.id, revision: revision, id: e.id, created: g.now, json: e.json,
		stream: s.name, kind: e.kind, data: nonNil(e.data), metadata: nonNil(e.metadata),
	})
	return outcome{verdict: verdictWrite, revision: revision, position: g.head}
}

// nonNil keeps empty payloads apart from SQL's NULL.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
