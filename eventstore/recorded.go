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
	Event       domain.Event // a value of the catalog's type, or Unknown
	Metadata    Metadata
	Created     time.Time // when the store wrote it, UTC
	// Erased says the key of the event's subject was destroyed: its sealed fields are zero.
	Erased bool
	// Raw is the stored JSON, with personal data still sealed.
	Raw json.RawMessage

	schema int
}

// Unknown stands for an event this program cannot read: its type or its schema version is newer than the program, or
// its data is broken. Whoever folds it must stop there.
type Unknown struct {
	Type   string
	Schema int    // the stored schema version, 0 when that cannot be read
	Reason string // for the operator, without personal data
	Data   json.RawMessage
}

// EventType is the stored name.
func (u Unknown) EventType() string { return u.Type }

// History is what a stream holds, from where it was read on.
type History struct {
	Events   []Recorded
	Revision Revision // of the stream's last event, NoStream when there is none
	Position Position // of the last event read; zero when none was
}

// splitStream takes "interaction-<uuid>" apart at its first dash.
func splitStream(stream string) (aggregate, id string) {
	aggregate, id, _ = strings.Cut(stream, "-")
	return aggregate, id
}
