package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"parley/channels"
	"parley/domain"
	"parley/domain/account"
	"parley/projections"
	"parley/projections/settings"
	"parley/reactions"
	"parley/seal"
)

// metaBaseURL is where the Meta Cloud API lives when an account does not say otherwise.
const (
	metaBaseURL = "https://graph.facebook.com"
	metaVersion = "v24.0"
)

// accounts keeps the organisation's numbers and their secrets at hand: webhooks ask for every delivery, also while the
// database is away. What is older than a moment is read again, by one reader for all who wait; while that fails, the last
// known answer holds.
type accounts struct {
	read    func(context.Context) (map[string]knownAccount, error)
	reading singleflight.Group
	missing *lru.Cache[string, time.Time] // when an account was looked for and not there: anybody may ask for any

	mu     sync.Mutex
	known  map[string]knownAccount
	readAt time.Time
}

type knownAccount struct {
	row     settings.Account
	secrets map[string]string
}

const (
	accountsFresh  = 2 * time.Second
	unknownFresh   = 100 * time.Millisecond // one that is not known may have been made just now
	missingFor     = time.Second
	missingAtMost  = 1024
	accountsReadIn = time.Second
)

func newAccounts(db projections.DB, secrets *seal.Secrets) (*accounts, error) {
	return accountsFrom(func(ctx context.Context) (map[string]knownAccount, error) { return readAccounts(ctx, db, secrets) })
}

func accountsFrom(read func(context.Context) (map[string]knownAccount, error)) (*accounts, error) {
	missing, err := lru.New[string, time.Time](missingAtMost)
	if err != nil {
		return nil, fmt.Errorf("cache of missing accounts: %w", err)
	}
	return &accounts{read: read, missing: missing}, nil
}

// SecretName is what a credential of an account is kept under.
func secretName(id, name string) string { return "account/" + id + "/" + name }

func (a *accounts) all(ctx context.Context) (map[string]knownAccount, error) {
	return a.within(ctx, accountsFresh)
}

// one is an account by its id.
func (a *accounts) one(ctx context.Context, id string) (k knownAccount, ok bool, err error) {
	known, err := a.within(ctx, accountsFresh)
	if k, ok = known[id]; ok || err != nil {
		return k, ok, err
	}
	if at, looked := a.missing.Get(id); looked && time.Since(at) < missingFor {
		return knownAccount{}, false, nil
	}
	known, err = a.within(ctx, unknownFresh)
	if k, ok = known[id]; !ok && err == nil {
		a.missing.Add(id, time.Now())
	}
	return k, ok, err
}

// within is the accounts as they were so long ago at most. Nobody waits for a reader longer than his own ctx lasts.
func (a *accounts) within(ctx context.Context, fresh time.Duration) (map[string]knownAccount, error) {
	if known, age := a.last(); known != nil && age < fresh {
		return known, nil
	}
	reading := a.reading.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), accountsReadIn) // others wait for it too
		defer cancel()
		known, err := a.read(ctx)
		return nil, a.keep(known, err)
	})
	var err error
	select {
	case r := <-reading:
		err = r.Err
	case <-ctx.Done():
		err = ctx.Err()
	}
	if known, _ := a.last(); known != nil {
		return known, nil
	}
	return nil, err
}

func (a *accounts) last() (known map[string]knownAccount, age time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known, time.Since(a.readAt)
}

// keep takes what was read for the truth, or what was known before for a while longer.
func (a *accounts) keep(known map[string]knownAccount, err error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil {
		a.known = known
	}
	a.readAt = time.Now()
	return err
}

func readAccounts(ctx context.Context, db projections.DB, secrets *seal.Secrets) (map[string]knownAccount, error) {
	rows, err := settings.AllAccounts(ctx, db.Clear)
	if err != nil {
		return nil, err
	}
	known := make(map[string]knownAccount, len(rows))
	for _, row := range rows {
		k := knownAccount{row: row, secrets: make(map[string]string, len(row.Secrets))}
		for _, s := range row.Secrets {
			value, err := secrets.Get(ctx, secretName(row.ID, s.Name))
			if err != nil {
				return nil, fmt.Errorf("read a credential: %w", err)
			}
			k.secrets[s.Name] = value
		}
		known[row.ID] = k
	}
	return known, nil
}

// Secrets are those of the account named in a webhook's path.
func (a *accounts) Secrets(ctx context.Context, id string) (appSecret, verifyToken string, ok bool, err error) {
	k, ok, err := a.one(ctx, id)
	if err != nil {
		return "", "", false, err
	}
	return k.secrets[account.AppSecret], k.secrets[account.VerifyToken], ok && !k.row.Archived && k.secrets[account.AppSecret] != "", nil
}

// ByPhoneNumberID is the account of a number that is under the same app secret: one app posts all its numbers to one address.
func (a *accounts) ByPhoneNumberID(ctx context.Context, phoneNumberID, appSecret string) (string, bool, error) {
	known, err := a.all(ctx)
	if err != nil {
		return "", false, err
	}
	for id, k := range known {
		if k.row.Settings.PhoneNumberID == phoneNumberID && k.secrets[account.AppSecret] == appSecret && !k.row.Archived {
			return id, true, nil
		}
	}
	return "", false, nil
}

// Account is one account with its credentials, for sending.
func (a *accounts) Account(ctx context.Context, id domain.AccountID) (reactions.Account, error) {
	k, ok, err := a.one(ctx, string(id))
	if err != nil {
		return reactions.Account{}, err
	}
	if !ok {
		return reactions.Account{}, fmt.Errorf("account %s is not known yet", id)
	}
	s := k.row.Settings
	c := channels.Credentials{BaseURL: s.BaseURL, APIVersion: s.APIVersion, PhoneNumberID: s.PhoneNumberID, AccessToken: k.secrets[account.AccessToken]}
	if c.BaseURL == "" {
		c.BaseURL = metaBaseURL
	}
	if c.APIVersion == "" {
		c.APIVersion = metaVersion
	}
	return reactions.Account{Settings: s, Archived: k.row.Archived, Credentials: c}, nil
}
