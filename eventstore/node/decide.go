package node

// expectation is what an append says about the stream: a revision, or one of the constants below.
// The numbers are those the protocol shows in its error trailers.
type expectation int64

const (
	expectNoStream     expectation = -1
	expectAny          expectation = -2
	expectStreamExists expectation = -4
)

// verdict is what becomes of an append.
type verdict int

const (
	verdictWrite verdict = iota
	verdictAlready
	verdictWrongVersion
	verdictDeleted
)

// place is where an event was stored.
type place struct {
	revision int64
	position int64
	id       [16]byte
}

// history answers what a stream already holds.
type history interface {
	at(revision int64) (place, bool)
	find(id [16]byte) (place, bool)
}

// situation is all that the rules look at besides single events.
type situation struct {
	revision    int64 // of the last event ever written, -1 if none
	tombstoned  bool
	softDeleted bool
	hasMetadata bool
}

// decide applies the rules of expected revisions and idempotent appends to the ids of one append, in order.
// For verdictAlready the place is that of the last event of the earlier append.
func decide(s situation, stored history, expected expectation, ids [][16]byte) (verdict, place) {
	if s.tombstoned {
		return verdictDeleted, place{}
	}
	if expected == expectStreamExists {
		if s.softDeleted {
			return verdictDeleted, place{}
		}
		if s.revision < 0 && !s.hasMetadata {
			return verdictWrongVersion, place{}
		}
	}
	if expected == expectAny || expected == expectStreamExists {
		return decideByID(stored, ids)
	}
	return decideByRevision(s, stored, expected, ids)
}

func decideByID(stored history, ids [][16]byte) (verdict, place) {
	var last place
	for i, id := range ids {
		found, ok := stored.find(id)
		switch {
		case !ok && i == 0:
			return verdictWrite, place{}
		case !ok:
			return verdictWrongVersion, place{}
		}
		last = found
	}
	if len(ids) == 0 {
		return verdictWrite, place{}
	}
	return verdictAlready, last
}

func decideByRevision(s situation, stored history, expected expectation, ids [][16]byte) (verdict, place) {
	switch at := int64(expected); {
	case at > s.revision:
		return verdictWrongVersion, place{}
	case at == s.revision:
		return verdictWrite, place{} // also when an id was used before
	}
	var last place
	for i, id := range ids {
		found, ok := stored.at(int64(expected) + 1 + int64(i))
		if !ok || found.id != id {
			if i == 0 && expected == expectNoStream && s.softDeleted {
				return verdictWrite, place{}
			}
			return verdictWrongVersion, place{}
		}
		last = found
	}
	if len(ids) == 0 {
		return verdictWrongVersion, place{}
	}
	return verdictAlready, last
}
