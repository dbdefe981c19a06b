package main

import (
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestNotesAndWhispersNeverReachTheCustomer(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna, sofia := w.works(t, "anna"), w.as(t, "sofia")
	maria := w.customer("Maria Verdi", "393471112233", 0)
	maria.writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	about := func(text string) vars { return vars{"commandId": newID(), "interactionId": id, "text": text} }
	for _, noted := range []answer{
		anna.do(t, "addNote", "NoteInput", "message{id}", about("a note of the owner's")),
		sofia.do(t, "addNote", "NoteInput", "message{id}", about("a note of the supervisor's")),
		sofia.do(t, "addWhisper", "NoteInput", "message{id}", about("a whisper")),
		sofia.do(t, "monitor", "InteractionInput", "interaction{id}", vars{"commandId": newID(), "interactionId": id}),
	} {
		require.Empty(t, noted.code(), noted.raw)
	}
	anna.sends(t, id, "An answer")
	var received string
	require.Eventually(t, func() bool {
		received = fmt.Sprintf("%+v", w.sim.Received())
		return strings.Contains(received, "An answer")
	}, patience, 10*time.Millisecond)
	for _, ours := range []string{"a note", "whisper"} {
		require.NotContains(t, received, ours)
		for _, m := range w.sim.Deliveries() {
			require.NotContains(t, fmt.Sprintf("%+v", m), ours)
		}
	}
	shown := anna.until(t, id, func(i *interactionShown) bool { return len(i.Messages.Edges) == 5 })
	require.Contains(t, strings.Join(shown.texts(), "\n"), "a whisper", "agents see the whisper")
}

// unsealed lists the schemas whose tables hold clear values. Their views for masked viewers are tested
// elsewhere.
var unsealed = []string{"app", "app_data", "masked", "pg_catalog", "information_schema"}

func TestNothingPersonalIsStoredInClear(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	c, a := theCanary(), w.accounts[0]
	anna := w.works(t, "anna")
	body := canaryDelivery(a, c, w.p.now())
	require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body))
	known := knownOf(t, w.as(t, "admin"), c)
	id := known["int"][0]
	assigned := w.as(t, "admin").do(t, "assignInteraction", "AssignInteractionInput", "interaction{id}",
		vars{"commandId": newID(), "interactionId": id, "agentId": "usr_" + w.user(t, "anna").ID})
	require.Empty(t, assigned.code(), assigned.raw)
	anna.sends(t, id, "I write to "+c.email)
	noted := anna.do(t, "addNote", "NoteInput", "message{id}",
		vars{"commandId": newID(), "interactionId": id, "text": "Call " + c.digits})
	require.Empty(t, noted.code(), noted.raw)
	drafted := anna.do(t, "saveDraft", "DraftInput", "interaction{id}",
		vars{"interactionId": id, "text": "Dear " + c.name})
	require.Empty(t, drafted.code(), drafted.raw)
	created := w.as(t, "admin").do(t, "createContact", "CreateContactInput", "contact{id}", vars{
		"commandId": newID(), "listId": known["lst"][0], "firstName": "Zebedee", "lastName": "Quorndon",
		"phones": []string{"+" + c.digits}, "emails": []string{c.email},
	})
	require.Empty(t, created.code(), created.raw)
	w.settle(t)

	db, err := pgx.Connect(t.Context(), string(w.p.cfg.DatabaseURL))
	require.NoError(t, err)
	defer func() { _ = db.Close(t.Context()) }()
	var shown string
	require.NoError(t, db.QueryRow(t.Context(), `SELECT string_agg(m::text, '') FROM app.messages m`).Scan(&shown))
	require.Contains(t, shown, c.digits, "a scan finds the number where it is stored in clear")
	rows, err := db.Query(t.Context(),
		`SELECT table_schema, table_name FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema <> ALL($1)`, unsealed)
	require.NoError(t, err)
	type table struct{ Schema, Name string }
	tables, err := pgx.CollectRows(rows, pgx.RowToStructByPos[table])
	require.NoError(t, err)
	require.True(t, slices.ContainsFunc(tables, func(x table) bool { return x.Schema == "eventlog" }))
	filled := 0
	for _, x := range tables {
		rows, err := db.Query(t.Context(), "SELECT x::text FROM "+pgx.Identifier{x.Schema, x.Name}.Sanitize()+" x")
		require.NoError(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		requireNoCanary(t, c, x.Schema+"."+x.Name, strings.Join(lines, "\n"))
		filled += min(len(lines), 1)
	}
	require.Greater(t, filled, 5)
	var waiting int
	require.NoError(t, db.QueryRow(t.Context(), `SELECT count(*) FROM ops.early_updates`).Scan(&waiting))
	require.Equal(t, 1, waiting, "the scan included an early edit")
	require.NoError(t, filepath.WalkDir(w.p.cfg.DataDir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := os.ReadFile(file)
		if err == nil {
			requireNoCanary(t, c, file, file+"\n"+string(content))
		}
		return err
	}))
}
