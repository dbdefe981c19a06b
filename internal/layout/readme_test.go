package layout

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// quotedFile matches a comment that names the file from which the following lines are quoted. Text may follow the name.
var quotedFile = regexp.MustCompile(`^(?://|#) ([\w.-]+(?:/[\w.-]+)+)(?:: .*)?$`)

// quotedButMissing returns the lines that a page quotes from a file but that are not in it. A quotation stands in a
// fenced block after a comment that names its file; "…" stands for lines left out.
func quotedButMissing(page string, read func(path string) (string, error)) (missing []string, quotations int) {
	inside, text, file := false, "", ""
	for line := range strings.Lines(page) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "```") {
			inside, file = !inside, ""
			continue
		}
		if !inside {
			continue
		}
		if named := quotedFile.FindStringSubmatch(line); named != nil {
			file = named[1]
			quotations++
			var err error
			if text, err = read(file); err != nil {
				missing = append(missing, err.Error())
			}
			continue
		}
		if file != "" && line != "" && line != "…" && !strings.Contains(text, line) {
			missing = append(missing, fmt.Sprintf("%s: %s", file, line))
		}
	}
	return missing, quotations
}

func TestTheReadmeQuotesCodeThatExists(t *testing.T) {
	root := filepath.Join("..", "..")
	page, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	missing, quotations := quotedButMissing(string(page), func(path string) (string, error) {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		return string(text), err
	})
	require.Empty(t, missing)
	require.GreaterOrEqual(t, quotations, 5)
}

func TestAQuotationOfMissingCodeIsReported(t *testing.T) {
	page := "```go\n// a/b.go: what is kept\nkept()\n…\ngone()\n\n// c.d/e.graphqls\nkept()\nlost()\n```\n"
	missing, quotations := quotedButMissing(page, func(string) (string, error) { return "func f() {\n\tkept()\n}\n", nil })
	require.Equal(t, []string{"a/b.go: gone()", "c.d/e.graphqls: lost()"}, missing)
	require.Equal(t, 2, quotations)
}
