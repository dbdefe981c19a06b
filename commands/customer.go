package commands

import (
	"context"
	"strconv"

	"parley/domain"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/eventstore"
)

// ContactOfCustomer is the contact a customer has in a list, made now if there is none (R21, R22). Its id derives from list
// and address, so ten first messages make one contact; after an erasure the next one is made.
func (c *Commands) ContactOfCustomer(ctx context.Context, listID domain.ListID, address domain.AddressID, details contact.Details) (domain.ContactID, eventstore.Position, error) {
	for k := 1; ; k++ {
		id := domain.ContactID(c.ids.UUID("contact", string(listID), string(address), strconv.Itoa(k)))
		// The command has an id of its own each time: its events could otherwise pass for the first of a contact that is there.
		r, err := c.contacts.begin(ctx, string(id), Ours("contacts", NewID()), contact.Create{Created: contact.Created{
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

// survivor is a contact, or the one it was merged into.
func (c *Commands) survivor(ctx context.Context, id domain.ContactID) (contact.State, error) {
	for {
		s, err := query(ctx, c.contacts, string(id), func(s contact.State) contact.State { return s })
		if err != nil || s.Status != contact.StatusMerged {
			return s, err
		}
		id = s.Survivor
	}
}

// LinkFirstContact says which contact a customer is, unless somebody has said so already.
func (c *Commands) LinkFirstContact(ctx context.Context, id domain.InteractionID, contactID domain.ContactID) (eventstore.Position, error) {
	return c.onInteraction(ctx, id, Ours("contacts", DerivedID("link", string(id), string(contactID))),
		interaction.LinkContact{ContactID: contactID, First: true, At: c.now()})
}
