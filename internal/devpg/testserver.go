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

// testSettings trade durability for speed: a tests' server starts empty each time, so nothing on it is worth keeping.
func testSettings() map[string]string {
	return map[string]string{
		"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal", "max_wal_senders": "0",
		"shared_buffers": "128MB", "max_connections": "300", "log_checkpoints": "off",
	}
}

// watchdog stops the tests' server when no test has used it for three minutes. Users are processes, known by a file
// named after them. It says "stopping" before it looks a last time, and a user looks for that after it has signed in,
// so one of the two always sees the other.
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

// testServer gives the server all test programs of this user share, started by the first of them.
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
	if err := signIn(dir); err != nil {
		return nil, folderError(dir, err)
	}
	if s := running(ctx, dir); s != nil {
		return s, nil
	}
	return startTestServer(ctx, dir)
}

// privateFolder makes a folder that others may pass through (Postgres runs as another user under root) but not list or write.
func privateFolder(dir string) error {
	if err := os.Mkdir(dir, 0o711); err != nil && !errors.Is(err, os.ErrExist) {
		return folderError(dir, err)
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return folderError(dir, err)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); !info.IsDir() || !ok || int(stat.Uid) != os.Geteuid() {
		return fmt.Errorf("the folder %s belongs to somebody else; remove it", dir)
	}
	return os.Chmod(dir, 0o711) // whatever the umask was
}

func signIn(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "users"), 0o755); err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(dir, "users", strconv.Itoa(os.Getpid())), nil, 0o644); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "used"), nil, 0o644)
}

// running adopts the server when there is one that is not about to stop.
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
	if err := s.recall(); err != nil {
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
		for _, left := range []string{string(data), string(data) + ".json", string(data) + ".log"} {
			if err := os.RemoveAll(left); err != nil {
				return nil, folderError(left, err)
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
		return nil, fmt.Errorf("start the watchdog of the tests' postgres: %w", err)
	}
	return s, dog.Process.Release()
}
