package main

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"parley/domain/user"
	"parley/graphql/generated"
	"parley/internal/access"
	"parley/internal/httpserver"
)

// servedTo lists who may use each route. Add a new route here.
var servedTo = map[string]httpserver.Rule{
	"/graphql":                   httpserver.API,
	"POST /auth/login":           httpserver.Public,
	"POST /auth/logout":          httpserver.Public,
	"GET /auth/me":               httpserver.Public,
	"POST /auth/password":        httpserver.SignedIn,
	"POST /attachments":          httpserver.SignedIn,
	"GET /files/{id}":            httpserver.SignedIn,
	"/webhooks/meta/{accountId}": httpserver.Signature,
	"GET /healthz":               httpserver.Public,
	"GET /readyz":                httpserver.Public,
	"GET /readyz/desk":           httpserver.Public,
	"GET /readyz/webhooks":       httpserver.Public,
	"GET /metrics":               httpserver.Loopback,
	"/":                          httpserver.Public,
}

// mayCall lists the permissions of each role. Change it when a role changes.
var mayCall = map[user.Role][]access.Permission{
	user.Admin: {access.AnyoneSignedIn, access.ViewInteractions, access.Supervise, access.ViewContacts,
		access.EditContacts, access.GrantLists, access.ReadHistory, access.Administer},
	user.Supervisor: {access.AnyoneSignedIn, access.ViewInteractions, access.Supervise, access.ViewContacts,
		access.EditContacts},
	user.Agent: {access.AnyoneSignedIn, access.HandleInteractions, access.ViewInteractions,
		access.ViewContacts, access.EditContacts},
	user.Auditor: {access.AnyoneSignedIn, access.ViewInteractions, access.ViewContacts, access.ReadHistory},
	user.Analyst: {access.AnyoneSignedIn, access.ViewInteractions, access.ViewContacts},
}

// ofRole names one login per role.
var ofRole = map[user.Role]string{user.Admin: "admin", user.Supervisor: "sofia", user.Agent: "anna",
	user.Auditor: "audit", user.Analyst: "analyst"}

func theSchema() *ast.Schema {
	return generated.NewExecutableSchema(generated.Config{}).Schema()
}

// path is one field of Query, Mutation or Subscription.
type path struct {
	operation string // query, mutation, subscription
	field     *ast.FieldDefinition
	right     access.Permission
}

// paths returns every field of Query, Mutation and Subscription.
func paths(t *testing.T, s *ast.Schema) []path {
	t.Helper()
	var all []path
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		for _, f := range root.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			may := f.Directives.ForName("may")
			require.NotNil(t, may, f.Name)
			all = append(all, path{strings.ToLower(root.Name), f,
				access.Permission(may.Arguments.ForName("permission").Value.Raw)})
		}
	}
	return all
}

// document returns a request for a path with variables for all its arguments.
func (p path) document(s *ast.Schema) string {
	var declared, given []string
	for _, a := range p.field.Arguments {
		declared = append(declared, "$"+a.Name+":"+a.Type.String())
		given = append(given, a.Name+":$"+a.Name)
	}
	selection := ""
	if d := s.Types[p.field.Type.Name()]; d.Kind != ast.Scalar && d.Kind != ast.Enum {
		selection = "{__typename}"
	}
	if len(given) == 0 {
		return p.operation + "{" + p.field.Name + selection + "}"
	}
	return p.operation + "(" + strings.Join(declared, ",") + "){" + p.field.Name + "(" + strings.Join(given,
		",") + ")" + selection + "}"
}

// minimal returns the smallest valid value of an argument; named gives the ids.
func minimal(s *ast.Schema, name string, t *ast.Type, named func(argument string) string) any {
	if t.Elem != nil {
		return []any{}
	}
	d := s.Types[t.Name()]
	switch d.Kind {
	case ast.Enum:
		return d.EnumValues[0].Name
	case ast.InputObject:
		given := vars{}
		for _, f := range d.Fields {
			if f.Type.NonNull {
				given[f.Name] = minimal(s, f.Name, f.Type, named)
			}
		}
		return given
	}
	switch t.Name() {
	case "ID":
		return named(name)
	case "Int":
		return 1
	case "Boolean":
		return false
	case "Time":
		return "2030-01-02T03:04:05Z"
	}
	return "x"
}

// arguments returns the smallest arguments a path can be called with.
func (p path) arguments(s *ast.Schema, named func(string) string) vars {
	given := vars{}
	for _, a := range p.field.Arguments {
		if a.Type.NonNull {
			given[a.Name] = minimal(s, a.Name, a.Type, named)
		}
	}
	return given
}

// kindOf returns the kind of thing an id argument names, or "" if it names none.
func kindOf(argument string) string {
	argument = strings.TrimSuffix(argument, "s")
	return map[string]string{
		"interactionId": "int", "messageId": "msg", "quotedId": "msg", "seenThrough": "msg", "offerId": "off",
		"transferId": "tra", "sessionId": "ses", "tokenId": "tok",
		"contactId": "con", "listId": "lst", "accountId": "acc", "queueId": "que", "toQueueId": "que",
		"userId": "usr", "agentId": "usr",
		"toAgentId": "usr", "ownerId": "usr", "firstOwnerId": "usr", "memberId": "usr",
		"dispositionId": "dis", "parentId": "dis",
		"attachmentId": "fil",
	}[argument]
}

// unknownID returns a well-formed id of something that does not exist.
func unknownID(argument string) string {
	switch kind := kindOf(argument); {
	case kind != "":
		return kind + "_" + newID()
	case argument == "id" || argument == "scopeId":
		return "int_" + newID()
	}
	return newID()
}

func TestEveryRouteHasAnAccessRule(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	found := make(map[string]httpserver.Rule)
	for _, r := range w.p.routes() {
		found[r.Pattern] = r.Rule
	}
	require.Equal(t, servedTo, found)
	for pattern, rule := range servedTo {
		method, place, ok := strings.Cut(pattern, " ")
		if !ok {
			method, place = http.MethodPost, pattern
		}
		place = strings.NewReplacer("{id}", "msg_"+newID(), "{accountId}", newID()).Replace(place)
		r, err := http.NewRequest(method, w.url+place, strings.NewReader("{}"))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/json")
		res, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		switch rule {
		case httpserver.SignedIn, httpserver.API:
			require.Equal(t, http.StatusUnauthorized, res.StatusCode, "%s answered %s", pattern, body)
		case httpserver.Signature:
			require.Contains(t, []int{http.StatusUnauthorized, http.StatusNotFound}, res.StatusCode, pattern)
		case httpserver.Loopback:
			require.Equal(t, http.StatusOK, res.StatusCode, pattern)
		}
	}
}

func TestEveryAPIPathIsRefusedWithoutItsPermission(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	s := theSchema()
	all := paths(t, s)
	require.Greater(t, len(all), 60)
	for role, rights := range mayCall {
		c := w.as(t, ofRole[role])
		for _, p := range all {
			var code, raw string
			if p.operation == "subscription" {
				code = subscriptionCode(t, c, p, s)
			} else {
				a := c.ask(t, p.document(s), p.arguments(s, unknownID))
				code, raw = a.code(), a.raw
				require.NotContains(t, raw, "panic", p.field.Name)
				require.NotEqual(t, "INTERNAL", code, "%s by %s: %s", p.field.Name, role, raw)
			}
			if slices.Contains(rights, p.right) {
				require.NotContains(t, []string{"FORBIDDEN", "UNAUTHENTICATED"}, code, "%s by %s: %s",
					p.field.Name, role, raw)
			} else {
				require.Equal(t, "FORBIDDEN", code, "%s by %s: %s", p.field.Name, role, raw)
				require.NotContains(t, raw, "__typename", p.field.Name)
			}
		}
	}
}

// subscriptionCode returns the code a subscription is refused with, or "" if it starts.
func subscriptionCode(t *testing.T, c client, p path, s *ast.Schema) string {
	t.Helper()
	sub := c.subscribe(t, p.document(s), p.arguments(s, unknownID))
	defer sub.close()
	m := sub.read(t)
	if m.Type == "next" {
		var a answer
		require.NoError(t, json.Unmarshal(m.Payload, &a))
		return a.code()
	}
	require.Equal(t, "error", m.Type, string(m.Payload))
	var a answer
	require.NoError(t, json.Unmarshal(m.Payload, &a.Errors))
	return a.code()
}

func TestUnauthenticatedAndDisabledCallersGetNothing(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	s := theSchema()
	revoked, info, err := w.p.auth.CreateToken(t.Context(), newToken(w.user(t, "admin").ID, user.Admin))
	require.NoError(t, err)
	require.NoError(t, w.p.auth.RevokeToken(t.Context(), info.ID))
	whole := w.user(t, "admin").Token
	disable(t, w, "ben")
	strangers := map[string]client{
		"anonymous": w.bearing(""), "revoked": w.bearing(revoked),
		"truncated": w.bearing(whole[:len(whole)-1]), "extended": w.bearing(whole + "a"),
		"disabled": w.as(t, "ben"), "another scheme": {url: w.url,
			header: http.Header{"Authorization": {"Basic " + whole}}},
	}
	for who, c := range strangers {
		for _, p := range paths(t, s) {
			if p.operation == "subscription" {
				continue
			}
			a := c.ask(t, p.document(s), p.arguments(s, unknownID))
			require.Equal(t, "UNAUTHENTICATED", a.code(), "%s by %s: %s", p.field.Name, who, a.raw)
			require.NotContains(t, a.raw, "__typename")
		}
		sub, res, err := c.dial(t, nil)
		if err != nil {
			refused := res.StatusCode == http.StatusUnauthorized || websocket.CloseStatus(err) == 4403
			require.True(t, refused, "%s: %d, %v", who, res.StatusCode, err)
			continue
		}
		sub.write(t, socketMessage{ID: "1", Type: "subscribe",
			Payload: []byte(`{"query":"subscription{live{position}}"}`)})
		require.Equal(t, "UNAUTHENTICATED", sub.refusal(t), who)
	}
}
