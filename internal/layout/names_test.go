package layout

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"strings"
	"testing"
	"unicode"

	"github.com/stretchr/testify/require"
)

// testName is the name of a test or of a case in a table, with its line.
type testName struct {
	name string
	line int
}

var tsTest = regexp.MustCompile("\\b(?:test|it)(?:\\.\\w+)*\\(\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|`([^`]*)`|'([^']*)')")

// testNames returns the names of all tests and cases in a file.
func testNames(t *testing.T, f source) []testName {
	t.Helper()
	if path.Ext(f.path) != ".go" {
		return typescriptNames(f)
	}
	files := token.NewFileSet()
	tree, err := parser.ParseFile(files, f.path, f.text, parser.SkipObjectResolution)
	require.NoError(t, err)
	g := goNames{files: files, fields: make(map[string][]string)}
	ast.Inspect(tree, g.declared)
	ast.Inspect(tree, g.visit)
	return g.found
}

func typescriptNames(f source) (found []testName) {
	for _, at := range tsTest.FindAllSubmatchIndex(f.text, -1) {
		for group := 2; group < len(at); group += 2 {
			if at[group] >= 0 {
				name := strings.ReplaceAll(string(f.text[at[group]:at[group+1]]), `\"`, `"`)
				found = append(found, testName{name, 1 + bytes.Count(f.text[:at[0]], []byte("\n"))})
			}
		}
	}
	return found
}

// goNames collects the names in one Go file: Test functions, t.Run calls and tables of cases.
type goNames struct {
	files  *token.FileSet
	fields map[string][]string // by struct type declared in the file
	found  []testName
}

func (g *goNames) add(name string, at ast.Node) {
	g.found = append(g.found, testName{name, g.files.Position(at.Pos()).Line})
}

func (g *goNames) declared(n ast.Node) bool {
	if spec, ok := n.(*ast.TypeSpec); ok {
		if s, ok := spec.Type.(*ast.StructType); ok {
			g.fields[spec.Name.Name] = fieldNames(s)
		}
	}
	return true
}

func (g *goNames) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.FuncDecl:
		if rest, ok := strings.CutPrefix(n.Name.Name, "Test"); ok && n.Recv == nil && n.Name.Name != "TestMain" {
			g.add(rest, n)
		}
	case *ast.CallExpr:
		if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Run" && len(n.Args) == 2 {
			if name, ok := written(n.Args[0]); ok {
				g.add(name, n)
			}
		}
	case *ast.RangeStmt:
		g.mapOfCases(n)
	case *ast.CompositeLit:
		if list, ok := n.Type.(*ast.ArrayType); ok {
			for _, element := range n.Elts {
				g.oneCase(list.Elt, element)
			}
		}
	}
	return true
}

// oneCase adds the name of a case: the field name or Name of a struct that is anonymous or of a type called a
// case.
func (g *goNames) oneCase(typ ast.Expr, element ast.Expr) {
	made, ok := element.(*ast.CompositeLit)
	if !ok {
		return
	}
	var fields []string
	if s, ok := typ.(*ast.StructType); ok {
		fields = fieldNames(s)
	} else if called := typeName(typ); strings.Contains(strings.ToLower(called), "case") {
		fields = g.fields[called]
	} else {
		return
	}
	for i, part := range made.Elts {
		value, field := part, ""
		if pair, ok := part.(*ast.KeyValueExpr); ok {
			value = pair.Value
			if key, ok := pair.Key.(*ast.Ident); ok {
				field = key.Name
			}
		} else if i < len(fields) {
			field = fields[i]
		}
		if name, ok := written(value); ok && strings.EqualFold(field, "name") {
			g.add(name, value)
		}
	}
}

// mapOfCases adds the keys of a map if a loop runs a subtest for each.
func (g *goNames) mapOfCases(loop *ast.RangeStmt) {
	made, ok := loop.X.(*ast.CompositeLit)
	if !ok {
		return
	}
	key, ok := loop.Key.(*ast.Ident)
	if _, isMap := made.Type.(*ast.MapType); !ok || !isMap || !runs(loop.Body, key.Name) {
		return
	}
	for _, element := range made.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if name, ok := written(pair.Key); ok {
				g.add(name, pair)
			}
		}
	}
}

// runs reports whether a loop's body calls t.Run with the key as the name.
func runs(body *ast.BlockStmt, key string) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && len(call.Args) == 2 {
			name, isName := call.Args[0].(*ast.Ident)
			f, isMethod := call.Fun.(*ast.SelectorExpr)
			found = found || isName && isMethod && f.Sel.Name == "Run" && name.Name == key
		}
		return true
	})
	return found
}

// written returns the text of a string literal or of a sum with one in it. Each other part of a sum counts as
// a word.
func written(e ast.Expr) (string, bool) {
	if sum, ok := e.(*ast.BinaryExpr); ok && sum.Op == token.ADD {
		left, l := written(sum.X)
		right, r := written(sum.Y)
		if !l {
			left = "x"
		}
		if !r {
			right = "x"
		}
		return left + " " + right, l || r
	}
	return literal(e)
}

func fieldNames(s *ast.StructType) (names []string) {
	for _, field := range s.Fields.List {
		for _, name := range field.Names {
			names = append(names, name.Name)
		}
	}
	return names
}

// typeName returns a type's name without its package and type arguments.
func typeName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.StarExpr:
		return typeName(e.X)
	case *ast.IndexExpr:
		return typeName(e.X)
	case *ast.IndexListExpr:
		return typeName(e.X)
	}
	return ""
}

// countWords counts the words of a sentence, or of the CamelCase name of a Go function.
func countWords(name string) int {
	if fields := strings.Fields(name); len(fields) != 1 {
		return len(fields)
	}
	letters := []rune(name)
	count := 0
	for i, r := range letters {
		afterLower := i > 0 && !unicode.IsUpper(letters[i-1])
		beforeLower := i+1 < len(letters) && unicode.IsLower(letters[i+1])
		if i == 0 || unicode.IsUpper(r) && (afterLower || beforeLower) {
			count++
		}
	}
	return count
}

func TestTheWordsOfANameAreCounted(t *testing.T) {
	for name, want := range map[string]int{
		"": 0, "once": 1, "but a supervisor": 3, "Policy": 1, "AFileOfTheLimitPasses": 6, "TheAPIAnswers": 3, "ASecondCloseIsANoOp": 7,
	} {
		require.Equal(t, want, countWords(name), name)
	}
}

func TestNamesOfTestsAndCasesAreFound(t *testing.T) {
	names := func(path, text string) (found []string) {
		for _, n := range testNames(t, source{path: path, text: []byte(text)}) {
			found = append(found, n.name)
		}
		return found
	}
	require.Equal(t, []string{"It", "a run", "x said", "keyed", "positional", "named type", "from a map"}, names("a_test.go", `package a
type testCase struct { want int; name string }
type person struct { Name string }
func TestMain(m *testing.M) {}
func TestIt(t *testing.T) {
	t.Run("a run", nil)
	t.Run(name+"said", nil)
	run([]domaintest.Case[Command, Event]{{Name: "keyed"}})
	run([]struct{ want int; name string }{{1, "positional"}})
	run([]testCase{{2, "named type"}})
	run([]person{{Name: "Ana"}})
	for name := range map[string]bool{"from a map": true} { t.Run(name, nil) }
	for name := range map[string]bool{"not run": true} { use(name) }
}`))
	require.Equal(t, []string{"one", "two ${x}", `say "three"`}, names("a.test.ts",
		"test(\"one\", () => {});\ntest.only(`two ${x}`, f); it(\"say \\\"three\\\"\", f); contest(\"no\");"))
}
