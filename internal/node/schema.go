package node

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed schema.sql
var schemaSQL string

// Advisory lock keys of the node. The first number identifies the node, the second the lock.
const (
	lockSpace  = 0x45564c47 // "EVLG"
	lockGroups = 0x45564c48 // with the hash of a persistent subscription's name
	lockSchema = 1
	lockAppend = 2
)

// tune configures connections for the node. All its queries look up rows by index, so it forbids other plans,
// which a planner without statistics would choose right after a bulk load. The timeouts keep a node that was
// cut off from holding the lock on the end of the log.
func tune(config *pgx.ConnConfig) {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 2 * time.Second
	}
	for name, value := range map[string]string{
		"application_name": "parley node",
		"jit":              "off", "enable_seqscan": "off", "enable_bitmapscan": "off",
		"enable_hashjoin": "off", "enable_mergejoin": "off", "enable_sort": "off",
		"idle_in_transaction_session_timeout": "15s",
		"tcp_keepalives_idle":                 "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
	} {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
}

// tablesVersion is raised with every change of schema.sql.
const tablesVersion = 1

// versionComment precedes the version in the schema's comment.
const versionComment = "Parley event log, version "

// migrate creates or updates the tables unless they have this version. Nodes starting at the same time wait for each
// other. A log with a newer version is refused.
func migrate(ctx context.Context, conn *pgx.Conn) error {
	current, err := storedVersion(ctx, conn)
	switch {
	case err != nil || current == tablesVersion:
		return err
	case current > tablesVersion:
		return fmt.Errorf("a newer version of Parley has used this event log: it has version %d of the tables, and this "+
			"program knows %d. Start the version that ran last, or restore a backup from before the upgrade", current, tablesVersion)
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return fmt.Errorf("create event log tables: %w", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1, $2)", int32(lockSpace), int32(lockSchema)); err != nil {
		return fmt.Errorf("lock event log tables: %w", err)
	}
	// The extended protocol runs one statement at a time. The script is a constant without parameters.
	script := fmt.Sprintf("%s; COMMENT ON SCHEMA eventlog IS '%s%d'", schemaSQL, versionComment, tablesVersion)
	if _, err := tx.Conn().PgConn().Exec(ctx, script).ReadAll(); err != nil {
		return fmt.Errorf("create event log tables: %w", err)
	}
	return tx.Commit(ctx)
}

// storedVersion returns the version of the tables in the database, or 0 if there are none.
func storedVersion(ctx context.Context, conn *pgx.Conn) (int, error) {
	var comment *string
	err := conn.QueryRow(ctx, `SELECT obj_description(to_regnamespace('eventlog'), 'pg_namespace')`).Scan(&comment)
	if err != nil {
		return 0, fmt.Errorf("look for event log tables: %w", err)
	}
	if comment == nil {
		return 0, nil
	}
	version, _ := strconv.Atoi(strings.TrimPrefix(*comment, versionComment)) // 0 for any other comment
	return version, nil
}
