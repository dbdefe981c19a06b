package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/graphql"
	"parley/internal/auth"
	"parley/internal/database"
	"parley/internal/httpserver"
	"parley/internal/process"
)

func TestLogsHoldTheDatabasesCodeAndNotItsText(t *testing.T) {
	t.Parallel()
	var said logBook
	log := process.NewLog(&said, "info")
	db, err := database.Open(t.Context(), emptyDatabase(t), database.Pools{})
	require.NoError(t, err)
	defer db.Close()
	quoting := func(name string) error {
		_, err := db.Clear.Exec(t.Context(), `SELECT '`+name+`'::uuid`)
		require.ErrorContains(t, err, name)
		return err
	}
	log.Error("it failed", "error", fmt.Errorf("read contacts: %w", quoting("Maria")))
	log.Warn("it failed twice", "error", errors.Join(fmt.Errorf("and also: %w", quoting("Verdi")),
		context.Canceled, quoting("Rossi")))
	log.Info("it failed elsewhere", "error", errors.New("no such provider"))
	for _, name := range []string{"Maria", "Verdi", "Rossi", "invalid input"} {
		require.NotContains(t, said.String(), name)
	}
	require.Contains(t, said.String(), `"error":"read contacts: SQLSTATE 22P02"`)
	require.Contains(t, said.String(), `and also: SQLSTATE 22P02\ncontext canceled\nSQLSTATE 22P02`)
	require.Contains(t, said.String(), "no such provider")
}

func TestAnUnauthenticatedRequestIsLoggedWithoutValues(t *testing.T) {
	t.Parallel()
	var said logBook
	db, err := database.Open(t.Context(), emptyDatabase(t), database.Pools{})
	require.NoError(t, err)
	defer db.Close()
	_, err = db.Clear.Exec(t.Context(), `
		CREATE FUNCTION ops.refuse() RETURNS trigger LANGUAGE plpgsql
		AS $$ BEGIN RAISE 'no row for %', OLD.user_id USING DETAIL = OLD.user_id; END $$;
		CREATE TRIGGER refuse BEFORE UPDATE ON ops.tokens FOR EACH ROW EXECUTE FUNCTION ops.refuse()`)
	require.NoError(t, err)
	sessions := auth.New(db.Clear, process.Clock())
	token, _, err := sessions.CreateToken(t.Context(), newToken("Maria", "AGENT"))
	require.NoError(t, err)
	r := httptest.NewRequest(http.MethodPost, "/graphql", nil)
	r.Header.Set("Authorization", "Bearer "+token)
	w := httptest.NewRecorder()
	server := &httpserver.Server{Auth: sessions, Viewers: graphql.NewViewers(db), Now: process.Clock(),
		Log: process.NewLog(&said, "info")}
	server.Handler([]httpserver.Route{{Pattern: "/graphql", Rule: httpserver.API,
		Handler: http.NotFoundHandler()}}).ServeHTTP(w, r)
	require.Equal(t, http.StatusServiceUnavailable, w.Code)
	require.Contains(t, said.String(), "SQLSTATE P0001")
	require.NotContains(t, said.String(), "Maria")
}
