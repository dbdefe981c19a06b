package commands

import (
	"context"
	"slices"

	"parley/domain"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/domain/list"
	"parley/domain/user"
	"parley/eventstore"
)

// CreateContact adds a contact to a list the author has access to. The command's id becomes the contact's.
func (c *Commands) CreateContact(
	ctx context.Context, listID domain.ListID, details contact.Details, tags []string, by domain.UserID,
	meta eventstore.Metadata,
) (domain.ContactID, eventstore.Position, error) {
	id := domain.ContactID(meta.CommandID)
	err := c.mayUseList(ctx, by, listID)
	if err == nil {
		details.Phones, err = c.typedPhones(ctx, listID, details.Phones, nil)
	}
	if err != nil {
		return id, eventstore.Position{}, err
	}
	r, err := c.contacts.handle(ctx, string(id), meta, contact.Create{
		Created: contact.Created{ContactID: id, ListID: listID, Origin: "USER", Details: details, By: by, At: c.now()},
		Tags:    tags, Manage: true,
	})
	return id, r.Position, err
}

// ChangeContact changes the given parts and leaves the rest as stored. It also makes
// the contact one of the author's own.
func (c *Commands) ChangeContact(
	ctx context.Context, id domain.ContactID, change contact.Change, meta eventstore.Metadata,
) (eventstore.Position, error) {
	stored, err := c.contact(ctx, id)
	if err == nil && stored.Status == contact.StatusActive { // the decider refuses any other
		if err = c.mayUseList(ctx, change.By, stored.ListID); err == nil {
			change.Phones, err = c.typedPhones(ctx, stored.ListID, change.Phones, stored.Details.Phones)
		}
	}
	if err != nil {
		return eventstore.Position{}, err
	}
	change.Manage, change.At = true, c.now()
	r, err := c.contacts.handle(ctx, string(id), meta, change)
	return r.Position, err
}

// LinkContact records which contact the customer is. The contact must be in a list the author has access to.
func (c *Commands) LinkContact(
	ctx context.Context, id domain.InteractionID, contactID domain.ContactID, by domain.UserID,
	meta eventstore.Metadata,
) (eventstore.Position, error) {
	person, err := c.survivor(ctx, contactID)
	switch {
	case err != nil:
		return eventstore.Position{}, err
	case person.Status != contact.StatusActive:
		return eventstore.Position{}, contact.ErrUnknown
	}
	if err := c.mayUseList(ctx, by, person.ListID); err != nil {
		return eventstore.Position{}, err
	}
	return c.onInteraction(ctx, id, meta, interaction.LinkContact{ContactID: contactID, By: by, At: c.now()})
}

// mayUseList refuses a list that a user has no access to. The program itself has no id and may use every list.
func (c *Commands) mayUseList(ctx context.Context, by domain.UserID, listID domain.ListID) error {
	if by == "" {
		return nil
	}
	u, err := c.user(ctx, by)
	if err == nil && !u.Settings.SeesList(listID) {
		err = user.ErrList
	}
	return err
}

// typedPhones returns typed numbers as digits with country code. A number without one gets the list's dial
// prefix. A stored number stays unchanged.
func (c *Commands) typedPhones(ctx context.Context, listID domain.ListID, typed, stored []string) ([]string, error) {
	if len(typed) == 0 {
		return typed, nil
	}
	prefix, err := query(ctx, c.lists, string(listID), func(s list.State) string { return s.Value.DialPrefix })
	if err != nil {
		return nil, err
	}
	phones := make([]string, len(typed))
	for i, number := range typed {
		if slices.Contains(stored, number) {
			phones[i] = number
			continue
		}
		digits, ok := c.phone(number, prefix)
		switch {
		case contact.Masked(number):
			return nil, contact.ErrMasked
		case !ok:
			return nil, contact.ErrPhone
		}
		phones[i] = digits
	}
	return phones, nil
}
