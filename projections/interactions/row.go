// Package interactions is the read model of sessions with customers: one row for each, with all that the list filters
// and shows.
package interactions

import "time"

// The states of an interaction, and the directions of its last message.
const (
	StatusOpen   = "OPEN"
	StatusClosed = "CLOSED"
	DirectionIn  = "IN"
	DirectionOut = "OUT"
)

// Row is one interaction as the list shows it.
type Row struct {
	ID         string
	AccountID  string
	AddressID  string
	Channel    string
	QueueID    string // empty: none
	Number     int    // within the conversation
	PreviousID string
	Origin     string
	OpenedBy   string // the agent, when Origin is AGENT
	Status     string
	ContactID  string

	CustomerName     string // as the channel names him
	CustomerPhone    string // digits
	CustomerUsername string

	OwnerID      string // who has it now, or had it last when it is closed
	FirstOwnerID string
	LastOwnerID  string // also of the session before
	WaitingSince *time.Time
	StartedAt    time.Time
	AcceptedAt   *time.Time // first accepted or assigned
	ClosedAt     *time.Time
	ClosedBy     string

	LastMessageAt         time.Time
	LastMessageID         string // of those the customer can see
	LastMessageDirection  string
	LastMessageStatus     string // of an outgoing one
	LastCustomerMessageID string
	LastInboundAt         *time.Time // of the conversation, the provider's time: anchors the window
	Preview               string

	Inbound        int      // customer messages of the session
	Unread         int      // of them, not seen by the owner
	ReturnedUnread bool     // marked unread, or a transfer came back
	Unseen         []string // ids of the newest unread ones, oldest first

	Tags            []string
	DispositionID   string
	DispositionPath []string
	TransferID      string   // the one in progress
	TransferTo      []string // agents it is offered to
	Offers          []string // ids of standing offers, beside OfferedTo
	OfferedTo       []string // agents of standing offers, one for each of Offers
	Agents          []string // everybody who sees it whatever his queues: owner, offered, transferred to
	Unmanaged       int      // filled by the reader: sessions of this conversation nobody has managed (R93)
}

// Waiting says whether the interaction is open and nobody has it.
func (r Row) Waiting() bool { return r.Status == StatusOpen && r.OwnerID == "" }

// Read says whether the owner has seen everything.
func (r Row) Read() bool { return r.Unread == 0 && !r.ReturnedUnread }

// Disposed says whether an outcome was given.
func (r Row) Disposed() bool { return r.DispositionID != "" }
