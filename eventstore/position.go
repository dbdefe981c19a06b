package eventstore

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/EventStore/EventStore-Client-Go/v4/esdb"
)

// Position is a place in the log, which orders the events of all streams. The zero value is before the first
// event. Compare positions with ==. They are valid in one store only; a copy of the log has other positions.
type Position struct {
	Commit  uint64
	Prepare uint64
}

// After reports whether p is later in the log than other.
func (p Position) After(other Position) bool {
	return p.Commit > other.Commit || p.Commit == other.Commit && p.Prepare > other.Prepare
}

// IsZero reports whether p is before the first event.
func (p Position) IsZero() bool { return p == Position{} }

// String returns the form ParsePosition reads: "C:12/P:12".
func (p Position) String() string {
	return "C:" + strconv.FormatUint(p.Commit, 10) + "/P:" + strconv.FormatUint(p.Prepare, 10)
}

// MarshalText returns String, for use in JSON and configuration.
func (p Position) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText parses what MarshalText returned.
func (p *Position) UnmarshalText(text []byte) (err error) {
	*p, err = ParsePosition(string(text))
	return err
}

// ParsePosition parses what String returned.
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

// from returns where a read or subscription of the client starts.
func (p Position) from() esdb.AllPosition {
	if p.IsZero() {
		return esdb.Start{}
	}
	return esdb.Position{Commit: p.Commit, Prepare: p.Prepare}
}

// Revision is the number of a stream's last event, counted from 0, or NoStream.
type Revision int64

// NoStream is the revision of a stream without events.
const NoStream Revision = -1

// String returns the number, or "no stream".
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

func positionOf(e *esdb.RecordedEvent) Position {
	return Position{Commit: e.Position.Commit, Prepare: e.Position.Prepare}
}
