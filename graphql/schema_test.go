package graphql_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"

	"parley/domain/user"
	"parley/graphql/generated"
	"parley/internal/access"
)

// schema is what the API serves: schema.graphqls and everything in graphql/schema.
func schema() *ast.Schema {
	return generated.NewExecutableSchema(generated.Config{}).Schema()
}

// rights returns the permission that each field of Query, Mutation and Subscription needs.
func rights(t *testing.T) map[string]access.Permission {
	t.Helper()
	s := schema()
	all := make(map[string]access.Permission)
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		for _, f := range root.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			may := f.Directives.ForName("may")
			require.NotNil(t, may, "%s.%s does not say with @may who may call it", root.Name, f.Name)
			all[root.Name+"."+f.Name] = access.Permission(may.Arguments.ForName("permission").Value.Raw)
		}
	}
	return all
}

func TestEveryFieldOfTheAPINeedsAPermission(t *testing.T) {
	all := rights(t)
	require.Greater(t, len(all), 60)
	known := schema().Types["Permission"].EnumValues
	for path, right := range all {
		require.NotNil(t, known.ForName(string(right)), path)
	}
}

func TestEveryQueryMutationAndSubscriptionIsDescribed(t *testing.T) {
	s := schema()
	var undescribed []string
	for _, root := range []*ast.Definition{s.Query, s.Mutation, s.Subscription} {
		for _, f := range root.Fields {
			if !strings.HasPrefix(f.Name, "__") && f.Description == "" {
				undescribed = append(undescribed, root.Name+"."+f.Name)
			}
		}
	}
	require.Empty(t, undescribed)
}

// mayCall lists the permissions of each role before any are added. Changing a role changes this table.
var mayCall = map[user.Role][]access.Permission{
	user.Admin: {
		access.AnyoneSignedIn, access.ViewInteractions, access.Supervise, access.ViewContacts, access.EditContacts,
		access.GrantLists, access.ReadHistory, access.Administer,
	},
	user.Supervisor: {
		access.AnyoneSignedIn, access.ViewInteractions, access.Supervise, access.ViewContacts, access.EditContacts,
	},
	user.Agent: {
		access.AnyoneSignedIn, access.HandleInteractions, access.ViewInteractions, access.ViewContacts,
		access.EditContacts,
	},
	user.Auditor: {access.AnyoneSignedIn, access.ViewInteractions, access.ViewContacts, access.ReadHistory},
	user.Analyst: {access.AnyoneSignedIn, access.ViewInteractions, access.ViewContacts},
}

func TestEachRoleMayCallWhatTheTableSays(t *testing.T) {
	for role, expected := range mayCall {
		v := access.NewViewer("u", user.Settings{Role: role}, access.Scope{})
		for path, right := range rights(t) {
			require.Equal(t, slices.Contains(expected, right), v.May(right), "%s on %s", role, path)
		}
	}
	require.Len(t, slices.Collect(maps.Keys(mayCall)), 5)
}
