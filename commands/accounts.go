package commands

import (
	"cmp"
	"context"
	"strings"

	"parley/domain"
	"parley/domain/account"
	"parley/domain/setting"
	"parley/domain/shortcode"
	"parley/eventstore"
)

// Secrets keeps the secrets of accounts out of events.
type Secrets interface {
	// Put stores a secret, replacing any of the same name. It returns the last four
	// characters, which may be shown.
	Put(ctx context.Context, name, value string) (last4 string, err error)
}

// SaveAccount creates or changes an account, and replaces the given secrets. A new account's id is derived from
// its provider and number: each number has one account, and an account's number never changes.
func (c *Commands) SaveAccount(ctx context.Context, id domain.AccountID, s account.Settings, secrets map[string]string,
	by domain.UserID, meta eventstore.Metadata,
) (domain.AccountID, eventstore.Position, error) {
	newID := c.accountID(s)
	before, err := c.accountState(ctx, cmp.Or(id, newID))
	if err != nil {
		return id, eventstore.Position{}, err
	}
	provider, known := c.providers.Named(s.Provider)
	if !known {
		return id, eventstore.Position{}, account.ErrProvider
	}
	given := make(map[string]string)
	for name, value := range secrets {
		given[name] = strings.TrimSpace(value)
	}
	moved := before.Exists && provider.Moved(before.Value.ProviderSettings, s.ProviderSettings)
	if err := provider.CheckSecrets(given, before.HasSecret, moved); err != nil {
		return id, eventstore.Position{}, err
	}
	if before.Archived && len(given) > 0 {
		return id, eventstore.Position{}, setting.ErrArchived
	}
	// A refused account must not keep its short code from others.
	if _, err := c.accounts.decider.Decide(before, saving(id, s, by, c.now())); err != nil {
		return id, eventstore.Position{}, err
	}
	if err := c.assignShortCode(ctx, cmp.Or(id, newID), s, before, by, meta); err != nil {
		return id, eventstore.Position{}, err
	}
	id, at, err := save(ctx, c, c.accounts, id, newID, s, by, meta)
	if err != nil {
		return id, at, err
	}
	for _, d := range provider.Settings {
		if given[d.Name] == "" {
			continue
		}
		replaced, err := c.replaceSecret(ctx, id, d.Name, given[d.Name], by, meta)
		if err != nil {
			return id, at, err
		}
		at = later(at, replaced)
	}
	return id, at, nil
}

// assignShortCode makes a new short code the account's own. If the account is then not saved, another account can
// have the code a minute later.
func (c *Commands) assignShortCode(
	ctx context.Context, id domain.AccountID, s account.Settings, before account.State, by domain.UserID,
	meta eventstore.Metadata,
) error {
	if !account.ValidShortCode(s.ShortCode) || before.Exists && strings.EqualFold(before.Value.ShortCode, s.ShortCode) {
		return nil
	}
	stream := DerivedID("shortcode", strings.ToUpper(s.ShortCode))
	holder, err := query(ctx, c.shortCodes, stream, func(s shortcode.State) domain.AccountID { return s.Holder })
	if err != nil {
		return err
	}
	cmd := shortcode.Assign{Code: s.ShortCode, AccountID: id, By: by, At: c.now()}
	if holder != "" && holder != id {
		other, err := c.accountState(ctx, holder)
		if err != nil {
			return err
		}
		if !other.Exists || other.Archived || !strings.EqualFold(other.Value.ShortCode, s.ShortCode) {
			cmd.Unused = holder
		}
	}
	meta.CommandID = DerivedID("shortcode", meta.CommandID)
	_, err = c.shortCodes.handle(ctx, stream, meta, cmd)
	return err
}

// replaceSecret stores a secret, then records that it was replaced.
func (c *Commands) replaceSecret(
	ctx context.Context, id domain.AccountID, name, value string, by domain.UserID, meta eventstore.Metadata,
) (eventstore.Position, error) {
	last4, err := c.secrets.Put(ctx, account.SecretName(id, name), value)
	if err != nil {
		return eventstore.Position{}, err
	}
	meta.CommandID = DerivedID("secret", meta.CommandID, name)
	r, err := c.accounts.handle(ctx, string(id), meta,
		account.ReplaceSecret{Name: name, Last4: last4, By: by, At: c.now()})
	return r.Position, err
}

// FindAccount returns the id and current settings of the account with the number in
// these settings, or false if there is none.
func (c *Commands) FindAccount(
	ctx context.Context, of account.Settings,
) (domain.AccountID, account.Settings, bool, error) {
	id := c.accountID(of)
	s, err := c.accountState(ctx, id)
	return id, s.Value, s.Exists, err
}

// accountID derives the id of an account from its provider and number.
func (c *Commands) accountID(s account.Settings) domain.AccountID {
	return domain.AccountID(c.ids.UUID(append([]string{"account"}, c.providers.Number(s)...)...))
}

func (c *Commands) accountState(ctx context.Context, id domain.AccountID) (account.State, error) {
	return query(ctx, c.accounts, string(id), func(s account.State) account.State { return s })
}

func (c *Commands) account(ctx context.Context, id domain.AccountID) (account.Settings, error) {
	s, err := c.accountState(ctx, id)
	return s.Value, err
}
