// Package lookup reads for commands what only the read models know.
package lookup

import (
	"context"

	"parley/commands"
	"parley/domain"
	"parley/domain/interaction"
	"parley/internal/database"
	"parley/projections/contacts"
	"parley/projections/interactions"
	"parley/projections/messages"
	"parley/reactions"
)

// Reads implements commands.Reads. Its answers are hints; the streams decide.
type Reads struct {
	DB           database.DB
	EarlyUpdates reactions.EarlyUpdates // keeps updates until their message arrives
}

// LastNumber returns the number of the latest interaction of a conversation, 0 if there is none.
func (r Reads) LastNumber(ctx context.Context, account domain.AccountID, address domain.AddressID) (int, error) {
	_, number, err := interactions.Latest(ctx, r.DB.Work, account, address)
	return number, err
}

// MessageByTag returns the message with a provider tag and its interaction.
func (r Reads) MessageByTag(ctx context.Context, tag string) (domain.InteractionID, domain.MessageID, bool, error) {
	home, message, err := messages.OfProviderTag(ctx, r.DB.Work, tag)
	return domain.InteractionID(home), domain.MessageID(message), message != "", err
}

// MessageHome returns the interaction that holds a message.
func (r Reads) MessageHome(ctx context.Context, message domain.MessageID) (domain.InteractionID, bool, error) {
	home, err := messages.Of(ctx, r.DB.Work, string(message))
	return domain.InteractionID(home), home != "", err
}

// KeepEarlyStatus keeps a status until its message is known.
func (r Reads) KeepEarlyStatus(ctx context.Context, s commands.EarlyStatus) error {
	return r.EarlyUpdates.KeepStatus(ctx, s)
}

// KeepEarlyUpdate keeps an edit, a revoke or a reaction until its message is known.
func (r Reads) KeepEarlyUpdate(ctx context.Context, a commands.EarlyUpdate) error {
	return r.EarlyUpdates.KeepEarlyUpdate(ctx, a)
}

// KnownContact returns the oldest contact with the customer's number or user id, preferring one in this list.
func (r Reads) KnownContact(
	ctx context.Context, list domain.ListID, who commands.Identity, customer interaction.Customer,
) (domain.ContactID, bool, error) {
	return contacts.Of(ctx, r.DB.Work, string(list), contacts.Known{AddressID: who.Address, AddressIDs: who.Addresses,
		Strangers: who.Strangers, Phone: customer.Phone, UserID: customer.UserID})
}
