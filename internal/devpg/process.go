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

// settings fit a machine with two cores. Unless told otherwise every commit is on disk before it is answered.
// The log never quotes a statement or a row, since those hold personal data.
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

// run starts the server as a child and waits until it takes connections.
func (s *Server) run(ctx context.Context, o owner, cfg Config) error {
	if err := s.dropForeignPidFile(); err != nil {
		return err
	}
	var err error
	for began, tries := time.Now(), 0; tries < 3; {
		if s.state.Port, err = choosePort(s.state.Port); err != nil {
			return err
		}
		if err = s.remember(s.state); err != nil {
			return err
		}
		err = s.runOnce(ctx, o, cfg)
		switch {
		case errors.Is(err, errPortTaken): // by somebody who came between choosing and listening
			tries++
		case errors.Is(err, errMemoryHeld) && time.Since(began) < 20*time.Second: // workers of a killed server are still leaving
			time.Sleep(200 * time.Millisecond)
		default:
			return err
		}
	}
	return err
}

var (
	errPortTaken  = errors.New("the port Postgres wanted was taken by another program")
	errMemoryHeld = errors.New("workers of a killed Postgres still hold its data; end them, then start again")
)

// Waiting is the function that waits for the server to end. Tests share the server and leave it running, so whoever looks for
// leaks leaves it out.
const Waiting = "parley/internal/devpg.(*Server).runOnce.func1"

func (s *Server) runOnce(ctx context.Context, o owner, cfg Config) error {
	out, err := os.OpenFile(s.logFile(), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return folderError(filepath.Dir(s.data), err)
	}
	defer out.Close()
	all := settings(cfg.settings)
	all["port"] = strconv.Itoa(s.state.Port)
	args := []string{"-D", s.data}
	for _, name := range slices.Sorted(maps.Keys(all)) {
		args = append(args, "-c", name+"="+all[name])
	}
	cmd := o.command("/", s.programs.postgres(), args...)
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

	deadline := time.Now().Add(2 * time.Minute) // recovery after a crash takes its time
	for {
		select {
		case <-s.exited:
			said, _ := os.ReadFile(s.logFile()) // without it the exit status has to do
			if bytes.Contains(said, []byte("could not create any TCP/IP sockets")) {
				return errPortTaken
			}
			if bytes.Contains(said, []byte("shared memory block")) {
				return errMemoryHeld
			}
			return explain(s.data, string(said), ended)
		case <-ctx.Done():
			_ = interrupt(s.pid) // the start was called off; what it says on its way out is of no use
			<-s.exited
			return ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
		if s.answers(ctx) {
			return nil
		}
		if time.Now().After(deadline) {
			_ = interrupt(s.pid)
			return fmt.Errorf("postgres did not take connections within two minutes; see %s", s.logFile())
		}
	}
}

// adopt takes over a server that is already running on our data, and says whether there is one.
func (s *Server) adopt(ctx context.Context) bool {
	deadline := time.Now().Add(2 * time.Minute)
	for time.Now().Before(deadline) && ctx.Err() == nil {
		pid, port, ok := s.running()
		if !ok {
			return false
		}
		s.pid, s.state.Port = pid, port
		if port != 0 && s.answers(ctx) {
			return s.remember(s.state) == nil
		}
		time.Sleep(20 * time.Millisecond) // starting, recovering or on its way down
	}
	return false
}

// running reads postmaster.pid: process, data folder, start time, port. ok is false when no Postgres of ours lives.
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
		port, _ = strconv.Atoi(strings.TrimSpace(lines[3])) // not written yet reads as 0
	}
	return pid, port, true
}

// isPostgres says whether a process is a Postgres on our data, not a stranger who got the number of a dead one.
func (s *Server) isPostgres(pid int) bool {
	if !alive(pid) {
		return false
	}
	said, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		if said, err = exec.Command("ps", "-ww", "-o", "command=", "-p", strconv.Itoa(pid)).Output(); err != nil {
			return false
		}
	}
	return bytes.Contains(said, []byte("postgres")) && bytes.Contains(said, []byte(s.data))
}

// dropForeignPidFile removes a pid file whose process is not ours: after a reboot or in a new container the number
// may belong to anybody, and Postgres would refuse to start.
func (s *Server) dropForeignPidFile() error {
	if _, _, ok := s.running(); ok {
		return fmt.Errorf("a postgres is running on %s but does not answer; stop it first", s.data)
	}
	if err := os.Remove(filepath.Join(s.data, "postmaster.pid")); err != nil && !errors.Is(err, os.ErrNotExist) {
		return folderError(s.data, err)
	}
	return nil
}

// answers says whether the server at our port takes our password and serves our data.
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

// interrupt asks a Postgres for a fast shutdown.
func interrupt(pid int) error { return syscall.Kill(pid, syscall.SIGINT) }

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// runUntil runs a program and kills it when ctx ends.
func runUntil(ctx context.Context, cmd *exec.Cmd) error {
	if err := cmd.Start(); err != nil {
		return err
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() }) // gone already is as good
	defer stop()
	return cmd.Wait()
}
