package devpg

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

const superuser = "parley"

// state is what a server needs to know on its next start. Its file is next to the data and readable by its
// owner only.
type state struct {
	Password string `json:"password"`
	Port     int    `json:"port"`
}

func (s *Server) stateFile() string { return s.data + ".json" }
func (s *Server) logFile() string   { return s.data + ".log" }

// loadState reads what saveState wrote.
func (s *Server) loadState() error {
	raw, err := os.ReadFile(s.stateFile())
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, &s.state)
}

// initialise creates the data folder on the first start. On later starts it returns the stored password and
// port.
func (s *Server) initialise(ctx context.Context, o owner, disposable bool) (state, error) {
	var st state
	raw, err := os.ReadFile(s.stateFile())
	if err == nil && json.Unmarshal(raw, &st) == nil && st.Password != "" {
		if _, err := os.Stat(filepath.Join(s.data, "PG_VERSION")); err == nil {
			return st, nil
		}
	} else if err != nil && !errors.Is(err, os.ErrNotExist) {
		return st, folderError(filepath.Dir(s.data), err)
	}
	if _, err := os.Stat(filepath.Join(s.data, "PG_VERSION")); err == nil {
		return st, fmt.Errorf("the folder %s holds a database but its password file %s is missing; "+
			"restore the file, or move the folder away to start over", s.data, s.stateFile())
	} else if errors.Is(err, os.ErrPermission) {
		return st, folderError(s.data, err)
	}

	// The state file is written last, so an interrupted initdb starts over from an empty folder.
	fresh := s.data + ".new"
	st = state{Password: rand.Text()}
	for _, locale := range []string{"C.UTF-8", "en_US.UTF-8", "C"} {
		if err = s.initdb(ctx, o, fresh, locale, st.Password, disposable); err == nil {
			break
		}
	}
	if err != nil {
		return st, err
	}
	if err := s.saveState(st); err != nil {
		return st, err
	}
	if err := os.RemoveAll(s.data); err != nil {
		return st, folderError(s.data, err)
	}
	if err := os.Rename(fresh, s.data); err != nil {
		return st, folderError(s.data, err)
	}
	return st, nil
}

func (s *Server) initdb(ctx context.Context, o owner, dir, locale, password string, disposable bool) error {
	if err := os.RemoveAll(dir); err != nil {
		return folderError(dir, err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return folderError(dir, err)
	}
	if err := o.chown(dir); err != nil {
		return folderError(dir, err)
	}
	// The password is passed in a file that belongs to the owner, who could not open a pipe of root's.
	file := dir + ".password"
	defer os.Remove(file)
	if err := os.WriteFile(file, []byte(password+"\n"), 0o600); err != nil {
		return folderError(dir, err)
	}
	if err := o.chown(file); err != nil {
		return folderError(dir, err)
	}
	args := []string{"-D", dir, "-U", superuser, "--pwfile=" + file, "--auth=scram-sha-256",
		"--encoding=UTF8", "--locale=" + locale}
	if disposable {
		args = append(args, "--no-sync")
	}
	cmd := o.command("/", s.programs.initdb(), args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := runUntil(ctx, cmd); err != nil {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		return explain(dir, out.String(), err)
	}
	return nil
}

func (s *Server) saveState(st state) error {
	raw, err := json.Marshal(st)
	if err != nil {
		return err
	}
	next := s.stateFile() + ".next"
	if err := os.WriteFile(next, raw, 0o600); err != nil {
		return folderError(filepath.Dir(s.data), err)
	}
	if err := os.Rename(next, s.stateFile()); err != nil {
		return folderError(filepath.Dir(s.data), err)
	}
	return nil
}

// choosePort keeps the previous port if it is free, so that saved addresses stay valid.
func choosePort(remembered int) (int, error) {
	for _, port := range []int{remembered, 0} {
		l, err := net.Listen("tcp4", fmt.Sprintf("127.0.0.1:%d", port))
		if err != nil {
			continue
		}
		defer l.Close()
		return l.Addr().(*net.TCPAddr).Port, nil
	}
	return 0, errors.New("no free port on 127.0.0.1 for Postgres")
}

// explain reduces the output of a Postgres program to one sentence.
func explain(dir, output string, err error) error {
	if strings.Contains(output, "No space left on device") {
		return fullError(dir)
	}
	cause := ""
	for line := range strings.Lines(output) {
		for _, mark := range []string{"FATAL:", "PANIC:", "error:"} {
			if _, after, found := strings.Cut(line, mark); found {
				cause = strings.TrimSpace(after)
			}
		}
	}
	if cause == "" {
		return fmt.Errorf("postgres did not start on %s: %w", dir, err)
	}
	return fmt.Errorf("postgres did not start on %s: %s", dir, cause)
}
