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

	"parley/auth"
	"parley/commands"
	"parley/demo"
	"parley/domain"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/user"
	"parley/eventstore"
	"parley/eventstore/node"
	"parley/internal/devpg"
	"parley/internal/opstest"
	"parley/seal"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction(devpg.Waiting)) }

// world is a fresh deployment: an event store, keys and sign-in, and a folder.
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
	n, err := node.Start(t.Context(), node.Config{DatabaseURL: database, Log: log})
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

	w := &world{t: t, store: store, folder: t.TempDir(), auth: auth.New(pool, time.Now), secrets: seal.NewSecrets(pool, master), warnings: new(atomic.Int64)}
	w.deps = demo.Deps{
		Commands: func(now func() time.Time) (*commands.Commands, error) {
			return commands.New(commands.Config{Store: store, IDs: deployment.IDKey, Reads: noReads{}, Now: now, Log: log})
		},
		SetPassword: func(ctx context.Context, userID, password string) error {
			return w.auth.SetPassword(ctx, userID, password, false)
		},
		CreateToken: func(ctx context.Context, userID, name string, role user.Role) (string, error) {
			token, _, err := w.auth.CreateToken(ctx, auth.NewToken{UserID: userID, Name: name, Role: string(role)})
			return token, err
		},
		PutSecret:    w.secrets.Put,
		SimulatorURL: "http://127.0.0.1:9",
		History:      true,
		Now:          time.Now,
		Log:          slog.New(countWarnings{log.Handler(), w.warnings}),
	}
	return w
}

// load loads as a program does that has just started.
func (w *world) load() demo.Result {
	w.t.Helper()
	secrets, err := demo.OpenSecrets(w.file())
	require.NoError(w.t, err)
	result, err := demo.Load(w.t.Context(), w.deps, secrets)
	require.NoError(w.t, err)
	require.Zero(w.t, w.warnings.Load(), "nothing is broken off")
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

func TestAFreshDeploymentIsFilledOnce(t *testing.T) {
	w := newWorld(t)
	began := time.Now()
	first := w.load()
	loading := time.Since(began)

	end := w.end()
	began = time.Now()
	require.Equal(t, first, w.load(), "the second start knows the same people and secrets")
	again := time.Since(began)
	t.Logf("%d events in %v, then %v", len(w.events()), loading, again)
	require.Less(t, again, loading/20, "and has next to nothing to do")
	require.Equal(t, end, w.end(), "so nothing is added to the log")

	t.Run("the history holds together", func(t *testing.T) { holdsTogether(t, w.events()) })
	t.Run("everybody can sign in", func(t *testing.T) { canSignIn(t, w, first) })
	t.Run("the provider knows what was said", func(t *testing.T) { require.Equal(t, saidIn(w.events()), texts(first.Said)) })
	t.Run("the accounts have their secrets", func(t *testing.T) {
		require.Len(t, first.Accounts, 2)
		for _, a := range first.Accounts {
			for name, value := range map[string]string{"appSecret": a.AppSecret, "verifyToken": a.VerifyToken, "accessToken": a.AccessToken} {
				kept, err := w.secrets.Get(t.Context(), "account/"+a.ID+"/"+name)
				require.NoError(t, err)
				require.Equal(t, value, kept)
			}
			require.Equal(t, "/webhooks/meta/"+a.ID, a.WebhookPath)
		}
	})
}

// saidIn is the texts in the log by the provider's ids of the messages.
func saidIn(events []eventstore.Recorded) map[string]string {
	said, queued := map[string]string{}, map[domain.MessageID]string{}
	for _, r := range events {
		switch e := r.Event.(type) {
		case interaction.MessageReceived:
			said[e.ProviderMessageID] = e.Content.Text
		case interaction.MessageQueued:
			queued[e.MessageID] = e.Content.Text
		case interaction.MessageAccepted:
			said[e.ProviderMessageID] = queued[e.MessageID]
		}
	}
	return said
}

func texts(said []demo.Said) map[string]string {
	all := map[string]string{}
	for _, m := range said {
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
		for _, class := range []func(rune) bool{unicode.IsLower, unicode.IsUpper, unicode.IsDigit, unicode.IsPunct} {
			require.Positive(t, strings.IndexFunc(u.Password, class)+1, "the password has letters of both cases, digits and signs")
		}
	}
	require.Equal(t, map[user.Role]int{user.Admin: 1, user.Supervisor: 1, user.Auditor: 1, user.Analyst: 1, user.Agent: 12}, roles)
}

// holdsTogether folds every stream and looks at where it ended.
func holdsTogether(t *testing.T, events []eventstore.Recorded) {
	sessions, agents := map[string][]interaction.Event{}, map[string][]agent.Event{}
	for _, r := range events {
		switch e := r.Event.(type) {
		case interaction.Event:
			sessions[r.AggregateID] = append(sessions[r.AggregateID], e)
		case agent.Event:
			agents[r.AggregateID] = append(agents[r.AggregateID], e)
		case eventstore.Unknown:
			require.Fail(t, "an event nobody can read", r.Type)
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
		require.Empty(t, s.StandingOffers(time.Now()))
		for _, e := range stream {
			switch e := e.(type) {
			case interaction.MessageReceived:
				require.False(t, received[e.MessageID], "received once")
				received[e.MessageID] = true
			case interaction.MessageQueued:
				status, ok := s.MessageStatus(e.MessageID)
				require.True(t, ok)
				require.Contains(t, []interaction.Status{interaction.StatusDelivered, interaction.StatusRead, interaction.StatusFailed}, status, "nothing is left to send")
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
	require.Greater(t, closed, 140)
	require.Greater(t, returning, 60)
	require.Greater(t, transferred, 8)
	require.Greater(t, linked, 140)
}

func TestAnInterruptedLoadIsFinishedByTheNextStart(t *testing.T) {
	whole := newWorld(t)
	whole.deps.Now = func() time.Time { return time.Date(2026, 3, 14, 16, 0, 0, 0, time.UTC) }
	whole.load()
	want := count(whole.events())

	w := newWorld(t)
	w.deps.Now = whole.deps.Now
	for _, looks := range []int64{40, 700, 2500} { // at the clock, until it is broken off: in the organisation, and twice in the history
		w.interruptedAfter(looks)
	}
	w.load()
	require.Equal(t, want, count(w.events()))
	holdsTogether(t, w.events())
}

// interruptedAfter loads until the clock was looked at so often.
func (w *world) interruptedAfter(looks int64) {
	w.t.Helper()
	secrets, err := demo.OpenSecrets(w.file())
	require.NoError(w.t, err)
	ctx, cancel := context.WithCancel(w.t.Context())
	defer cancel()
	d, left := w.deps, new(atomic.Int64)
	left.Store(looks)
	d.Commands = func(now func() time.Time) (*commands.Commands, error) {
		return w.deps.Commands(func() time.Time {
			if left.Add(-1) == 0 {
				cancel()
			}
			return now()
		})
	}
	_, err = demo.Load(ctx, d, secrets)
	require.ErrorIs(w.t, err, context.Canceled)
}

// count is how many events there are of each type, except for the one that depends on who was quicker.
func count(events []eventstore.Recorded) map[string]int {
	n := map[string]int{}
	for _, e := range events {
		if e.Type != "AgentOfferAnswered" {
			n[e.Type]++
		}
	}
	return n
}

func TestTheHistoryCanBeLeftOut(t *testing.T) {
	w := newWorld(t)
	w.deps.History = false
	w.load()
	n := count(w.events())
	require.Zero(t, n["InteractionOpened"])
	require.Equal(t, 16, n["UserCreated"])
	require.Equal(t, 2, n["AccountCreated"])
}

func TestAMovedSimulatorIsFollowedAndNothingElseOfTheAccountChanges(t *testing.T) {
	w := newWorld(t)
	w.deps.History = false
	w.load()
	c, err := w.deps.Commands(time.Now)
	require.NoError(t, err)
	id, before, ok, err := c.FindAccount(t.Context(), "META", "100200300400501")
	require.NoError(t, err)
	require.True(t, ok)
	before.Name = "Renamed by hand"
	_, _, err = c.SaveAccount(t.Context(), id, before, "", commands.Ours("test", commands.NewID()))
	require.NoError(t, err)

	w.deps.SimulatorURL = "http://127.0.0.1:10"
	w.load()
	_, after, _, err := c.FindAccount(t.Context(), "META", "100200300400501")
	require.NoError(t, err)
	before.BaseURL = "http://127.0.0.1:10"
	require.Equal(t, before, after)
}

func TestALostPasswordFileMeansNewPasswordsAndNoSecondHistory(t *testing.T) {
	w := newWorld(t)
	w.deps.History = false
	old := w.load()
	require.NoError(t, os.Remove(w.file()))
	w.deps.History = true
	r := w.load()
	require.NotEqual(t, old.Users[0].Password, r.Users[0].Password)
	canSignIn(t, w, r)
	require.Zero(t, count(w.events())["InteractionOpened"])
}

func TestThePasswordFileIsForItsOwnerAlone(t *testing.T) {
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

// noReads knows nothing: read models are first guesses only.
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

func (noReads) KeepEarlyStatus(context.Context, string, interaction.RecordStatus) error { return nil }

func (noReads) KeepAfterthought(context.Context, commands.Afterthought) error { return nil }

// countWarnings lets a test see that something was warned of.
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
