package main

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql/introspection"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestExpensiveDocumentsAreRefusedCheaply(t *testing.T) {
	w := startWorld(t)
	anna, admin := w.as(t, "anna"), w.as(t, "admin")
	nested := func(depth int) string {
		return "{interactions(first:1){edges{node{" + strings.Repeat("journey(first:1){edges{node{",
			depth) + "id" + strings.Repeat("}}}", depth) + "}}}}"
	}
	many := func(n int, one func(int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(one(i))
		}
		return b.String()
	}
	attacks := map[string]string{
		"deep": nested(10),
		"deep by fragments": "{interactions(first:1){edges{node{...a}}}} " +
			"fragment a on Interaction{journey(first:1){edges{node{...b}}}} " +
			"fragment b on Interaction{journey(first:1){edges{node{...c}}}} " +
			"fragment c on Interaction{journey(first:1){edges{node{journey{edges{node{id}}}}}}}",
		"fragments in a circle": "{interactions{edges{node{...a}}}} fragment a on Interaction{transfer{interaction{...a}}}",
		"aliases": "{" + many(100,
			func(i int) string { return fmt.Sprintf("a%d:policy{tagThreshold}", i) }) + "}",
		"aliases below": "{me{" + many(40, func(i int) string { return fmt.Sprintf("a%d:role ", i) }) + "}}",
		"aliases by fragments": "{me{" + many(11,
			func(i int) string { return fmt.Sprintf("...f%d ", i) }) + "}}" + many(11, func(i int) string {
			return fmt.Sprintf(" fragment f%d on Viewer{", i) + many(4,
				func(k int) string { return fmt.Sprintf("a%d_%d:role ", i, k) }) + "}"
		}),
		"fragments that double": "{me{...f0}}" + many(45,
			func(i int) string {
				return fmt.Sprintf(" fragment f%d on Viewer{...f%d ...f%d}", i, i+1,
					i+1)
			}) + " fragment f45 on Viewer{role}",
		"fragments that double at the top": "{...f0}" + many(45,
			func(i int) string {
				return fmt.Sprintf(" fragment f%d on Query{...f%d ...f%d}", i, i+1,
					i+1)
			}) + " fragment f45 on Query{me{role}}",
		"inline fragments, one in the other": "{me{" + strings.Repeat("...on Viewer{role ",
			500) + strings.Repeat("}", 500) + "}}",
		"the same field again and again": "{me{" + strings.Repeat("role ", 3_900) + "}}",
		"the same fields below":          "{me{" + strings.Repeat("user{id name} ", 700) + "}}",
		"many small fragments": "{me{" + many(300, func(i int) string { return fmt.Sprintf("...f%d ", i) }) + "}}" +
			many(300, func(i int) string { return fmt.Sprintf(" fragment f%d on Viewer{role}", i) }),
		"many aliases":         "{me{" + many(1_200, func(i int) string { return fmt.Sprintf("a%d:role ", i) }) + "}}",
		"many root fields":     "{" + strings.Repeat("me{role} ", 11) + "}",
		"tokens":               "{me{" + strings.Repeat("role ", 5_000) + "}}",
		"directives":           "{me{role " + strings.Repeat("@include(if:true)", 2_000) + "}}",
		"a wide page":          "{interactions(first:100000){edges{node{id}}}}",
		"pages of pages":       "{interactions(first:100){edges{node{messages(last:200){edges{node{id text author kind}}}}}}}",
		"a body of a megabyte": "{me{role}}#" + strings.Repeat("x", 1<<20),
	}
	require.Len(t, attacks, 19)
	for name, document := range attacks {
		var a answer
		var took time.Duration
		spent := uint64(math.MaxUint64)
		for range 3 { // other work in the process counts too, so take the minimum
			began, before := time.Now(), allocated()
			a = anna.ask(t, document, nil)
			took, spent = time.Since(began), min(spent, allocated()-before)
		}
		t.Logf("%s: %s, %d kB", name, took.Round(100*time.Microsecond), spent>>10)
		require.Less(t, took, patience, name)
		require.Less(t, spent, uint64(10<<20), "%s: what it takes to refuse it, asking included", name)
		require.True(t, a.code() != "" || a.status >= 400, "%s: %d %.300s", name, a.status, a.raw)
		require.NotEqual(t, "INTERNAL", a.code(), name)
		require.Empty(t, a.Data["me"], "%s: %.300s", name, a.raw)
		require.Empty(t, a.Data["interactions"], "%s: %.300s", name, a.raw)
	}
	introspective := "{__schema{types{" + strings.Repeat("fields{type{", 6) + "name" + strings.Repeat("}}", 6) + "}}}"
	require.NotEmpty(t, admin.ask(t, introspective, nil).code(), "deep introspection")
}

// allocated returns how much memory this process has ever allocated.
func allocated() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.TotalAlloc
}

func TestOnlySingleJSONRequestsAreAccepted(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.as(t, "anna")
	for name, body := range map[string]struct{ kind, body string }{
		"an array":        {"application/json", `[{"query":"{me{role}}"},{"query":"{me{role}}"}]`},
		"an empty array":  {"application/json", `[]`},
		"a form":          {"application/x-www-form-urlencoded", "query=%7Bme%7Brole%7D%7D"},
		"plain text":      {"text/plain", `{"query":"{me{role}}"}`},
		"a bare document": {"application/graphql", `{me{role}}`},
		"multipart": {"multipart/form-data; boundary=x",
			"--x\r\nContent-Disposition: form-data; name=\"operations\"\r\n\r\n{\"query\":\"{me{role}}\"}\r\n--x--\r\n"},
		"no JSON": {"application/json", `{"query":`},
	} {
		a := anna.send(t, body.kind, body.body)
		require.NotContains(t, a.raw, "AGENT", name)
		require.True(t, a.status >= 400 || a.code() != "", "%s: %d %s", name, a.status, a.raw)
	}
	r, err := http.NewRequest(http.MethodGet, w.url+"/graphql?query=%7Bme%7Brole%7D%7D", nil)
	require.NoError(t, err)
	r.Header = anna.header.Clone()
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	require.Equal(t, http.StatusMethodNotAllowed, res.StatusCode)
}

func TestATextWithANULIsRefusedBeforeAnyQuery(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	for name, a := range map[string]answer{
		"a search": anna.ask(t,
			"query($s:String){interactions(filter:{search:$s}){edges{node{id}}}}", vars{"s": "a\x00b"}),
		"one in the document": anna.ask(t, `{contacts(filter:{search:"a\u0000b"}){edges{node{id}}}}`, nil),
		"a tag to filter by": anna.ask(t,
			"query($t:[String!]){interactions(filter:{tags:$t}){edges{node{id}}}}", vars{"t": []string{"a\x00b"}}),
		"an id": anna.ask(t, "query($i:ID!){interaction(id:$i){id}}", vars{"i": "int_\x00"}),
		"a contact to create": anna.do(t, "createContact", "CreateContactInput", "contact{id}",
			vars{"commandId": newID(), "listId": "lst_" + newID(), "firstName": "a\x00b"}),
	} {
		require.Equal(t, "BAD_USER_INPUT", a.code(), "%s: %s", name, a.raw)
	}
}

func TestCodeGeneratorsReadTheSchemaByURL(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	documents := []string{introspection.Query, introspection.NewQuery(introspection.QueryOptions{OneOf: true})}
	for _, document := range documents {
		a := w.as(t, "admin").ask(t, document, nil)
		require.Empty(t, a.code(), "%.300s", a.raw)
		require.Contains(t, a.raw, "InteractionFilter")
		require.Equal(t, "FORBIDDEN", w.as(t, "sofia").ask(t, document, nil).code())
	}
}

func TestOnlyAdminsCanReadTheSchema(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	const document = "{__schema{queryType{name} types{name}}}"
	require.Contains(t, w.as(t, "admin").ask(t, document, nil).raw, "InteractionFilter")
	for _, login := range []string{"sofia", "anna", "audit", "analyst"} {
		a := w.as(t, login).ask(t, document, nil)
		require.Equal(t, "FORBIDDEN", a.code(), login)
		require.NotContains(t, a.raw, "InteractionFilter", login)
		require.NotContains(t, w.as(t, login).ask(t, `{__type(name:"Policy"){fields{name}}}`, nil).raw,
			"maskName", login)
	}
	for _, wrong := range []string{"{interaction{id}}", "{mee{role}}", "{me{rolle}}",
		`{interactions(filtre:{}){edges{cursor}}}`} {
		a := w.as(t, "anna").ask(t, wrong, nil)
		require.NotEmpty(t, a.code(), wrong)
		require.NotContains(t, a.raw, "Did you mean", wrong)
	}
}

func TestAnOverlongSearchIsRefused(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	many := strings.Repeat("word ", 4_000)
	for field, selection := range map[string]string{"interactions": "Interaction", "contacts": "Contact"} {
		document := "query($f:" + selection + "Filter){" + field + "(first:1,filter:$f){pageInfo{hasNextPage}}}"
		require.Equal(t, "SEARCH_TOO_LONG", w.as(t, "anna").ask(t, document, vars{"f": vars{"search": many}}).code())
		require.Empty(t, w.as(t, "anna").ask(t, document,
			vars{"f": vars{"search": strings.Repeat("wort ", 40)}}).code())
	}
}

func TestLostDatabaseConnectionsGiveARetryableError(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	a := w.accounts[0]
	body := textDelivery(a, "393471112277", "Maria", "wamid.drops", "Hello", w.p.now())
	require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body))
	id := anna.accepts(t, "Hello")
	other, err := pgx.Connect(t.Context(), string(w.p.cfg.DatabaseURL))
	require.NoError(t, err)
	defer func() { _ = other.Close(context.Background()) }()
	// dropped lets a request come to the read models and drops all connections that wait there.
	dropped := func(ask func() answer) answer {
		tx, err := other.Begin(t.Context())
		require.NoError(t, err)
		defer func() { require.NoError(t, tx.Rollback(t.Context())) }()
		var table string
		require.NoError(t, tx.QueryRow(t.Context(),
			`SELECT 'app_data.interactions_v3_g' || generation FROM app_data.checkpoints WHERE name = 'interactions_v3'`).Scan(&table))
		_, err = tx.Exec(t.Context(), "LOCK TABLE "+table)
		require.NoError(t, err)
		answered := make(chan answer, 1)
		go func() { answered <- ask() }()
		for {
			select {
			case a := <-answered:
				return a
			case <-time.After(20 * time.Millisecond):
				_, err := tx.Exec(t.Context(),
					`SELECT pg_terminate_backend(pid) FROM pg_locks WHERE NOT granted AND relation = $1::regclass`, table)
				require.NoError(t, err)
			}
		}
	}
	list := dropped(func() answer { return anna.ask(t, "{interactions{edges{node{id}}}}", nil) })
	require.Equal(t, "DATABASE_UNAVAILABLE", list.code(), list.raw)
	require.Equal(t, true, list.Errors[0].Extensions["retryable"], list.raw)
	note := vars{"commandId": newID(), "interactionId": id, "text": "Call back"}
	noted := dropped(func() answer { return anna.do(t, "addNote", "NoteInput", "message{id}", note) })
	require.Equal(t, true, noted.Errors[0].Extensions["retryable"], noted.raw)
	require.Eventually(t,
		func() bool {
			return anna.do(t, "addNote", "NoteInput", "message{id}",
				note).code() == ""
		}, patience, 50*time.Millisecond)
	texts := anna.until(t, id, func(i *interactionShown) bool { return len(i.Messages.Edges) > 1 }).texts()
	require.Equal(t, []string{"CUSTOMER: Hello", "NOTE: Call back"}, texts)
}

func TestEveryErrorHasACodeAKindAndAMessage(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.as(t, "anna")
	for code, a := range map[string]answer{
		"GRAPHQL_PARSE_FAILED":      anna.ask(t, "{me", nil),
		"GRAPHQL_VALIDATION_FAILED": anna.ask(t, "{me{shoeSize}}", nil),
		"COMPLEXITY_LIMIT_EXCEEDED": anna.ask(t, "{"+strings.Repeat("me{role} ", 11)+"}", nil),
		"BAD_USER_INPUT":            anna.ask(t, `{interactions(filter:{startedFrom:"infinity"}){edges{cursor}}}`, nil),
		"FORBIDDEN": anna.ask(t, "mutation($i:SavePolicyInput!){savePolicy(input:$i){policy{tagThreshold}}}",
			vars{"i": vars{
				"commandId": newID(), "maskName": vars{"mode": "FULL", "keep": 0},
				"maskPhone": vars{"mode": "FULL", "keep": 0}, "maskEmail": vars{"mode": "FULL", "keep": 0},
				"pauseReasons": []string{"x"}, "tagThreshold": 1, "tabsLimit": 1, "disconnectAfter": 1,
				"missedOffersLimit": 1,
			}}),
		"NOT_FOUND": anna.do(t, "acceptOffer", "OfferInput", "interaction{id}",
			vars{"commandId": newID(), "offerId": "off_" + newID()}),
	} {
		require.Equal(t, code, a.code(), a.raw)
		e := a.Errors[0]
		require.NotEmpty(t, e.Message, a.raw)
		require.Contains(t, []any{"INVALID", "NOT_FOUND", "FORBIDDEN"}, e.Extensions["kind"], a.raw)
		require.Equal(t, false, e.Extensions["retryable"], a.raw)
	}
	variable := anna.do(t, "acceptOffer", "OfferInput", "interaction{id}", vars{"commandId": newID()})
	require.Equal(t, "INVALID", variable.Errors[0].Extensions["kind"], variable.raw)
}
