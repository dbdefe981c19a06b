package devpg

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

// settings returns the server's settings, tuned for two cores. By default every commit is on disk before it
// returns. The log never quotes a statement or a row, because those contain personal data.
func settings(more map[string]string) map[string]string {
	all := map[string]string{
		"listen_addresses":                "127.0.0.1",
		"unix_socket_directories":         "",
		"max_connections":                 "100",
		"shared_buffers":                  "256MB",
		"max_wal_size":                    "2GB",
		"checkpoint_timeout":              "15min",
		"wal_compression":                 "on",
		"max_parallel_workers_per_gather": "0",
		"random_page_cost":                "1.1",
		"jit":                             "off",
		"password_encryption":             "scram-sha-256",
		"timezone":                        "UTC",
		"log_timezone":                    "UTC",
		"log_min_messages":                "warning",
		"log_min_error_statement":         "panic",
		"log_error_verbosity":             "terse",
	}
	maps.Copy(all, more)
	return all
}

// run starts the server as a child process and waits until it accepts connections.
func (s *Server) run(ctx context.Context) error {
	if err := s.removeStalePidFile(); err != nil {
		return err
	}
	var err error
	for began, tries := time.Now(), 0; tries < 3; {
		if s.state.Port, err = choosePort(s.state.Port); err != nil {
			return err
		}
		if err = s.saveState(s.state); err != nil {
			return err
		}
		err = s.runOnce(ctx)
		switch {
		case errors.Is(err, errPortTaken): // between choosing and listening
			tries++
		// workers of a killed server are still ending
		case errors.Is(err, errMemoryHeld) && time.Since(began) < 20*time.Second:
			time.Sleep(200 * time.Millisecond)
		default:
			return err
		}
	}
	return err
}

var (
	errPortTaken  = errors.New("another program took the port meant for Postgres")
	errMemoryHeld = errors.New("processes of a killed Postgres still hold its data; end them, then start again")
)

// Waiting names the goroutine that waits for the server to end. Tests share a server and leave it running, so
// leak checks must ignore this goroutine.
const Waiting = "parley/internal/devpg.(*Server).runOnce.func1"

func (s *Server) runOnce(ctx context.Context) error {
	out, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return folderError(filepath.Dir(s.data), err)
	}
	defer out.Close()
	all := settings(s.config.settings)
	all["port"] = strconv.Itoa(s.state.Port)
	args := []string{"-D", s.data}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	cmd := s.owner.command("/", s.programs.postgres(), args...)
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	s.pid, s.exited = cmd.Process.Pid, make(chan struct{})
	var ended error
	go func() {
		ended = cmd.Wait()
		close(s.exited)
	}()

	deadline := time.Now().Add(2 * time.Minute) // recovery after a crash takes time
	for {
		select {
		case <-s.exited:
			output, _ := os.ReadFile(s.logFile()) // if unreadable, only the exit status is reported
			if bytes.Contains(output, []byte("could not create any TCP/IP sockets")) {
				return errPortTaken
			}
			if bytes.Contains(output, []byte("shared memory block")) {
				return errMemoryHeld
			}
			return explain(s.data, string(output), ended)
		case <-ctx.Done():
			_ = interrupt(s.pid) // the start was cancelled; its output does not matter
			<-s.exited
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
		if s.answers(ctx) {
			return nil
		}
		if time.Now().After(deadline) {
			_ = interrupt(s.pid)
			return fmt.Errorf("postgres did not accept connections within two minutes; see %s", s.logFile())
		}
	}
}

// adopt takes over a server that is already running on the data, and reports whether there is one.
func (s *Server) adopt(ctx context.Context) bool {
	deadline := time.Now().Add(2 * time.Minute)
	for time.Now().Before(deadline) && ctx.Err() == nil {
		pid, port, ok := s.running()
		if !ok {
			return false
		}
		s.pid, s.state.Port = pid, port
		if port != 0 && s.answers(ctx) {
			return s.saveState(s.state) == nil
		}
		time.Sleep(20 * time.Millisecond) // starting, recovering or stopping
	}
	return false
}

// running reads postmaster.pid: process, data folder, start time, port. ok is false if no such Postgres is
// running.
func (s *Server) running() (pid, port int, ok bool) {
	raw, err := os.ReadFile(filepath.Join(s.data, "postmaster.pid"))
	if err != nil {
		return 0, 0, false
	}
	lines := strings.Split(string(raw), "\n")
	pid, err = strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || !s.isPostgres(pid) {
		return 0, 0, false
	}
	if len(lines) > 3 {
		port, _ = strconv.Atoi(strings.TrimSpace(lines[3])) // 0 if not written yet
	}
	return pid, port, true
}

// isPostgres reports whether a process is a Postgres on this data, and not an unrelated one that got a reused
// pid.
func (s *Server) isPostgres(pid int) bool {
	if !processExists(pid) {
		return false
	}
	output, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		if output, err = exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output(); err != nil {
			return false
		}
	}
	return bytes.Contains(output, []byte("postgres")) && bytes.Contains(output, []byte(s.data))
}

// removeStalePidFile removes a pid file that names an unrelated process. After a reboot or in a new container
// the number may be in use again, and Postgres would refuse to start.
func (s *Server) removeStalePidFile() error {
	if _, _, ok := s.running(); ok {
		return fmt.Errorf("a postgres is running on %s but does not answer; stop it first", s.data)
	}
	if err := os.Remove(filepath.Join(s.data, "postmaster.pid")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return folderError(s.data, err)
	}
	return nil
}

// answers reports whether the server at the port accepts the password and serves this data.
func (s *Server) answers(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return false
	}
	defer conn.Close(ctx)
	var data string
	if err := conn.QueryRow(ctx, `SHOW data_directory`).Scan(&data); err != nil {
		return false
	}
	return sameFolder(data, s.data)
}

func sameFolder(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// interrupt requests a fast shutdown of a Postgres.
func interrupt(pid int) error { return syscall.Kill(pid, syscall.SIGINT) }

func processExists(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// runUntil runs a program and kills it when ctx ends.
func runUntil(ctx context.Context, cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() }) // may have ended already
	defer stop()
	return cmd.Wait()
}
