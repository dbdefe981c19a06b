package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	gql "github.com/99designs/gqlgen/graphql"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"parley/domain/user"
)

// asked records the database statements of requests. Statements of background work do not count.
type asked struct {
	mu  sync.Mutex
	all []string
}

func (a *asked) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if gql.HasOperationContext(ctx) && !aboutTheViewer(q.SQL) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.all = append(a.all, strings.Join(strings.Fields(q.SQL), " "))
	}
	return ctx
}

func (*asked) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (a *asked) take() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	taken := a.all
	a.all = nil
	slices.Sort(taken) // concurrent loads come in any order
	return taken
}

// aboutTheViewer reports whether a statement only loads the viewer, which is cached and so falls on one
// request or another.
func aboutTheViewer(sql string) bool {
	return strings.Contains(sql, "FROM queues WHERE $1 = ANY(members)") ||
		strings.Contains(sql, "FROM accounts WHERE settings->>'queueId' = ANY") ||
		strings.Contains(sql, "FROM users WHERE id = ANY($1)") || strings.Contains(sql, "ops.tokens")
}

// watched serves the program again, with pools that record their statements.
func (w *world) watched(t *testing.T) (url string, done *asked) {
	t.Helper()
	done = &asked{}
	pool := func(of *pgxpool.Pool) *pgxpool.Pool {
		c := of.Config()
		c.ConnConfig.Tracer = done
		p, err := pgxpool.NewWithConfig(t.Context(), c)
		require.NoError(t, err)
		t.Cleanup(p.Close)
		return p
	}
	p := *w.p
	p.db.Clear, p.db.Masked = pool(w.p.db.Clear), pool(w.p.db.Masked)
	uploads, drafts := *p.uploads, *p.drafts
	uploads.Pool, uploads.DB, drafts.Pool = p.db.Clear, p.db, p.db.Clear
	p.uploads, p.drafts = &uploads, &drafts
	server := httptest.NewServer(p.handler())
	t.Cleanup(server.Close)
	return server.URL, done
}

// Times cannot be compared on a busy machine, so this compares the statements.
func TestAForeignIDGetsTheSameAnswerAndWorkAsAMissingOne(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	ours, theirs := w.realm(t, "A"), w.realm(t, "B")
	w.settle(t)
	url, done := w.watched(t)
	me := ours.agent
	me.url = url
	s := theSchema()
	nothing := newID() // the same in every request, because answers may repeat it
	own := func(argument string) string {
		kind := kindOf(argument)
		if ids := ours.ids[kind]; len(ids) > 0 {
			return ids[0]
		}
		if kind == "" {
			return nothing
		}
		return kind + "_" + nothing
	}
	nobody := make(map[string]string) // by kind: ids of nothing, requested as often as the foreign ones
	for kind := range theirs.ids {
		nobody[kind] = kind + "_" + newID()
	}
	tried := 0
	for _, p := range paths(t, s) {
		if p.operation == "subscription" || !slices.Contains(mayCall[user.Agent], p.right) {
			continue
		}
		for _, place := range idPlaces(s, p) {
			argument := place.way[len(place.way)-1]
			for _, kind := range slices.Sorted(maps.Keys(theirs.ids)) {
				if wanted := kindOf(argument); wanted != "" && wanted != kind {
					continue
				}
				foreign := theirs.ids[kind][0]
				ask := func(id string) (reply string, work []string) {
					done.take()
					a := me.ask(t, p.document(s), place.with(s, id, own))
					return strings.ReplaceAll(a.raw, id, "ID"), done.take()
				}
				tried++
				// Data that desktops share is cached until it changes, which may happen just now.
				var replyMissing, replyForeign string
				var missingWork, foreignWork []string
				for range 3 {
					ask(kind + "_" + newID())
					replyMissing, missingWork = ask(nobody[kind])
					replyForeign, foreignWork = ask(foreign)
					if slices.Equal(missingWork, foreignWork) {
						break
					}
				}
				about := []any{"%s %v %s", p.field.Name, place.way, foreign}
				require.Equal(t, replyMissing, replyForeign, about...)
				require.Equal(t, missingWork, foreignWork, about...)
			}
		}
	}
	require.Greater(t, tried, 40)
}

func TestAListReadsItsDraftsInOneQueryAndOnlyOnRequest(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	a := w.accounts[0]
	anna := w.works(t, "anna")
	for i := range 40 { // more rows than are resolved at a time
		body := textDelivery(a, fmt.Sprintf("3934055510%02d", i), "Ida", fmt.Sprint("wamid.draft", i),
			fmt.Sprint("Hello ", i), w.p.now())
		require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body))
	}
	w.settle(t)
	id := anna.offered(t, "Hello 0").Interaction.ID
	saved := anna.do(t, "saveDraft", "DraftInput", "interaction{id}", vars{"interactionId": id, "text": "Dear Ida"})
	require.Empty(t, saved.code(), saved.raw)
	url, done := w.watched(t)
	list := func(login, fields string) (drafts map[string]string, reads int) {
		c := w.as(t, login)
		c.url = url
		done.take()
		shown := get[struct {
			Interactions struct {
				Edges []struct {
					Node struct{ ID, ReplyDraft string }
				}
			}
		}](t, c, `{interactions(first:50){...page}} fragment page on InteractionConnection{edges{node{...row}}}
			fragment row on Interaction{`+fields+`}`, nil)
		require.GreaterOrEqual(t, len(shown.Interactions.Edges), 40)
		drafts = make(map[string]string)
		for _, e := range shown.Interactions.Edges {
			if e.Node.ReplyDraft != "" {
				drafts[e.Node.ID] = e.Node.ReplyDraft
			}
		}
		for _, sql := range done.take() {
			if strings.Contains(sql, "ops.drafts") {
				reads++
			}
		}
		return drafts, reads
	}
	drafts, reads := list("anna", "id replyDraft")
	require.Equal(t, map[string]string{id: "Dear Ida"}, drafts)
	require.Equal(t, 1, reads)
	_, reads = list("anna", "id")
	require.Zero(t, reads)
	drafts, _ = list("admin", "id replyDraft")
	require.Empty(t, drafts, "a draft belongs to the agent who wrote it")
}
