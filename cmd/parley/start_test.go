package main

import (
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
