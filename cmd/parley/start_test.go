package main

import (
	"bytes"
	"io"
	"maps"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/audit"
	"parley/domain/user"
	"parley/internal/process"
)

func TestStartingWithoutADatabaseFailsWithAMessage(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	cfg.DatabaseURL = "postgres://nobody@127.0.0.1:1/nothing?sslmode=disable"
	p, err := build(t.Context(), cfg, process.NewLog(new(logBook), "info"))
	require.Nil(t, p)
	require.ErrorContains(t, err, "migrate the database")
}

func TestOperatorCommandsWorkWhileAServerUsesAFixedNodePort(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	node, err := url.Parse(w.p.storeURL)
	require.NoError(t, err)
	output, err := w.operate(t, map[string]string{"PARLEY_NODE_LISTEN": node.Host}, "token", "create", "anna", "a", "program")
	require.NoError(t, err)
	require.Contains(t, output, "parley_")
}

// operate runs a subcommand next to the server and returns what it printed.
func (w *world) operate(t *testing.T, settings map[string]string, args ...string) (string, error) {
	t.Helper()
	all := map[string]string{
		"DATABASE_URL": string(w.p.cfg.DatabaseURL), "PARLEY_DATA_DIR": w.p.cfg.DataDir, "PARLEY_LOG_LEVEL": "error",
	}
	maps.Copy(all, settings)
	var output bytes.Buffer
	err := run(t.Context(), args, func(name string) string { return all[name] }, &output, io.Discard)
	return output.String(), err
}

func TestAnOperatorsReadsOfTheLogAreRecordedWithTheirName(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	_, err := w.operate(t, nil, "events", "export")
	require.NoError(t, err)
	stream := user.Decider.Stream(w.user(t, "anna").ID)
	output, err := w.operate(t, nil, "events", "history", stream)
	require.NoError(t, err)
	require.Contains(t, output, stream)

	operator := operatorName(func(string) string { return "" })
	require.Regexp(t, `.@.`, operator)
	var exported, read bool
	for _, e := range w.events(t) {
		switch e := e.Event.(type) {
		case audit.Exported:
			exported = exported || e.Operator == operator && e.Kind == "events" && e.By == ""
		case audit.HistoryRead:
			read = read || e.Operator == operator && e.Stream == stream && e.By == ""
		}
	}
	require.True(t, exported, "the export left no event")
	require.True(t, read, "the reading left no event")
}

func TestACopyFromOrToADeadAddressFailsAndNamesTheSide(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	dead := "esdb://127.0.0.1:1?tls=false"
	_, err := w.operate(t, nil, "events", "copy", dead, w.p.storeURL)
	require.ErrorContains(t, err, "the source does not answer")
	_, err = w.operate(t, nil, "events", "copy", w.p.storeURL, dead)
	require.ErrorContains(t, err, "the target does not answer")
	require.ErrorContains(t, err, "127.0.0.1:1")
}
