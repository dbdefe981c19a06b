package commands

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/domain"
	"parley/domain/interaction"
)

// EarlyUpdate is an edit, deletion or reaction whose message is not known yet. To
// apply it, receive its Arrival again.
type EarlyUpdate struct {
	ItemID      domain.MessageID // its own id, the same in every delivery
	AccountID   domain.AccountID
	AddressID   domain.AddressID // the customer's
	MessageID   domain.MessageID // the message's id if the customer wrote it
	ProviderTag string           // and its tag if we sent it
	Arrival     Arrival
}

// EarlyStatus is a status whose message is not known yet.
type EarlyStatus struct {
	AccountID   domain.AccountID
	ProviderTag string // of the message
	Status      interaction.RecordStatus
}

// GiveUp keeps an update as unplaced, because its message never came.
func (c *Commands) GiveUp(ctx context.Context, a EarlyUpdate) error {
	_, err := c.keepUnplaced(ctx, a.AccountID, a.Arrival.asUnplaced())
	return err
}

// GiveUpStatus keeps a status as unplaced, because its message never came.
func (c *Commands) GiveUpStatus(ctx context.Context, s EarlyStatus) error {
	part, err := json.Marshal(s.Status)
	if err != nil {
		return fmt.Errorf("give up a status: %w", err)
	}
	_, err = c.keepUnplaced(ctx, s.AccountID, Arrival{
		SentAt:   s.Status.StatusAt,
		Unplaced: &ArrivedUnplaced{Kind: "status", Part: string(part)},
	})
	return err
}

// asUnplaced returns the arrival as something without a place.
func (a Arrival) asUnplaced() Arrival {
	part, err := json.Marshal(a)
	if err != nil { // an arrival holds only what JSON can express
		part = []byte(err.Error())
	}
	return Arrival{
		ProviderMessageID: a.ProviderMessageID, SentAt: a.SentAt,
		Unplaced: &ArrivedUnplaced{Kind: a.Kind(), Part: string(part)},
	}
}
