// Package reactions does what follows from what happened: "when this happens, do that". Each reaction works off a list of
// rows that vanish when the resulting event is projected, and decides every act on a stream, so doing it twice changes nothing.
package reactions

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"parley/channels"
	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/eventstore"
	"parley/projections"
)

// Config is what reactions need from outside.
type Config struct {
	Pool      *pgxpool.Pool         // clear read models and ops
	Listener  *projections.Listener // tells when read models have changed; it must be running
	Store     *eventstore.Store
	Commands  *commands.Commands
	Providers map[string]channels.Provider // by account.Settings.Provider in lower case, such as "meta"
	// Account is one account with its credentials; an error stops sending on it until it can be had.
	Account func(ctx context.Context, id domain.AccountID) (Account, error)
	Files   Files
	Sealer  Sealer
	Now     func() time.Time // the program's one clock
	Log     *slog.Logger
	// Count, where it is given, counts what was done, by codes such as "offer" or "send accepted".
	Count func(what string)
	// Hold, where it is given, says that nothing may go out just now, such as after a restore from a backup.
	Hold func(ctx context.Context) (bool, error)
	// Grace is how long calls to providers may go on after ctx has ended; 0 is 10 s.
	Grace time.Duration
	// HeartbeatLimit is how old an agent's newest heartbeat may be before nobody is at his screen; 0 is 20 s.
	HeartbeatLimit time.Duration
}

// Account is one of our numbers and the proof that it is ours.
type Account struct {
	Settings    account.Settings
	Archived    bool
	Credentials channels.Credentials
}

// File is what is known about a file once it is kept.
type File struct {
	ID       string
	Key      []byte
	Size     int64
	SHA256   []byte
	MimeType string // told by the bytes
}

// Files keeps sealed files. Everything about it is as package blobs has it.
type Files interface {
	Put(ctx context.Context, r io.Reader, limit int64) (File, error)
	Open(ctx context.Context, id string, key []byte) (io.ReadCloser, error)
	Delete(ctx context.Context, id string) error
	// Each calls f with the id of every file kept before a time.
	Each(ctx context.Context, before time.Time, f func(id string) error) error
	// KeepKeys destroys the keys of canned answers' files but those of the files named, and of what was uploaded after a time:
	// whoever gives it to an answer may not have done so yet.
	KeepKeys(ctx context.Context, ids []string, before time.Time) (destroyed int64, err error)
}

// Sealer encrypts under a subject's key. *seal.Keyring is one.
type Sealer interface {
	Seal(ctx context.Context, subject string, plaintext, aad []byte) ([]byte, error)
	Open(ctx context.Context, subject string, sealed, aad []byte) ([]byte, error)
}

func (c *Config) defaults() error {
	if c.Pool == nil || c.Listener == nil || c.Store == nil || c.Commands == nil || c.Account == nil || c.Now == nil {
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
	if c.HeartbeatLimit == 0 {
		c.HeartbeatLimit = 20 * time.Second
	}
	return nil
}

// Run does everything there is to do until ctx ends. Any number of processes may run it on one database: one leads, the
// others wait and take over within seconds. It goes on through outages; the error it returns is a mistake in its Config.
func Run(ctx context.Context, c Config) error {
	if err := c.defaults(); err != nil {
		return err
	}
	for ctx.Err() == nil {
		err := underLock(ctx, c.Pool, c.Log, func(ctx context.Context) { c.lead(ctx) })
		if err != nil && ctx.Err() == nil {
			c.Log.Warn("reactions lost their database", "error", sqlCode(err))
			pause(ctx, time.Second)
		}
	}
	return nil
}

// lead runs all loops until ctx ends, and returns when all of them have.
func (c Config) lead(ctx context.Context) {
	c.settle(ctx)
	bell, stop := newBell(c.Listener)
	defer stop()
	l := newLetters(c.Store, c.Pool)
	sender := newSender(ctx, c, l)
	runLoops(ctx, c.Log, bell, []loop{
		newRouter(c).loop(),
		sender.loop(),
		newTimekeeper(c).loop(),
		newOwners(c).loop(),
		newPresence(c).loop(),
		newRepair(c).loop(),
		newLinker(c, l).loop(),
		newFetcher(ctx, c).loop(),
		(&orphans{Config: c}).loop(),
		(&statuses{Config: c, aside: newAside(c, "early statuses")}).loop(),
		(&afterthoughts{Config: c, aside: newAside(c, "afterthoughts")}).loop(),
		newReadMarks(c, l, sender.lane).loop(),
	})
}

// settle waits while the read models are catching up with a log that is far ahead of them. Acting on old rows would do no
// harm, but much work for nothing.
func (c Config) settle(ctx context.Context) {
	for ctx.Err() == nil {
		before, _ := c.Listener.Position()
		last, err := c.Store.Last(ctx)
		if err == nil && c.Listener.Await(ctx, last) {
			return
		}
		if now, there := c.Listener.Position(); err == nil && there && now == before {
			return // nothing moves: there is nothing to wait for
		}
		pause(ctx, 200*time.Millisecond)
	}
}
