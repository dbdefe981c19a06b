package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"parley/auth"
	"parley/commands"
	"parley/demo"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/devpg"
	"parley/projections"
	"parley/projections/all"
	"parley/projections/settings"
	"parley/simulator"
)

// patience is how long a test waits for what must come.
const patience = 10 * time.Second

// world is a whole program on a database of its own: the demo's organisation without history, and the customers' network.
type world struct {
	p         *program
	sim       *simulator.Simulator
	url       string
	simURL    string
	users     map[string]demo.User // by login
	passwords map[string]string    // of those who have one
	accounts  []demo.Account
	log       *logBook
	seen      eventstore.Position // settle has waited for
	numbered  int                 // digits given out
}

// logBook keeps everything that was logged.
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

// emptyDatabase is the URL of a database with our tables and nothing in them.
func emptyDatabase(t *testing.T) string {
	t.Helper()
	return devpg.TestTemplate(t, "program", func(url string) error {
		ctx := context.Background()
		if err := projections.Migrate(ctx, url); err != nil {
			return err
		}
		db, err := projections.Open(ctx, url, projections.Pools{})
		if err != nil {
			return err
		}
		defer db.Close()
		return projections.Prepare(ctx, db.Clear, all.Models())
	})
}

// testConfig is the configuration of a program on a fresh database.
func testConfig(t *testing.T) Config {
	t.Helper()
	dir := t.TempDir()
	cfg, err := LoadConfig(func(name string) string {
		return map[string]string{"PARLEY_DATA_DIR": dir, "PARLEY_LISTEN": "127.0.0.1:0", "PARLEY_GRACE": "2s", "PARLEY_LOG_LEVEL": "debug"}[name]
	})
	require.NoError(t, err)
	cfg.DatabaseURL = Secret(emptyDatabase(t))
	return cfg
}

// startWorld starts everything and ends it with the test. Those named can sign in with their password; a token everybody has.
func startWorld(t *testing.T, withPassword ...string) *world {
	t.Helper()
	ctx := t.Context()
	front, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	side, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	w := &world{
		url: "http://" + front.Addr().String(), simURL: "http://" + side.Addr().String(), log: &logBook{}, users: make(map[string]demo.User), passwords: make(map[string]string),
	}
	cfg := testConfig(t)
	log := newLog(w.log, cfg.LogLevel)
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

// requireSilence: nothing that was logged names a customer or holds a secret (S16, S58).
func (w *world) requireSilence(t *testing.T) {
	t.Helper()
	said := w.log.String()
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
		require.False(t, len(value) > 4 && strings.Contains(said, value), "the log tells %q", value)
	}
}

// load sets the organisation up.
func (w *world) load(t *testing.T, withPassword []string) {
	p := w.p
	secrets, err := demo.OpenSecrets(filepath.Join(p.cfg.DataDir, "demo-secrets.json"))
	require.NoError(t, err)
	logins := make(map[string]string)
	loaded, err := demo.Load(t.Context(), demo.Deps{
		Commands:    func(now func() time.Time) (*commands.Commands, error) { return p.newCommands(reads{db: p.db}, now) },
		SetPassword: func(_ context.Context, user, password string) error { logins[user] = password; return nil },
		CreateToken: func(ctx context.Context, id, name string, role user.Role) (string, error) {
			token, _, err := p.auth.CreateToken(ctx, auth.NewToken{UserID: id, Name: name, Role: string(role)})
			return token, err
		},
		PutSecret: p.secrets.Put, SimulatorURL: w.simURL, Now: p.now, Log: p.log,
	}, secrets)
	require.NoError(t, err)
	for _, u := range loaded.Users {
		w.users[u.Login] = u
	}
	for _, login := range withPassword {
		u := w.users[login]
		require.NoError(t, p.auth.SetPassword(t.Context(), u.ID, logins[u.ID], false))
		w.passwords[login] = logins[u.ID]
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
			PhoneNumberID: a.PhoneNumberID, DisplayNumber: a.DisplayNumber, Name: a.Name, AppSecret: a.AppSecret, AccessToken: a.AccessToken,
			WebhookURL: w.url + a.WebhookPath,
		}
	}
	w.sim.SetNumbers(numbers)
}

// settle waits until every read model has folded all that is in the log now.
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
	require.Eventually(t, func() bool { return w.p.listener.Await(t.Context(), w.seen, names...) }, patience, time.Millisecond, "read models are behind")
}

// user is somebody of the organisation by login.
func (w *world) user(t *testing.T, login string) demo.User {
	t.Helper()
	u, ok := w.users[login]
	require.True(t, ok, login)
	return u
}

// events is every event of our own, in order.
func (w *world) events(t *testing.T) []eventstore.Recorded {
	t.Helper()
	var all []eventstore.Recorded
	for e, err := range w.p.store.ReadAll(t.Context(), eventstore.Position{}) {
		require.NoError(t, err)
		all = append(all, e)
	}
	return all
}
