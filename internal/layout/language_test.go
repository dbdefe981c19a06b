package layout

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

const (
	maxColumns = 140 // a tab counts as one
	minWords   = 3   // in the name of a test or of a table's case
)

var (
	pronoun     = regexp.MustCompile(`(?i)\b(he|him|his|himself|she|her|hers|herself)\b`)
	requirement = regexp.MustCompile(`\b[RABFSKI][0-9]{1,3}\b|\bTest\w*[a-z][RABFSKI][0-9]{1,3}\b`)
	unbroken    = regexp.MustCompile(`\S{80}`) // data such as a key in base64, or a URL
)

// notRequirements lists words that look like the number of a requirement.
var notRequirements = []string{"S3"}

// lines calls check for every line of the files with one of the endings, except generated code and test data.
func lines(t *testing.T, check func(f source, line string) string, endings ...string) {
	t.Helper()
	for _, f := range sources(t, endings...) {
		if f.generated() || f.testdata() {
			continue
		}
		var found []string
		number := 0
		for line := range strings.Lines(string(f.text)) {
			number++
			if why := check(f, strings.TrimRight(line, "\r\n")); why != "" {
				found = append(found, fmt.Sprintf("%s:%d: %s", f.path, number, why))
			}
		}
		if len(found) > 0 {
			t.Error(strings.Join(found, "\n"))
		}
	}
}

func TestNoLineIsLongerThanTheLimit(t *testing.T) {
	lines(t, tooLong, ".go", ".ts", ".tsx", ".md", ".graphqls", ".sh")
}

func TestNoTextUsesAGenderedPronoun(t *testing.T) {
	lines(t, gendered, ".go", ".ts", ".tsx", ".md", ".graphqls", ".sh", ".sql")
}

func TestRequirementNumbersAreOnlyInTheirList(t *testing.T) {
	lines(t, numbered, ".go", ".ts", ".tsx", ".md", ".graphqls", ".sh", ".sql")
}

func TestNamesOfTestsAndCasesAreSentences(t *testing.T) {
	for _, f := range sources(t, ".go", ".ts", ".tsx") {
		if !f.test() && !f.suite() {
			continue
		}
		var found []string
		for _, n := range testNames(t, f) {
			if countWords(n.name) < minWords {
				found = append(found, fmt.Sprintf("%s:%d: the name %q has fewer than %d words", f.path,
					n.line, n.name, minWords))
			}
		}
		if len(found) > 0 {
			t.Error(strings.Join(found, "\n"))
		}
	}
}

// tooLong returns what is wrong with the length of a line, or "".
func tooLong(f source, line string) string {
	columns := utf8.RuneCountInString(line)
	table := path.Ext(f.path) == ".md" && strings.HasPrefix(line, "|") || proof.MatchString(line)
	if columns <= maxColumns || table || unbroken.MatchString(line) {
		return ""
	}
	return fmt.Sprintf("the line has %d columns, more than %d", columns, maxColumns)
}

// gendered returns what is wrong with the pronouns in a line, or "".
func gendered(f source, line string) string {
	if slices.Contains([]string{"web/src/i18n/it.ts", "internal/layout/language_test.go"}, f.path) {
		return ""
	}
	if found := pronoun.FindString(line); found != "" {
		return fmt.Sprintf("say they or name the role instead of %q", found)
	}
	return ""
}

// numbered returns what is wrong with a requirement number in a line, or "".
func numbered(f source, line string) string {
	exempt := []string{"docs/requirements.md", "internal/layout/requirements_test.go",
		"internal/layout/language_test.go"}
	if slices.Contains(exempt, f.path) {
		return ""
	}
	for _, found := range requirement.FindAllString(line, -1) {
		if !slices.Contains(notRequirements, found) {
			return fmt.Sprintf("say the rule instead of %q", found)
		}
	}
	return ""
}

func TestALineThatBreaksALanguageRuleIsReported(t *testing.T) {
	long := strings.Repeat("word ", 30)
	for _, c := range []struct {
		name  string
		check func(source, string) string
		file  string
		line  string
		want  string
	}{
		{"a line of 140 columns passes", tooLong, "a.go", long[:140], ""},
		{"a line of 141 columns is too long", tooLong, "a.go", long[:141], "the line has 141 columns, more than 140"},
		{"columns are counted in characters", tooLong, "a.go", strings.Repeat("für ", 35), ""},
		{"a table row may be long", tooLong, "a.md", "| " + long, ""},
		{"a bar starts a table row in Markdown only", tooLong, "a.ts", "| " + long, "the line has 152 columns, more than 140"},
		{"data without spaces may be long", tooLong, "a.ts", strings.Repeat("QUJD", 50), ""},
		{"a lower-case pronoun is found", gendered, "a.go", "// the agent loses " + "his" + " offer",
			`say they or name the role instead of "` + "his" + `"`},
		{"a capital pronoun is found", gendered, "a.md", "She accepts.", `say they or name the role instead of "She"`},
		{"part of a word is not a pronoun", gendered, "a.go", "// there the history is shown", ""},
		{"the Italian words are exempt", gendered, "web/src/i18n/it.ts", "he", ""},
		{"a number in brackets is found", numbered, "a.ts", "the badge counts (R64)", `say the rule instead of "R64"`},
		{"a number as a suffix is found", numbered, "a_test.go", "func TestNodeOutlivesARestart" + "F" + "1(",
			`say the rule instead of "TestNodeOutlivesARestart` + "F" + `1"`},
		{"the list of requirements has numbers", numbered, "docs/requirements.md", "| R64 |", ""},
		{"S3 is an object store", numbered, "a.go", "S3", ""},
	} {
		t.Run(c.name, func(t *testing.T) { require.Equal(t, c.want, c.check(source{path: c.file}, c.line)) })
	}
}
