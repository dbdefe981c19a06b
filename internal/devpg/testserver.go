package devpg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// testSettings trade durability for speed. The server starts empty each time, so it holds nothing to lose.
func testSettings() map[string]string {
	return map[string]string{
		"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal",
		"max_wal_senders": "0",
		"shared_buffers":  "128MB", "max_connections": "300", "log_checkpoints": "off",
	}
}

// watchdog stops the test server when no test has used it for three minutes. Its users are processes, each
// with a file named after its pid. The watchdog creates "stopping" before its last check, and a user checks
// for that file after registering, so at least one of them notices the other.
const watchdog = `
cd "$1" || exit
busy() {
	for f in users/*; do
		[ -e "$f" ] || continue
		if kill -0 "${f##*/}" 2>/dev/null; then return 0; fi
		rm -f "$f"
	done
	[ -n "$(find used -mmin -3 2>/dev/null)" ]
}
while sleep 10 && kill -0 "$2" 2>/dev/null; do
	busy && continue
	touch stopping
	if busy; then rm -f stopping; continue; fi
	kill -INT "$2"
	exit
done`

// testServer returns the server that all test programs of this user share. The first one starts it.
func testServer(ctx context.Context) (*Server, error) {
	dir := filepath.Join(os.TempDir(), "parley-test-postgres-"+strconv.Itoa(os.Geteuid()))
	if err := privateFolder(dir); err != nil {
		return nil, err
	}
	lock, err := lockFile(filepath.Join(dir, "start.lock"), true)
	if err != nil {
		return nil, folderError(dir, err)
	}
	defer unlock(lock)
	if err := registerUser(dir); err != nil {
		return nil, folderError(dir, err)
	}
	if s := running(ctx, dir); s != nil {
		return s, nil
	}
	return startTestServer(ctx, dir)
}

// privateFolder creates a folder that other users may enter but not list or write, because under root
// Postgres runs as another user.
func privateFolder(dir string) error {
	if err := os.Mkdir(dir, 0o711); err != nil && !errors.Is(err, os.ErrExist) {
		return folderError(dir, err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return folderError(dir, err)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || !ok || int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("the folder %s belongs to another user; remove it", dir)
	}
	return os.Chmod(dir, 0o711) // regardless of the umask
}

func registerUser(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "users"), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "users", strconv.Itoa(os.Getpid())), nil, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "used"), nil, 0o644)
}

// running returns the current server, unless it is about to stop.
func running(ctx context.Context, dir string) *Server {
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		s, err := existing(dir)
		if err != nil {
			return nil
		}
		if _, err := os.Stat(filepath.Join(dir, "stopping")); err != nil && s.answers(ctx) {
			return s
		}
		if !s.isPostgres(s.pid) {
			return nil
		}
	}
	return nil
}

func existing(dir string) (*Server, error) {
	data, err := os.ReadFile(filepath.Join(dir, "data.location"))
	if err != nil {
		return nil, err
	}
	s := &Server{data: string(data)}
	if err := s.loadState(); err != nil {
		return nil, err
	}
	pid, port, ok := s.running()
	if !ok {
		return nil, errors.New("not running")
	}
	s.pid, s.state.Port = pid, port
	return s, nil
}

func startTestServer(ctx context.Context, dir string) (*Server, error) {
	if data, err := os.ReadFile(filepath.Join(dir, "data.location")); err == nil {
		for _, path := range []string{string(data), string(data) + ".json", string(data) + ".log"} {
			if err := os.RemoveAll(path); err != nil {
				return nil, folderError(path, err)
			}
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, folderError(dir, err)
	}
	for _, e := range entries {
		switch e.Name() {
		case "start.lock", "users", "used", "postgres.location":
		default:
			if err := os.RemoveAll(filepath.Join(dir, e.Name())); err != nil {
				return nil, folderError(dir, err)
			}
		}
	}
	s, err := Start(ctx, Config{Dir: dir, settings: testSettings(), shared: true})
	if err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(dir, "data.location"), []byte(s.data), 0o600); err != nil {
		return nil, folderError(dir, err)
	}
	dog := exec.Command("/bin/sh", "-c", watchdog, "watchdog", dir, strconv.Itoa(s.pid))
	dog.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := dog.Start(); err != nil {
		return nil, fmt.Errorf("start the test server's watchdog: %w", err)
	}
	return s, dog.Process.Release()
}
