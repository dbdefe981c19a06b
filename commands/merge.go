package commands

import (
	"context"

	"parley/domain"
	"parley/domain/contact"
)

// joinContacts merges one contact into another one, if the program created both for one customer and no person has
// worked on either. What a person has worked on stays as it is.
func (c *Commands) joinContacts(ctx context.Context, survivor, other domain.ContactID) error {
	if survivor == "" || other == "" {
		return nil
	}
	kept, err := c.survivor(ctx, survivor)
	if err != nil {
		return err
	}
	gone, err := c.survivor(ctx, other)
	if err != nil || gone.ID == kept.ID || gone.ListID != kept.ListID || !kept.MadeByProgram() || !gone.MadeByProgram() {
		return err
	}
	return c.mergeContacts(ctx, kept.ID, gone.ID)
}

// mergeContacts merges a contact into another one. The merged one decides; if the other cannot take it, it is restored.
func (c *Commands) mergeContacts(ctx context.Context, survivor, other domain.ContactID) error {
	at := c.now()
	_, err := c.contacts.handle(ctx, string(other), SystemMetadata("identities", NewID()),
		contact.MergeInto{Survivor: survivor, At: at})
	if err != nil {
		return err
	}
	merged, err := query(ctx, c.contacts, string(other), func(s contact.State) contact.State { return s })
	if err != nil {
		return err
	}
	_, err = c.contacts.handle(ctx, string(survivor), SystemMetadata("identities", NewID()),
		contact.Merge{Other: merged, At: at})
	if !isRefusal(err) {
		return err
	}
	_, err = c.contacts.handle(ctx, string(other), SystemMetadata("identities", NewID()),
		contact.Restore{From: survivor, At: at})
	return err
}

// separateContacts undoes the merge of two contacts whose customers were separated.
func (c *Commands) separateContacts(ctx context.Context, one, other domain.ContactID, by domain.UserID) error {
	for _, pair := range [][2]domain.ContactID{{one, other}, {other, one}} {
		merged, err := query(ctx, c.contacts, string(pair[0]), func(s contact.State) contact.State { return s })
		if err != nil {
			return err
		}
		if merged.Status != contact.StatusMerged || merged.Survivor != pair[1] {
			continue
		}
		at := c.now()
		_, err = c.contacts.handle(ctx, string(pair[0]), SystemMetadata(string(by), NewID()),
			contact.Restore{From: pair[1], By: by, At: at})
		if err != nil {
			return err
		}
		_, err = c.contacts.handle(ctx, string(pair[1]), SystemMetadata(string(by), NewID()),
			contact.Unmerge{Other: pair[0], By: by, At: at})
		return err
	}
	return nil
}
