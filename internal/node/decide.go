package node

// expectation is an append's condition on the stream: a revision, or one of the constants below. The protocol
// shows these numbers in its error trailers.
type expectation int64

const (
	expectNoStream     expectation = -1
	expectAny          expectation = -2
	expectStreamExists expectation = -4
)

// verdict is the decision on an append.
type verdict int

const (
	verdictWrite verdict = iota
	verdictRepeated
	verdictWrongVersion
	verdictDeleted
)

// location says where an event was stored.
type location struct {
	revision int64
	position int64
	id       [16]byte
}

// history looks up events already in the stream.
type history interface {
	at(revision int64) (location, bool)
	find(id [16]byte) (location, bool)
}

// conditions holds what the rules need to know of a stream, apart from its events.
type conditions struct {
	revision    int64 // last event ever written, -1 if none
	tombstoned  bool
	softDeleted bool
	hasMetadata bool
}

// decide applies the protocol's rules on expected revisions and idempotency to the event ids of one append.
// With verdictRepeated, it returns the location of the last event of the earlier append.
func decide(s conditions, stored history, expected expectation, ids [][16]byte) (verdict, location) {
	if s.tombstoned {
		return verdictDeleted, location{}
	}
	if expected == expectStreamExists {
		if s.softDeleted {
			return verdictDeleted, location{}
		}
		if s.revision < 0 && !s.hasMetadata {
			return verdictWrongVersion, location{}
		}
	}
	if expected == expectAny || expected == expectStreamExists {
		return decideByID(stored, ids)
	}
	return decideByRevision(s, stored, expected, ids)
}

func decideByID(stored history, ids [][16]byte) (verdict, location) {
	var last location
	for i, id := range ids {
		found, ok := stored.find(id)
		switch {
		case !ok && i == 0:
			return verdictWrite, location{}
		case !ok:
			return verdictWrongVersion, location{}
		}
		last = found
	}
	if len(ids) == 0 {
		return verdictWrite, location{}
	}
	return verdictRepeated, last
}

func decideByRevision(s conditions, stored history, expected expectation, ids [][16]byte) (verdict, location) {
	switch at := int64(expected); {
	case at > s.revision:
		return verdictWrongVersion, location{}
	case at == s.revision:
		return verdictWrite, location{} // even if an event id was used before
	}
	var last location
	for i, id := range ids {
		found, ok := stored.at(int64(expected) + 1 + int64(i))
		if !ok || found.id != id {
			if i == 0 && expected == expectNoStream && s.softDeleted {
				return verdictWrite, location{}
			}
			return verdictWrongVersion, location{}
		}
		last = found
	}
	if len(ids) == 0 {
		return verdictWrongVersion, location{}
	}
	return verdictRepeated, last
}
