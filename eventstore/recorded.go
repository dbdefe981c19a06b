package eventstore

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"

	"parley/domain"
)

// Recorded is an event as the store holds it.
type Recorded struct {
	ID          uuid.UUID
	Stream      string // <Aggregate>-<AggregateID>
	Aggregate   string
	AggregateID string
	Revision    uint64 // its number in the stream, from 0
	Position    Position
	Type        string       // the stored name
	Event       domain.Event // of the catalog's type, or Unknown
	Metadata    Metadata
	Created     time.Time // when the store wrote it, UTC
	// Erased reports that the key of the event's subject was destroyed. The sealed fields are zero.
	Erased bool
	// Raw is the stored JSON, with personal data still sealed.
	Raw json.RawMessage

	schema int
}

// Unknown stands for an event this program cannot read: its type or schema version is newer than the program,
// or its data is broken. A fold that needs it must stop at it.
type Unknown struct {
	Type   string
	Listed bool   // the catalog has the type, so only this event or its schema version cannot be read
	Schema int    // the stored schema version, 0 if unreadable
	Reason string // for the operator; contains no personal data
	Data   json.RawMessage
}

// EventType returns the stored name.
func (u Unknown) EventType() string { return u.Type }

// History is what a stream holds from the requested revision on.
type History struct {
	Events   []Recorded
	Revision Revision // of the stream's last event, or NoStream
	Position Position // of the last event read, zero if none was
}

// splitStream splits "interaction-<uuid>" at its first dash.
func splitStream(stream string) (aggregate, id string) {
	aggregate, id, _ = strings.Cut(stream, "-")
	return aggregate, id
}
