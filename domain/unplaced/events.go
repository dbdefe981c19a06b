// Package unplaced keeps what a provider told us of customers that belongs in no conversation. A stream holds that of one account.
package unplaced

import (
	"time"

	"parley/domain"
)

// Event is something that found no conversation.
type Event interface {
	domain.Event
	isUnplacedEvent()
}

// Kept says a message, or word about one, found no conversation: it named neither a number nor a user id, or what it was about never came.
// Part is what it said, as the channel read it.
type Kept struct {
	ItemID    domain.MessageID `json:"itemId"`
	AccountID domain.AccountID `json:"accountId"`
	Kind      string           `json:"kind"` // message, reaction, edit, revoke, system, user_id_update, notice
	Part      string           `json:"part" seal:"true"`
	SentAt    time.Time        `json:"sentAt"`
	At        time.Time        `json:"at"`
}

func (Kept) EventType() string { return "UnplacedKept" }
func (Kept) isUnplacedEvent()  {}

// SealedFor is the item: whose it is nobody knows, and each can be erased by itself.
func (e Kept) SealedFor() string { return string(e.ItemID) }
