package layout

import (
	"bytes"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const maxLines = 500

type source struct {
	path string // from the module's root, with slashes
	text []byte
}

func (s source) generated() bool {
	head := s.text[:min(len(s.text), 400)]
	return strings.Contains(s.path, "/generated/") || bytes.Contains(head, []byte("Code generated ")) ||
		bytes.Contains(head, []byte("automatically regenerated"))
}

func (s source) test() bool {
	return strings.HasSuffix(s.path, "_test.go") || strings.Contains(s.path, ".test.") ||
		strings.HasPrefix(s.path, "web/e2e/")
}

func (s source) testdata() bool { return strings.Contains(s.path, "/testdata/") }

// suite reports whether the file belongs to a package of tests that other packages run.
func (s source) suite() bool {
	folder := path.Base(path.Dir(s.path))
	return path.Ext(s.path) == ".go" && strings.HasSuffix(folder, "test")
}

// sources reads every file of the module with one of the endings.
func sources(t *testing.T, endings ...string) []source {
	t.Helper()
	root := filepath.Join("..", "..")
	_, err := os.Stat(filepath.Join(root, "go.mod"))
	require.NoError(t, err)
	var found []source
	require.NoError(t, filepath.WalkDir(root, func(file string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() &&
			(slices.Contains([]string{"node_modules", "dist", "test-results", "playwright-report"},
				d.Name()) || strings.HasPrefix(d.Name(), ".") && file != root) {
			return fs.SkipDir
		}
		if d.IsDir() || !slices.Contains(endings, filepath.Ext(file)) {
			return nil
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		path, err := filepath.Rel(root, file)
		if err != nil {
			return err
		}
		found = append(found, source{path: filepath.ToSlash(path), text: text})
		return nil
	}))
	require.NotEmpty(t, found)
	return found
}

// phrases reports whether the file holds a language's words. It may be long, because nobody reads it from top
// to bottom.
func (s source) phrases() bool { return strings.HasPrefix(s.path, "web/src/i18n/") }

func TestNoFileHasTooManyLines(t *testing.T) {
	for _, f := range sources(t, ".go", ".ts", ".tsx") {
		if lines := bytes.Count(f.text, []byte("\n")); !f.generated() && !f.phrases() && lines > maxLines {
			t.Errorf("%s has %d lines, more than %d: split it", f.path, lines, maxLines)
		}
	}
}

// The default client would bypass the guard against requests to internal addresses.
func TestNoRequestUsesTheDefaultHTTPClient(t *testing.T) {
	unguarded := regexp.MustCompile(`\bhttp\.(DefaultClient|DefaultTransport|Get|Post|PostForm|Head)\b`)
	for _, f := range sources(t, ".go") {
		if f.test() || f.generated() {
			continue
		}
		if found := unguarded.Find(f.text); found != nil {
			t.Errorf("%s uses %s; use a client with its own transport", f.path, found)
		}
	}
}

// A client without a transport uses the default one.
func TestEveryHTTPClientHasATransport(t *testing.T) {
	bare := regexp.MustCompile(`http\.Client\{(\s*Timeout:[^,}]*,?\s*)?\}`)
	for _, f := range sources(t, ".go") {
		if f.test() || f.generated() {
			continue
		}
		if found := bare.Find(f.text); found != nil {
			t.Errorf("%s creates an http.Client without a Transport", f.path)
		}
	}
}
