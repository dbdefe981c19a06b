package main

import (
	"bufio"
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/auth"
	"parley/internal/demo"
	"parley/internal/process"
	"parley/internal/simulator"
)

// asChild makes this test program run as the real one: "main", or "admitting" for one that may send to a
// simulator.
const asChild = "PARLEY_TEST_CHILD"

func TestMain(m *testing.M) {
	auth.HashCheaply()
	switch os.Getenv(asChild) {
	case "main":
		main()
	case "admitting":
		if err := serveAdmitting(os.Getenv("PARLEY_TEST_ADMIT")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		code := m.Run()
		if folder, err := organised(); err == nil {
			_ = os.RemoveAll(folder)
		}
		if faultsBuilt != "" {
			_ = os.RemoveAll(faultsBuilt) // a leftover folder is no reason to fail
		}
		os.Exit(code)
	}
}

// serveAdmitting is serve with one more address that accounts may send to.
func serveAdmitting(simulator string) error {
	cfg, err := LoadConfig(os.Getenv)
	if err != nil {
		return err
	}
	return serveOn(context.Background(), cfg, process.NewLog(os.Stderr, cfg.LogLevel), simulator)
}

// child is a process running the real program.
type child struct {
	cmd    *exec.Cmd
	stdout *bufio.Reader
	errors logBook // what it logged
}

// startChild runs the program with arguments and settings, and kills it at the end of the test.
func startChild(t *testing.T, kind string, settings map[string]string, args ...string) *child {
	t.Helper()
	return startBuilt(t, os.Args[0], kind, settings, args...)
}

// startBuilt is startChild for another build of the program.
func startBuilt(t *testing.T, program, kind string, settings map[string]string, args ...string) *child {
	t.Helper()
	c := &child{cmd: exec.Command(program, args...)}
	c.cmd.Env = []string{asChild + "=" + kind, "HOME=" + os.Getenv("HOME"), "PATH=" + os.Getenv("PATH"),
		"TMPDIR=" + os.Getenv("TMPDIR")}
	for name, value := range settings {
		c.cmd.Env = append(c.cmd.Env, name+"="+value)
	}
	c.cmd.Stderr = &c.errors
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := c.cmd.StdoutPipe()
	require.NoError(t, err)
	c.stdout = bufio.NewReader(out)
	require.NoError(t, c.cmd.Start())
	t.Cleanup(func() {
		c.kill()
		require.NotContains(t, c.errors.String(), "DATA RACE")
	})
	return c
}

// kill sends SIGKILL and waits for the process to end.
func (c *child) kill() {
	if c.cmd.ProcessState == nil {
		_ = c.cmd.Process.Kill() // it may have ended already
		_ = c.cmd.Wait()
	}
}

// freeAddress returns a local address that is not in use.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

// outside is an organisation whose program runs in other processes, while the simulator runs here.
type outside struct {
	*world
	settings map[string]string
	program  string // the program to run; this test program by default
}

// prepareOutside sets up an organisation and leaves only the simulator running.
func prepareOutside(t *testing.T) *outside {
	t.Helper()
	return prepareOn(t, organisedConfig(t))
}

// prepareOn is prepareOutside on the caller's database.
func prepareOn(t *testing.T, cfg Config) *outside {
	t.Helper()
	side, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	address := freeAddress(t)
	w := &world{
		url: "http://" + address, simURL: "http://" + side.Addr().String(), log: &logBook{},
		users: make(map[string]demo.User), passwords: make(map[string]string),
	}
	w.p, err = build(t.Context(), cfg, process.NewLog(w.log, cfg.LogLevel), w.simURL)
	require.NoError(t, err)
	w.load(t, nil)
	w.p.close()
	w.sim = simulator.New(simulator.Config{Pace: 5 * time.Millisecond, Log: slog.New(slog.DiscardHandler)})
	srv := &http.Server{Handler: w.sim.Handler(), ReadHeaderTimeout: time.Minute}
	go func() { _ = srv.Serve(side) }()
	t.Cleanup(func() { _ = srv.Close(); w.sim.Close() })
	numbers := make([]simulator.Number, len(w.accounts))
	for i, a := range w.accounts {
		numbers[i] = simulator.Number{
			PhoneNumberID: a.PhoneNumberID, DisplayNumber: a.DisplayNumber, Name: a.Name,
			AppSecret: a.AppSecret, AccessToken: a.AccessToken,
			WebhookURL: w.url + a.WebhookPath,
		}
	}
	w.sim.SetNumbers(numbers)
	return &outside{world: w, settings: map[string]string{
		"DATABASE_URL": string(cfg.DatabaseURL), "PARLEY_DATA_DIR": cfg.DataDir, "PARLEY_LISTEN": address,
		"PARLEY_TEST_ADMIT": w.simURL,
		"PARLEY_GRACE":      "1s", "PARLEY_DRAIN": "0s",
	}}
}

// start runs the program and waits until it answers.
func (o *outside) start(t *testing.T) *child {
	t.Helper()
	c := startBuilt(t, cmp.Or(o.program, os.Args[0]), "admitting", o.settings)
	require.Eventually(t, func() bool {
		res, err := http.Get(o.url + "/healthz")
		if err != nil {
			return false
		}
		return res.Body.Close() == nil && res.StatusCode == http.StatusOK
	}, patience, 10*time.Millisecond, "the program does not start: %s", c.errors.String())
	return c
}

// look opens the program's database in this process, to read the log and the read models.
func (o *outside) look(t *testing.T) {
	t.Helper()
	cfg, err := LoadConfig(func(name string) string { return o.settings[name] })
	require.NoError(t, err)
	cfg.Roles = nil
	o.p, err = build(t.Context(), cfg, process.NewLog(o.log, "info"), o.simURL)
	require.NoError(t, err)
	o.p.fence.Close() // it appends nothing
	t.Cleanup(o.p.close)
}

func TestTheFirstAdminChoosesAPasswordAtTheFirstSignIn(t *testing.T) {
	t.Parallel()
	address := freeAddress(t)
	settings := map[string]string{"DATABASE_URL": emptyDatabase(t),
		"PARLEY_DATA_DIR": filepath.Join(t.TempDir(), "data"), "PARLEY_LISTEN": address}
	server := startChild(t, "main", settings, "serve")
	url := "http://" + address
	require.Eventually(t, func() bool {
		res, err := http.Get(url + "/readyz")
		return err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK
	}, patience, 20*time.Millisecond, "not ready: %s", server.errors.String())

	// there are no default passwords
	for login, known := range map[string][2]string{"admin": {"admin", "password"}, "parley": {"parley", "admin"}} {
		for _, password := range known {
			require.Equal(t, http.StatusUnauthorized, bearing(url, "").post(t, "/auth/login",
				vars{"login": login, "password": password}).StatusCode)
		}
	}
	made := startChild(t, "main", settings, "user", "create", "first", "First Admin", "admin")
	output, err := made.stdout.ReadString('\n')
	require.NoError(t, err, made.errors.String())
	require.NoError(t, made.cmd.Wait())
	password := strings.Fields(strings.SplitN(output, " password ", 2)[1])[0]
	require.NotContains(t, server.errors.String(), password)

	var first client
	require.Eventually(t, func() bool {
		res := bearing(url, "").post(t, "/auth/login", vars{"login": "first", "password": password})
		if res.StatusCode != http.StatusOK {
			return false
		}
		first = withCookie(t, url, res)
		return true
	}, patience, 200*time.Millisecond)
	require.Equal(t, "PASSWORD_CHANGE_DUE", first.ask(t, "{me{role}}", nil).code())
	res := first.post(t, "/auth/password", vars{"current": password, "password": "My-own-Word-1"})
	require.Equal(t, http.StatusOK, res.StatusCode)
	require.JSONEq(t, `{"me":{"role":"ADMIN"}}`,
		string(mustJSON(t, withCookie(t, url, res).ask(t, "{me{role}}", nil).Data)))
	require.Equal(t, http.StatusUnauthorized, bearing(url, "").post(t, "/auth/login",
		vars{"login": "first", "password": password}).StatusCode)
}
