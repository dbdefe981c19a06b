// Package domain holds the business rules: aggregates that decide on a command by their past events. It
// imports only the standard library and does no I/O; times and new ids arrive inside the commands.
package domain

// Event is something that happened. Its stored name never changes.
type Event interface {
	// EventType returns the stored name: aggregate + Go name, such as "TransferAccepted".
	EventType() string
}

// Personal is an event that carries personal data. Fields tagged `seal:"true"` are
// encrypted under the subject's key.
type Personal interface {
	Event
	// SealedFor returns the subject: the customer's address, the contact or the user. It is empty if the
	// event has nothing personal.
	SealedFor() string
}

// Decider holds the rules of one aggregate. All three functions are pure.
type Decider[S, C, E any] struct {
	// Aggregate is the first part of the stream's name, such as "interaction" in interaction-<uuid>.
	Aggregate string
	// Initial is the state before the first event.
	Initial S
	// Decide returns the events that follow from a command. No events and no error is a no-op.
	Decide func(S, C) ([]E, error)
	// Evolve applies an event to the state. It never refuses one.
	Evolve func(S, E) S
}

// Stream returns the name of the stream that holds the events of one aggregate.
func (d Decider[S, C, E]) Stream(id string) string { return d.Aggregate + "-" + id }

// Fold returns the state after a history of events.
func (d Decider[S, C, E]) Fold(history []E) S {
	s := d.Initial
	for _, e := range history {
		s = d.Evolve(s, e)
	}
	return s
}

// Shard returns the first two hex digits of the id. An address, its interactions and their transfers share
// them, so all streams of a shard can be read by their prefix.
func (id AddressID) Shard() string { return string(id[:min(2, len(id))]) }

// Shard returns the shard of the interaction's address.
func (id InteractionID) Shard() string { return string(id[:min(2, len(id))]) }

// Shard returns the shard of the transfer's interaction.
func (id TransferID) Shard() string { return string(id[:min(2, len(id))]) }

// Ids are UUIDs as text. An id derived from personal data is a keyed hash, so that it
// cannot be guessed from a number.
type (
	AccountID      string
	QueueID        string
	UserID         string
	AgentID        = UserID // an agent is a user who handles interactions
	InteractionID  string
	AddressID      string
	ContactID      string
	ListID         string
	TransferID     string
	OfferID        string
	MessageID      string
	NoteID         string
	BlobID         string
	DispositionID  string
	CannedAnswerID string
	CommandID      string
)
