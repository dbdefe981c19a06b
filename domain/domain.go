// Package domain says what may happen and why: aggregates that decide on commands by the events before them.
// It uses the standard library alone and knows neither clock nor I/O.
package domain

// Event is something that happened. Its stored name stays for ever.
type Event interface {
	// EventType is the name the event is stored under: aggregate + Go name, such as "TransferAccepted".
	EventType() string
}

// Personal is an event that carries personal data. Its fields tagged `seal:"true"` are encrypted under the key of the subject.
type Personal interface {
	Event
	// SealedFor names whose data it is: the customer's address, the contact, or the user. Empty when nothing is personal.
	SealedFor() string
}

// Decider answers commands of one aggregate. All three functions are pure.
type Decider[S, C, E any] struct {
	// Aggregate is the first part of the stream's name: "interaction" in interaction-<uuid>.
	Aggregate string
	// Initial is the state before the first event.
	Initial S
	// Decide says what happens next; no events and no error means "already so".
	Decide func(S, C) ([]E, error)
	// Evolve records what happened. It never refuses.
	Evolve func(S, E) S
}

// Stream is where the aggregate with this id keeps its events.
func (d Decider[S, C, E]) Stream(id string) string { return d.Aggregate + "-" + id }

// Fold replays a history.
func (d Decider[S, C, E]) Fold(history []E) S {
	s := d.Initial
	for _, e := range history {
		s = d.Evolve(s, e)
	}
	return s
}

// Ids are UUIDs as text. Those that come from personal data are keyed hashes, so nobody can guess them from a number.
type (
	AccountID      string
	QueueID        string
	UserID         string
	AgentID        = UserID // an agent is a user who takes interactions
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
