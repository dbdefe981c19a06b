package main

import (
	"context"
	"fmt"
	"sync"
	"time"

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
// database is away. What is older than a moment is read again; while that fails, the last known answer holds.
type accounts struct {
	db      projections.DB
	secrets *seal.Secrets

	mu     sync.Mutex
	known  map[string]knownAccount
	readAt time.Time
}

type knownAccount struct {
	row     settings.Account
	secrets map[string]string
}

const (
	accountsFresh = 2 * time.Second
	unknownFresh  = 100 * time.Millisecond // one that is not known may have been made just now
)

func newAccounts(db projections.DB, secrets *seal.Secrets) *accounts {
	return &accounts{db: db, secrets: secrets}
}

// SecretName is what a credential of an account is kept under.
func secretName(id, name string) string { return "account/" + id + "/" + name }

func (a *accounts) all(ctx context.Context) (map[string]knownAccount, error) {
	return a.within(ctx, accountsFresh)
}

// one is an account by its id.
func (a *accounts) one(ctx context.Context, id string) (k knownAccount, ok bool, err error) {
	for _, fresh := range []time.Duration{accountsFresh, unknownFresh} {
		known, err := a.within(ctx, fresh)
		if err != nil {
			return knownAccount{}, false, err
		}
		if k, ok = known[id]; ok {
			break
		}
	}
	return k, ok, nil
}

func (a *accounts) within(ctx context.Context, fresh time.Duration) (map[string]knownAccount, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.known != nil && time.Since(a.readAt) < fresh {
		return a.known, nil
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	known, err := a.read(ctx)
	if err != nil {
		if a.known != nil {
			a.readAt = time.Now()
			return a.known, nil
		}
		return nil, err
	}
	a.known, a.readAt = known, time.Now()
	return known, nil
}

func (a *accounts) read(ctx context.Context) (map[string]knownAccount, error) {
	rows, err := settings.AllAccounts(ctx, a.db.Clear)
	if err != nil {
		return nil, err
	}
	known := make(map[string]knownAccount, len(rows))
	for _, row := range rows {
		k := knownAccount{row: row, secrets: make(map[string]string, len(row.Secrets))}
		for _, s := range row.Secrets {
			value, err := a.secrets.Get(ctx, secretName(row.ID, s.Name))
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
