package node

import (
	"crypto/sha256"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/devpg"
)

func TestTheVersionOfTheTablesIsRaisedWithEveryChange(t *testing.T) {
	tables := map[int]string{1: "62bde7616cf0890d"}
	require.Equal(t, tables[tablesVersion], fmt.Sprintf("%x", sha256.Sum256([]byte(schemaSQL)))[:16],
		"raise tablesVersion and list its hash here")
}

func TestAnOlderNodeRefusesANewerLog(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), devpg.TestDatabase(t))
	require.NoError(t, err)
	t.Cleanup(func() { closeQuietly(conn) })
	require.NoError(t, migrate(t.Context(), conn))
	require.NoError(t, migrate(t.Context(), conn), "tables of this version are accepted")
	_, err = conn.Exec(t.Context(), fmt.Sprintf("COMMENT ON SCHEMA eventlog IS '%s%d'", versionComment, tablesVersion+1))
	require.NoError(t, err)
	require.ErrorContains(t, migrate(t.Context(), conn), "a newer version of Parley has used this event log")
}
