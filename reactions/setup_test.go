package reactions

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/channels"
	"parley/channels/phone"
	"parley/channels/whatsapp/meta"
	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/interaction"
	"parley/domain/queue"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/blobs"
	"parley/internal/database"
	"parley/internal/devpg"
	"parley/internal/node"
	"parley/internal/seal"
	"parley/internal/simulator"
	"parley/internal/testwait"
	"parley/projections/all"
	"parley/projections/contacts"
	"parley/projections/engine"
	"parley/projections/interactions"
	"parley/projections/messages"
	"parley/projections/projectionstest"
)

const patience = testwait.Limit

// count returns how often a test repeats: a few times, or many if PARLEY_LONG is set.
func count(short, long int) int {
	if os.Getenv("PARLEY_LONG") != "" {
		return long
	}
	return short
}

// world is a whole Parley without the web: event store, read models, commands and a simulated WhatsApp.
type world struct {
	t        *testing.T
	db       database.DB
	store    *eventstore.Store
	storeURL string
	commands *commands.Commands
	keys     *seal.Keyring
	files    *blobs.Store
	keysKept keysKept
	ids      seal.IDKey
	listener *engine.Listener
	whatsapp *simulator.Simulator
	base     string
	provider channels.Provider

	account domain.AccountID
	queue   domain.QueueID
	agents  []domain.AgentID

	mu      sync.Mutex
	ahead   time.Duration // offset of the test's clock
	stopped time.Time     // what it shows without the offset once it is stopped
}

const (
	numberID = "106540352242922"
	token    = "token-of-the-tests"
)

func newWorld(t *testing.T) *world {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before, goleak.IgnoreAnyFunction(devpg.Waiting)) })
	w := &world{t: t, db: projectionstest.Open(t, all.Models())}
	master := seal.NewMasterKey()
	deployment, err := seal.LoadDeployment(t.Context(), w.db.Clear, master)
	require.NoError(t, err)
	w.ids, w.keys = deployment.IDKey, seal.NewKeyring(w.db.Clear, master, 10_000)
	url := w.db.Clear.Config().ConnConfig.ConnString()
	n, err := node.Start(context.Background(), node.Config{Insecure: true, DatabaseURL: url, Listen: "127.0.0.1:0", Log: w.log()})
	require.NoError(t, err)
	t.Cleanup(func() { n.Stop() })
	w.storeURL = n.URL()
	w.store, err = eventstore.Open(t.Context(), eventstore.Config{URL: w.storeURL, Catalog: eventstore.All(),
		Keys: w.keys, Log: w.log()})
	require.NoError(t, err)
	t.Cleanup(w.store.Close)
	w.files, err = blobs.Disk(t.TempDir())
	require.NoError(t, err)
	w.whatsapp = simulator.New(simulator.Config{
		Numbers: []simulator.Number{{PhoneNumberID: numberID, DisplayNumber: "390611111111", AccessToken: token}},
		Pace:    time.Millisecond, Log: w.log(),
	})
	t.Cleanup(w.whatsapp.Close)
	server := httptest.NewServer(w.whatsapp.Handler())
	t.Cleanup(server.Close)
	w.base = server.URL
	w.provider, err = meta.New(w.base)
	require.NoError(t, err)
	w.commands, err = commands.New(commands.Config{
		Store: w.store, IDs: w.ids, Reads: reads{w.db.Clear, EarlyUpdates{Pool: w.db.Clear, Sealer: w.keys, Now: w.now}},
		Providers: registry(w.provider).Declarations(), Secrets: seal.NewSecrets(w.db.Clear, master), ReadPhone: phone.TypedWith,
		Now: w.now, Log: w.log(),
	})
	require.NoError(t, err)

	w.listener = engine.NewListener(w.db.Clear, w.log())
	w.background(func(ctx context.Context) { _ = w.listener.Run(ctx) })
	w.background(func(ctx context.Context) {
		_ = engine.Run(ctx, engine.Config{Store: w.store, Commands: w.commands, Pool: w.db.Clear, Models: all.Models(), Log: w.log()})
	})
	w.organise()
	return w
}

// background runs a function until the test ends.
func (w *world) background(run func(context.Context)) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); run(ctx) }()
	stop = sync.OnceFunc(func() { cancel(); <-done })
	w.t.Cleanup(stop)
	return stop
}

func (w *world) log() *slog.Logger {
	return slog.New(slog.NewTextHandler(w.t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo}))
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.stopped.IsZero() {
		return w.stopped.Add(w.ahead)
	}
	return time.Now().UTC().Add(w.ahead)
}

// stopClock makes time pass by later alone, so that a slow machine reaches no deadline early.
func (w *world) stopClock() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.stopped = time.Now().UTC().Truncate(time.Millisecond)
}

func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ahead += d
}

// organise creates a queue with three agents and an account.
func (w *world) organise(change ...func(*account.Settings, *queue.Settings)) {
	w.t.Helper()
	ctx := w.t.Context()
	for _, name := range []string{"ann", "ben", "cho"} {
		id, _, err := w.commands.SaveUser(ctx, "", user.Profile{Login: name, Name: name},
			user.Settings{Role: user.Agent}, "", by())
		require.NoError(w.t, err)
		w.agents = append(w.agents, id)
	}
	a := account.Settings{
		Name: "Support", ShortCode: "SUP", Provider: meta.Name,
		ProviderSettings: map[string]string{meta.PhoneNumberID: numberID}, DisplayNumber: "390611111111",
		Attachments: true, MaxAttachmentBytes: 15 << 20, TransferToAgent: true, TransferToQueue: true,
		TransferTimeout: 30, WindowHours: 24, RatePerSecond: 200,
	}
	q := queue.Settings{Name: "Sales", Strategy: queue.BeepAll, OfferTimeout: 20, Weight: 5,
		Members: w.agents, Take: true}
	for _, c := range change {
		c(&a, &q)
	}
	var err error
	w.queue, _, err = w.commands.SaveQueue(ctx, "", q, "", by())
	require.NoError(w.t, err)
	a.QueueID, a.Queues = w.queue, []domain.QueueID{w.queue}
	var at eventstore.Position
	w.account, at, err = w.commands.SaveAccount(ctx, "", a, secrets, "", by())
	require.NoError(w.t, err)
	w.eventually(func() bool { return w.listener.Await(ctx, at) }, "the read models do not start")
}

// secrets holds the account's secrets.
var secrets = map[string]string{meta.AppSecret: "app secret", meta.VerifyToken: "verify token", meta.AccessToken: token}

func by() eventstore.Metadata { return commands.SystemMetadata("test", commands.NewID()) }

// config returns the Config of a process that runs all reactions.
func (w *world) config() Config {
	return Config{
		Pool: w.db.Clear, Listener: w.listener, Store: w.store, Commands: w.commands,
		Providers: registry(w.provider), Account: w.accountOf, Files: w.files, FileKeys: &w.keysKept, Sealer: w.keys,
		Now: w.now, Log: w.log(), Grace: 100 * time.Millisecond, HeartbeatLimit: 48 * time.Hour,
	}
}

func (w *world) accountOf(ctx context.Context, id domain.AccountID) (Account, error) {
	var a Account
	err := w.db.Clear.QueryRow(ctx, `SELECT settings, archived FROM accounts WHERE id = $1`,
		string(id)).Scan(&a.Settings, &a.Archived)
	a.Channel = channels.NewAccount(string(id), w.provider.Declaration(),
		map[string]string{meta.BaseURL: w.base, meta.PhoneNumberID: numberID}, secrets)
	return a, err
}

// react runs all reactions until the test ends or stop is called.
func (w *world) react(change ...func(*Config)) (stop func()) {
	w.t.Helper()
	c := w.config()
	for _, f := range change {
		f(&c)
	}
	return w.background(func(ctx context.Context) {
		if err := Run(ctx, c); err != nil {
			w.t.Error(err)
		}
	})
}

// arrives receives a message from the customer with these digits and returns its provider id.
func (w *world) arrives(digits, text string) string {
	w.t.Helper()
	id := "wamid." + uuid.NewString()
	require.NoError(w.t, w.commands.Receive(w.t.Context(), w.account, []commands.Arrival{{
		ProviderMessageID: id, Aliases: []string{"tel:" + digits},
		Customer: interaction.Customer{Phone: digits, Name: "Customer " + digits}, SentAt: w.now(),
		Message: &commands.ArrivedMessage{Kind: interaction.KindText, Content: interaction.Content{Text: text}},
	}}))
	return id
}

// session waits for the read model to show the open interaction of a customer.
func (w *world) session(digits string) interactions.Row {
	w.t.Helper()
	var row interactions.Row
	w.eventually(func() bool {
		return w.db.Clear.QueryRow(w.t.Context(), `SELECT id, queue_id, status, owner_id, last_customer_message_id, contact_id FROM interactions
			WHERE customer_phone = $1 AND account_id = $2 ORDER BY number DESC LIMIT 1`, digits, string(w.account)).
			Scan(&row.ID, &row.QueueID, &row.Status, &row.OwnerID, &row.LastCustomerMessageID, &row.ContactID) == nil
	}, "the customer has no interaction")
	return row
}

func (w *world) eventually(is func() bool, words string) {
	w.t.Helper()
	require.Eventually(w.t, is, patience, 10*time.Millisecond, words)
}

// never checks for a while that a condition stays false.
func (w *world) never(is func() bool, words string) {
	w.t.Helper()
	for end := time.Now().Add(300 * time.Millisecond); time.Now().Before(end); {
		require.False(w.t, is(), words)
		<-time.After(20 * time.Millisecond)
	}
}

// signIn makes an agent available.
func (w *world) signIn(agents ...domain.AgentID) {
	w.t.Helper()
	for _, a := range agents {
		at, err := w.commands.SignIn(w.t.Context(), a, by())
		require.NoError(w.t, err)
		require.True(w.t, w.listener.Await(w.t.Context(), at, "agents_v1"))
	}
}

// mine opens a conversation with a customer and assigns it to an agent.
func (w *world) mine(agent domain.AgentID, digits string) domain.InteractionID {
	w.t.Helper()
	w.arrives(digits, "Hello")
	id := domain.InteractionID(w.session(digits).ID)
	_, err := w.commands.Assign(w.t.Context(), id, agent, agent, by())
	require.NoError(w.t, err)
	return id
}

// write queues a text to the customer and returns its id.
func (w *world) write(id domain.InteractionID, agent domain.AgentID, text string) domain.MessageID {
	w.t.Helper()
	meta := by()
	_, err := w.commands.Send(w.t.Context(), id, agent, commands.Draft{Text: text, Kind: interaction.KindText}, meta)
	require.NoError(w.t, err)
	return domain.MessageID(meta.CommandID)
}

// state folds an interaction's stream.
func (w *world) state(id domain.InteractionID) interaction.State {
	w.t.Helper()
	return interaction.Decider.Fold(w.history(id))
}

func (w *world) history(id domain.InteractionID) []interaction.Event {
	w.t.Helper()
	history, err := w.store.Read(w.t.Context(), interaction.Decider.Stream(string(id)), 0)
	require.NoError(w.t, err)
	var events []interaction.Event
	for _, r := range history.Events {
		events = append(events, r.Event.(interaction.Event))
	}
	return events
}

func (w *world) status(id domain.InteractionID, message domain.MessageID) interaction.Status {
	w.t.Helper()
	s, _ := w.state(id).MessageStatus(message)
	return s
}

// reads implements commands.Reads on the read models.
type reads struct {
	pool  *pgxpool.Pool
	early EarlyUpdates
}

func (r reads) LastNumber(ctx context.Context, account domain.AccountID, address domain.AddressID) (int, error) {
	_, n, err := interactions.Latest(ctx, r.pool, account, address)
	return n, err
}

func (r reads) MessageByTag(ctx context.Context, tag string) (domain.InteractionID, domain.MessageID, bool, error) {
	home, message, err := messages.OfProviderTag(ctx, r.pool, tag)
	return domain.InteractionID(home), domain.MessageID(message), message != "", err
}

func (r reads) MessageHome(ctx context.Context, message domain.MessageID) (domain.InteractionID, bool, error) {
	home, err := messages.Of(ctx, r.pool, string(message))
	return domain.InteractionID(home), home != "", err
}

func (r reads) KeepEarlyStatus(ctx context.Context, s commands.EarlyStatus) error {
	return r.early.KeepStatus(ctx, s)
}

func (r reads) KnownContact(
	ctx context.Context, list domain.ListID, who commands.Identity, c interaction.Customer,
) (domain.ContactID, bool, error) {
	return contacts.Of(ctx, r.pool, string(list),
		contacts.Known{AddressID: who.Address, AddressIDs: who.Addresses, Strangers: who.Strangers, Phone: c.Phone, UserID: c.UserID})
}

func (r reads) KeepEarlyUpdate(ctx context.Context, a commands.EarlyUpdate) error {
	return r.early.KeepEarlyUpdate(ctx, a)
}

// keysKept holds the keys of canned answers' files: those of the named files, all of them old.
type keysKept struct {
	mu  sync.Mutex
	ids []string
}

func (k *keysKept) Keys(context.Context, time.Time) ([]string, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.ids), nil
}

func (k *keysKept) DestroyKeys(_ context.Context, ids []string) (int64, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ids = slices.DeleteFunc(k.ids, func(id string) bool { return slices.Contains(ids, id) })
	return int64(len(ids)), nil
}

func (k *keysKept) add(ids ...string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.ids = append(k.ids, ids...)
}
