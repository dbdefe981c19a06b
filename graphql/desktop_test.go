package graphql

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/complexity"
	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"parley/graphql/generated"
)

// desktop is everything the web UI asks, each operation with the fragments it uses.
func desktop(t *testing.T, s *ast.Schema) []*ast.QueryDocument {
	t.Helper()
	raw, err := os.ReadFile("../web/src/graphql/generated/gql.ts")
	require.NoError(t, err)
	var all strings.Builder
	said := make(map[string]bool)
	for _, m := range regexp.MustCompile(`(?m)^ {4}("(?:[^"\\]|\\.)*"): types`).FindAllStringSubmatch(string(raw), -1) {
		part, err := strconv.Unquote(m[1])
		require.NoError(t, err)
		if !said[part] {
			said[part] = true
			all.WriteString(part + "\n")
		}
	}
	whole, err := parser.ParseQuery(&ast.Source{Input: all.String()})
	require.NoError(t, err)
	var each []*ast.QueryDocument
	for _, o := range whole.Operations {
		d := &ast.QueryDocument{Operations: ast.OperationList{o}}
		used := make(map[string]bool)
		var add func(ast.SelectionSet)
		add = func(set ast.SelectionSet) {
			for _, selection := range set {
				switch of := selection.(type) {
				case *ast.Field:
					add(of.SelectionSet)
				case *ast.InlineFragment:
					add(of.SelectionSet)
				case *ast.FragmentSpread:
					if f := whole.Fragments.ForName(of.Name); !used[of.Name] {
						used[of.Name] = true
						d.Fragments = append(d.Fragments, f)
						add(f.SelectionSet)
					}
				}
			}
		}
		add(o.SelectionSet)
		require.Empty(t, validator.ValidateWithRules(s, d, rules.NewDefaultRules()), o.Name)
		each = append(each, d)
	}
	return each
}

func TestWhatTheDesktopAsksIsFarFromEveryLimit(t *testing.T) { // S20
	schema := generated.NewExecutableSchema((&Resolver{}).config())
	documents := desktop(t, schema.Schema())
	require.Greater(t, len(documents), 40)
	dearest := 0
	for _, d := range documents {
		o := d.Operations[0]
		var text strings.Builder
		formatter.NewFormatter(&text).FormatQueryDocument(d)
		limits := shapeLimits{lru.New[*ast.QueryDocument](1)}
		require.Nil(t, limits.MutateOperationParameters(t.Context(), &graphql.RawParams{Query: text.String()}), o.Name)
		require.Nil(t, documentLimits{}.MutateOperationContext(t.Context(), &graphql.OperationContext{Doc: d, Operation: o}), o.Name)
		_, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text.String()}, maxTokens/2)
		require.NoError(t, err, o.Name)
		cost := complexity.Calculate(t.Context(), schema, o, map[string]any{"first": int64(longestPage)})
		require.LessOrEqual(t, cost, maxComplexity, o.Name)
		dearest = max(dearest, cost)
	}
	require.Greater(t, dearest, 1_000, "a page of interactions as the desktop shows it")
	require.Less(t, len(documents), rememberedDocuments)
}
