// Package reactions acts on what has happened: routing, sending, deadlines, media and more. Each reaction
// processes a work queue. A row leaves the queue when the resulting event is projected. Every act is decided on
// a stream, so doing it twice changes nothing.
package reactions

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/channels"
	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/eventstore"
	"parley/internal/blobs"
	"parley/internal/database"
	"parley/projections/engine"
)

// Config holds what reactions need.
type Config struct {
	Pool      *pgxpool.Pool    // clear read models and ops
	Listener  *engine.Listener // announces changes of read models; it must be running
	Store     *eventstore.Store
	Commands  *commands.Commands
	Providers *channels.Registry
	// Account returns one account. While it fails, nothing is sent from that account.
	Account  func(ctx context.Context, id domain.AccountID) (Account, error)
	Files    *blobs.Store
	FileKeys FileKeys
	Sealer   Sealer
	Now      func() time.Time // the program's one clock
	Log      *slog.Logger
	// Count, if set, counts what was done, by codes such as "offer" or "send accepted".
	Count func(what string)
	// Hold, if set, reports whether sending is on hold, for example after a restore from a backup.
	Hold func(ctx context.Context) (bool, error)
	// Keep, if set, is called after a message is claimed and before its provider is called. An error stops the call. It
	// notes outside the database how far the log has got, so that a later restore is recognised.
	Keep func(ctx context.Context) error
	// Grace is how long calls to providers may continue after ctx has ended; 0 means 10 s.
	Grace time.Duration
	// HeartbeatLimit is how old an agent's newest heartbeat may be before they count
	// as disconnected; 0 means 20 s.
	HeartbeatLimit time.Duration
}

// Account is one account, with what is needed to send from it.
type Account struct {
	Settings account.Settings
	Archived bool
	Channel  channels.Account // for calls to its provider
}

// provider returns the account's provider.
func (c *Config) provider(a Account) (channels.Provider, error) {
	p, ok := c.Providers.Named(a.Channel.Provider)
	if !ok {
		return nil, errors.New("no such provider")
	}
	return p, nil
}

// FileKeys holds the keys of canned answers' files.
type FileKeys interface {
	// Keys returns the files that have a key and were not used since a time.
	Keys(ctx context.Context, before time.Time) ([]string, error)
	DestroyKeys(ctx context.Context, ids []string) (destroyed int64, err error)
}

// Sealer encrypts under a subject's key. *seal.Keyring implements it.
type Sealer interface {
	Seal(ctx context.Context, subject string, plaintext, aad []byte) ([]byte, error)
	Open(ctx context.Context, subject string, sealed, aad []byte) ([]byte, error)
}

func (c *Config) defaults() error {
	if c.Pool == nil || c.Listener == nil || c.Store == nil || c.Commands == nil || c.Account == nil ||
		c.Providers == nil || c.Now == nil {
		return errors.New("reactions: the configuration is incomplete")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Count == nil {
		c.Count = func(string) {}
	}
	if c.Grace == 0 {
		c.Grace = 10 * time.Second
	}
	if c.Hold == nil {
		c.Hold = func(context.Context) (bool, error) { return false, nil }
	}
	if c.Keep == nil {
		c.Keep = func(context.Context) error { return nil }
	}
	if c.HeartbeatLimit == 0 {
		c.HeartbeatLimit = 20 * time.Second
	}
	return nil
}

// Run runs all reactions until ctx ends. Any number of processes may run it on one database: one leads, the
// others take over within seconds. It survives outages; it returns an error only if the Config is wrong.
func Run(ctx context.Context, c Config) error {
	if err := c.defaults(); err != nil {
		return err
	}
	for ctx.Err() == nil {
		err := underLock(ctx, c.Pool, c.Log, func(ctx context.Context) { c.lead(ctx) })
		if err != nil && ctx.Err() == nil {
			c.Log.Warn("reactions lost their database", "error", database.Describe(err))
			pause(ctx, time.Second)
		}
	}
	return nil
}

// lead runs all loops until ctx ends, and returns when they have all ended.
func (c Config) lead(ctx context.Context) {
	c.awaitReadModels(ctx)
	notifier, stop := newNotifier(c.Listener)
	defer stop()
	contents := newContents(c.Store, c.Pool, c.Commands.HoldsNumber)
	sender := newSender(ctx, c, contents)
	runLoops(ctx, c.Log, notifier, []loop{
		newRouter(c).loop(),
		sender.loop(),
		newTimekeeper(c).loop(),
		newOwners(c).loop(),
		newPresence(c).loop(),
		newRepair(c).loop(),
		newLinker(c, contents).loop(),
		newJoiner(c).loop(),
		newFetcher(ctx, c).loop(),
		newOrphans(c).loop(),
		(&statuses{Config: c, retries: newRetries(c, "early statuses")}).loop(),
		(&earlyUpdates{Config: c, retries: newRetries(c, "early updates")}).loop(),
		newReadMarks(c, contents, sender.pacerOf).loop(),
	})
}

// awaitReadModels waits while the read models catch up with the log. Acting on old
// rows would be harmless but wasteful.
func (c Config) awaitReadModels(ctx context.Context) {
	for ctx.Err() == nil {
		before, _ := c.Listener.Position()
		last, err := c.Store.Last(ctx)
		if err == nil && c.Listener.Await(ctx, last) {
			return
		}
		if now, known := c.Listener.Position(); err == nil && known && now == before {
			return // the read models are not advancing
		}
		pause(ctx, 200*time.Millisecond)
	}
}
