package graphql

import (
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/complexity"
	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/stretchr/testify/require"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/formatter"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"parley/graphql/generated"
)

// desktopQueries returns every operation of the web UI, each with the fragments it uses.
func desktopQueries(t *testing.T, s *ast.Schema) []*ast.QueryDocument {
	t.Helper()
	raw, err := os.ReadFile("../web/src/graphql/generated/gql.ts")
	require.NoError(t, err)
	var all strings.Builder
	known := make(map[string]bool)
	for _, m := range regexp.MustCompile(`(?m)^ {4}("(?:[^"\\]|\\.)*"): types`).FindAllStringSubmatch(string(raw), -1) {
		part, err := strconv.Unquote(m[1])
		require.NoError(t, err)
		if !known[part] {
			known[part] = true
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

func TestEveryQueryOfTheDesktopIsWellWithinTheLimits(t *testing.T) {
	schema := generated.NewExecutableSchema((&Resolver{}).config())
	documents := desktopQueries(t, schema.Schema())
	require.Greater(t, len(documents), 40)
	highest := 0
	for _, d := range documents {
		o := d.Operations[0]
		var text strings.Builder
		formatter.NewFormatter(&text).FormatQueryDocument(d)
		limits := shapeLimits{lru.New[*ast.QueryDocument](1)}
		require.Nil(t, limits.MutateOperationParameters(t.Context(), &graphql.RawParams{Query: text.String()}), o.Name)
		operation := &graphql.OperationContext{Doc: d, Operation: o}
		require.Nil(t, documentLimits{}.MutateOperationContext(t.Context(), operation), o.Name)
		_, err := parser.ParseQueryWithTokenLimit(&ast.Source{Input: text.String()}, maxTokens/2)
		require.NoError(t, err, o.Name)
		cost := complexity.Calculate(t.Context(), schema, o, map[string]any{"first": int64(maxPage)}, scalarsAreFree)
		require.LessOrEqual(t, cost, maxComplexity, o.Name)
		highest = max(highest, cost)
	}
	require.Greater(t, highest, 500, "the page of interactions was not measured")
	require.Less(t, len(documents), cachedDocuments)
}

// everyField selects all fields of a type, and of the objects in it down to some levels. It leaves out pages, and types
// that lead back to themselves.
func everyField(s *ast.Schema, levels int, types ...string) string {
	var out strings.Builder
	for _, f := range s.Types[types[len(types)-1]].Fields {
		name := f.Type.Name()
		switch s.Types[name].Kind {
		case ast.Scalar, ast.Enum:
			out.WriteString(f.Name + " ")
		case ast.Object:
			if levels > 0 && !strings.HasSuffix(name, "Connection") && !slices.Contains(types, name) {
				out.WriteString(f.Name + "{" + everyField(s, levels-1, append(slices.Clone(types), name)...) + "} ")
			}
		}
	}
	return out.String()
}

func TestTheLargestPageMayHaveAllFields(t *testing.T) {
	schema := generated.NewExecutableSchema((&Resolver{}).config())
	of := func(levels int, of string) string {
		return "{edges{cursor node{" + everyField(schema.Schema(), levels, of) + "}} pageInfo{hasNextPage}}"
	}
	for name, document := range map[string]string{
		"messages":     `{interaction(id:"int_1"){messages(last:200)` + of(9, "Message") + "}}",
		"contacts":     "{contacts(first:100)" + of(9, "Contact") + "}",
		"interactions": "{interactions(first:100)" + of(2, "Interaction") + "}",
	} {
		d, err := gqlparser.LoadQueryWithRules(schema.Schema(), document, rules.NewDefaultRules())
		require.Empty(t, err, document)
		operation := &graphql.OperationContext{Doc: d, Operation: d.Operations[0]}
		require.Nil(t, documentLimits{}.MutateOperationContext(t.Context(), operation), name)
		require.LessOrEqual(t, complexity.Calculate(t.Context(), schema, d.Operations[0], nil, scalarsAreFree), maxComplexity, name)
	}
}
