package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"parley/eventstore"
	"parley/internal/database"
	"parley/internal/demo"
	"parley/internal/devpg"
	"parley/internal/process"
	"parley/internal/simulator"
	"parley/internal/testwait"
	"parley/projections/all"
	"parley/projections/engine"
	"parley/projections/settings"
)

// patience is how long a test waits for a condition.
const patience = testwait.Limit

// world is a whole program on a database of its own: the demo's organisation without history, and a
// simulated WhatsApp.
type world struct {
	p         *program
	sim       *simulator.Simulator
	url       string
	simURL    string
	users     map[string]demo.User // by login
	passwords map[string]string    // for users with a password
	accounts  []demo.Account
	log       *logBook
	seen      eventstore.Position // the position settle waited for
	numbered  int                 // last phone number given out
}

// logBook collects everything that was logged.
type logBook struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}

// emptyDatabase returns the URL of a database with our empty tables.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	return devpg.TestTemplate(t, "program", func(url string) error {
		ctx := context.Background()
		if err := database.Migrate(ctx, url); err != nil {
			return err
		}
		db, err := database.Open(ctx, url, database.Pools{})
		if err != nil {
			return err
		}
		defer db.Close()
		return engine.Prepare(ctx, db.Clear, all.Models())
	})
}

// testConfig returns the configuration of a program on a fresh database and a fresh data folder.
func testConfig(t *testing.T) Config {
	t.Helper()
	cfg := configOf(t, "")
	cfg.DatabaseURL = Secret(emptyDatabase(t))
	return cfg
}

// configOf returns a configuration without a database. An empty folder stands for a fresh one.
func configOf(t *testing.T, folder string) Config {
	t.Helper()
	if folder == "" {
		folder = t.TempDir()
	}
	cfg, err := LoadConfig(func(name string) string {
		return map[string]string{"PARLEY_DATA_DIR": folder, "PARLEY_LISTEN": "127.0.0.1:0", "PARLEY_GRACE": "2s",
			"PARLEY_DRAIN": "0s", "PARLEY_LOG_LEVEL": "debug"}[name]
	})
	require.NoError(t, err)
	return cfg
}

// startWorld starts everything and stops it with the test. The named users can sign in with their password;
// everyone has a token.
func startWorld(t *testing.T, withPassword ...string) *world {
	t.Helper()
	return startWorldOn(t, organisedConfig(t), withPassword...)
}

// startWorldOn is startWorld on the caller's configuration. It loads the organisation if it is not there yet.
func startWorldOn(t *testing.T, cfg Config, withPassword ...string) *world {
	t.Helper()
	ctx := t.Context()
	front, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	side, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &world{
		url: "http://" + front.Addr().String(), simURL: "http://" + side.Addr().String(), log: &logBook{},
		users: make(map[string]demo.User), passwords: make(map[string]string),
	}
	log := process.NewLog(w.log, cfg.LogLevel)
	w.p, err = build(ctx, cfg, log, w.simURL)
	require.NoError(t, err)
	w.load(t, withPassword)
	w.sim = simulator.New(simulator.Config{Pace: 5 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	running, stop := context.WithCancel(context.Background())
	g, gctx := errgroup.WithContext(running)
	g.Go(func() error { return w.p.run(gctx, w.p.serveHTTP(front, w.p.handler())) })
	g.Go(func() error { return w.p.serveHTTP(side, w.sim.Handler())(gctx) })
	t.Cleanup(func() {
		stop()
		require.NoError(t, g.Wait())
		w.sim.Close()
		w.p.close()
		w.requireSilence(t)
	})
	w.connect(t)
	return w
}

// requireSilence requires that no log line names a customer or holds a secret.
func (w *world) requireSilence(t *testing.T) {
	t.Helper()
	logged := w.log.String()
	private := []string{"Maria", "Verdi", "393471112233", "3471112233", string(w.p.cfg.DatabaseURL)}
	for _, u := range w.users {
		private = append(private, u.Token, u.Name)
	}
	for _, a := range w.accounts {
		private = append(private, a.AppSecret, a.VerifyToken, a.AccessToken)
	}
	for _, p := range w.passwords {
		private = append(private, p)
	}
	for _, value := range private {
		require.False(t, len(value) > 4 && strings.Contains(logged, value), "the log contains %q", value)
	}
}

// load sets up the organisation, and passwords for the named users.
func (w *world) load(t *testing.T, withPassword []string) {
	t.Helper()
	loaded, err := loadOrganisation(t.Context(), w.p, w.simURL)
	require.NoError(t, err)
	for _, u := range loaded.Users {
		w.users[u.Login] = u
	}
	for _, login := range withPassword {
		u := w.users[login]
		require.NoError(t, w.p.auth.SetPassword(t.Context(), u.ID, u.Password, false))
		w.passwords[login] = u.Password
	}
	w.accounts = loaded.Accounts
}

// connect waits until the read models show the organisation, and gives the simulator its numbers.
func (w *world) connect(t *testing.T) {
	t.Helper()
	w.settle(t)
	rows, err := settings.AllAccounts(t.Context(), w.p.db.Clear)
	require.NoError(t, err)
	require.Len(t, rows, len(w.accounts))
	numbers := make([]simulator.Number, len(w.accounts))
	for i, a := range w.accounts {
		numbers[i] = simulator.Number{
			PhoneNumberID: a.PhoneNumberID, DisplayNumber: a.DisplayNumber, Name: a.Name,
			AppSecret: a.AppSecret, AccessToken: a.AccessToken,
			WebhookURL: w.url + a.WebhookPath,
		}
	}
	w.sim.SetNumbers(numbers)
}

// settle waits until every read model has folded the whole log.
func (w *world) settle(t *testing.T) {
	t.Helper()
	for e, err := range w.p.store.ReadAll(t.Context(), w.seen) {
		require.NoError(t, err)
		w.seen = e.Position
	}
	names := make([]string, 0, len(all.Models()))
	for _, m := range all.Models() {
		names = append(names, m.Name)
	}
	require.Eventually(t, func() bool { return w.p.listener.Await(t.Context(), w.seen, names...) }, patience,
		time.Millisecond, "read models are behind")
}

// user returns a user by login.
func (w *world) user(t *testing.T, login string) demo.User {
	t.Helper()
	u, ok := w.users[login]
	require.True(t, ok, login)
	return u
}

// events returns all our events, in order.
func (w *world) events(t *testing.T) []eventstore.Recorded {
	t.Helper()
	var all []eventstore.Recorded
	for e, err := range w.p.store.ReadAll(t.Context(), eventstore.Position{}) {
		require.NoError(t, err)
		all = append(all, e)
	}
	return all
}
