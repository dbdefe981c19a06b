package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// server runs Parley from the built binary, with an empty organisation.
type server struct {
	dir     string
	binary  string
	process *exec.Cmd
	dev     devFile
	http    *http.Client
	report  *report
	filled  bool   // the tables hold the interactions for lists
	profile string // file for a CPU profile, "" for none
}

// devFile holds what `parley dev` writes to dev.json for other programs.
type devFile struct {
	URL         string `json:"url"`
	GraphQL     string `json:"graphql"`
	WebSocket   string `json:"websocket"`
	DatabaseURL string `json:"databaseUrl"`
	Users       []struct{ Role, Login, Token string }
	Accounts    []struct{ ID, WebhookPath, PhoneNumberID, AppSecret string }
}

// pprofAddress is where the program serves its profiles.
const pprofAddress = "127.0.0.1:6199"

func startServer(ctx context.Context) (*server, error) {
	dir, err := os.MkdirTemp("", "parley-bench-")
	if err != nil {
		return nil, err
	}
	client := &http.Client{
		Transport: &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 256}, Timeout: 30 * time.Second,
	}
	s := &server{dir: dir, binary: filepath.Join(dir, "parley"), http: client}
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", s.binary,
		"./cmd/parley").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w: %s", err, out)
	}
	return s, s.start()
}

// start runs the program on the existing data and waits until it is ready.
func (s *server) start() error {
	devJSON := filepath.Join(s.dir, "data", "dev.json")
	_ = os.Remove(devJSON)
	s.process = exec.Command(s.binary, "dev")
	s.process.Env = append(os.Environ(), "PARLEY_DATA_DIR="+filepath.Join(s.dir, "data"), "PARLEY_LISTEN=127.0.0.1:0",
		"PARLEY_DEMO=empty", "PARLEY_LOG_LEVEL=warn", "PARLEY_PPROF="+pprofAddress)
	s.process.Stderr = os.Stderr
	if err := s.process.Start(); err != nil {
		return err
	}
	for range 6000 {
		if raw, err := os.ReadFile(devJSON); err == nil && json.Unmarshal(raw, &s.dev) == nil {
			return nil
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.stop()
	return fmt.Errorf("the server was not ready within a minute")
}

func (s *server) stop() {
	s.halt()
	_ = os.RemoveAll(s.dir)
}

func (s *server) halt() {
	_ = s.process.Process.Signal(syscall.SIGTERM)
	_ = s.process.Wait()
}

// token returns the token of the first user with a role.
func (s *server) token(role string) string {
	for _, u := range s.dev.Users {
		if u.Role == role {
			return u.Token
		}
	}
	return ""
}

// tokenOf returns the token of a user.
func (s *server) tokenOf(login string) string {
	for _, u := range s.dev.Users {
		if u.Login == login {
			return u.Token
		}
	}
	return ""
}

// memory returns the resident memory of the server's process in bytes.
func (s *server) memory() int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", s.process.Process.Pid))
	if err != nil {
		return 0
	}
	var total, resident int64
	_, _ = fmt.Sscan(string(raw), &total, &resident)
	return resident * int64(os.Getpagesize())
}

// events counts the events in the log.
func (s *server) events(ctx context.Context) (n int, err error) {
	conn, err := pgx.Connect(ctx, s.dev.DatabaseURL)
	if err != nil {
		return 0, err
	}
	defer conn.Close(context.WithoutCancel(ctx))
	return n, conn.QueryRow(ctx, `SELECT count(*) FROM eventlog.events`).Scan(&n)
}
