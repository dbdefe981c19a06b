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

// receivePreference records on the customer's contact whether they want marketing messages. It creates the
// contact if the account has a list for new ones, and keeps the preference as unplaced otherwise. A merged
// contact keeps its own preference, so that an undo leaves it with the right number.
func (c *Commands) receivePreference(
	ctx context.Context, id domain.AccountID, address domain.AddressID, a Arrival,
) (Outcome, error) {
	contactID, _, err := c.FindOrCreateContact(ctx, id, address, a.Customer)
	if err != nil && !isRefusal(err) {
		return "", err
	}
	if contactID == "" || err != nil {
		return c.keepUnplaced(ctx, id, a.asUnplaced())
	}
	at := c.now()
	sent := pastTime(a.SentAt, at)
	meta := SystemMetadata("webhook", DerivedID("preference", string(contactID), sent.Format(time.RFC3339Nano)))
	var cmd contact.Command = contact.ResumeMarketing{AccountID: id, StatedAt: sent, At: at}
	if a.Preference.Stop {
		cmd = contact.StopMarketing{AccountID: id, StatedAt: sent, At: at}
	}
	done, err := c.contacts.handle(ctx, string(contactID), meta, cmd)
	if isRefusal(err) { // the contact was erased
		return c.keepUnplaced(ctx, id, a.asUnplaced())
	}
	return placedIf(done, err)
}
