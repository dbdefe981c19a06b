package layout

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// requirements is the number of requirements, R1 to R123.
const requirements = 123

var (
	entry = regexp.MustCompile(`^- (?:\*\*([^*]+)\*\* )?(.+)$`)
	proof = regexp.MustCompile("^  - `([^`]+)`: `([^`]+)`$")
)

// brokenProofs checks docs/requirements.md and returns what is wrong with it. An entry is "- **R1** words", followed
// by lines that each name a test file and a test or case in it, or that say what is not built yet.
func brokenProofs(page string, read func(path string) (string, error)) (broken []string) {
	numbers := make(map[string]bool)
	current, settled := "", true
	finish := func() {
		if !settled {
			broken = append(broken, current+": has no proof and does not say that it is not built yet")
		}
	}
	for line := range strings.Lines(page) {
		line = strings.TrimRight(line, "\n")
		if m := entry.FindStringSubmatch(line); m != nil {
			finish()
			current, settled = cmp.Or(m[1], m[2]), false
			numbers[m[1]] = true
			continue
		}
		if strings.HasPrefix(line, "  - Not built yet") {
			settled = true
			continue
		}
		m := proof.FindStringSubmatch(line)
		if m == nil {
			if strings.HasPrefix(line, "  - ") && !strings.HasPrefix(line, "  - Note: ") {
				broken = append(broken, fmt.Sprintf("%s: cannot read %q", current, line))
			}
			continue
		}
		settled = true
		file, name := m[1], m[2]
		if !strings.HasSuffix(file, "_test.go") && !strings.HasSuffix(file, ".test.ts") && !strings.HasSuffix(file, ".test.tsx") &&
			!strings.HasSuffix(file, ".spec.ts") {
			broken = append(broken, current+": "+file+" is not a test")
		}
		text, err := read(file)
		if err != nil {
			broken = append(broken, current+": "+err.Error())
		} else if !strings.Contains(text, "func "+name+"(") && !strings.Contains(text, `"`+name+`"`) &&
			!strings.Contains(text, "`"+name+"`") {
			broken = append(broken, fmt.Sprintf("%s: %q is not in %s", current, name, file))
		}
	}
	finish()
	for n := range requirements {
		if r := fmt.Sprintf("R%d", n+1); !numbers[r] {
			broken = append(broken, r+": has no entry")
		}
	}
	return broken
}

func TestEveryRequirementNamesTestsThatExist(t *testing.T) {
	root := filepath.Join("..", "..")
	page, err := os.ReadFile(filepath.Join(root, "docs", "requirements.md"))
	require.NoError(t, err)
	broken := brokenProofs(string(page), func(path string) (string, error) {
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		return string(text), err
	})
	require.Empty(t, broken, strings.Join(broken, "\n"))
}

func TestARequirementWithoutAnExistingTestIsReported(t *testing.T) {
	read := func(path string) (string, error) {
		if path != "a_test.go" {
			return "", os.ErrNotExist
		}
		return "func TestIt(t *testing.T) { run(\"a case of it\") }", nil
	}
	var page strings.Builder
	for n := range requirements - 1 {
		fmt.Fprintf(&page, "- **R%d** words\n  - %s\n", n+1, []string{
			"`a_test.go`: `TestIt`\n  - `a_test.go`: `a case of it`", "Not built yet.", "`a_test.go`: `TestItNoMore`",
			"`b_test.go`: `TestIt`", "`a.go`: `TestIt`", "Note: soon.", "soon",
		}[min(n, 6)])
	}
	broken := strings.Join(brokenProofs(page.String(), read), "\n")
	require.NotContains(t, broken, "R1:")
	require.NotContains(t, broken, "R2:")
	for _, want := range []string{
		`R3: "TestItNoMore" is not in a_test.go`, "R4: file does not exist", "R5: a.go is not a test",
		"R6: has no proof and does not say that it is not built yet", `R7: cannot read "  - soon"`,
		"R123: has no entry",
	} {
		require.Contains(t, broken, want)
	}
}
