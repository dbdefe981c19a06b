// Package interactions is the read model of sessions with customers: one row each, with everything the list
// filters by and shows.
package interactions

import (
	"time"

	"parley/domain/interaction"
)

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
	QueueID    string // empty if there is none
	Number     int    // within the conversation
	PreviousID string
	Origin     string
	OpenedBy   string // the agent, if Origin is AGENT
	Status     string
	ContactID  string

	CustomerName     string // as given by the channel
	CustomerPhone    string // digits
	CustomerUsername string

	OwnerID      string // current owner, or the last one if closed
	FirstOwnerID string
	LastOwnerID  string // includes the previous session
	WaitingSince *time.Time
	StartedAt    time.Time
	AcceptedAt   *time.Time // when it was first accepted or assigned
	ClosedAt     *time.Time
	ClosedBy     string
	JoinedInto   string   // the interaction it continues in
	JoinReason   string   // why that one continues and not this one
	JoinKeeper   string   // who owned that one then
	Joined       []string // ids of the interactions that continue in this one
	Others       []Other  // what each of them adds to the row
	LastIn       string   // the one that has the last message; empty if this one does

	LastMessageAt         time.Time
	LastMessageID         string // of the messages the customer can see
	LastMessageDirection  string
	LastMessageStatus     string // if the message is outgoing
	LastCustomerMessageID string
	LastInboundAt         *time.Time // of the conversation, by the provider's clock; the reply window starts here
	WindowClosedAt        *time.Time // when the provider rejected free text; nil if the customer wrote since
	Preview               interaction.Preview

	Inbound        int      // messages from the customer in this session
	Unread         int      // those the owner has not seen
	ReturnedUnread bool     // marked unread, or back from a transfer
	Unseen         []string // ids of the newest unread messages, oldest first

	Tags            []string
	DispositionID   string
	DispositionPath []string
	TransferID      string   // transfer in progress
	TransferTo      []string // agents the transfer is offered to
	Offers          []string // ids of pending offers, parallel to OfferedTo
	OfferedTo       []string // agents of pending offers, parallel to Offers
	Agents          []string // everyone who sees it regardless of their queues: owner, offered, transferred to
	Unmanaged       int      // set by the reader: sessions of this conversation that never had an owner
}

// Other is what a joined interaction adds to a row.
type Other struct {
	ID      string    `json:"id"`
	Last    string    `json:"last"` // its last message
	Inbound int       `json:"inbound"`
	Unseen  []string  `json:"unseen"`
	OwnLast time.Time `json:"ownLast"` // when the last message of the row's own interaction was
}

// Waiting reports whether the interaction is open and has no owner.
func (r Row) Waiting() bool { return r.Status == StatusOpen && r.OwnerID == "" }

// Read reports whether the owner has seen everything.
func (r Row) Read() bool { return r.Unread == 0 && !r.ReturnedUnread }

// DispositionMissing reports whether the interaction was handled here and closed without a disposition.
func (r Row) DispositionMissing() bool {
	return r.Status == StatusClosed && !r.Disposed() && r.JoinedInto == "" && r.Origin != string(interaction.OriginBefore)
}

// Disposed reports whether the interaction has a disposition.
func (r Row) Disposed() bool { return r.DispositionID != "" }
