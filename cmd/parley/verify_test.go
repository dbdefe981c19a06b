package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/projections/engine"
)

func TestVerifyChecksTheLogAgainstTheInvariants(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	w.customer("Maria Verdi", "393471112233", 0).writes(t, "Good morning!")
	w.works(t, "anna").accepts(t, "Good morning!")
	settings := map[string]string{"DATABASE_URL": string(w.p.cfg.DatabaseURL),
		"PARLEY_DATA_DIR": w.p.cfg.DataDir, "PARLEY_LOG_LEVEL": "error"}
	verify := func(args ...string) (string, error) {
		var out, problems bytes.Buffer
		err := run(t.Context(), append([]string{"verify"}, args...),
			func(name string) string { return settings[name] }, &out, &problems)
		return out.String(), err
	}

	output, err := verify()
	require.NoError(t, err)
	require.Contains(t, output, "an interaction has at most one owner")
	require.Contains(t, output, "read models match the fold of the log")

	ledger := filepath.Join(t.TempDir(), "ledger")
	require.NoError(t, os.WriteFile(ledger, []byte(`{"message":"wamid.lost","acked":true}`+"\n"), 0o600))
	output, err = verify("--ledger", ledger)
	require.EqualError(t, err, "invariants violated: 1")
	require.Contains(t, output, "everything acknowledged is in the log: message wamid.lost")

	require.NoError(t, os.WriteFile(ledger, []byte("nonsense\n"), 0o600))
	_, err = verify("--ledger", ledger)
	require.ErrorContains(t, err, "line 1")
}

func TestAStoppedReadModelIsSkippedByTheListedPosition(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	operate := func(args ...string) (string, error) {
		var out, problems bytes.Buffer
		settings := map[string]string{"DATABASE_URL": string(w.p.cfg.DatabaseURL),
			"PARLEY_DATA_DIR": w.p.cfg.DataDir, "PARLEY_LOG_LEVEL": "error"}
		err := run(t.Context(), append([]string{"projections"}, args...),
			func(name string) string { return settings[name] }, &out, &problems)
		return out.String(), err
	}
	w.settle(t)
	_, err := w.p.db.Clear.Exec(t.Context(),
		`UPDATE app_data.checkpoints SET problem = 'BROKEN', problem_position = 4711 WHERE name = 'offers_v2'`)
	require.NoError(t, err)
	output, err := operate("list")
	require.NoError(t, err)
	require.Regexp(t, `(?m)^offers_v2 .* 4711 +BROKEN$`, output)
	_, err = operate("skip", "offers_v2", "C:4711/P:4711", "broken")
	require.ErrorContains(t, err, "`projections list`")
	_, err = operate("skip", "offers_v2", "4710", "broken")
	require.ErrorIs(t, err, engine.ErrNotStopped)
	_, err = operate("skip", "offers_v2", "4711", "broken")
	require.NoError(t, err)
}
