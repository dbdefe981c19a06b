// Package devpg starts a private Postgres from the system's programs, for `parley dev` and for tests.
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

// Config says where a server lives.
type Config struct {
	// Dir is the folder of everything the server keeps; it is made when missing. One running program per folder.
	Dir string
	// Log gets a line when a server is started, adopted or stopped; nil is silent.
	Log *slog.Logger
	// settings are added to the ones every server gets.
	settings map[string]string
	// shared lets other programs use the server too, so Dir is locked by the caller and only while starting.
	shared bool
}

// Server is a running Postgres that listens on loopback and asks for a password.
type Server struct {
	data     string // PGDATA
	state    state
	pid      int
	exited   chan struct{} // closed when a child of ours has ended; nil for an adopted server
	lock     *os.File
	log      *slog.Logger
	programs Programs
}

// Start runs a Postgres on the data in cfg.Dir, or adopts the one that a killed program left running on it.
// Its errors are sentences for the person who started Parley.
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
	s := &Server{log: cfg.Log, programs: programs}
	if !cfg.shared {
		if s.lock, err = lockFile(filepath.Join(dir, "postgres.lock"), false); errors.Is(err, errLocked) {
			return nil, fmt.Errorf("another Parley is already running on the folder %s; stop it, or give this one a folder of its own with PARLEY_DATA_DIR", dir)
		} else if err != nil {
			return nil, folderError(dir, err)
		}
	}
	if err := s.start(ctx, dir, cfg); err != nil {
		unlock(s.lock)
		return nil, s.Explain(err)
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, dir string, cfg Config) error {
	owner, err := chooseOwner()
	if err != nil {
		return err
	}
	base, err := owner.home(dir)
	if err != nil {
		return err
	}
	if s.programs, err = owner.reachable(s.programs); err != nil {
		return err
	}
	s.data = filepath.Join(base, "postgres-"+strconv.Itoa(s.programs.Major))
	if s.state, err = s.initialise(ctx, owner, cfg.shared); err != nil {
		return err
	}
	if s.adopt(ctx) {
		s.log.Info("postgres adopted", "port", s.state.Port, "pid", s.pid)
		return nil
	}
	if err := s.run(ctx, owner, cfg); err != nil {
		return err
	}
	s.log.Info("postgres started", "port", s.state.Port, "pid", s.pid, "version", s.programs.Major)
	return nil
}

// URL is the address of a database on this server, for its superuser. It holds the password.
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

// EnsureDatabase makes the database unless it is there.
func (s *Server) EnsureDatabase(ctx context.Context, name string) error {
	conn, err := pgx.Connect(ctx, s.URL("postgres"))
	if err != nil {
		return fmt.Errorf("reach postgres: %w", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var there bool
	if err := conn.QueryRow(ctx, `SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)`, name).Scan(&there); err != nil {
		return fmt.Errorf("look for database %s: %w", name, err)
	}
	if there {
		return nil
	}
	if _, err := conn.Exec(ctx, `CREATE DATABASE `+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("create database %s: %w", name, err)
	}
	return nil
}

// Stop ends the server by a fast shutdown: open transactions are rolled back, everything committed is on disk.
func (s *Server) Stop() error {
	defer unlock(s.lock)
	if err := interrupt(s.pid); err != nil {
		return nil // already gone
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
