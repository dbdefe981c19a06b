package engine

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"parley/eventstore"
)

// During a rolling upgrade the leader may be of an older version and stop read models at events it cannot read.
// A follower that can read them then holds the handover lock until it leads. While it is held, nobody else
// becomes the leader, and the present one gives up. Both locks end with their connection.

const (
	tryHandoverSQL = `SELECT pg_try_advisory_lock(hashtextextended('parley projector handover', 0))`
	endHandoverSQL = `SELECT pg_advisory_unlock(hashtextextended('parley projector handover', 0))`
	handoverSQL    = `EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted
		AND (classid::bigint << 32 | objid::bigint) = hashtextextended('parley projector handover', 0)
		AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
		AND pid <> pg_backend_pid())`
	tryLeadSQL = `SELECT CASE WHEN ` + handoverSQL + ` THEN false
		ELSE pg_try_advisory_lock(hashtextextended('parley projector', 0)) END`
)

// errHandover reports that a process of a newer version wants to lead.
var errHandover = errors.New("a newer version of the program takes over")

// follower waits on one connection to become the leader.
type follower struct {
	config Config
	conn   *pgx.Conn
	// unread are the events at which read models are stopped and that this version cannot read either.
	unread map[eventstore.Position]bool
	claims bool // holds the handover lock
}

// waitToLead returns nil once this process leads.
func (f *follower) waitToLead(ctx context.Context) error {
	for {
		var leads bool
		if err := f.conn.QueryRow(ctx, tryLeadSQL).Scan(&leads); err != nil {
			return err
		}
		if leads {
			_, err := f.conn.Exec(ctx, endHandoverSQL) // no error if it is not held
			return err
		}
		if err := f.claimIfNewer(ctx); err != nil {
			return err
		}
		if !sleep(ctx, standbyInterval) {
			return ctx.Err()
		}
	}
}

// claimIfNewer takes the handover lock if this version can read an event that stopped a read model.
func (f *follower) claimIfNewer(ctx context.Context) error {
	if f.claims {
		return nil
	}
	rows, err := f.conn.Query(ctx, `SELECT DISTINCT commit_position, prepare_position FROM app_data.checkpoints
		WHERE state = 'STOPPED' AND problem LIKE 'UNKNOWN_EVENT %'`)
	if err != nil {
		return err
	}
	stopped, err := pgx.CollectRows(rows, pgx.RowToStructByPos[eventstore.Position])
	if err != nil {
		return err
	}
	for _, at := range stopped {
		if f.unread[at] {
			continue
		}
		readable, err := f.canReadNext(ctx, at)
		if err != nil {
			return nil // the event store does not answer; the next round tries again
		}
		if !readable {
			f.unread[at] = true
			continue
		}
		return f.conn.QueryRow(ctx, tryHandoverSQL).Scan(&f.claims)
	}
	return nil
}

// canReadNext reports whether this version can read the first event after a position.
func (f *follower) canReadNext(ctx context.Context, after eventstore.Position) (bool, error) {
	for e, err := range f.config.Store.ReadAll(ctx, after) {
		_, unknown := e.Event.(eventstore.Unknown)
		return err == nil && !unknown, err
	}
	return false, nil
}

// checkHandover returns errHandover if a newer version wants to lead.
func (l *leader) checkHandover(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var wanted bool
	if err := l.conn.QueryRow(ctx, `SELECT `+handoverSQL).Scan(&wanted); err != nil {
		return err
	}
	if wanted {
		return errHandover
	}
	return nil
}
