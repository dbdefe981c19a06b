package layout

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const maxLines = 500

type source struct {
	path string // from the module's folder, with slashes
	text []byte
}

func (s source) generated() bool {
	head := s.text[:min(len(s.text), 400)]
	return strings.Contains(s.path, "/generated/") || bytes.Contains(head, []byte("Code generated ")) || bytes.Contains(head, []byte("automatically regenerated"))
}

func (s source) test() bool {
	return strings.HasSuffix(s.path, "_test.go") || strings.Contains(s.path, ".test.") || strings.HasPrefix(s.path, "web/e2e/")
}

// sources reads every file of the module whose name ends so.
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
		if d.IsDir() && (slices.Contains([]string{"node_modules", "dist", "test-results", "playwright-report"}, d.Name()) || strings.HasPrefix(d.Name(), ".") && file != root) {
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

// phrases: a language's words are one list, looked up and never read through, so they may be long.
func (s source) phrases() bool { return strings.HasPrefix(s.path, "web/src/i18n/") }

func TestNoFileGrowsBeyondWhatOneReads(t *testing.T) {
	for _, f := range sources(t, ".go", ".ts", ".tsx") {
		if lines := bytes.Count(f.text, []byte("\n")); !f.generated() && !f.phrases() && lines > maxLines {
			t.Errorf("%s has %d lines; look for the seam", f.path, lines)
		}
	}
}

// S42: a request that goes out by the default client would pass by the guard against addresses inside.
func TestNoRequestLeavesByTheDefaultClient(t *testing.T) {
	unguarded := regexp.MustCompile(`\bhttp\.(DefaultClient|DefaultTransport|Get|Post|PostForm|Head)\b`)
	for _, f := range sources(t, ".go") {
		if f.test() || f.generated() {
			continue
		}
		if found := unguarded.Find(f.text); found != nil {
			t.Errorf("%s uses %s; requests go out by a client of their own", f.path, found)
		}
	}
}

// S42, the same thing hidden: a client without a transport uses the default one.
func TestNoClientIsMadeWithoutATransport(t *testing.T) {
	bare := regexp.MustCompile(`http\.Client\{(\s*Timeout:[^,}]*,?\s*)?\}`)
	for _, f := range sources(t, ".go") {
		if f.test() || f.generated() {
			continue
		}
		if found := bare.Find(f.text); found != nil {
			t.Errorf("%s makes an http.Client without a Transport", f.path)
		}
	}
}
