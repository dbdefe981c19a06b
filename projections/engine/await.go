package engine

import (
	"context"
	"time"

	"parley/eventstore"
)

// Await waits until the read models have folded the event at a position, ctx ends or AwaitLimit passes, and
// reports whether they have. Either way the command succeeded. It does not wait for a stopped read model.
// For an unknown one, such as an older version, it always returns false.
func (l *Listener) Await(ctx context.Context, position eventstore.Position, models ...string) bool {
	var timeout <-chan time.Time
	for {
		l.mu.Lock()
		result, updated := l.awaitState(position, models), l.updated
		l.mu.Unlock()
		if result != pending {
			return result == reached
		}
		if timeout == nil {
			timer := time.NewTimer(AwaitLimit)
			defer timer.Stop()
			timeout = timer.C
		}
		select {
		case <-updated:
		case <-timeout:
			return false
		case <-ctx.Done():
			return false
		}
	}
}

type awaitResult int

const (
	pending awaitResult = iota
	reached
	unreachable
)

// awaitState compares the read models with a position. Callers hold the lock.
func (l *Listener) awaitState(position eventstore.Position, models []string) awaitResult {
	switch {
	case position.IsZero():
		return reached
	case l.checkpoints == nil:
		return pending // the checkpoints have not been read yet
	}
	for _, name := range models {
		s, known := l.checkpoints[name]
		switch {
		case !known:
			return pending // it may be created later, by another process
		case s.state != Running && s.at.Commit < position.Commit:
			return unreachable
		}
	}
	if l.progress.at.Commit < position.Commit {
		return pending
	}
	return reached
}
