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
)

// server is a Parley of its own, started from the built binary on an empty organisation.
type server struct {
	dir     string
	binary  string
	process *exec.Cmd
	dev     devFile
	http    *http.Client
	profile string // file for a CPU profile; none if empty
}

// devFile is what the program writes for those who play along.
type devFile struct {
	URL         string `json:"url"`
	GraphQL     string `json:"graphql"`
	WebSocket   string `json:"websocket"`
	DatabaseURL string `json:"databaseUrl"`
	Users       []struct{ Role, Login, Token string }
	Accounts    []struct{ ID, WebhookPath, PhoneNumberID, AppSecret string }
}

// profiles is where the program shows its profiles.
const profiles = "127.0.0.1:6199"

func startServer(ctx context.Context) (*server, error) {
	dir, err := os.MkdirTemp("", "parley-bench-")
	if err != nil {
		return nil, err
	}
	s := &server{dir: dir, binary: filepath.Join(dir, "parley"), http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256, MaxConnsPerHost: 256}, Timeout: 30 * time.Second}}
	if out, err := exec.CommandContext(ctx, "go", "build", "-o", s.binary, "./cmd/parley").CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w: %s", err, out)
	}
	s.process = exec.Command(s.binary, "dev")
	s.process.Env = append(os.Environ(), "PARLEY_DATA_DIR="+filepath.Join(dir, "data"), "PARLEY_LISTEN=127.0.0.1:0", "PARLEY_DEMO=empty", "PARLEY_LOG_LEVEL=warn", "PARLEY_PPROF="+profiles)
	s.process.Stderr = os.Stderr
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	for range 600 {
		if raw, err := os.ReadFile(filepath.Join(dir, "data", "dev.json")); err == nil && json.Unmarshal(raw, &s.dev) == nil {
			return s, nil
		}
		time.Sleep(100 * time.Millisecond)
	}
	s.stop()
	return nil, fmt.Errorf("the server was not ready within a minute")
}

func (s *server) stop() {
	_ = s.process.Process.Signal(syscall.SIGTERM)
	_ = s.process.Wait()
	_ = os.RemoveAll(s.dir)
}

// token is the first user's with a role.
func (s *server) token(role string) string {
	for _, u := range s.dev.Users {
		if u.Role == role {
			return u.Token
		}
	}
	return ""
}

// memory is what the server's process holds, in bytes.
func (s *server) memory() int64 {
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", s.process.Process.Pid))
	if err != nil {
		return 0
	}
	var total, resident int64
	_, _ = fmt.Sscan(string(raw), &total, &resident)
	return resident * int64(os.Getpagesize())
}
