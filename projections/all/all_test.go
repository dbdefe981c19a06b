package all_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/database"
	"parley/projections/all"
	"parley/projections/projectionstest"
)

func TestClearAndMaskedViewersCanReadTheSameViews(t *testing.T) {
	db := projectionstest.Open(t, all.Models())
	// Only the program reads the jobs of file downloads and the setting for masking.
	internal := map[string]bool{"media_jobs": true, "masking": true}
	rows, err := db.Clear.Query(t.Context(), `SELECT viewname FROM pg_views WHERE schemaname = 'app' ORDER BY viewname`)
	require.NoError(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Greater(t, len(names), 20)
	for _, name := range names {
		if internal[name] {
			continue
		}
		require.Equal(t, columnsOf(t, db.Clear, name), columnsOf(t, db.Masked, name), name)
	}
}

func TestAnAnalystCanReadEveryMaskedView(t *testing.T) {
	db := projectionstest.Open(t, all.Models())
	analyst := projectionstest.Analyst(t, db)
	rows, err := db.Clear.Query(t.Context(), `SELECT 'masked.' || viewname FROM pg_views WHERE schemaname = 'masked' ORDER BY 1`)
	require.NoError(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Greater(t, len(names), 20)
	for _, name := range names {
		require.NotEmpty(t, columnsOf(t, analyst, name), name)
	}
}

func columnsOf(t *testing.T, q database.Querier, view string) string {
	t.Helper()
	rows, err := q.Query(t.Context(), "SELECT * FROM "+view)
	require.NoError(t, err, view)
	var names []string
	for _, f := range rows.FieldDescriptions() {
		names = append(names, f.Name)
	}
	rows.Close()
	require.NoError(t, rows.Err(), view)
	return strings.Join(names, ", ")
}
