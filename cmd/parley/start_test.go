package main

import (
	"bytes"
	"io"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestAStartWithoutADatabaseFailsWithASentence(t *testing.T) {
	t.Parallel()
	cfg := testConfig(t)
	cfg.DatabaseURL = "postgres://nobody@127.0.0.1:1/nothing?sslmode=disable"
	p, err := build(t.Context(), cfg, newLog(new(logBook), "info"))
	require.Nil(t, p)
	require.ErrorContains(t, err, "migrate the database")
}

func TestAnOperatorsCommandsWorkBesideAServerWhoseNodeHasAFixedPort(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	node, err := url.Parse(w.p.node.URL())
	require.NoError(t, err)
	settings := map[string]string{
		"DATABASE_URL": string(w.p.cfg.DatabaseURL), "PARLEY_DATA_DIR": w.p.cfg.DataDir, "PARLEY_LOG_LEVEL": "error", "PARLEY_NODE_LISTEN": node.Host,
	}
	var said bytes.Buffer
	require.NoError(t, run(t.Context(), []string{"token", "create", "anna", "a", "program"}, func(name string) string { return settings[name] }, &said, io.Discard))
	require.Contains(t, said.String(), "parley_")
}
