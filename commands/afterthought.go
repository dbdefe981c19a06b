package commands

import (
	"context"
	"encoding/json"
	"fmt"

	"parley/domain"
	"parley/domain/interaction"
)

// Afterthought is an edit, a revoke or a reaction whose message is not known yet. Receiving its Arrival once more applies it.
type Afterthought struct {
	ItemID      domain.MessageID // its own id: the same for every delivery of it
	AccountID   domain.AccountID
	AddressID   domain.AddressID // whose it is
	MessageID   domain.MessageID // what the message is called if the customer wrote it
	ProviderTag string           // and by what it is known if we did
	Arrival     Arrival
}

// GiveUp ends an afterthought whose message never came. What a customer wrote anew is kept as unplaced; an emoji, or that
// something was deleted, says nothing without the message.
func (c *Commands) GiveUp(ctx context.Context, a Afterthought) error {
	if a.Arrival.Edit == nil {
		return nil
	}
	part, err := json.Marshal(struct {
		Customer interaction.Customer
		Edit     *ArrivedEdit
	}{a.Arrival.Customer, a.Arrival.Edit})
	if err != nil {
		return fmt.Errorf("give an edit up: %w", err)
	}
	return c.keepUnplaced(ctx, a.AccountID, Arrival{
		ProviderMessageID: a.Arrival.ProviderMessageID, SentAt: a.Arrival.SentAt, Unplaced: &ArrivedUnplaced{Kind: "edit", Part: string(part)},
	})
}
