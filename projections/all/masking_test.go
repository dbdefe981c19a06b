package all_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/projections"
	"parley/projections/all"
	"parley/projections/projectionstest"
)

func TestEveryColumnIsDeclaredOpenOrMasked(t *testing.T) {
	for _, m := range all.Models() {
		require.NoError(t, m.Check(), m.Name)
	}
}

// The words of a message with nothing to mask are the only clear value of a masked column in the schema
// masked.
func TestMaskedViewsUseClearValuesInOnePlaceOnly(t *testing.T) {
	var found []string
	clear := regexp.MustCompile(`\{clear:[^}]*\}`)
	for _, m := range all.Models() {
		for _, v := range m.Views {
			if clear.MatchString(v.Masked) {
				found = append(found, v.Name)
			}
		}
	}
	require.Equal(t, []string{"message_words"}, found)
}

// Values for masked columns, one for each kind of mask. None may be visible while the policy hides
// everything.
const (
	secretText = "+39 392 741 8365 zebedee.quorndon@canarymail.example"
	secretJSON = `[{"name": "Zebedee", "phones": ["+393927418365"], "new": "zebedee.quorndon@canarymail.example"}]`
)

// canary returns the SQL for a column's test value.
func canary(d projections.Declaration) string {
	switch text := map[bool]string{true: secretText, false: "open"}[d.Masked()]; d.Type {
	case "text":
		return "'" + text + "'"
	case "text[]":
		return "ARRAY['" + text + "']"
	case "jsonb":
		if d.Masked() {
			return "'" + secretJSON + "'"
		}
		return "'{}'"
	case "bytea":
		return "'" + text + "'::bytea"
	case "bool":
		return "true"
	case "timestamptz":
		return "now()"
	}
	return "1"
}

func TestNoMaskedViewShowsTheValueOfAMaskedColumn(t *testing.T) {
	models := all.Models()
	db := projectionstest.Open(t, models)
	masked := 0
	for _, m := range models {
		for _, table := range m.Tables {
			var values []string
			for _, d := range table.Declarations() {
				if d.Name == "masked_words" { // the fold has left out what masked viewers must not find
					values = append(values, "' words '")
					continue
				}
				values = append(values, canary(d))
				if d.Masked() {
					masked++
				}
			}
			if table.TableName() == "policy_v1" {
				continue // without a policy everything is hidden
			}
			_, err := db.Clear.Exec(t.Context(), fmt.Sprintf("INSERT INTO %s VALUES (%s)",
				projections.Physical(table.TableName(), 1), strings.Join(values, ", ")))
			require.NoError(t, err, table.TableName())
		}
	}
	require.Greater(t, masked, 30)
	rows, err := db.Masked.Query(t.Context(),
		`SELECT viewname FROM pg_views WHERE schemaname = 'masked' ORDER BY viewname`)
	require.NoError(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Greater(t, len(names), 15)
	for _, name := range names {
		rows, err := db.Masked.Query(t.Context(), "SELECT v::text FROM masked."+name+" v")
		require.NoError(t, err, name)
		shown, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err, name)
		for _, secret := range []string{"Zebedee", "zebedee", "canarymail", "8365", "3938", "5a65626564"} {
			require.NotContains(t, strings.Join(shown, "\n"), secret, name)
		}
	}
}
