package node

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

//go:embed schema.sql
var schemaSQL string

// Advisory lock keys of the node. The first number says they are ours, the second which.
const (
	lockSpace  = 0x45564c47 // "EVLG"
	lockGroups = 0x45564c48 // with the hash of a persistent subscription's name
	lockSchema = 1
	lockAppend = 2
)

// tune fits connections to what the node does. All its queries look up rows by an index; a planner without
// statistics, as right after a bulk load, must not think otherwise. A node whose machine is cut off must not hold the
// lock on the end of the log for longer than this.
func tune(config *pgx.ConnConfig) {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 2 * time.Second
	}
	for name, value := range map[string]string{
		"application_name": "parley node",
		"jit":              "off", "enable_seqscan": "off", "enable_bitmapscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "enable_sort": "off",
		"idle_in_transaction_session_timeout": "15s",
		"tcp_keepalives_idle":                 "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3",
	} {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
}

// migrate makes the tables of the log unless they are there as this program wants them, which the schema's comment
// tells. Nodes that start at the same time wait for each other.
func migrate(ctx context.Context, conn *pgx.Conn) error {
	version := fmt.Sprintf("Parley event log, tables %x", sha256.Sum256([]byte(schemaSQL)))
	current, err := schemaVersion(ctx, conn)
	if err != nil || current == version {
		return err
	}
	tx, err := conn.Begin(ctx)
	if err != nil {
		return fmt.Errorf("make event log tables: %w", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1, $2)", int32(lockSpace), int32(lockSchema)); err != nil {
		return fmt.Errorf("lock event log tables: %w", err)
	}
	// The extended protocol takes one statement at a time; the script is ours and has no parameters.
	script := schemaSQL + "; COMMENT ON SCHEMA eventlog IS '" + version + "'"
	if _, err := tx.Conn().PgConn().Exec(ctx, script).ReadAll(); err != nil {
		return fmt.Errorf("make event log tables: %w", err)
	}
	return tx.Commit(ctx)
}

func schemaVersion(ctx context.Context, conn *pgx.Conn) (string, error) {
	var version *string
	err := conn.QueryRow(ctx, `SELECT obj_description(to_regnamespace('eventlog'), 'pg_namespace')`).Scan(&version)
	if err != nil {
		return "", fmt.Errorf("look for event log tables: %w", err)
	}
	if version == nil {
		return "", nil
	}
	return *version, nil
}
