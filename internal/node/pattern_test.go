package node

import (
	"strings"
	"testing"
	"time"

	"github.com/dlclark/regexp2/v2"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestSimplePatternsMatchAsTheFullEngineDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.RuneFrom([]rune(`ab$\\.*+^[](){}|-?wé,0`)), 1, 12, -1).Draw(t, "pattern")
		full, err := regexp2.Compile(text)
		if err != nil {
			if _, err := newPattern(text); err == nil {
				t.Fatalf("%q is accepted", text)
			}
			return
		}
		full.MatchTimeout = time.Second
		compiled, err := newPattern(text)
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		for _, name := range rapid.SliceOfN(rapid.StringOf(rapid.RuneFrom([]rune("ab$.w-é0\n"))), 1, 8).Draw(t, "names") {
			want, wantErr := full.MatchString(name)
			got, err := compiled(name)
			if wantErr == nil && err == nil && got != want {
				t.Fatalf("%q on %q: %v, want %v", text, name, got, want)
			}
		}
	})
}

func TestPatternsOfTheOfficialClientsAreSimple(t *testing.T) {
	for _, text := range []string{`^[^\$].*`, `^order-`, `^(one|two)-[0-9]+`, `^[\\$_]`, `^(Red|Blue)$`} {
		require.True(t, simple.MatchString(text), text)
	}
	for _, text := range []string{`^(?!a)`, `\w`, `(?i)a`, `a\1`, `\p{L}`, `[a-z-[aeiou]]`, `[[:alpha:]]`, `a{2}`} {
		require.False(t, simple.MatchString(text), text)
	}
}

func TestAPatternThatIsTooLongIsRefused(t *testing.T) {
	_, err := newPattern(strings.Repeat("a", longestPattern+1))
	require.Error(t, err)
}
