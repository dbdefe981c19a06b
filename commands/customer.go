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
// it creates the next one.
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
			return s.ID, eventstore.Position{}, err
		}
	}
}

// survivor returns a contact, or the one it was merged into.
func (c *Commands) survivor(ctx context.Context, id domain.ContactID) (contact.State, error) {
	for {
		s, err := query(ctx, c.contacts, string(id), func(s contact.State) contact.State { return s })
		if err != nil || s.Status != contact.StatusMerged {
			return s, err
		}
		id = s.Survivor
	}
}

// LinkFirstContact records which contact a customer is, unless that is recorded already.
func (c *Commands) LinkFirstContact(
	ctx context.Context, id domain.InteractionID, contactID domain.ContactID,
) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, SystemMetadata("contacts", DerivedID("link", string(id), string(contactID))),
		interaction.LinkContact{ContactID: contactID, First: true, At: c.now()})
}
