package layout

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

var golden = flag.Bool("golden", false, "rewrite docs/errors.md")

// refusal is one domain.Refusal in the source.
type refusal struct{ kind, code, message, place string }

var kinds = map[string]string{"Invalid": "INVALID", "NotFound": "NOT_FOUND", "Conflict": "CONFLICT",
	"Forbidden": "FORBIDDEN", "Unavailable": "UNAVAILABLE"}

// refusals returns every refusal in the source.
func refusals(t *testing.T) []refusal {
	t.Helper()
	var all []refusal
	words := make(map[string]string) // constants by folder and name
	var parsed []*ast.File
	var folders []string
	files := token.NewFileSet()
	for _, f := range sources(t, ".go") {
		if f.test() || f.generated() {
			continue
		}
		tree, err := parser.ParseFile(files, f.path, f.text, parser.SkipObjectResolution)
		require.NoError(t, err)
		parsed, folders = append(parsed, tree), append(folders, path.Dir(f.path))
		ast.Inspect(tree, func(n ast.Node) bool {
			if spec, ok := n.(*ast.ValueSpec); ok && len(spec.Values) == len(spec.Names) {
				for i, name := range spec.Names {
					if text, ok := literal(spec.Values[i]); ok {
						words[path.Dir(f.path)+"."+name.Name] = text
					}
				}
			}
			return true
		})
	}
	for i, tree := range parsed {
		ast.Inspect(tree, func(n ast.Node) bool {
			made, ok := n.(*ast.CompositeLit)
			if !ok || !isRefusal(made.Type) || len(made.Elts) == 0 {
				return true
			}
			r := refusal{place: files.Position(made.Pos()).String()}
			for _, part := range made.Elts {
				pair, ok := part.(*ast.KeyValueExpr)
				require.True(t, ok, "%s names its fields", r.place)
				value, known := literal(pair.Value)
				switch of := pair.Value.(type) {
				case *ast.Ident:
					value, known = words[folders[i]+"."+of.Name]
					if kind, is := kinds[of.Name]; is {
						value, known = kind, true
					}
				case *ast.SelectorExpr:
					value, known = kinds[of.Sel.Name]
				}
				switch name := pair.Key.(*ast.Ident).Name; {
				case !known:
				case name == "Kind":
					r.kind = value
				case name == "Code":
					r.code = value
				case name == "Message":
					r.message = value
				}
			}
			all = append(all, r)
			return true
		})
	}
	return all
}

func isRefusal(typ ast.Expr) bool {
	switch of := typ.(type) {
	case *ast.Ident:
		return of.Name == "Refusal"
	case *ast.SelectorExpr:
		return of.Sel.Name == "Refusal"
	}
	return false
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	text, err := strconv.Unquote(l.Value)
	return text, err == nil
}

func TestEveryRefusalHasAKindACodeAndASentence(t *testing.T) {
	all := refusals(t)
	require.Greater(t, len(all), 100)
	code := regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$`)
	sentence := regexp.MustCompile(`^[A-Z].*[.]$`)
	kindOf, declared := make(map[string]string), make(map[string]string)
	for _, r := range all {
		require.NotEmpty(t, r.kind, r.place)
		require.Regexp(t, code, r.code, r.place)
		if r.message != "" { // empty if composed at run time
			require.Regexp(t, sentence, r.message, r.place)
			require.NotContains(t, r.message, r.code, r.place)
			require.LessOrEqual(t, len(r.message), 120, r.place)
		}
		if before, known := kindOf[r.code]; known {
			require.Equal(t, before, r.kind, "%s: %s must have the same kind everywhere", r.place, r.code)
		}
		kindOf[r.code] = r.kind
		rule := path.Dir(r.place) + " " + r.code
		if strings.HasPrefix(r.place, "domain/") {
			require.Empty(t, declared[rule], "%s: its package declares this code twice", r.place)
			declared[rule] = r.place
		}
	}
}

func TestTheListOfErrorsIsCurrent(t *testing.T) {
	messages := make(map[string]map[string]bool) // messages by code
	kindOf := make(map[string]string)
	for _, r := range refusals(t) {
		if messages[r.code] == nil {
			messages[r.code] = make(map[string]bool)
		}
		if r.message != "" {
			messages[r.code][r.message] = true
		}
		kindOf[r.code] = r.kind
	}
	var b strings.Builder
	b.WriteString(errorsHead)
	for _, code := range slices.Sorted(maps.Keys(messages)) {
		fmt.Fprintf(&b, "| %s | %s | %s |\n", code, kindOf[code],
			strings.Join(slices.Sorted(maps.Keys(messages[code])), " *or* "))
	}
	file := filepath.Join("..", "..", "docs", "errors.md")
	if *golden {
		require.NoError(t, os.WriteFile(file, []byte(b.String()), 0o644))
		return
	}
	listed, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, b.String(), string(listed), "run: go test ./internal/layout -run ListOfErrors -golden")
}

const errorsHead = "# Errors\n\n" + `This is every error the API returns. GraphQL errors carry ` +
	"`extensions {code, kind, retryable, details}`" + `; other
routes answer with ` + "`{code, message}`" + `. Match on the code, which is stable; the message may change. A test keeps this list
in step with the source.

| kind | what to do |
| --- | --- |
| INVALID | correct the input |
| NOT_FOUND | it does not exist, or not for this viewer |
| CONFLICT | it does not fit the current state: reload |
| FORBIDDEN | this viewer is not allowed to |
| UNAVAILABLE | try again later with the same command id; only this kind is retryable |
| FAULT | an error in Parley. ` + "`INTERNAL`" + ` comes with the id under which it was logged; ` +
	"`CANCELLED`" + ` means the client left |

A document that is not GraphQL, or does not fit the schema, is GRAPHQL_PARSE_FAILED or GRAPHQL_VALIDATION_FAILED. One
that asks for too much at once is COMPLEXITY_LIMIT_EXCEEDED. All three are INVALID.

| code | kind | message |
| --- | --- | --- |
`
