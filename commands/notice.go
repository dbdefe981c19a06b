package commands

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/contact"
	"parley/domain/setting"
)

// recordNotice records what the provider says about an account.
func (c *Commands) recordNotice(ctx context.Context, id domain.AccountID, a Arrival) (Outcome, error) {
	content, err := json.Marshal(a)
	if err != nil {
		return "", err
	}
	at := c.now()
	notice := DerivedID("notice", string(id), string(content))
	done, err := c.accounts.handle(ctx, string(id), SystemMetadata("webhook", notice), account.RecordNotice{
		Noticed: account.Noticed{
			NoticeID: notice, Field: a.Notice.Field, Event: a.Notice.Event, Template: a.Notice.Template,
			Facts: a.Notice.Facts, SentAt: pastTime(a.SentAt, at), At: at,
		},
	})
	if errors.Is(err, setting.ErrUnknown) {
		return c.keepUnplaced(ctx, id, a.asUnplaced())
	}
	return placedIf(done, err)
}

// receivePreference records on the customer's contact whether they want marketing messages. It creates the contact
// if the account has a list for new ones, and keeps the preference as unplaced otherwise.
func (c *Commands) receivePreference(
	ctx context.Context, id domain.AccountID, address domain.AddressID, a Arrival,
) (Outcome, error) {
	contactID, err := c.contactFor(ctx, id, address, a)
	if err != nil {
		return "", err
	}
	if contactID == "" {
		return c.keepUnplaced(ctx, id, a.asUnplaced())
	}
	survivor, err := c.survivor(ctx, contactID)
	if err != nil {
		return "", err
	}
	at := c.now()
	sent := pastTime(a.SentAt, at)
	meta := SystemMetadata("webhook", DerivedID("preference", string(survivor.ID), sent.Format(time.RFC3339Nano)))
	var cmd contact.Command = contact.ResumeMarketing{AccountID: id, StatedAt: sent, At: at}
	if a.Preference.Stop {
		cmd = contact.StopMarketing{AccountID: id, StatedAt: sent, At: at}
	}
	done, err := c.contacts.handle(ctx, string(survivor.ID), meta, cmd)
	if isRefusal(err) { // the contact was erased
		return c.keepUnplaced(ctx, id, a.asUnplaced())
	}
	return placedIf(done, err)
}

// contactFor returns the contact of a customer, or "" if there is none and the account creates none.
func (c *Commands) contactFor(
	ctx context.Context, id domain.AccountID, address domain.AddressID, a Arrival,
) (domain.ContactID, error) {
	settings, err := c.account(ctx, id)
	if err != nil {
		return "", err
	}
	who, err := c.IdentityOf(ctx, address, a.Customer.Phone)
	if err != nil {
		return "", err
	}
	known, found, err := c.reads.KnownContact(ctx, settings.ListID, who, a.Customer)
	if err != nil || found || settings.ListID == "" || !settings.CreateContacts {
		return known, err
	}
	details := contact.Details{FirstName: a.Customer.Name}
	if a.Customer.Phone != "" {
		details.Phones = []string{a.Customer.Phone}
	}
	if a.Customer.UserID != "" {
		details.UserIDs = []string{a.Customer.UserID}
	}
	created, _, err := c.ContactOfCustomer(ctx, settings.ListID, address, details)
	if isRefusal(err) && details.FirstName != "" { // the name breaks a rule
		details.FirstName = ""
		created, _, err = c.ContactOfCustomer(ctx, settings.ListID, address, details)
	}
	if isRefusal(err) {
		return "", nil
	}
	return created, err
}
