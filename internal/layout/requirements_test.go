package layout

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// requirements is how many there are, R1 to R123.
const requirements = 123

var span = regexp.MustCompile("`([^`]+)`")

// proved is what is wrong with a page that says which tests prove which requirement. Each row of a table has the requirement,
// its words and its proof; in a proof a path in backquotes is followed by names of tests or of cases in that file.
func proved(page string, read func(path string) (string, error)) (wrong []string) {
	var rows []string
	for line := range strings.Lines(page) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		if !strings.HasPrefix(line, "| ") || len(cells) != 3 || strings.HasPrefix(cells[1], " ---") || strings.TrimSpace(cells[0]) == "" {
			continue
		}
		name, proof := strings.TrimSpace(cells[0]), cells[2]
		rows = append(rows, name)
		file, text, named := "", "", 0
		for _, s := range span.FindAllStringSubmatch(proof, -1) {
			if strings.HasSuffix(s[1], ".go") || strings.HasSuffix(s[1], ".ts") {
				var err error
				if file = s[1]; !strings.Contains(file, "test") && !strings.Contains(file, ".spec.") {
					wrong = append(wrong, name+": "+file+" is no test")
				}
				if text, err = read(file); err != nil {
					wrong = append(wrong, name+": "+err.Error())
				}
				continue
			}
			named++
			if !strings.Contains(text, "func "+s[1]+"(") && !strings.Contains(text, `"`+s[1]+`"`) {
				wrong = append(wrong, fmt.Sprintf("%s: %q is not in %s", name, s[1], file))
			}
		}
		if named == 0 && !strings.Contains(proof, "not built yet") {
			wrong = append(wrong, name+": neither proved nor said to be missing")
		}
	}
	for n := range requirements {
		if r := fmt.Sprintf("R%d", n+1); !slices.Contains(rows, r) {
			wrong = append(wrong, r+": has no row")
		}
	}
	return wrong
}

func TestTheProofsOfTheRequirementsAreThere(t *testing.T) {
	root := filepath.Join("..", "..")
	page, err := os.ReadFile(filepath.Join(root, "docs", "requirements.md"))
	require.NoError(t, err)
	require.Empty(t, proved(string(page), func(path string) (string, error) {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		return string(text), err
	}))
}

func TestAProofThatIsGoneIsFound(t *testing.T) {
	read := func(path string) (string, error) {
		if path != "a_test.go" {
			return "", os.ErrNotExist
		}
		return "func TestIt(t *testing.T) { run(\"a case (R2)\") }", nil
	}
	var page strings.Builder
	page.WriteString("| | in short | proof |\n| --- | --- | --- |\n")
	for n := range requirements - 1 {
		fmt.Fprintf(&page, "| R%d | words | %s |\n", n+1, []string{
			"`a_test.go`: `TestIt`, `a case (R2)`", "not built yet", "`a_test.go`: `TestItNoMore`", "`b_test.go`: `TestIt`", "`a.go`", "soon",
		}[min(n, 5)])
	}
	wrong := strings.Join(proved(page.String(), read), "\n")
	require.NotContains(t, wrong, "R1:")
	require.NotContains(t, wrong, "R2:")
	for _, want := range []string{
		`R3: "TestItNoMore" is not in a_test.go`, "R4: file does not exist", "R5: a.go is no test", "R6: neither proved nor said to be missing", "R123: has no row",
	} {
		require.Contains(t, wrong, want)
	}
}
