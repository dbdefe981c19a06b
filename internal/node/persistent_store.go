package node

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// groupKey identifies a persistent subscription: a stream or $all, and the group on it.
type groupKey struct{ source, name string }

// parkedStream names the stream that links to messages no consumer could handle.
func (k groupKey) parkedStream() string {
	return "$persistentsubscription-" + k.source + "::" + k.name + "-parked"
}

// checkpointStream names the stream that shows how far the group has got. The group itself starts from its row.
func (k groupKey) checkpointStream() string {
	return "$persistentsubscription-" + k.source + "::" + k.name + "-checkpoint"
}

// groupRow is a persistent subscription as stored in the database.
type groupRow struct {
	key        groupKey
	settings   groupSettings
	checkpoint int64
}

// groupRows stores the persistent subscriptions.
type groupRows struct{ pool *pgxpool.Pool }

var (
	errGroupExists  = errors.New("group exists")
	errGroupMissing = errors.New("group does not exist")
)

func (g groupRows) create(ctx context.Context, row groupRow) error {
	settings, err := json.Marshal(row.settings)
	if err != nil {
		return err
	}
	_, err = g.pool.Exec(ctx,
		`INSERT INTO eventlog.subscription_groups (source, name, settings, checkpoint) VALUES ($1, $2, $3, $4)`,
		row.key.source, row.key.name, settings, row.checkpoint)
	if known := new(pgconn.PgError); errors.As(err, &known) && known.Code == "23505" {
		return errGroupExists
	}
	return err
}

func (g groupRows) update(ctx context.Context, key groupKey, change func(groupSettings) groupSettings) error {
	row, err := g.load(ctx, key)
	if err != nil {
		return err
	}
	settings, err := json.Marshal(change(row.settings))
	if err != nil {
		return err
	}
	_, err = g.pool.Exec(ctx,
		`UPDATE eventlog.subscription_groups SET settings = $3 WHERE source = $1 AND name = $2`,
		key.source, key.name, settings)
	return err
}

func (g groupRows) delete(ctx context.Context, key groupKey) error {
	tag, err := g.pool.Exec(ctx, `DELETE FROM eventlog.subscription_groups WHERE source = $1 AND name = $2`,
		key.source, key.name)
	if err == nil && tag.RowsAffected() == 0 {
		return errGroupMissing
	}
	return err
}

func (g groupRows) load(ctx context.Context, key groupKey) (groupRow, error) {
	rows, err := g.query(ctx, `WHERE source = $1 AND name = $2`, key.source, key.name)
	if err != nil {
		return groupRow{}, err
	}
	if len(rows) == 0 {
		return groupRow{}, errGroupMissing
	}
	return rows[0], nil
}

// list returns the groups of one source, or all groups if source is empty.
func (g groupRows) list(ctx context.Context, source string) ([]groupRow, error) {
	return g.query(ctx, `WHERE $1 = '' OR source = $1 ORDER BY source, name`, source)
}

func (g groupRows) query(ctx context.Context, where string, args ...any) ([]groupRow, error) {
	found, err := g.pool.Query(ctx,
		`SELECT source, name, settings, checkpoint FROM eventlog.subscription_groups `+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read subscription groups: %w", err)
	}
	return pgx.CollectRows(found, func(row pgx.CollectableRow) (groupRow, error) {
		var r groupRow
		var settings []byte
		if err := row.Scan(&r.key.source, &r.key.name, &settings, &r.checkpoint); err != nil {
			return r, err
		}
		return r, json.Unmarshal(settings, &r.settings)
	})
}

// lease is the right to run a group. One process at a time holds it, as long as its connection lives.
// Checkpoints are saved over the same connection, so a process that lost the lease cannot move them.
type lease struct {
	conn *pgx.Conn
	key  groupKey
}

var errLeased = errors.New("another node runs this group")

func takeLease(ctx context.Context, config *pgx.ConnConfig, key groupKey) (*lease, error) {
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("connect event log: %w", err)
	}
	var taken bool
	err = conn.QueryRow(ctx, `SELECT pg_try_advisory_lock($1, hashtext($2))`, int32(lockGroups),
		key.parkedStream()).Scan(&taken)
	if err == nil && !taken {
		err = errLeased
	}
	if err != nil {
		closeQuietly(conn)
		return nil, err
	}
	return &lease{conn: conn, key: key}, nil
}

func (l *lease) save(ctx context.Context, checkpoint int64) error {
	_, err := l.conn.Exec(ctx,
		`UPDATE eventlog.subscription_groups SET checkpoint = $3 WHERE source = $1 AND name = $2`,
		l.key.source, l.key.name, checkpoint)
	return err
}

func (l *lease) alive(ctx context.Context) error { return l.conn.Ping(ctx) }

func (l *lease) release() { closeQuietly(l.conn) }
