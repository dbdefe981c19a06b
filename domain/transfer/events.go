// Package transfer holds one attempt to hand an interaction over: whom it is offered to, until when, and how it ended.
package transfer

import (
	"time"

	"parley/domain"
)

// Event is something that happened to a transfer. Its own id is the stream's.
type Event interface {
	domain.Event
	isTransferEvent()
}

// Requested says an owner asked others to take an interaction over.
type Requested struct {
	InteractionID domain.InteractionID `json:"interactionId"`
	By            domain.AgentID       `json:"by"`
	ToAgent       domain.AgentID       `json:"toAgent,omitempty"`
	ToQueue       domain.QueueID       `json:"toQueue,omitempty"`
	OfferedTo     []domain.AgentID     `json:"offeredTo"`
	ExpiresAt     time.Time            `json:"expiresAt"`
	AddressID     domain.AddressID     `json:"addressId"`
	Note          string               `json:"note,omitempty" seal:"true"`
	At            time.Time            `json:"at"`
}

// Rejected says one of the agents it was offered to refused.
type Rejected struct {
	By domain.AgentID `json:"by"`
	At time.Time      `json:"at"`
}

// Accepted says one agent reserved it; the interaction decides whether he becomes its owner.
type Accepted struct {
	InteractionID domain.InteractionID `json:"interactionId"`
	By            domain.AgentID       `json:"by"`
	At            time.Time            `json:"at"`
}

// Completed says the interaction has its new owner.
type Completed struct {
	By domain.AgentID `json:"by"`
	At time.Time      `json:"at"`
}

// Expired says nobody accepted in time.
type Expired struct {
	At time.Time `json:"at"`
}

// Cancelled says the sender took it back.
type Cancelled struct {
	By domain.AgentID `json:"by"`
	At time.Time      `json:"at"`
}

// Refused says everybody it was offered to refused, or there was nobody.
type Refused struct {
	Reason string    `json:"reason"` // ALL_REJECTED or NOBODY_ONLINE
	At     time.Time `json:"at"`
}

// Voided says the interaction would not have it any more, such as when it was closed meanwhile.
type Voided struct {
	Reason string    `json:"reason"`
	At     time.Time `json:"at"`
}

func (Requested) EventType() string { return "TransferRequested" }
func (Rejected) EventType() string  { return "TransferRejected" }
func (Accepted) EventType() string  { return "TransferAccepted" }
func (Completed) EventType() string { return "TransferCompleted" }
func (Expired) EventType() string   { return "TransferExpired" }
func (Cancelled) EventType() string { return "TransferCancelled" }
func (Refused) EventType() string   { return "TransferRefused" }
func (Voided) EventType() string    { return "TransferVoided" }

func (Requested) isTransferEvent() {}
func (Rejected) isTransferEvent()  {}
func (Accepted) isTransferEvent()  {}
func (Completed) isTransferEvent() {}
func (Expired) isTransferEvent()   {}
func (Cancelled) isTransferEvent() {}
func (Refused) isTransferEvent()   {}
func (Voided) isTransferEvent()    {}

// SealedFor is the customer: the note speaks about him.
func (e Requested) SealedFor() string { return string(e.AddressID) }
