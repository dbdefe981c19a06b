package main

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"parley/internal/testwait"
)

// searches runs n searches of a user at once, and returns the code of each answer, "" for a page.
func (c client) searches(ctx context.Context, n int) <-chan string {
	codes := make(chan string, n)
	for range n {
		go func() {
			body := `{"query":"{contacts(filter:{search:\"nobody by this name\"}){edges{node{id}}}}"}`
			r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url+"/graphql", strings.NewReader(body))
			if err != nil {
				codes <- err.Error()
				return
			}
			r.Header = c.header.Clone()
			r.Header.Set("Content-Type", "application/json")
			res, err := http.DefaultClient.Do(r)
			if err != nil {
				codes <- err.Error()
				return
			}
			defer res.Body.Close()
			raw, err := io.ReadAll(res.Body)
			if err != nil {
				codes <- err.Error()
				return
			}
			var a answer
			if err := json.Unmarshal(raw, &a); err != nil {
				codes <- err.Error()
				return
			}
			codes <- a.code()
		}()
	}
	return codes
}

func TestOneUsersEndlessSearchesDoNotBlockOthersAndEndWhenTheirClientsLeave(t *testing.T) {
	t.Parallel()
	w := startWorld(t, "anna")
	conn, err := pgx.Connect(t.Context(), string(w.p.cfg.DatabaseURL))
	require.NoError(t, err)
	defer conn.Close(context.Background())
	waiting := func() (n int) {
		require.NoError(t, w.p.db.Work.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%name_text LIKE%'`).Scan(&n))
		return n
	}
	// A locked table stands for searches that take long.
	_, err = conn.Exec(t.Context(), `BEGIN; LOCK TABLE app.contacts IN ACCESS EXCLUSIVE MODE`)
	require.NoError(t, err)

	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	codes := w.as(t, "ben").searches(ctx, 48)
	require.Eventually(t, func() bool { return waiting() > 0 }, testwait.Limit, 10*time.Millisecond)
	require.Equal(t, "TOO_MANY_AT_ONCE", <-codes)
	require.LessOrEqual(t, waiting(), 1, "one search of a user at a time")

	require.Empty(t, w.as(t, "anna").ask(t, "{interactions{edges{node{id}}} queues{id}}", nil).code())
	w.signIn(t, "anna", w.passwords["anna"])

	hangUp()
	for range 47 {
		<-codes
	}
	require.Eventually(t, func() bool { return waiting() == 0 }, testwait.Limit, 10*time.Millisecond)
	_, err = conn.Exec(t.Context(), `ROLLBACK`)
	require.NoError(t, err)
	require.Empty(t, <-w.as(t, "ben").searches(t.Context(), 1), "and may search again")
}
