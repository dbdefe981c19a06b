package commands

import (
	"context"

	"parley/domain"
	"parley/domain/contact"
	"parley/eventstore"
)

// CreateContact adds a contact to a list. Its id is the command's.
func (c *Commands) CreateContact(ctx context.Context, listID domain.ListID, details contact.Details, tags []string, by domain.UserID, meta eventstore.Metadata) (domain.ContactID, eventstore.Position, error) {
	id := domain.ContactID(meta.CommandID)
	r, err := c.contacts.handle(ctx, string(id), meta, contact.Create{
		Created: contact.Created{ContactID: id, ListID: listID, Origin: "USER", Details: details, By: by, At: c.now()},
		Tags:    tags, Manage: true,
	})
	return id, r.Position, err
}

// ChangeContact changes what is given and leaves the rest as it is stored, whatever the caller was shown (A16). The contact is
// his own from then on.
func (c *Commands) ChangeContact(ctx context.Context, id domain.ContactID, change contact.Change, meta eventstore.Metadata) (eventstore.Position, error) {
	change.Manage, change.At = true, c.now()
	r, err := c.contacts.handle(ctx, string(id), meta, change)
	return r.Position, err
}
