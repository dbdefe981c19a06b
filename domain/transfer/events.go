// Package transfer holds one attempt to hand over an interaction: who it is offered
// to, until when, and how it ended.
package transfer

import (
	"time"

	"parley/domain"
)

// Event is something that happened to a transfer. The stream's id is the transfer's.
type Event interface {
	domain.Event
	isTransferEvent()
}

// Requested says that the owner asked others to take over the interaction.
type Requested struct {
	InteractionID domain.InteractionID `json:"interactionId"`
	AccountID     domain.AccountID     `json:"accountId"`
	By            domain.AgentID       `json:"by"`
	ToAgent       domain.AgentID       `json:"toAgent,omitempty"`
	ToQueue       domain.QueueID       `json:"toQueue,omitempty"`
	OfferedTo     []domain.AgentID     `json:"offeredTo"`
	ExpiresAt     time.Time            `json:"expiresAt"`
	AddressID     domain.AddressID     `json:"addressId"`
	Note          string               `json:"note,omitempty" seal:"true"`
	At            time.Time            `json:"at"`
}

// Rejected says that one of the agents rejected the transfer.
type Rejected struct {
	By domain.AgentID `json:"by"`
	At time.Time      `json:"at"`
}

// Accepted says that one agent reserved the transfer. The interaction decides whether they become its owner.
type Accepted struct {
	InteractionID domain.InteractionID `json:"interactionId"`
	By            domain.AgentID       `json:"by"`
	At            time.Time            `json:"at"`
}

// Completed says that the interaction has its new owner.
type Completed struct {
	By domain.AgentID `json:"by"`
	At time.Time      `json:"at"`
}

// Expired says that no one accepted in time.
type Expired struct {
	At time.Time `json:"at"`
}

// Cancelled says that the sender or a supervisor withdrew the transfer.
type Cancelled struct {
	By domain.AgentID `json:"by"`
	At time.Time      `json:"at"`
}

// Refused says that everyone rejected the transfer, or that no one was available.
type Refused struct {
	Reason string    `json:"reason"` // ALL_REJECTED or NO_ONE_AVAILABLE
	At     time.Time `json:"at"`
}

// Voided says that the interaction no longer allows the transfer, for example because it was closed.
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

// SealedFor returns the customer's address: the note is about them.
func (e Requested) SealedFor() string { return string(e.AddressID) }
