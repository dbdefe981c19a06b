package commands

import (
	"context"
	"strconv"

	"parley/domain"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/eventstore"
)

// ContactOfCustomer returns the contact of a customer in a list, and creates it if there is none. The id
// derives from list and address, so that ten simultaneous first messages create one contact. After an erasure
// it creates the next one. It returns a merged contact and not its survivor, so that an undo gives the
// customer back what they did while it was merged.
func (c *Commands) ContactOfCustomer(
	ctx context.Context, listID domain.ListID, address domain.AddressID, details contact.Details,
) (domain.ContactID, eventstore.Position, error) {
	for k := 1; ; k++ {
		id := domain.ContactID(c.ids.UUID("contact", string(listID), string(address), strconv.Itoa(k)))
		// Each attempt has its own command id. A derived one would make an existing contact's first events
		// look like ours.
		r, err := c.contacts.handleNew(ctx, string(id), SystemMetadata("contacts", NewID()), contact.Create{Created: contact.Created{
			ContactID: id, ListID: listID, AddressID: address, Origin: "TRIGGER", Details: details, At: c.now(),
		}})
		if err != nil || len(r.Events) > 0 {
			return id, r.Position, err
		}
		s, err := c.survivor(ctx, id)
		if err != nil || s.Status == contact.StatusActive {
			return id, eventstore.Position{}, err
		}
	}
}

// FindOrCreateContact returns the contact of a customer who writes from an address, or "" if there is none and the
// account creates none. It reports whether it created one.
func (c *Commands) FindOrCreateContact(
	ctx context.Context, accountID domain.AccountID, address domain.AddressID, customer interaction.Customer,
) (id domain.ContactID, created bool, err error) {
	settings, err := c.account(ctx, accountID)
	if err != nil {
		return "", false, err
	}
	who, err := c.IdentityOf(ctx, address, customer.Phone)
	if err != nil {
		return "", false, err
	}
	id, found, err := c.reads.KnownContact(ctx, settings.ListID, who, customer)
	if err != nil || found || settings.ListID == "" || !settings.CreateContacts || customer == (interaction.Customer{}) {
		return id, false, err
	}
	details := contact.Details{FirstName: customer.Name}
	if customer.Phone != "" {
		details.Phones = []string{customer.Phone}
	}
	if customer.UserID != "" {
		details.UserIDs = []string{customer.UserID}
	}
	id, at, err := c.ContactOfCustomer(ctx, settings.ListID, address, details)
	if isRefusal(err) && details.FirstName != "" { // the name breaks a rule
		details.FirstName = ""
		id, at, err = c.ContactOfCustomer(ctx, settings.ListID, address, details)
	}
	return id, !at.IsZero(), err
}

// survivor returns a contact, or the one it was merged into.
func (c *Commands) survivor(ctx context.Context, id domain.ContactID) (contact.State, error) {
	chain, err := c.mergedAlong(ctx, id)
	if err != nil {
		return contact.State{}, err
	}
	return chain[len(chain)-1], nil
}

// LinkFirstContact records which contact a customer is, unless that is recorded already.
func (c *Commands) LinkFirstContact(
	ctx context.Context, id domain.InteractionID, contactID domain.ContactID,
) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, SystemMetadata("contacts", DerivedID("link", string(id), string(contactID))),
		interaction.LinkContact{ContactID: contactID, First: true, At: c.now()})
}
