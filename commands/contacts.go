package commands

import (
	"context"
	"maps"

	"parley/domain"
	"parley/domain/contact"
	"parley/eventstore"
)

// ContactChange is what is to be different about a contact; nil leaves a part as it is.
type ContactChange struct {
	FirstName, LastName *string
	Phones, Mails, Tags []string          // nil: as they are; empty: none
	Fields              map[string]string // by key; an empty value clears one
}

// CreateContact adds a contact to a list. Its id is the command's.
func (c *Commands) CreateContact(ctx context.Context, listID domain.ListID, details contact.Details, tags []string, by domain.UserID, meta eventstore.Metadata) (domain.ContactID, eventstore.Position, error) {
	id := domain.ContactID(meta.CommandID)
	r, err := c.contacts.handle(ctx, string(id), meta, contact.Create{
		Created: contact.Created{ContactID: id, ListID: listID, Origin: "USER", Details: details, By: by, At: c.now()},
		Tags:    tags, Manage: true,
	})
	return id, r.Position, err
}

// ChangeContact changes what is given and leaves the rest as it is stored, whatever the caller was shown (A16).
func (c *Commands) ChangeContact(ctx context.Context, id domain.ContactID, change ContactChange, by domain.UserID, meta eventstore.Metadata) (eventstore.Position, error) {
	s, err := query(ctx, c.contacts, string(id), func(s contact.State) contact.State { return s })
	if err != nil {
		return eventstore.Position{}, err
	}
	d, tags := s.Details, s.Tags
	if change.FirstName != nil {
		d.FirstName = *change.FirstName
	}
	if change.LastName != nil {
		d.LastName = *change.LastName
	}
	if change.Phones != nil {
		d.Phones = change.Phones
	}
	if change.Mails != nil {
		d.Mails = change.Mails
	}
	if change.Tags != nil {
		tags = change.Tags
	}
	d.Fields = maps.Clone(d.Fields)
	for key, value := range change.Fields {
		if d.Fields == nil {
			d.Fields = make(map[string]string)
		}
		d.Fields[key] = value
	}
	r, err := c.contacts.handle(ctx, string(id), meta, contact.Change{Details: d, Tags: tags, By: by, Manage: true, At: c.now()})
	return r.Position, err
}
