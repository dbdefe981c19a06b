// Package accounts caches the accounts with their secrets, for the webhook and for sending.
package accounts

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
	"parley/internal/database"
	"parley/internal/seal"
	"parley/projections/engine"
	"parley/projections/settings"
	"parley/reactions"
)

// Cache holds all accounts with their secrets. The webhook asks it for every delivery, even while the database does not
// answer. Run reads them at the start and whenever one changes, so a process whose first delivery arrives during an
// outage can verify it too. Stale accounts are read again, once for all who wait; while that fails, the last known ones
// are returned. The secrets are in memory only.
type Cache struct {
	read    func(context.Context) (map[string]knownAccount, error)
	reading singleflight.Group
	missing *lru.Cache[string, time.Time] // unknown ids and when they were looked up: anyone can ask for any id

	mu     sync.Mutex
	known  map[string]knownAccount
	readAt time.Time
	failed error // of the last read
}

type knownAccount struct {
	row     settings.Account
	channel channels.Account
}

const (
	maxAge        = 2 * time.Second
	maxAgeUnknown = 100 * time.Millisecond // when an id is unknown: the account may be new
	missingFor    = time.Second            // how long an unknown id is not looked up again
	maxMissing    = 1024
	readTimeout   = time.Second
	refreshEvery  = 30 * time.Second // by Run, in case an announcement was missed
)

// New returns the cache of one process.
func New(db database.DB, secrets *seal.Secrets, providers account.Providers) (*Cache, error) {
	return newCache(func(ctx context.Context) (map[string]knownAccount, error) {
		return readAll(ctx, db, secrets, providers)
	})
}

func newCache(read func(context.Context) (map[string]knownAccount, error)) (*Cache, error) {
	missing, err := lru.New[string, time.Time](maxMissing)
	if err != nil {
		return nil, fmt.Errorf("cache of missing accounts: %w", err)
	}
	return &Cache{read: read, missing: missing}, nil
}

// Changes tells of changed read models: on "changes" with an announcement of the tables whose rows changed, and on
// "checkpoints" when their tables were replaced. reconnected is called when something may have been missed.
type Changes interface {
	On(channel string, payload func(string), reconnected func()) (stop func())
}

// Run reads the accounts now and whenever they change, until ctx ends.
func (a *Cache) Run(ctx context.Context, changes Changes) error {
	changed := make(chan struct{}, 1)
	note := func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	defer changes.On("changes", func(announcement string) {
		if engine.Affects(announcement, []string{"accounts"}) {
			note()
		}
	}, note)()
	defer changes.On("checkpoints", func(string) { note() }, nil)()
	note()
	refresh := time.NewTicker(refreshEvery)
	defer refresh.Stop()
	for {
		select {
		case <-changed:
		case <-refresh.C:
		case <-ctx.Done():
			return nil
		}
		// An error is kept for those who ask; the next round tries again.
		_, _ = a.within(ctx, 0)
	}
}

func (a *Cache) all(ctx context.Context) (map[string]knownAccount, error) {
	return a.within(ctx, maxAge)
}

// one returns an account by its id.
func (a *Cache) one(ctx context.Context, id string) (k knownAccount, ok bool, err error) {
	known, err := a.within(ctx, maxAge)
	if k, ok = known[id]; ok || err != nil {
		return k, ok, err
	}
	if at, looked := a.missing.Get(id); looked && time.Since(at) < missingFor {
		return knownAccount{}, false, nil
	}
	known, err = a.within(ctx, maxAgeUnknown)
	if k, ok = known[id]; !ok && err == nil {
		if err = a.lastError(); err == nil { // otherwise it may be newer than what is known
			a.missing.Add(id, time.Now())
		}
	}
	return k, ok, err
}

// within returns the cached accounts if they are no older than maxAge, and reads them otherwise. It waits no longer
// than ctx lasts.
func (a *Cache) within(ctx context.Context, maxAge time.Duration) (map[string]knownAccount, error) {
	if known, age := a.last(); known != nil && age < maxAge {
		return known, nil
	}
	reading := a.reading.DoChan("", func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTimeout) // shared by all who wait
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

// Known returns how many accounts are known, and false until they were read for the first time.
func (a *Cache) Known() (n int, read bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return len(a.known), a.known != nil
}

func (a *Cache) lastError() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.failed
}

func (a *Cache) last() (known map[string]knownAccount, age time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.known, time.Since(a.readAt)
}

// keep stores what was read. After an error the known accounts stay for another maxAge.
func (a *Cache) keep(known map[string]knownAccount, err error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if err == nil {
		a.known = known
	}
	a.readAt, a.failed = time.Now(), err
	return err
}

func readAll(
	ctx context.Context, db database.DB, secrets *seal.Secrets, providers account.Providers,
) (map[string]knownAccount, error) {
	rows, err := settings.AllAccounts(ctx, db.Access)
	if err != nil {
		return nil, err
	}
	known := make(map[string]knownAccount, len(rows))
	for _, row := range rows {
		values := make(map[string]string, len(row.Secrets))
		for _, s := range row.Secrets {
			value, err := secrets.Get(ctx, account.SecretName(domain.AccountID(row.ID), s.Name))
			if err != nil {
				return nil, fmt.Errorf("read a secret: %w", err)
			}
			values[s.Name] = value
		}
		at, _ := providers.Named(row.Settings.Provider) // an account of an unknown provider sends and receives nothing
		channel := channels.NewAccount(row.ID, at, row.Settings.ProviderSettings, values)
		channel.DisplayNumber = row.Settings.DisplayNumber
		known[row.ID] = knownAccount{row: row, channel: channel}
	}
	return known, nil
}

// ByID returns the account a webhook's path names, unless it is archived.
func (a *Cache) ByID(ctx context.Context, id string) (channels.Account, bool, error) {
	k, ok, err := a.one(ctx, id)
	if err != nil || !ok || k.row.Archived {
		return channels.Account{}, false, err
	}
	return k.channel, true, nil
}

// At returns the accounts of a provider, without the archived ones.
func (a *Cache) At(ctx context.Context, provider string) ([]channels.Account, error) {
	known, err := a.all(ctx)
	if err != nil {
		return nil, err
	}
	var found []channels.Account
	for _, k := range known {
		if k.channel.Provider == provider && !k.row.Archived {
			found = append(found, k.channel)
		}
	}
	return found, nil
}

// Account returns an account for sending, also an archived one.
func (a *Cache) Account(ctx context.Context, id domain.AccountID) (reactions.Account, error) {
	k, ok, err := a.one(ctx, string(id))
	if err != nil {
		return reactions.Account{}, err
	}
	if !ok {
		return reactions.Account{}, fmt.Errorf("account %s is not known yet", id)
	}
	return reactions.Account{Settings: k.row.Settings, Archived: k.row.Archived, Channel: k.channel}, nil
}
