// Package devpg starts a private Postgres from the programs installed on the system, for `parley dev` and
// tests.
package devpg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
)

// Config says where a server keeps its data.
type Config struct {
	// Dir is the folder for everything the server keeps. It is created if missing. One running program per
	// folder.
	Dir string
	// Log receives a line when a server is started, adopted or stopped. nil discards them.
	Log *slog.Logger
	// settings supplement those every server gets.
	settings map[string]string
	// shared allows other programs to use the server. The caller locks Dir, and only during the start.
	shared bool
}

// Server is a running Postgres that listens on the loopback address and requires a password.
type Server struct {
	data     string // PGDATA
	state    state
	pid      int
	exited   chan struct{} // closed when the child process has ended; nil for an adopted server
	lock     *os.File
	log      *slog.Logger
	programs Programs
	owner    owner
	config   Config
}

// Start runs a Postgres on the data in cfg.Dir, or adopts one that a killed program left running. Its errors
// are written for the person who started Parley.
func Start(ctx context.Context, cfg Config) (*Server, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	dir, err := filepath.Abs(cfg.Dir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, folderError(dir, err)
	}
	programs, err := FindPrograms(ctx)
	if err != nil {
		return nil, err
	}
	s := &Server{log: cfg.Log, programs: programs, config: cfg}
	if !cfg.shared {
		if s.lock, err = lockFile(filepath.Join(dir, "postgres.lock"), false); errors.Is(err, errLocked) {
			return nil, fmt.Errorf("another Parley is already running on the folder %s; "+
				"stop it, or set PARLEY_DATA_DIR to another folder for this one", dir)
		} else if err != nil {
			return nil, folderError(dir, err)
		}
	}
	if err := s.start(ctx, dir); err != nil {
		unlock(s.lock)
		return nil, s.Explain(err)
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, dir string) error {
	var err error
	if s.owner, err = chooseOwner(); err != nil {
		return err
	}
	base, err := s.owner.home(dir)
	if err != nil {
		return err
	}
	if s.programs, err = s.owner.accessible(s.programs); err != nil {
		return err
	}
	s.data = filepath.Join(base, "postgres-"+strconv.Itoa(s.programs.Major))
	if s.state, err = s.initialise(ctx, s.owner, s.config.shared); err != nil {
		return err
	}
	if s.adopt(ctx) {
		s.log.Info("postgres adopted", "port", s.state.Port, "pid", s.pid)
		return nil
	}
	if err := s.run(ctx); err != nil {
		return err
	}
	s.log.Info("postgres started", "port", s.state.Port, "pid", s.pid, "version", s.programs.Major)
	return nil
}

// URL returns the address of a database on this server for its superuser, password included.
func (s *Server) URL(database string) string {
	u := url.URL{
		Scheme:   "postgres",
		User:     url.UserPassword(superuser, s.state.Password),
		Host:     "127.0.0.1:" + strconv.Itoa(s.state.Port),
		Path:     "/" + database,
		RawQuery: "sslmode=disable",
	}
	return u.String()
}

// EnsureDatabase creates the database if it does not exist.
func (s *Server) EnsureDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return fmt.Errorf("reach postgres: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var exists bool
	row := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name)
	if err := row.Scan(&exists); err != nil {
		return fmt.Errorf("look for database %s: %w", name, err)
	}
	if exists {
		return nil
	}
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

// Stop performs a fast shutdown: open transactions are rolled back, and everything committed is on disk.
func (s *Server) Stop() error {
	defer unlock(s.lock)
	if err := interrupt(s.pid); err != nil {
		return nil // has ended already
	}
	deadline := time.Now().Add(time.Minute)
	for time.Now().Before(deadline) {
		if s.gone() {
			s.log.Info("postgres stopped")
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return fmt.Errorf("postgres (process %d) did not stop within a minute", s.pid)
}

func (s *Server) gone() bool {
	if s.exited == nil {
		return !s.isPostgres(s.pid)
	}
	select {
	case <-s.exited:
		return true
	default:
		return false
	}
}
