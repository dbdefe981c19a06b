package node

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// streamState holds what the writer knows of a stream while it decides a group.
type streamState struct {
	id         int64
	name       string
	revision   int64 // last event written, in the group or before; -1 if none
	tombstoned bool
	metadata   []byte // of the last $metadata event, nil if none
	limits     limits

	changed bool                  // the row must be saved
	stored  map[int64]location    // events from before the group by revision, as far as looked up
	known   map[[16]byte]location // the same by id, plus those of the group
}

func (s *streamState) at(revision int64) (location, bool) { p, ok := s.stored[revision]; return p, ok }
func (s *streamState) find(id [16]byte) (location, bool)  { p, ok := s.known[id]; return p, ok }

func (s *streamState) remember(p location) {
	if s.stored == nil {
		s.stored, s.known = map[int64]location{}, map[[16]byte]location{}
	}
	s.stored[p.revision] = p
	s.known[p.id] = p
}

func (s *streamState) setMetadata(metadata []byte) {
	s.metadata, s.limits, s.changed = metadata, parseLimits(metadata), true
}

// appendGroup is a set of proposals committed in one transaction. Each is decided on the state its
// predecessors leave.
type appendGroup struct {
	before  int64 // last position used before the group
	head    int64 // last position used, in the group or before
	wide    bool  // positions, see positions.go
	maxID   int64 // highest stream id in use
	streams map[string]*streamState
	records []*record
	now     time.Time
}

// stream returns the state of a stream, creating it if the stream was never written.
func (g *appendGroup) stream(name string) *streamState {
	s, ok := g.streams[name]
	if !ok {
		s = &streamState{name: name, revision: -1}
		g.streams[name] = s
	}
	return s
}

func (g *appendGroup) assignID(s *streamState) {
	if s.id == 0 {
		g.maxID++
		s.id, s.changed = g.maxID, true
	}
}

// decide decides one proposal and adds what it writes to the group.
func (g *appendGroup) decide(p *proposal) outcome {
	s := g.stream(p.stream)
	owner := g.stream(ownerOf(p.stream))
	where := conditions{
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
	case verdictRepeated:
		return outcome{verdict: verdictRepeated, revision: last.revision, position: last.position}
	default:
		return outcome{verdict: v, revision: s.revision}
	}
	switch p.action {
	case actionDelete:
		return g.writeMetadata(s, softDeleteMetadata())
	case actionTombstone:
		s.tombstoned = true
		g.assignID(s)
		s.changed = true
		return g.writeAt(s, tombstoneRevision, proposed{id: uuid.New(), kind: typeTombstone})
	}
	return g.append(s, owner, p.events)
}

// refuseDelete refuses a soft delete of a stream that never existed. A tombstone may be set on such a stream.
func refuseDelete(p *proposal, where conditions) (outcome, bool) {
	if where.tombstoned || where.revision >= 0 || where.hasMetadata {
		return outcome{}, false
	}
	if p.action == actionTombstone {
		return outcome{}, false
	}
	return outcome{verdict: verdictWrongVersion, revision: -1}, true
}

func (g *appendGroup) append(s, owner *streamState, events []proposed) outcome {
	out := outcome{revision: s.revision, position: g.head}
	first := s.revision + 1
	for _, e := range events {
		out = g.writeAt(s, s.revision+1, e)
	}
	if len(events) == 0 {
		return out
	}
	if s != owner {
		g.applyMetadata(owner, events)
	} else if s.limits.softDeleted() {
		g.writeMetadata(s, recreatedMetadata(s.metadata, first))
	}
	return out
}

// applyMetadata applies the last metadata event written to a metastream to the stream it describes. A deleted stream
// exists again from then on, without the events it had.
func (g *appendGroup) applyMetadata(owner *streamState, events []proposed) {
	for _, e := range slices.Backward(events) {
		if e.kind != typeMetadata {
			continue
		}
		g.assignID(owner)
		deleted := owner.limits.softDeleted()
		owner.setMetadata(nonNil(e.data))
		if deleted && isObject(e.data) {
			g.writeMetadata(owner, recreatedMetadata(e.data, owner.revision+1))
		}
		return
	}
}

// writeMetadata appends a metadata event created by the node itself.
func (g *appendGroup) writeMetadata(s *streamState, metadata []byte) outcome {
	meta := g.stream(metastreamPrefix + s.name)
	out := g.writeAt(meta, meta.revision+1, proposed{id: uuid.New(), kind: typeMetadata, json: true, data: metadata})
	g.assignID(s)
	s.setMetadata(metadata)
	return out
}

func (g *appendGroup) writeAt(s *streamState, revision int64, e proposed) outcome {
	g.assignID(s)
	r := &record{
		streamID: s.id, revision: revision, id: e.id, created: g.now, json: e.json,
		stream: s.name, kind: e.kind, data: nonNil(e.data), metadata: nonNil(e.metadata),
	}
	g.head = positionAfter(g.head, r, g.wide)
	r.position = g.head
	s.revision = revision
	s.remember(location{revision: revision, position: g.head, id: e.id})
	g.records = append(g.records, r)
	return outcome{verdict: verdictWrite, revision: revision, position: g.head}
}

// nonNil keeps empty payloads distinct from SQL's NULL.
func nonNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}
