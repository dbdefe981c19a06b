package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/errgroup"

	"parley/auth"
	"parley/blobs"
	"parley/channels"
	"parley/channels/spool"
	"parley/channels/webhook"
	"parley/channels/whatsapp/meta"
	"parley/commands"
	"parley/domain"
	"parley/eventstore"
	"parley/eventstore/node"
	"parley/files"
	"parley/live"
	"parley/projections"
	"parley/projections/all"
	"parley/reactions"
	"parley/seal"
)

// program is everything one process of Parley is made of. It is built once, from the outside in, and run until its
// context ends.
type program struct {
	cfg        Config
	log        *slog.Logger
	now        func() time.Time
	db         projections.DB
	ops        *pgxpool.Pool // schema ops: keys, sessions, secrets
	deployment seal.Deployment
	master     seal.MasterKey
	keyring    *seal.Keyring
	secrets    *seal.Secrets
	node       *node.Node // nil when the event store is elsewhere
	store      *eventstore.Store
	commands   *commands.Commands
	listener   *projections.Listener
	hub        *live.Hub
	auth       *auth.Auth
	viewers    *viewers
	sockets    *openSockets
	accounts   *accounts
	meta       *meta.Meta
	spool      *spool.Spool
	leftovers  []*spool.Spool // of processes that are gone, to be worked off
	webhook    *webhook.Handler
	blobs      *blobs.Store
	uploads    *files.Uploads
	downloads  *files.Download
	drafts     *files.Drafts
	heartbeats *heartbeats
	metrics    *metrics
	ready      *readiness
}

// clock is the program's one clock: wall time at start plus what has passed since, so that it never jumps.
func clock() func() time.Time {
	start := time.Now()
	return func() time.Time { return start.Add(time.Since(start)).UTC() }
}

// build connects to everything. admitted are provider base URLs beside the real ones, such as the simulator's.
func build(ctx context.Context, cfg Config, log *slog.Logger, admitted ...string) (*program, error) {
	p := &program{cfg: cfg, log: log, now: clock(), metrics: newMetrics()}
	if err := p.connect(ctx, admitted); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (p *program) connect(ctx context.Context, admitted []string) (err error) {
	if err := os.MkdirAll(p.cfg.DataDir, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	for _, step := range []func(context.Context) error{p.openDatabase, p.openStore, p.openFiles} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	p.listener = projections.NewListener(p.db.Clear, p.log, sessionEnded)
	p.hub = live.NewHub(p.db.Clear, p.log)
	p.auth = auth.New(p.ops, p.now)
	p.viewers = newViewers(p.db, p.auth)
	p.sockets = newOpenSockets(p.auth)
	if p.accounts, err = newAccounts(p.db, p.secrets); err != nil {
		return err
	}
	p.heartbeats = newHeartbeats(p.ops, p.now, p.log)
	if p.meta, err = meta.New(append([]string{metaBaseURL}, admitted...)...); err != nil {
		return fmt.Errorf("meta client: %w", err)
	}
	p.webhook = webhook.New(webhook.Config{
		Provider: p.meta, Accounts: p.accounts, Receive: p.receive, Spool: p.spool, Count: p.metrics.webhook, Log: p.log,
	})
	p.ready = &readiness{program: p}
	return nil
}

func (p *program) openDatabase(ctx context.Context) (err error) {
	url := string(p.cfg.DatabaseURL)
	if err := projections.Migrate(ctx, url); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	if p.db, err = projections.Open(ctx, url, projections.Pools{}); err != nil {
		return err
	}
	if err := projections.Prepare(ctx, p.db.Clear, all.Models()); err != nil {
		return fmt.Errorf("prepare the read models: %w", err)
	}
	p.ops = p.db.Clear
	if p.master, err = seal.EnsureMasterKey(p.cfg.MasterKeyFile); err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	if p.deployment, err = seal.LoadDeployment(ctx, p.ops, p.master); err != nil {
		return err
	}
	p.keyring = seal.NewKeyring(p.ops, p.master, 200_000)
	p.secrets = seal.NewSecrets(p.ops, p.master)
	return nil
}

func (p *program) openStore(ctx context.Context) (err error) {
	url := string(p.cfg.EventStoreURL)
	if url == "" {
		p.node, err = node.Start(ctx, node.Config{DatabaseURL: string(p.cfg.DatabaseURL), Listen: p.cfg.NodeListen, Log: p.log})
		if err != nil {
			return fmt.Errorf("embedded event store: %w", err)
		}
		url = p.node.URL()
	}
	p.store, err = eventstore.Open(ctx, eventstore.Config{URL: url, Catalog: eventstore.All(), Keys: p.keyring, Log: p.log})
	if err != nil {
		return err
	}
	early := reactions.Early{Pool: p.ops, Sealer: p.keyring, Now: p.now}
	if p.commands, err = p.newCommands(reads{db: p.db, early: early}, p.now); err != nil {
		return err
	}
	wait, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := p.commands.Initialize(wait, p.deployment.Fingerprint); err != nil {
		return fmt.Errorf("begin the log: %w", err)
	}
	return nil
}

func (p *program) newCommands(r reads, now func() time.Time) (*commands.Commands, error) {
	return commands.New(commands.Config{Store: p.store, IDs: p.deployment.IDKey, Reads: r, Now: now, Log: p.log})
}

func (p *program) openFiles(ctx context.Context) (err error) {
	if p.blobs, err = p.cfg.files(); err != nil {
		return fmt.Errorf("files: %w", err)
	}
	p.uploads = &files.Uploads{Pool: p.ops, DB: p.db, Store: p.blobs, Keyring: p.keyring, Secrets: p.secrets, Viewer: p.viewer, Now: p.now, Log: p.log}
	p.downloads = &files.Download{DB: p.db, Store: p.blobs, Secrets: p.secrets, Viewer: p.viewer, Log: p.log}
	p.drafts = &files.Drafts{Pool: p.ops, Keyring: p.keyring, Now: p.now}
	if !p.cfg.Has("web") {
		return nil
	}
	return p.openSpools(ctx)
}

// files is where files are kept: in a bucket when one is named, so that many machines share them.
func (c Config) files() (*blobs.Store, error) {
	if c.S3Endpoint == "" {
		return blobs.Disk(filepath.Join(c.DataDir, "files"))
	}
	return blobs.S3(blobs.Bucket{
		Endpoint: c.S3Endpoint, Region: c.S3Region, Name: c.S3Bucket, AccessKey: string(c.S3AccessKey), SecretKey: string(c.S3SecretKey),
	})
}

// receive makes one account's deliveries events.
func (p *program) receive(ctx context.Context, accountID string, items []channels.Inbound) error {
	arrivals := webhook.Arrivals(items)
	if err := p.commands.Receive(ctx, domain.AccountID(accountID), arrivals); err != nil {
		return err
	}
	for _, a := range arrivals {
		if a.Unplaced != nil {
			p.metrics.webhook(webhook.Unplaced)
		}
	}
	return nil
}

// projectorConfig is what projecting, rebuilding and verifying share.
func (p *program) projectorConfig() projections.Config {
	return projections.Config{Store: p.store, Pool: p.db.Clear, Models: all.Models(), Log: p.log}
}

// run works until ctx ends or something fails that cannot be mended while running. When ctx ends requests are finished first:
// what they wait for, such as read models that show what was done, goes on until then.
func (p *program) run(ctx context.Context, serveHTTP func(context.Context) error) error {
	serving, endServing := context.WithCancel(ctx)
	defer endServing()
	working, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	g, ctx := errgroup.WithContext(working)
	background := func(work func(context.Context) error) { g.Go(func() error { return work(ctx) }) }
	background(func(ctx context.Context) error { p.keyring.Run(ctx); return nil })
	background(p.listener.Run)
	background(func(ctx context.Context) error { return p.hub.Run(ctx, p.listener) })
	if p.node != nil {
		background(func(ctx context.Context) error { return waitFor(ctx, p.node.Wait) })
	}
	if p.cfg.Has("projector") {
		background(func(ctx context.Context) error { return projections.Run(ctx, p.projectorConfig()) })
	}
	if p.cfg.Has("reactor") {
		background(func(ctx context.Context) error { return reactions.Run(ctx, p.reactions()) })
		background(func(ctx context.Context) error { return sweepUploads(ctx, p.uploads, p.log) })
	}
	if p.cfg.Has("web") {
		defer p.listener.On(sessionEnded, p.sockets.Ended, p.sockets.Again)()
		background(func(ctx context.Context) error { return p.viewers.Run(ctx, p.hub) })
		background(p.commands.FollowLinks)
		background(p.heartbeats.Run)
		background(func(ctx context.Context) error {
			p.auth.Run(ctx, func(err error) { p.log.Warn("sessions were not swept", "error", err) })
			return nil
		})
		for _, s := range append(p.leftovers, p.spool) {
			background(func(ctx context.Context) error { return s.Run(ctx, p.webhook.Drain) })
		}
		context.AfterFunc(ctx, endServing)
		g.Go(func() error {
			defer stop()
			return serveHTTP(serving)
		})
	} else {
		defer context.AfterFunc(serving, stop)()
	}
	if p.cfg.Profiles != "" {
		background(p.serveProfiles)
	}
	background(p.metrics.watch(p))
	debug.FreeOSMemory() // starting takes far more than running, such as for the demo's passwords
	err := g.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (p *program) reactions() reactions.Config {
	return reactions.Config{
		Pool: p.db.Clear, Listener: p.listener, Store: p.store, Commands: p.commands, Account: p.accounts.Account,
		Providers: map[string]channels.Provider{"meta": p.meta}, Files: keptFiles{p.blobs, p.uploads}, Sealer: p.keyring,
		Now: p.now, Log: p.log, Count: p.metrics.reaction,
	}
}

// waitFor ends when the work does, or with the context.
func waitFor(ctx context.Context, work func() error) error {
	done := make(chan error, 1)
	go func() { done <- work() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return nil
	}
}

// close lets go of everything, in the opposite order.
func (p *program) close() {
	for _, s := range append(p.leftovers, p.spool) {
		if s == nil {
			continue
		}
		if err := s.Close(); err != nil {
			p.log.Warn("the local queue was not closed cleanly", "error", err)
		}
	}
	if p.store != nil {
		p.store.Close()
	}
	if p.node != nil {
		p.node.Stop()
	}
	if p.db.Clear != nil {
		p.db.Close()
	}
}
