package node

import (
	"context"
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

// migrate makes the tables of the log. Nodes that start at the same time wait for each other.
func migrate(ctx context.Context, conn *pgx.Conn) error {
	tx, err := conn.Begin(ctx)
	if err != nil {
		return fmt.Errorf("make event log tables: %w", err)
	}
	defer tx.Rollback(context.WithoutCancel(ctx))
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1, $2)", int32(lockSpace), int32(lockSchema)); err != nil {
		return fmt.Errorf("lock event log tables: %w", err)
	}
	// The extended protocol takes one statement at a time; the script is ours and has no parameters.
	if _, err := tx.Conn().PgConn().Exec(ctx, schemaSQL).ReadAll(); err != nil {
		return fmt.Errorf("make event log tables: %w", err)
	}
	return tx.Commit(ctx)
}
