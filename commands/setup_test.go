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
	"parley/eventstore/node"
	"parley/internal/devpg"
	"parley/internal/opstest"
	"parley/seal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction(devpg.Waiting)) }

// times is how often something is tried: few by default, many with PARLEY_LONG=1.
func times(few, many int) int {
	if os.Getenv("PARLEY_LONG") == "1" {
		return many
	}
	return few
}

// world is an event store with one account, one queue and a clock that stands still unless it is moved.
type world struct {
	t       *testing.T
	url     string
	keys    *seal.Keyring
	idKey   seal.IDKey
	reads   *reads
	clock   atomic.Int64
	account domain.AccountID
	queue   domain.QueueID
	*Commands
}

func newWorld(t *testing.T) *world {
	t.Helper()
	database := opstest.Database(t)
	n, err := node.Start(t.Context(), node.Config{DatabaseURL: database, Log: slog.New(slog.DiscardHandler)})
	require.NoError(t, err)
	t.Cleanup(func() { n.Stop() })
	pool, err := pgxpool.New(t.Context(), database)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	w := &world{t: t, url: n.URL(), keys: seal.NewKeyring(pool, seal.NewMasterKey(), 10_000), idKey: seal.IDKey{1, 2, 3}, reads: newReads()}
	w.clock.Store(time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC).UnixNano())
	w.Commands = w.process()

	w.queue, _, err = w.SaveQueue(t.Context(), "", queue.Settings{Name: "Sales", Strategy: queue.BeepAll, OfferTimeout: 30, Take: true}, "", someone())
	require.NoError(t, err)
	w.account, _, err = w.SaveAccount(t.Context(), "", account.Settings{
		Name: "Shop", Key: "SHOP", Provider: "META", PhoneNumberID: "1061", QueueID: w.queue, WindowHours: 24,
		TransferToAgent: true, TransferToQueue: true, TransferTimeout: 60,
	}, "", someone())
	require.NoError(t, err)
	return w
}

// process is what another process has: a connection and caches of its own.
func (w *world) process() *Commands { return w.processAt(0) }

// processAt is one whose clock is ahead of the others'.
func (w *world) processAt(ahead time.Duration) *Commands {
	w.t.Helper()
	c, err := New(Config{
		Store: w.store(), IDs: w.idKey, Reads: w.reads, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return w.now().Add(ahead) },
	})
	require.NoError(w.t, err)
	return c
}

func (w *world) now() time.Time           { return time.Unix(0, w.clock.Load()).UTC() }
func (w *world) later(d time.Duration)    { w.clock.Add(int64(d)) }
func (w *world) ctx() context.Context     { return w.t.Context() }
func someone() eventstore.Metadata        { return Ours("test", NewID()) }
func again(id string) eventstore.Metadata { return Ours("test", id) }

// text is a message of a customer, as a delivery brings it.
func (w *world) text(from channels.Sender, providerID string) Arrival {
	return Arrival{
		ProviderMessageID: providerID, Aliases: phone.Aliases(from), SentAt: w.now(),
		Customer: interaction.Customer{Phone: from.WaID, UserID: from.UserID},
		Message:  &ArrivedMessage{Kind: interaction.KindText, Content: interaction.Content{Text: "about " + providerID}},
	}
}

func tel(digits string) channels.Sender { return channels.Sender{WaID: digits} }

// receive takes one message in and says where it is.
func (w *world) receive(from channels.Sender, providerID string) domain.InteractionID {
	w.t.Helper()
	require.NoError(w.t, w.Receive(w.ctx(), w.account, []Arrival{w.text(from, providerID)}))
	return w.home(from, providerID)
}

func (w *world) home(from channels.Sender, providerID string) domain.InteractionID {
	w.t.Helper()
	home, _, ok, err := w.FindMessage(w.ctx(), w.account, phone.Aliases(from), providerID)
	require.NoError(w.t, err)
	require.True(w.t, ok, "%s is somewhere", providerID)
	return home
}

// agent is one who has signed in.
func (w *world) agent(login string) domain.AgentID {
	w.t.Helper()
	id, _, err := w.SaveUser(w.ctx(), "", user.Profile{Login: login, Name: login}, user.Settings{Role: user.Agent}, "", someone())
	require.NoError(w.t, err)
	_, err = w.SignIn(w.ctx(), id, someone())
	require.NoError(w.t, err)
	return id
}

// join makes agents the members of the queue.
func (w *world) join(agents ...domain.AgentID) {
	w.t.Helper()
	_, _, err := w.SaveQueue(w.ctx(), w.queue, queue.Settings{Name: "Sales", Strategy: queue.BeepAll, OfferTimeout: 30, Take: true, Members: agents}, "", someone())
	require.NoError(w.t, err)
}

// owned is an open interaction that belongs to somebody.
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
	_, err = store.Append(w.ctx(), stream, history.Revision, someone(), []domain.Event{contact.Erased{By: "boss", At: w.now()}})
	require.NoError(w.t, err)
}

func (w *world) store() *eventstore.Store {
	w.t.Helper()
	store, err := eventstore.Open(w.t.Context(), eventstore.Config{URL: w.url, Catalog: eventstore.All(), Keys: w.keys})
	require.NoError(w.t, err)
	w.t.Cleanup(store.Close)
	return store
}

// log is everything that happened.
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

// session is an interaction as its stream says.
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

// all is every event of one kind, in the log's order.
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

// together runs n calls that begin at the same moment and gives what each of them said.
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

// aside lets a moment pass, of any length up to the longest, so that calls made together cross in every order.
func aside(longest time.Duration) {
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

// reads are read models that know only what a test tells them: first guesses, all of which may be missing.
type reads struct {
	mu    sync.Mutex
	homes map[domain.MessageID]domain.InteractionID
	tags  map[string]domain.MessageID
	early []interaction.RecordStatus

	afterthoughts []Afterthought
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

func (r *reads) KeepEarlyStatus(_ context.Context, _ string, s interaction.RecordStatus) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.early = append(r.early, s)
	return nil
}

func (r *reads) KeepAfterthought(_ context.Context, a Afterthought) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.afterthoughts = append(r.afterthoughts, a)
	return nil
}

func hex(id domain.MessageID) string { return strings.ReplaceAll(string(id), "-", "")[:16] }
