package graphql_test

import (
	"maps"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"

	"parley/access"
	"parley/domain/user"
)

func schema(t *testing.T) *ast.Schema {
	t.Helper()
	text, err := os.ReadFile("../schema.graphqls")
	require.NoError(t, err)
	s, err := gqlparser.LoadSchema(&ast.Source{Name: "schema.graphqls", Input: string(text)})
	require.NoError(t, err)
	return s
}

// rights is which right each path of the API asks for.
func rights(t *testing.T) map[string]access.Permission {
	t.Helper()
	s := schema(t)
	all := make(map[string]access.Permission)
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		for _, f := range root.Fields {
			if f.Name == "__schema" || f.Name == "__type" || f.Name == "__typename" {
				continue
			}
			may := f.Directives.ForName("may")
			require.NotNil(t, may, "%s.%s has no rule: say who may call it with @may", root.Name, f.Name)
			all[root.Name+"."+f.Name] = access.Permission(may.Arguments.ForName("permission").Value.Raw)
		}
	}
	return all
}

func TestEveryPathOfTheAPIAsksForARight(t *testing.T) { // S1
	all := rights(t)
	require.Greater(t, len(all), 60)
	known := schema(t).Types["Permission"].EnumValues
	for path, right := range all {
		require.NotNil(t, known.ForName(string(right)), path)
	}
}

func TestEverythingInTheAPIIsDescribed(t *testing.T) {
	undescribed := 0
	for _, d := range schema(t).Types {
		if d.BuiltIn || d.Kind != ast.Object && d.Kind != ast.Interface && d.Kind != ast.Enum {
			continue
		}
		if d.Name == "Query" || d.Name == "Mutation" || d.Name == "Subscription" {
			for _, f := range d.Fields {
				if f.Name[0] != '_' && f.Description == "" {
					undescribed++
					t.Log(d.Name, f.Name)
				}
			}
		}
	}
	require.Zero(t, undescribed)
}

// mayCall is the table role × right: what each role may do without anything added. Changing a role changes this table.
var mayCall = map[user.Role][]access.Permission{
	user.Admin:      {access.AnyoneSignedIn, access.ViewInteractions, access.Supervise, access.ViewContacts, access.EditContacts, access.GrantLists, access.ReadHistory, access.Administer},
	user.Supervisor: {access.AnyoneSignedIn, access.ViewInteractions, access.Supervise, access.ViewContacts, access.EditContacts},
	user.Agent:      {access.AnyoneSignedIn, access.HandleInteractions, access.ViewInteractions, access.ViewContacts, access.EditContacts},
	user.Auditor:    {access.AnyoneSignedIn, access.ViewInteractions, access.ViewContacts, access.ReadHistory},
	user.Analyst:    {access.AnyoneSignedIn, access.ViewInteractions, access.ViewContacts},
}

func TestEachRoleMayCallWhatTheTableSays(t *testing.T) { // R115, S1
	for role, expected := range mayCall {
		v := access.NewViewer("u", user.Settings{Role: role}, access.Scope{})
		for path, right := range rights(t) {
			require.Equal(t, slices.Contains(expected, right), v.May(right), "%s on %s", role, path)
		}
	}
	require.Len(t, slices.Collect(maps.Keys(mayCall)), 5)
}
