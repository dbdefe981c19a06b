package devpg

import (
	"context"
	"errors"
	"fmt"
	"time"
)

const (
	maxRestarts = 5
	calmAfter   = time.Minute // without another end, the restarts are forgotten
)

// Keep starts the server again whenever it ends unexpectedly, until ctx ends. Everything that uses the server
// reconnects, because the port and the password stay the same. Keep returns an error for the person who started
// Parley if the server cannot be started again.
func (s *Server) Keep(ctx context.Context) error {
	restarts := 0
	for {
		began := time.Now()
		if !s.waitForEnd(ctx) {
			return nil
		}
		if time.Since(began) > calmAfter {
			restarts = 0
		}
		if restarts++; restarts > maxRestarts {
			return fmt.Errorf("postgres ended %d times in a row; see %s, then start Parley again", restarts, s.logFile())
		}
		s.log.Warn("postgres ended unexpectedly and is started again", "pid", s.pid)
		err := s.restart(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return fmt.Errorf("postgres ended unexpectedly: %w; start Parley again, the data is safe", s.Explain(err))
		}
		s.log.Info("postgres runs again", "pid", s.pid)
	}
}

func (s *Server) restart(ctx context.Context) error {
	port := s.state.Port
	if err := s.run(ctx); err != nil {
		return err
	}
	if s.state.Port != port {
		return errors.Join(fmt.Errorf("another program took its port %d", port), interrupt(s.pid))
	}
	return nil
}

// waitForEnd waits until the server has ended, and returns false if ctx ends first.
func (s *Server) waitForEnd(ctx context.Context) bool {
	for s.exited == nil { // adopted: not a child of this process
		select {
		case <-time.After(time.Second):
			if s.gone() {
				return true
			}
		case <-ctx.Done():
			return false
		}
	}
	select {
	case <-s.exited:
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}
