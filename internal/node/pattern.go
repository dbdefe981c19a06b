package node

import (
	"regexp"
	"strings"
	"time"

	"github.com/dlclark/regexp2/v2"
)

const (
	longestPattern = 4096                   // bytes
	longestMatch   = 100 * time.Millisecond // of one name
)

// pattern reports whether a name matches. If it returns an error, the read or subscription must end.
type pattern func(name string) (bool, error)

// errSlowPattern ends a read that would otherwise miss events, because their names could not be compared in
// time.
var errSlowPattern = invalid("the filter's pattern takes too long to compare with a name in the log: " +
	"write it without nested repetitions")

// simple matches patterns that mean the same in Go and in .NET for names of one line: they escape only
// punctuation, and have no groups with a question mark, no counted repetitions, and no classes within
// classes.
var simple = regexp.MustCompile(`^(?:[^\\([\]{}]|\\[[:punct:]]|\((?:[^?]|$)|\[\^?(?:[^[\]\\]|\\[[:punct:]])+\])*$`)

// newPattern compiles a pattern with the meaning it has on a KurrentDB, which uses .NET's engine. That engine
// looks around and backtracks, so a bad pattern could take exponential time; each match gets a limit. Simple
// patterns run on Go's own engine, which takes linear time.
func newPattern(text string) (pattern, error) {
	if len(text) > longestPattern {
		return nil, invalid("the filter's pattern is too long")
	}
	full, err := regexp2.Compile(text)
	if err != nil {
		return nil, invalid("the filter's pattern is not supported: " + err.Error())
	}
	full.MatchTimeout = longestMatch
	var quick *regexp.Regexp
	if simple.MatchString(text) {
		quick, _ = regexp.Compile(text) // nil if Go does not support it
	}
	return func(name string) (bool, error) {
		if quick != nil && !strings.Contains(name, "\n") {
			return quick.MatchString(name), nil
		}
		matches, err := full.MatchString(name)
		if err != nil {
			return false, errSlowPattern
		}
		return matches, nil
	}, nil
}
