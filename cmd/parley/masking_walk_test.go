package main

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"parley/domain/user"
	"parley/internal/access"
)

// lastly lists the mutations that must run last, because they destroy what the others need.
var lastly = []string{"markUnread", "releaseInteraction", "closeInteraction", "disposeInteraction", "signOut",
	"savePolicy", "archive"}

// wholly returns all paths that a user with these permissions may call, destructive ones last.
func wholly(t *testing.T, s *ast.Schema, rights []access.Permission) []path {
	t.Helper()
	all := slices.DeleteFunc(paths(t, s), func(p path) bool { return !slices.Contains(rights, p.right) })
	slices.SortStableFunc(all, func(a, b path) int {
		return slices.Index(lastly, a.field.Name) - slices.Index(lastly, b.field.Name)
	})
	return all
}

func TestAMaskedViewerOfAnyRoleGetsNoPersonalDataOnAnyPath(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	s, c, a := theSchema(), theCanary(), w.accounts[0]
	admin := w.as(t, "admin")
	body := canaryDelivery(a, c, w.p.now())
	require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body))
	known := knownOf(t, admin, c)
	// the one who may change the policy comes last
	for _, role := range []user.Role{user.Agent, user.Supervisor, user.Auditor, user.Analyst, user.Admin} {
		masked := w.hire(t, "masked"+strings.ToLower(string(role)), role,
			vars{"masked": true, "queueIds": known["que"]})
		me := "usr_" + w.user(t, "masked"+strings.ToLower(string(role))).ID
		granted := admin.do(t, "grantLists", "GrantListsInput", "user{id}",
			vars{"commandId": newID(), "userId": me, "listIds": known["lst"]})
		require.Empty(t, granted.code(), granted.raw)
		w.settle(t)
		if role == user.Agent {
			require.Empty(t, masked.do(t, "signIn", "PresenceInput", "presence{state}",
				vars{"commandId": newID()}).code())
			given := admin.do(t, "assignInteraction", "AssignInteractionInput", "interaction{id}",
				vars{"commandId": newID(), "interactionId": known["int"][0], "agentId": me})
			require.Empty(t, given.code(), given.raw)
		}
		named := func(argument string) string {
			kind := kindOf(argument)
			if argument == "id" {
				kind = "int"
			}
			if ids := known[kind]; len(ids) > 0 {
				return ids[0]
			}
			return newID()
		}
		answered := make(map[string]int)
		for _, p := range wholly(t, s, mayCall[role]) {
			ask := func(named func(string) string) {
				selection := ""
				if d := s.Types[p.field.Type.Name()]; !d.IsLeafType() {
					selection = everything(s, d, 2)
				}
				document, given := strings.Replace(p.document(s), "{__typename}", selection, 1), p.arguments(s, named)
				about := string(role) + "'s " + p.field.Name
				if p.operation == "subscription" {
					sub := masked.subscribe(t, document, given)
					sub.read(t)
					requireNoCanary(t, c, about, strings.Join(sub.raw, ""))
					sub.close()
					answered[p.operation]++
					return
				}
				got := masked.ask(t, document, given)
				require.NotContains(t, []string{"INTERNAL", "COMPLEXITY_LIMIT_EXCEEDED",
					"GRAPHQL_VALIDATION_FAILED"}, got.code(), "%s: %.300s", about, got.raw)
				requireNoCanary(t, c, about, got.raw)
				if got.code() == "" {
					answered[p.operation]++
				}
			}
			ask(named)
			if p.takes("id") { // anything an id can name
				for _, ids := range known {
					ask(func(argument string) string {
						if argument == "id" {
							return ids[0]
						}
						return named(argument)
					})
				}
			}
		}
		require.Greater(t, answered["query"], 12, role)
		require.Positive(t, answered["subscription"], role)
		if role == user.Agent {
			require.Greater(t, answered["mutation"], 12, "on what the agent owns")
		}
		for _, message := range known["msg"] {
			served(t, masked, c, "/files/"+message)
		}
	}
	requireNoCanary(t, c, "the log", w.log.String())
}

func (p path) takes(argument string) bool {
	return p.field.Arguments.ForName(argument) != nil
}

// served checks a route's answer, headers included.
func served(t *testing.T, who client, c canary, place string) {
	t.Helper()
	r, err := http.NewRequest(http.MethodGet, who.url+place, nil)
	require.NoError(t, err)
	r.Header = who.header.Clone()
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	var response strings.Builder
	require.NoError(t, res.Write(&response))
	requireNoCanary(t, c, place, response.String())
}

// knownOf returns ids by kind of everything related to the canary.
func knownOf(t *testing.T, admin client, c canary) map[string][]string {
	t.Helper()
	type ref struct{ ID string }
	type shown struct {
		Interactions struct {
			Edges []struct {
				Node struct {
					ID       string
					Contact  *ref
					Queue    ref
					Account  ref
					Messages struct{ Edges []struct{ Node ref } }
				}
			}
		}
		Lists, Users, Dispositions []ref
	}
	var all shown
	require.Eventually(t, func() bool {
		all = get[shown](t, admin, `query($f:InteractionFilter){interactions(filter:$f){edges{node{
			id contact{id} queue{id} account{id} messages{edges{node{id}}}}}}
			lists{id} users{id} dispositions{id}}`, vars{"f": vars{"search": c.name}})
		return len(all.Interactions.Edges) == 1 && all.Interactions.Edges[0].Node.Contact != nil &&
			len(all.Interactions.Edges[0].Node.Messages.Edges) == 7
	}, patience, 10*time.Millisecond)
	n := all.Interactions.Edges[0].Node
	known := map[string][]string{"int": {n.ID}, "con": {n.Contact.ID}, "que": {n.Queue.ID}, "acc": {n.Account.ID}}
	for _, e := range n.Messages.Edges {
		known["msg"] = append(known["msg"], e.Node.ID)
	}
	for kind, refs := range map[string][]ref{"lst": all.Lists, "usr": all.Users, "dis": all.Dispositions} {
		for _, r := range refs {
			known[kind] = append(known[kind], r.ID)
		}
	}
	return known
}
