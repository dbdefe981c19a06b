package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"parley/channels"
	"parley/channels/phone"
	"parley/channels/spool"
	"parley/channels/webhook"
	"parley/channels/whatsapp/meta"
	"parley/commands"
	"parley/domain"
	"parley/eventstore"
	"parley/graphql"
	"parley/internal/accounts"
	"parley/internal/anchor"
	"parley/internal/auth"
	"parley/internal/blobs"
	"parley/internal/database"
	"parley/internal/files"
	"parley/internal/httpserver"
	"parley/internal/live"
	"parley/internal/lookup"
	"parley/internal/monitoring"
	"parley/internal/move"
	"parley/internal/node"
	"parley/internal/presence"
	"parley/internal/process"
	"parley/internal/restore"
	"parley/internal/seal"
	"parley/internal/turns"
	"parley/projections/all"
	"parley/projections/engine"
	"parley/reactions"
	"parley/web"
)

// program is one process of Parley. build creates it, run works until its context ends, close releases
// everything.
type program struct {
	cfg Config
	log *slog.Logger
	now func() time.Time

	// Postgres and the keys in it. db has a pool for each purpose: Clear and Masked for what people read, Access for what
	// every request waits for, Work for work queues and look-ups, Projector for writing the read models.
	db         database.DB
	deployment seal.Deployment
	master     seal.MasterKey
	keyring    *seal.Keyring
	secrets    *seal.Secrets

	// The event log and what writes to it.
	node     *node.Node // nil if the event store runs elsewhere
	storeURL string     // connection string of the event store; contains a password
	logID    string     // identity of the log that positions belong to
	adoptLog bool       // give the read models to this log if they were filled from another one
	adopted  bool       // adoptLog was needed: the read models are empty now
	store    *eventstore.Store
	moved    *atomic.Bool // whether the deployment has moved to another event store
	fence    *move.Fence  // stops appends while the deployment moves to another event store
	commands *commands.Commands

	// Notifications of changes.
	listener *engine.Listener
	hub      *live.Hub

	// Sign-in and permissions.
	auth        *auth.Auth
	viewers     *graphql.Viewers
	connections *auth.Connections
	heartbeats  *presence.Heartbeats
	sockets     *graphql.Sockets

	// The channels.
	providers *channels.Registry
	accounts  *accounts.Cache
	spool     *spool.Spool
	abandoned []*spool.Spool // of processes that have ended
	webhook   *webhook.Handler

	// Files, and the places outside the database that record which deployment they belong to.
	blobs     *blobs.Store
	places    anchor.Places
	adopt     bool // take over places that belong to another deployment
	guard     *restore.Guard
	uploads   *files.Uploads
	downloads *files.Download
	drafts    *files.Drafts

	metrics   *monitoring.Metrics
	ready     *monitoring.Readiness
	freshness *monitoring.Freshness
}

// providers returns all messaging providers. allowed lists additional base URLs that accounts may use.
func providers(allowed []string) (*channels.Registry, error) {
	cloudAPI, err := meta.New(append([]string{meta.DefaultBaseURL}, allowed...)...)
	if err != nil {
		return nil, fmt.Errorf("meta client: %w", err)
	}
	return channels.NewRegistry(cloudAPI)
}

// routes returns every path the program serves and who may use it.
func (p *program) routes() []httpserver.Route {
	routes := p.healthRoutes()
	if !p.cfg.Has("web") {
		return routes
	}
	server := p.server()
	signIn := server.SignIn()
	routes = append(routes, []httpserver.Route{
		{Pattern: "/graphql", Rule: httpserver.API,
			Handler: httpserver.Compressed(p.resolver().Handler(server.Origins()))},
		{Pattern: "POST /auth/login", Rule: httpserver.Public, Handler: http.HandlerFunc(signIn.Login)},
		{Pattern: "POST /auth/logout", Rule: httpserver.Public, Handler: http.HandlerFunc(signIn.Logout)},
		{Pattern: "GET /auth/me", Rule: httpserver.Public, Handler: http.HandlerFunc(signIn.Me)},
		{Pattern: "POST /auth/password", Rule: httpserver.SignedIn, Handler: http.HandlerFunc(signIn.Password)},
		{Pattern: "POST /attachments", Rule: httpserver.SignedIn, Handler: p.uploads},
		{Pattern: "GET /files/{id}", Rule: httpserver.SignedIn, Handler: p.downloads},
		{Pattern: "GET /readyz/desk", Rule: httpserver.Public, Handler: p.ready.Desk()},
		{Pattern: "GET /readyz/webhooks", Rule: httpserver.Public, Handler: p.ready.Webhooks()},
		{Pattern: "/", Rule: httpserver.Public, Handler: httpserver.Compressed(web.Handler())},
	}...)
	for _, m := range p.webhook.Mounts() { // the providers' webhooks
		routes = append(routes, httpserver.Route{Pattern: m.Pattern, Rule: httpserver.Signature, Handler: m.Handler})
	}
	return routes
}

// healthRoutes returns the paths that every process serves, whatever its roles.
func (p *program) healthRoutes() []httpserver.Route {
	return []httpserver.Route{
		{Pattern: "GET /healthz", Rule: httpserver.Public, Handler: http.HandlerFunc(httpserver.Alive)},
		{Pattern: "GET /readyz", Rule: httpserver.Public, Handler: p.ready},
		{Pattern: "GET /metrics", Rule: httpserver.Loopback, Handler: p.metrics.Handler()},
	}
}

// build opens the connections and creates the components. allowed lists additional base URLs of providers,
// such as the simulator's.
func build(ctx context.Context, cfg Config, log *slog.Logger, allowed ...string) (*program, error) {
	p := newProgram(cfg, log)
	if err := p.connect(ctx, allowed...); err != nil {
		return nil, err
	}
	return p, nil
}

func newProgram(cfg Config, log *slog.Logger) *program {
	return &program{
		cfg: cfg, log: log, now: process.Clock(), metrics: monitoring.NewMetrics(), moved: new(atomic.Bool),
		sockets: graphql.NewSockets(graphql.PingEvery),
	}
}

// connect opens everything. If a step fails, it releases what the earlier ones have opened.
func (p *program) connect(ctx context.Context, allowed ...string) (err error) {
	defer func() {
		if err != nil {
			p.close()
		}
	}()
	if err := os.MkdirAll(p.cfg.DataDir, 0o700); err != nil {
		return fmt.Errorf("data folder: %w", err)
	}
	if p.providers, err = providers(allowed); err != nil {
		return err
	}
	for _, step := range []func(context.Context) error{p.openPlaces, p.openDatabase, p.openFence, p.openStore, p.guardLog, p.openFiles} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	p.listener = engine.NewListener(p.db.Work, p.log, auth.SessionEnded)
	p.hub = live.NewHub(p.db.Access, p.log)
	p.connections = auth.NewConnections(p.auth)
	p.heartbeats = presence.NewHeartbeats(p.db.Access, p.now, p.log)
	if p.accounts, err = accounts.New(p.db, p.secrets, p.providers.Declarations()); err != nil {
		return err
	}
	p.webhook = webhook.New(webhook.Config{
		Providers: p.providers, Accounts: p.accounts, Receive: p.receive, Spool: p.spool, PublicURL: p.cfg.PublicURL,
		Count: p.metrics.Webhook, Network: p.server().Network, Log: p.log,
	})
	p.ready = monitoring.NewReadiness(p.observed(), httpserver.OnThisMachine)
	p.freshness = monitoring.NewFreshness(p.clock, p.hub.Refresh)
	return nil
}

func (p *program) openDatabase(ctx context.Context) (err error) {
	url := string(p.cfg.DatabaseURL)
	if err := database.Migrate(ctx, url); err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	if p.db, err = database.Open(ctx, url, database.Pools{}); err != nil {
		return err
	}
	if err := engine.Prepare(ctx, p.db.Projector, all.Models()); err != nil {
		return fmt.Errorf("prepare the read models: %w", err)
	}
	p.auth = auth.New(p.db.Access, p.now)
	if err := p.checkPlaces(ctx); err != nil {
		return err
	}
	p.viewers = graphql.NewViewers(p.db)
	if p.master, err = seal.EnsureMasterKey(p.cfg.MasterKeyFile); err != nil {
		return fmt.Errorf("master key: %w", err)
	}
	if p.deployment, err = seal.LoadDeployment(ctx, p.db.Access, p.master); err != nil {
		return err
	}
	p.keyring = seal.NewKeyring(p.db.Access, p.master, 16_000)
	p.secrets = seal.NewSecrets(p.db.Access, p.master)
	return nil
}

func (p *program) openFence(ctx context.Context) (err error) {
	p.fence, err = move.Join(ctx, p.db.Projector, p.log)
	return err
}

// openEvents starts the embedded event store, if it is used, and opens a client.
func (p *program) openEvents(ctx context.Context) (err error) {
	url := string(p.cfg.EventStoreURL)
	if url == "" {
		if p.node, url, err = startNode(ctx, p.cfg, p.log); err != nil {
			return fmt.Errorf("embedded event store: %w", err)
		}
	}
	p.storeURL = url
	p.store, err = eventstore.Open(ctx, eventstore.Config{
		URL: url, Catalog: eventstore.All(), Keys: p.keyring, Log: p.log,
	})
	return err
}

func (p *program) openStore(ctx context.Context) (err error) {
	if err := p.openEvents(ctx); err != nil {
		return err
	}
	if p.commands, err = p.newCommands(p.reads(), p.now); err != nil {
		return err
	}
	wait, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	if err := answers(wait, p.store); err != nil {
		return fmt.Errorf("no connection to the event store: %w", err)
	}
	if err := p.openLog(wait); err != nil {
		return err
	}
	return p.places.Mark(ctx, p.deployment.Fingerprint, p.log)
}

func (p *program) newCommands(r lookup.Reads, now func() time.Time) (*commands.Commands, error) {
	return p.commandsOn(p.store, r, now)
}

func (p *program) commandsOn(
	store *eventstore.Store, r lookup.Reads, now func() time.Time,
) (*commands.Commands, error) {
	return commands.New(commands.Config{
		Store: store, IDs: p.deployment.IDKey, Reads: r, Providers: p.providers.Declarations(), Secrets: p.secrets,
		ReadPhone: phone.TypedWith, Access: p.auth, Count: p.metrics.Arrival, Now: now, Log: p.log,
	})
}

func (p *program) reads() lookup.Reads {
	early := reactions.EarlyUpdates{Pool: p.db.Work, Sealer: p.keyring, Now: p.now}
	return lookup.Reads{DB: p.db, EarlyUpdates: early}
}

func (p *program) openFiles(ctx context.Context) (err error) {
	p.uploads = &files.Uploads{
		Pool: p.db.Clear, DB: p.db, Store: p.blobs, Keyring: p.keyring, Secrets: p.secrets, Viewer: p.viewers.OfRequest,
		Providers: p.providers.Declarations(), Now: p.now, Log: p.log,
	}
	p.downloads = &files.Download{DB: p.db, Store: p.blobs, Secrets: p.secrets, Viewer: p.viewers.OfRequest, Log: p.log}
	p.drafts = &files.Drafts{Pool: p.db.Clear, Keyring: p.keyring, Now: p.now, Log: p.log}
	if !p.cfg.Has("web") {
		return nil
	}
	key, err := p.keyring.Pin(ctx, spoolSubject)
	if err != nil {
		return err
	}
	p.spool, p.abandoned, err = spool.OpenShared(p.cfg.DataDir, spool.Options{Seal: key.Seal, Open: key.Open, Log: p.log})
	return err
}

// spoolSubject names the key that seals deliveries in the local queue. Their senders, who have keys of their
// own, are not known yet.
const spoolSubject = "webhook-spool"

// requestLimits bounds one user's queries and mutations. Six is what a browser sends at once over HTTP/1.1; a desktop
// that reconnects asks for more, and the rest waits.
var requestLimits = turns.Limits{Each: 6, Waiting: 26, Patience: 10 * time.Second}

// searchLimits bounds searches, each of which keeps a core of the database busy for a while.
var searchLimits = turns.Limits{Each: 1, All: 3, Waiting: 32, Patience: 10 * time.Second, Rest: 2}

// resolver returns the API.
func (p *program) resolver() *graphql.Resolver {
	return &graphql.Resolver{
		Commands: p.commands, DB: p.db, Store: p.store, Listener: p.listener, Hub: p.hub,
		Shared: graphql.NewShared(p.listener), Viewers: p.viewers, Auth: p.auth,
		Providers: p.providers.Declarations(), WebhookPaths: p.webhook.Paths,
		Cursors: seal.NewCursorSealer(p.deployment.IDKey), Drafts: p.drafts, Uploads: p.uploads,
		Searches: graphql.NewRateLimit(10, time.Minute), Requests: turns.New(requestLimits),
		Searching: turns.New(searchLimits), Heartbeats: p.heartbeats, Sockets: p.sockets, Behind: p.freshness.Behind,
		Now: p.now, Log: p.log,
		Digest: func(content string) string { return p.deployment.IDKey.Tag8("command", content) },
	}
}

func (p *program) server() *httpserver.Server {
	return &httpserver.Server{
		DB: p.db, Auth: p.auth, Viewers: p.viewers, Connections: p.connections, Heartbeats: p.heartbeats,
		TrustedProxies: p.cfg.TrustedProxies, PublicURL: p.cfg.PublicURL, Now: p.now, Log: p.log,
	}
}

// handler serves all routes.
func (p *program) handler() http.Handler { return p.server().Handler(p.routes()) }

// serveHTTP returns a function that serves until its context ends and then lets open requests finish.
func (p *program) serveHTTP(listener net.Listener, handler http.Handler) func(context.Context) error {
	return func(ctx context.Context) error {
		return httpserver.Serve(ctx, listener, handler, httpserver.Shutdown{
			Begins: p.ready.Stopping, Drain: p.drain, CloseSockets: p.sockets.Close, Grace: p.cfg.Grace, Log: p.log,
		})
	}
}

// drain returns how long this process keeps accepting requests when it stops. It is 0 when the process only
// starts again on another event store, because the port stays open.
func (p *program) drain() time.Duration {
	if p.moved.Load() {
		return 0
	}
	return p.cfg.Drain
}

// receive turns deliveries of one account into events. The webhook calls it at once, or later from the local
// queue. When it returns nil, the items are on the log.
func (p *program) receive(ctx context.Context, accountID string, items []channels.Inbound) error {
	return p.commands.Receive(ctx, domain.AccountID(accountID), webhook.Arrivals(items))
}

// projectorConfig is used for projecting, rebuilding and verifying. projections/all lists the read models.
func (p *program) projectorConfig() engine.Config {
	return engine.Config{Store: p.store, LogID: p.logID, Commands: p.commands, Pool: p.db.Projector, Models: all.Models(),
		Log: p.log}
}

func (p *program) reactions() reactions.Config {
	return reactions.Config{
		Pool: p.db.Work, Listener: p.listener, Store: p.store, Commands: p.commands, Account: p.accounts.Account,
		Providers: p.providers, Files: p.blobs, FileKeys: p.uploads, Sealer: p.keyring,
		Now: p.now, Log: p.log, Count: p.metrics.Reaction, Hold: p.guard.Held, Keep: p.guard.Keep,
	}
}

func (p *program) observed() monitoring.Observed {
	o := monitoring.Observed{Pool: p.db.Work, Store: p.store, Now: p.clock, Accounts: p.accounts.Known,
		Outbound: p.guard.Hold}
	if p.spool != nil {
		o.Queue = p.spool
	}
	return o
}

// clock returns the time; tests replace now.
func (p *program) clock() time.Time { return p.now() }

// run works until ctx ends or something fails for good. It stops in two steps, each with a context of its own: when ctx
// ends, serving ends with it and the server finishes its open requests; only then does working end, because the requests
// may be waiting for what the background work does. A failure in the background stops everything.
func (p *program) run(ctx context.Context, serveHTTP func(context.Context) error) error {
	serving, stopServing := context.WithCancel(ctx)
	defer stopServing()
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorking()
	g, ctx := errgroup.WithContext(working)
	background := func(work func(context.Context) error) { g.Go(func() error { return work(ctx) }) }
	background(func(ctx context.Context) error { p.keyring.Run(ctx); return nil })
	background(p.listener.Run)
	background(p.noticesMove(p.guard.Run))
	background(p.noticesMove(func(ctx context.Context) error { return p.fence.Run(ctx, p.store, p.logID) }))
	background(func(ctx context.Context) error { return p.hub.Run(ctx, p.listener) })
	background(func(ctx context.Context) error { return p.metrics.Watch(ctx, p.observed(), p.freshness) })
	if p.node != nil {
		background(func(ctx context.Context) error { return waitFor(ctx, p.node.Wait) })
	}
	if p.cfg.Profiles != "" {
		background(p.serveProfiles)
	}
	if p.cfg.Has("projector") {
		background(func(ctx context.Context) error { return engine.Run(ctx, p.projectorConfig()) })
	}
	if p.cfg.Has("reactor") {
		background(func(ctx context.Context) error {
			return p.fence.While(ctx, func(ctx context.Context) error { return reactions.Run(ctx, p.reactions()) })
		})
		background(p.uploads.Run)
		background(p.drafts.Run)
	}
	if p.cfg.Has("web") {
		defer p.listener.On(auth.SessionEnded, p.connections.CheckUser, p.connections.CheckAll)()
		background(func(ctx context.Context) error { return p.viewers.Run(ctx, p.hub) })
		background(func(ctx context.Context) error { return p.accounts.Run(ctx, p.listener) })
		background(p.commands.FollowLinks)
		background(p.heartbeats.Run)
		background(func(ctx context.Context) error {
			p.auth.Run(ctx, func(err error) { p.log.Warn("expired sessions were not removed", "error", err) })
			return nil
		})
		for _, s := range append(p.abandoned, p.spool) {
			background(func(ctx context.Context) error { return s.Run(ctx, p.webhook.Drain) })
		}
	}
	context.AfterFunc(ctx, stopServing)
	g.Go(func() error {
		defer stopWorking()
		return serveHTTP(serving)
	})
	debug.FreeOSMemory() // starting takes far more memory than running, for example to hash the demo's passwords
	err := g.Wait()
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func (p *program) serveProfiles(ctx context.Context) error {
	listener, err := listen(p.cfg.Profiles, "PARLEY_PPROF")
	if err != nil {
		return err
	}
	process.ServeProfiles(ctx, listener)
	return nil
}

// waitFor returns when work returns or ctx ends.
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

// close releases everything, in the reverse order of creation.
func (p *program) close() {
	for _, s := range append(p.abandoned, p.spool) {
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
	if p.fence != nil {
		p.fence.Close()
	}
	if p.db.Clear != nil {
		p.db.Close()
	}
}
