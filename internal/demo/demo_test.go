package demo_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"parley/channels/phone"
	"parley/channels/webhook"
	"parley/channels/whatsapp/meta"
	"parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/auth"
	"parley/internal/demo"
	"parley/internal/devpg"
	"parley/internal/node"
	"parley/internal/opstest"
	"parley/internal/seal"
)

func TestMain(m *testing.M) {
	auth.HashCheaply()
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction(devpg.Waiting))
}

// world is a fresh deployment: an event store, keys, sign-in, and a folder.
type world struct {
	t        *testing.T
	store    *eventstore.Store
	deps     demo.Deps
	folder   string
	auth     *auth.Auth
	secrets  *seal.Secrets
	warnings *atomic.Int64
}

func newWorld(t *testing.T) *world {
	t.Helper()
	database := opstest.Database(t)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	n, err := node.Start(t.Context(), node.Config{Insecure: true, DatabaseURL: database, Log: log})
	require.NoError(t, err)
	t.Cleanup(func() { n.Stop() })
	pool, err := pgxpool.New(t.Context(), database)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	master := seal.NewMasterKey()
	deployment, err := seal.LoadDeployment(t.Context(), pool, master)
	require.NoError(t, err)
	store, err := eventstore.Open(t.Context(), eventstore.Config{
		URL: n.URL(), Catalog: eventstore.All(), Keys: seal.NewKeyring(pool, master, 1000), Log: log,
	})
	require.NoError(t, err)
	t.Cleanup(store.Close)

	w := &world{
		t: t, store: store, folder: t.TempDir(), auth: auth.New(pool, time.Now),
		secrets: seal.NewSecrets(pool, master), warnings: new(atomic.Int64),
	}
	w.deps = demo.Deps{
		Commands: func(now func() time.Time) (*commands.Commands, error) {
			return commands.New(commands.Config{Store: store, IDs: deployment.IDKey, Reads: noReads{},
				Providers: providers, Secrets: w.secrets, ReadPhone: phone.TypedWith, Now: now, Log: log})
		},
		SetPassword: func(ctx context.Context, userID, password string) error {
			return w.auth.SetPassword(ctx, userID, password, false)
		},
		CreateToken: func(ctx context.Context, userID, name string, role user.Role) (string, error) {
			token, _, err := w.auth.CreateToken(ctx,
				auth.NewToken{UserID: userID, Name: name, Role: string(role), Permissions: []string{"ANYONE_SIGNED_IN"},
					ExpiresAt: time.Now().Add(time.Hour)})
			return token, err
		},
		SimulatorURL: "http://127.0.0.1:9",
		HistoryDays:  8, // with one weekend
		Now:          time.Now,
		Log:          slog.New(countWarnings{log.Handler(), w.warnings}),
	}
	return w
}

// providers is Meta alone.
var providers = account.Providers{(&meta.Meta{}).Declaration()}

// load loads the demo as a newly started program would.
func (w *world) load() demo.Result {
	w.t.Helper()
	secrets, err := demo.OpenSecrets(w.file())
	require.NoError(w.t, err)
	result, err := demo.Load(w.t.Context(), w.deps, secrets)
	require.NoError(w.t, err)
	require.Zero(w.t, w.warnings.Load(), "no session was abandoned")
	return result
}

func (w *world) file() string { return filepath.Join(w.folder, "demo-secrets.json") }

func (w *world) events() []eventstore.Recorded {
	w.t.Helper()
	var all []eventstore.Recorded
	for e, err := range w.store.ReadAll(w.t.Context(), eventstore.Position{}) {
		require.NoError(w.t, err)
		all = append(all, e)
	}
	return all
}

func (w *world) end() eventstore.Position {
	w.t.Helper()
	at, err := w.store.Last(w.t.Context())
	require.NoError(w.t, err)
	return at
}

func TestAFreshDeploymentIsLoadedOnce(t *testing.T) {
	w := newWorld(t)
	first := w.load()
	end := w.end()
	require.Equal(t, first, w.load(), "the second load returns the same users and secrets")
	require.Equal(t, end, w.end(), "the second load adds nothing to the log")

	t.Run("the history is consistent", func(t *testing.T) { requireConsistent(t, w.events()) })
	t.Run("every user can sign in", func(t *testing.T) { canSignIn(t, w, first) })
	t.Run("the messages match the log",
		func(t *testing.T) { require.Equal(t, textsIn(w.events()), texts(first.Messages)) })
	t.Run("the accounts have their secrets", func(t *testing.T) {
		require.Len(t, first.Accounts, 2)
		for _, a := range first.Accounts {
			for name, value := range map[string]string{"appSecret": a.AppSecret, "verifyToken": a.VerifyToken,
				"accessToken": a.AccessToken} {
				kept, err := w.secrets.Get(t.Context(), account.SecretName(domain.AccountID(a.ID), name))
				require.NoError(t, err)
				require.Equal(t, value, kept)
			}
			require.Equal(t, webhook.Path(meta.Name, a.ID, ""), a.WebhookPath)
		}
	})
}

// textsIn returns the texts in the log by provider message id.
func textsIn(events []eventstore.Recorded) map[string]string {
	sent, queued := map[string]string{}, map[domain.MessageID]string{}
	for _, r := range events {
		switch e := r.Event.(type) {
		case interaction.MessageReceived:
			sent[e.ProviderMessageID] = e.Content.Text
		case interaction.MessageQueued:
			queued[e.MessageID] = e.Content.Text
		case interaction.MessageAccepted:
			sent[e.ProviderMessageID] = queued[e.MessageID]
		}
	}
	return sent
}

func texts(messages []demo.Message) map[string]string {
	all := map[string]string{}
	for _, m := range messages {
		all[m.ID] = m.Text
	}
	return all
}

func canSignIn(t *testing.T, w *world, r demo.Result) {
	roles := map[user.Role]int{}
	for _, u := range r.Users {
		roles[u.Role]++
		require.NoError(t, w.auth.CheckPassword(t.Context(), u.ID, u.Password))
		who, err := w.auth.Token(t.Context(), u.Token)
		require.NoError(t, err)
		require.Equal(t, u.ID, who.UserID)
		for _, class := range []func(rune) bool{unicode.IsLower, unicode.IsUpper, unicode.IsDigit,
			unicode.IsPunct} {
			require.Positive(t, strings.IndexFunc(u.Password, class)+1,
				"the password has letters of both cases, digits and punctuation")
		}
	}
	require.Equal(t, map[user.Role]int{user.Admin: 1, user.Supervisor: 1, user.Auditor: 1, user.Analyst: 1,
		user.Agent: 12}, roles)
}

// requireConsistent folds every stream and checks the final states.
func requireConsistent(t *testing.T, events []eventstore.Recorded) {
	sessions, agents := map[string][]interaction.Event{}, map[string][]agent.Event{}
	for _, r := range events {
		switch e := r.Event.(type) {
		case interaction.Event:
			sessions[r.AggregateID] = append(sessions[r.AggregateID], e)
		case agent.Event:
			agents[r.AggregateID] = append(agents[r.AggregateID], e)
		case eventstore.Unknown:
			require.Fail(t, "an unknown event type", r.Type)
		}
	}
	require.Len(t, agents, 12)
	for _, stream := range agents {
		require.False(t, agent.Decider.Fold(stream).SignedIn, "agents sign in themselves")
	}

	var closed, open, waiting, returning, transferred, linked int
	received := map[domain.MessageID]bool{}
	for _, stream := range sessions {
		s := interaction.Decider.Fold(stream)
		require.Empty(t, s.TransferInProgress())
		require.Empty(t, s.PendingOffers(time.Now()))
		for _, e := range stream {
			switch e := e.(type) {
			case interaction.MessageReceived:
				require.False(t, received[e.MessageID], "a message was received twice")
				received[e.MessageID] = true
			case interaction.MessageQueued:
				status, ok := s.MessageStatus(e.MessageID)
				require.True(t, ok)
				require.Contains(t,
					[]interaction.Status{interaction.StatusDelivered, interaction.StatusRead,
						interaction.StatusFailed},
					status, "a message is still to be sent")
			case interaction.OwnerChanged:
				transferred++
			}
		}
		if s.Number > 1 {
			returning++
		}
		if s.ContactID != "" {
			linked++
		}
		switch {
		case s.Status == interaction.SessionClosed:
			require.NotEmpty(t, s.ClosedBy)
			closed++
		case s.Waiting():
			waiting++
		default:
			require.NotEmpty(t, s.Owner)
			open++
		}
	}
	require.Equal(t, 5, open)
	require.Equal(t, 3, waiting)
	t.Logf("%d closed, %d returning, %d transferred, %d linked", closed, returning, transferred, linked)
	require.Greater(t, closed, 20)
	require.Positive(t, returning)
	require.Positive(t, transferred)
	require.Greater(t, linked, 20)
}

func TestAnInterruptedLoadIsFinishedByTheNextStart(t *testing.T) {
	whole := newWorld(t)
	whole.deps.Now = func() time.Time { return time.Date(2026, 3, 14, 16, 0, 0, 0, time.UTC) }
	whole.deps.HistoryDays = 4
	whole.load()
	want := count(whole.events())

	w := newWorld(t)
	w.deps.Now, w.deps.HistoryDays = whole.deps.Now, whole.deps.HistoryDays
	// Interrupts while loading the organisation, and twice while loading the history.
	for _, reads := range []int64{40, 200, 400} {
		w.interruptedAfter(reads)
	}
	w.load()
	require.Equal(t, want, count(w.events()))
	requireConsistent(t, w.events())
}

// interruptedAfter loads until the clock has been read the given number of times.
func (w *world) interruptedAfter(reads int64) {
	w.t.Helper()
	secrets, err := demo.OpenSecrets(w.file())
	require.NoError(w.t, err)
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	d, remaining := w.deps, new(atomic.Int64)
	remaining.Store(reads)
	d.Commands = func(now func() time.Time) (*commands.Commands, error) {
		return w.deps.Commands(func() time.Time {
			if remaining.Add(-1) == 0 {
				cancel()
			}
			return now()
		})
	}
	_, err = demo.Load(ctx, d, secrets)
	require.ErrorIs(w.t, err, context.Canceled)
}

// count counts the events of each type, except one that depends on the order of concurrent sessions.
func count(events []eventstore.Recorded) map[string]int {
	n := map[string]int{}
	for _, e := range events {
		if e.Type != "AgentOfferAnswered" {
			n[e.Type]++
		}
	}
	return n
}

func TestTheDemoLoadsWithoutHistory(t *testing.T) {
	w := newWorld(t)
	w.deps.HistoryDays = 0
	w.load()
	n := count(w.events())
	require.Zero(t, n["InteractionOpened"])
	require.Equal(t, 16, n["UserCreated"])
	require.Equal(t, 2, n["AccountCreated"])
}

func TestAMovedSimulatorChangesOnlyTheAccountsBaseURL(t *testing.T) {
	w := newWorld(t)
	w.deps.HistoryDays = 0
	w.load()
	c, err := w.deps.Commands(time.Now)
	require.NoError(t, err)
	first := account.Settings{Provider: meta.Name, ProviderSettings: map[string]string{meta.PhoneNumberID: "100200300400501"}}
	id, before, ok, err := c.FindAccount(t.Context(), first)
	require.NoError(t, err)
	require.True(t, ok)
	before.Name = "Renamed by hand"
	_, _, err = c.SaveAccount(t.Context(), id, before, nil, "", commands.SystemMetadata("test", commands.NewID()))
	require.NoError(t, err)

	w.deps.SimulatorURL = "http://127.0.0.1:10"
	w.load()
	_, after, _, err := c.FindAccount(t.Context(), first)
	require.NoError(t, err)
	before.ProviderSettings = map[string]string{
		meta.PhoneNumberID: "100200300400501", meta.BusinessID: "100200300400500", meta.APIVersion: "v24.0", meta.BaseURL: "http://127.0.0.1:10",
	}
	require.Equal(t, before, after)
}

func TestALostPasswordFileMeansNewPasswordsButNoSecondHistory(t *testing.T) {
	w := newWorld(t)
	w.deps.HistoryDays = 0
	old := w.load()
	require.NoError(t, os.Remove(w.file()))
	w.deps.HistoryDays = 8
	r := w.load()
	require.NotEqual(t, old.Users[0].Password, r.Users[0].Password)
	canSignIn(t, w, r)
	require.Zero(t, count(w.events())["InteractionOpened"])
}

func TestThePasswordFileIsReadableOnlyByItsOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo-secrets.json")
	_, err := demo.OpenSecrets(path)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	require.True(t, json.Valid(raw))
}

// noReads has no data: commands use read models only as hints.
type noReads struct{}

func (noReads) LastNumber(context.Context, domain.AccountID, domain.AddressID) (int, error) {
	return 0, nil
}

func (noReads) MessageByTag(context.Context, string) (domain.InteractionID, domain.MessageID, bool, error) {
	return "", "", false, nil
}

func (noReads) MessageHome(context.Context, domain.MessageID) (domain.InteractionID, bool, error) {
	return "", false, nil
}

func (noReads) KeepEarlyStatus(context.Context, commands.EarlyStatus) error { return nil }

func (noReads) KnownContact(
	context.Context, domain.ListID, commands.Identity, interaction.Customer,
) (domain.ContactID, bool, error) {
	return "", false, nil
}

func (noReads) KeepEarlyUpdate(context.Context, commands.EarlyUpdate) error { return nil }

// countWarnings counts warnings in the log.
type countWarnings struct {
	slog.Handler
	n *atomic.Int64
}

func (c countWarnings) Handle(ctx context.Context, r slog.Record) error {
	if r.Level >= slog.LevelWarn {
		c.n.Add(1)
	}
	return c.Handler.Handle(ctx, r)
}
