package node

import (
	"context"
	"fmt"
)

// Positions count up from 1. On a KurrentDB they are byte offsets instead: large, uneven, and valid only
// where an event begins. To let tests find code that relies on counting, a database can ask for positions
// like a KurrentDB's, with
//
//	ALTER DATABASE name SET eventlog.positions = 'wide'
//
// which internal/devpg does for every test's database when PARLEY_TEST_POSITIONS is wide.
const widePositions = "wide"

const firstWide = 2_731 // a KurrentDB begins its log with events of its own

// positionAfter returns the position of the event that follows one in the log.
func positionAfter(head int64, r *record, wide bool) int64 {
	switch {
	case !wide:
		return head + 1
	case head == 0:
		return firstWide
	}
	return head + int64(r.size()) + head%7
}

// loadWide reports whether the database asks for wide positions.
func (p pages) loadWide(ctx context.Context) (bool, error) {
	var setting string
	err := p.pool.QueryRow(ctx, `SELECT coalesce(current_setting('eventlog.positions', true), '')`).Scan(&setting)
	if err != nil {
		return false, fmt.Errorf("read how positions are counted: %w", err)
	}
	return setting == widePositions, nil
}

// checkPosition refuses a position between two events, as a KurrentDB does. Positions that count up have
// nothing in between.
func (r *reader) checkPosition(at int64) error {
	head, _ := r.tail.watch()
	if !r.wide || at <= 0 || at >= head {
		return nil
	}
	found, err := r.pages.after(r.ctx, at-1, 1)
	if err != nil {
		return r.fault(err)
	}
	if len(found) > 0 && found[0].position != at {
		return invalid("Trying to read from an invalid position.")
	}
	return nil
}
