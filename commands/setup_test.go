package commands_test

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
	"golang.org/x/sync/errgroup"

	"parley/channels"
	"parley/channels/phone"
	. "parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/contact"
	"parley/domain/interaction"
	"parley/domain/queue"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/devpg"
	"parley/internal/node"
	"parley/internal/opstest"
	"parley/internal/seal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction(devpg.Waiting)) }

// times returns how often to repeat: few by default, many with PARLEY_LONG=1.
func times(few, many int) int {
	if os.Getenv("PARLEY_LONG") == "1" {
		return many
	}
	return few
}

// world is an event store with an account, a queue and a clock that only moves when told to.
type world struct {
	t       *testing.T
	url     string
	keys    *seal.Keyring
	idKey   seal.IDKey
	reads   *reads
	secrets *secretStore
	clock   atomic.Int64
	account domain.AccountID
	queue   domain.QueueID
	ended   []domain.UserID // whose sessions were ended
	revoked []string        // tokens
	mu      sync.Mutex
	counts  map[string]int // what became of arrivals, by kind and outcome
	*Commands
}

func newWorld(t *testing.T) *world {
	t.Helper()
	database := opstest.Database(t)
	n, err := node.Start(t.Context(), node.Config{Insecure: true, DatabaseURL: database, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { n.Stop() })
	pool, err := pgxpool.New(t.Context(), database)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	w := &world{t: t, url: n.URL(), keys: seal.NewKeyring(pool, seal.NewMasterKey(), 10_000),
		idKey: seal.IDKey{1, 2, 3}, reads: newReads(), secrets: &secretStore{},
		counts: make(map[string]int)}
	w.clock.Store(time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC).UnixNano())
	w.Commands = w.process()

	w.queue, _, err = w.SaveQueue(t.Context(), "", queue.Settings{Name: "Sales", Strategy: queue.BeepAll,
		OfferTimeout: 30, Take: true}, "", someone())
	require.NoError(t, err)
	w.account, _, err = w.SaveAccount(t.Context(), "", w.shop(), map[string]string{"token": "sesame"}, "", someone())
	require.NoError(t, err)
	return w
}

// shop returns the settings of the account, which other queues may share.
func (w *world) shop(others ...domain.QueueID) account.Settings {
	return account.Settings{
		Name: "Shop", ShortCode: "SHOP", Provider: "pigeon", ProviderSettings: numbered("1061"),
		QueueID: w.queue, Queues: others, WindowHours: 24,
		TransferToAgent: true, TransferToQueue: true, TransferTimeout: 60,
	}
}

// share creates a queue that shares the account.
func (w *world) share(name string, members ...domain.AgentID) domain.QueueID {
	w.t.Helper()
	id := w.unrelated(name, members...)
	_, _, err := w.SaveAccount(w.ctx(), w.account, w.shop(id), nil, "", someone())
	require.NoError(w.t, err)
	return id
}

// unrelated creates a queue that no account uses.
func (w *world) unrelated(name string, members ...domain.AgentID) domain.QueueID {
	w.t.Helper()
	id, _, err := w.SaveQueue(w.ctx(), "", queue.Settings{Name: name, Strategy: queue.BeepAll, OfferTimeout: 30,
		Members: members}, "", someone())
	require.NoError(w.t, err)
	return id
}

// providers declares the one provider of these tests.
var providers = account.Providers{{Name: "pigeon", Capabilities: account.Capabilities{RatePerSecond: 80},
	Settings: []account.Setting{
		{Name: "number", Kind: account.Text, Required: true, Identity: true}, {Name: "address", Kind: account.URL},
		{Name: "token", Kind: account.Secret, Required: true}, {Name: "spare", Kind: account.Secret},
	}}}

func numbered(n string) map[string]string { return map[string]string{"number": n} }

// secretStore keeps secrets in memory.
type secretStore struct{ sync.Map }

func (k *secretStore) Put(_ context.Context, name, value string) (string, error) {
	k.Store(name, value)
	return value[max(0, len(value)-4):], nil
}

// process returns the commands of another process, with its own connection and caches.
func (w *world) process() *Commands { return w.processAt(0) }

// processAt returns a process whose clock is ahead of the others'.
func (w *world) processAt(ahead time.Duration) *Commands {
	w.t.Helper()
	c, err := New(Config{
		Store: w.store(), IDs: w.idKey, Reads: w.reads, Providers: providers, Secrets: w.secrets,
		ReadPhone: phone.TypedWith, Log: slog.New(slog.DiscardHandler),
		Access: (*accessOf)(w),
		Count: func(kind string, o Outcome) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.counts[kind+" "+string(o)]++
		},
		Now: func() time.Time { return w.now().Add(ahead) },
	})
	require.NoError(w.t, err)
	return c
}

// accessOf stands for the sessions and tokens of users. Every user has one token.
type accessOf world

func (a *accessOf) SetPassword(ctx context.Context, id, _ string, _ bool) error {
	return a.EndSessions(ctx, id)
}

func (a *accessOf) HasSession(context.Context, string, string) (bool, error) { return true, nil }

func (a *accessOf) EndSession(_ context.Context, user, id string) error {
	a.ended = append(a.ended, domain.UserID(user+" "+id))
	return nil
}

func (a *accessOf) EndSessions(_ context.Context, id string) error {
	a.ended = append(a.ended, domain.UserID(id))
	return nil
}

func (a *accessOf) RevokeToken(_ context.Context, id string) error {
	a.revoked = append(a.revoked, id)
	return nil
}

func (a *accessOf) RevokeTokens(_ context.Context, user string) ([]string, error) {
	id := DerivedID("token", user)
	return []string{id}, a.RevokeToken(context.Background(), id)
}

func (w *world) now() time.Time           { return time.Unix(0, w.clock.Load()).UTC() }
func (w *world) later(d time.Duration)    { w.clock.Add(int64(d)) }
func (w *world) ctx() context.Context     { return w.t.Context() }
func someone() eventstore.Metadata        { return SystemMetadata("test", NewID()) }
func again(id string) eventstore.Metadata { return SystemMetadata("test", id) }

// text returns a customer's message, as it arrives in a delivery.
func (w *world) text(from channels.Sender, providerID string) Arrival {
	return Arrival{
		ProviderMessageID: providerID, Aliases: from.Aliases(), SentAt: w.now(),
		Customer: interaction.Customer{Phone: from.WaID, UserID: from.UserID},
		Message: &ArrivedMessage{Kind: interaction.KindText,
			Content: interaction.Content{Text: "about " + providerID}},
	}
}

func tel(digits string) channels.Sender { return channels.Sender{WaID: digits} }

// receive delivers one message and returns its interaction.
func (w *world) receive(from channels.Sender, providerID string) domain.InteractionID {
	w.t.Helper()
	require.NoError(w.t, w.Receive(w.ctx(), w.account, []Arrival{w.text(from, providerID)}))
	return w.home(from, providerID)
}

func (w *world) home(from channels.Sender, providerID string) domain.InteractionID {
	w.t.Helper()
	home, _, ok, err := w.FindMessage(w.ctx(), w.account, from.Aliases(), providerID)
	require.NoError(w.t, err)
	require.True(w.t, ok, "no interaction holds %s", providerID)
	return home
}

// agent creates an agent and signs them in.
func (w *world) agent(login string) domain.AgentID {
	w.t.Helper()
	id, _, err := w.SaveUser(w.ctx(), "", user.Profile{Login: login, Name: login},
		user.Settings{Role: user.Agent}, "", someone())
	require.NoError(w.t, err)
	_, err = w.SignIn(w.ctx(), id, someone())
	require.NoError(w.t, err)
	return id
}

// join makes these agents the members of the queue.
func (w *world) join(agents ...domain.AgentID) {
	w.t.Helper()
	_, _, err := w.SaveQueue(w.ctx(), w.queue, queue.Settings{Name: "Sales", Strategy: queue.BeepAll,
		OfferTimeout: 30, Take: true, Members: agents}, "", someone())
	require.NoError(w.t, err)
}

// owned receives a message and makes an agent the owner of its interaction.
func (w *world) owned(by domain.AgentID, from channels.Sender, providerID string) domain.InteractionID {
	w.t.Helper()
	home := w.receive(from, providerID)
	_, err := w.Assign(w.ctx(), home, by, "", someone())
	require.NoError(w.t, err)
	return home
}

func (w *world) close(home domain.InteractionID) {
	w.t.Helper()
	_, err := w.Close(w.ctx(), home, "boss", true, "", "", someone())
	require.NoError(w.t, err)
}

// erase records that a contact was erased.
func (w *world) erase(id domain.ContactID) {
	w.t.Helper()
	store := w.store()
	stream := contact.Decider.Stream(string(id))
	history, err := store.Read(w.ctx(), stream, 0)
	require.NoError(w.t, err)
	_, err = store.Append(w.ctx(), stream, history.Revision, someone(),
		[]domain.Event{contact.Erased{By: "boss", At: w.now()}})
	require.NoError(w.t, err)
}

func (w *world) store() *eventstore.Store {
	w.t.Helper()
	store, err := eventstore.Open(w.t.Context(), eventstore.Config{URL: w.url, Catalog: eventstore.All(), Keys: w.keys})
	require.NoError(w.t, err)
	w.t.Cleanup(store.Close)
	return store
}

// log returns all events.
func (w *world) log() []eventstore.Recorded {
	w.t.Helper()
	store := w.store()
	var all []eventstore.Recorded
	for e, err := range store.ReadAll(w.t.Context(), eventstore.Position{}) {
		require.NoError(w.t, err)
		all = append(all, e)
	}
	return all
}

// session returns an interaction folded from its stream, and its events.
func (w *world) session(home domain.InteractionID) (interaction.State, []interaction.Event) {
	w.t.Helper()
	var events []interaction.Event
	for _, r := range w.log() {
		if e, ok := r.Event.(interaction.Event); ok && r.AggregateID == string(home) {
			events = append(events, e)
		}
	}
	return interaction.Decider.Fold(events), events
}

// all returns the events of one type in log order.
func all[E domain.Event](w *world) []E {
	w.t.Helper()
	var found []E
	for _, r := range w.log() {
		if e, ok := r.Event.(E); ok {
			found = append(found, e)
		}
	}
	return found
}

// together starts n calls at the same moment and returns their errors.
func together(n int, call func(i int) error) []error {
	var ready, done sync.WaitGroup
	gate := make(chan struct{})
	errs := make([]error, n)
	ready.Add(n)
	for i := range n {
		done.Go(func() {
			ready.Done()
			<-gate
			errs[i] = call(i)
		})
	}
	ready.Wait()
	close(gate)
	done.Wait()
	return errs
}

// pauseRandomly waits for a random time up to the longest, so that concurrent calls interleave in every order.
func pauseRandomly(longest time.Duration) {
	for end := time.Now().Add(rand.N(longest)); time.Now().Before(end); {
		runtime.Gosched()
	}
}

// trials runs n trials, a few at a time.
func trials(t *testing.T, n int, trial func(i int) error) {
	t.Helper()
	var g errgroup.Group
	g.SetLimit(8)
	for i := range n {
		g.Go(func() error {
			if err := trial(i); err != nil {
				return fmt.Errorf("trial %d: %w", i, err)
			}
			return nil
		})
	}
	require.NoError(t, g.Wait())
}

func number(i int) string { return fmt.Sprintf("39333%07d", i) }

// codes counts refusals by code; "" stands for success.
func codes(t *testing.T, errs []error) map[string]int {
	t.Helper()
	n := map[string]int{}
	for _, err := range errs {
		n[code(t, err)]++
	}
	return n
}

func code(t *testing.T, err error) string {
	t.Helper()
	if err == nil {
		return ""
	}
	r := new(domain.Refusal)
	require.ErrorAs(t, err, &r)
	return r.Code
}

// reads is a read model that knows only what a test puts in.
type reads struct {
	mu    sync.Mutex
	homes map[domain.MessageID]domain.InteractionID
	tags  map[string]domain.MessageID
	early []interaction.RecordStatus

	earlyUpdates []EarlyUpdate
	contacts     map[domain.AddressID]domain.ContactID
}

func newReads() *reads {
	return &reads{homes: make(map[domain.MessageID]domain.InteractionID), tags: make(map[string]domain.MessageID)}
}

func (r *reads) LastNumber(context.Context, domain.AccountID, domain.AddressID) (int, error) {
	return 0, nil
}

func (r *reads) MessageByTag(_ context.Context, tag string) (domain.InteractionID, domain.MessageID, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id, ok := r.tags[tag]
	return r.homes[id], id, ok, nil
}

func (r *reads) MessageHome(_ context.Context, id domain.MessageID) (domain.InteractionID, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	home, ok := r.homes[id]
	return home, ok, nil
}

func (r *reads) KeepEarlyStatus(_ context.Context, s EarlyStatus) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.early = append(r.early, s.Status)
	return nil
}

func (r *reads) KeepEarlyUpdate(_ context.Context, a EarlyUpdate) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.earlyUpdates = append(r.earlyUpdates, a)
	return nil
}

func (r *reads) KnownContact(
	_ context.Context, _ domain.ListID, who Identity, _ interaction.Customer,
) (domain.ContactID, bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	id, ok := r.contacts[who.Addresses[0]]
	return id, ok, nil
}

func hex(id domain.MessageID) string { return strings.ReplaceAll(string(id), "-", "")[:16] }
