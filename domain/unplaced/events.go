// Package unplaced stores parts of deliveries that have no place. Each account has one stream.
package unplaced

import (
	"time"

	"parley/domain"
)

// Event says that an item was stored.
type Event interface {
	domain.Event
	isUnplacedEvent()
}

// Kept says that a part was stored because it has no place: no customer, no account, a message that never came, or a
// kind we do not handle. Part holds its content as the channel parsed it.
type Kept struct {
	ItemID    domain.MessageID `json:"itemId"`
	AccountID domain.AccountID `json:"accountId"`
	Kind      string           `json:"kind"` // such as group_message; the provider's name for what was not understood
	Part      string           `json:"part" seal:"true"`
	SentAt    time.Time        `json:"sentAt"`
	At        time.Time        `json:"at"`
}

func (Kept) EventType() string { return "UnplacedKept" }
func (Kept) isUnplacedEvent()  {}

// SealedFor returns the item's id: the customer is unknown, and each item can be erased on its own.
func (e Kept) SealedFor() string { return string(e.ItemID) }
