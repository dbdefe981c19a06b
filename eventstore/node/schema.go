package node

import (
	"context"
	_ "embed"
	"fmt"

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
