package eventstore

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// Position is a place in the log, the order of all events of all streams. The zero value is before the first event.
// Positions compare with ==; they are only good within one store, never after a copy to another.
type Position struct {
	Commit  uint64
	Prepare uint64
}

// After says whether p is later in the log than other.
func (p Position) After(other Position) bool {
	return p.Commit > other.Commit || p.Commit == other.Commit && p.Prepare > other.Prepare
}

// IsZero says whether p is before the first event.
func (p Position) IsZero() bool { return p == Position{} }

// String writes both numbers, as ParsePosition reads them: "C:12/P:12".
func (p Position) String() string {
	return "C:" + strconv.FormatUint(p.Commit, 10) + "/P:" + strconv.FormatUint(p.Prepare, 10)
}

// MarshalText is String, so a position can stand in JSON and in configuration.
func (p Position) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText is ParsePosition.
func (p *Position) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePosition(string(text))
	return err
}

// ParsePosition reads what String wrote.
func ParsePosition(s string) (Position, error) {
	commit, prepare, ok := strings.Cut(s, "/")
	commit, okC := strings.CutPrefix(commit, "C:")
	prepare, okP := strings.CutPrefix(prepare, "P:")
	if !ok || !okC || !okP {
		return Position{}, fmt.Errorf("eventstore: position %q is not of the form C:<n>/P:<n>", s)
	}
	c, err := strconv.ParseUint(commit, 10, 63)
	if err != nil {
		return Position{}, fmt.Errorf("eventstore: position %q: %w", s, err)
	}
	p, err := strconv.ParseUint(prepare, 10, 63)
	if err != nil {
		return Position{}, fmt.Errorf("eventstore: position %q: %w", s, err)
	}
	return Position{Commit: c, Prepare: p}, nil
}

// from is where a read or a subscription of the client begins.
func (p Position) from() esdb.AllPosition {
	if p.IsZero() {
		return esdb.Start{}
	}
	return esdb.Position{Commit: p.Commit, Prepare: p.Prepare}
}

// Revision is the number of a stream's last event, counted from 0, or NoStream.
type Revision int64

// NoStream is the revision of a stream that has no events yet.
const NoStream Revision = -1

// String is the number, or "no stream".
func (r Revision) String() string {
	if r < 0 {
		return "no stream"
	}
	return strconv.FormatInt(int64(r), 10)
}

func (r Revision) expected() esdb.ExpectedRevision {
	if r < 0 {
		return esdb.NoStream{}
	}
	return esdb.Revision(uint64(r))
}
