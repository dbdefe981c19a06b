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

// pattern reports whether a name matches. An error ends the read or subscription.
type pattern func(name string) (bool, error)

// errSlowPattern ends a read, which would otherwise miss events whose names could not be compared.
var errSlowPattern = invalid("the filter's pattern takes too long to compare with a name in the log: " +
	"write it without nested repetitions")

// simple finds patterns that mean the same in Go as in .NET, for names of one line: they escape punctuation only, and
// have no groups with a question mark, no counted repetitions, and no classes within classes.
var simple = regexp.MustCompile(`^(?:[^\\([\]{}]|\\[[:punct:]]|\((?:[^?]|$)|\[\^?(?:[^[\]\\]|\\[[:punct:]])+\])*$`)

// newPattern compiles a pattern as a KurrentDB understands it, which is as .NET does. It may look around and backtrack,
// so a bad one could take exponential time; it gets a limit. Simple ones run on Go's own engine, which takes linear time.
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
		quick, _ = regexp.Compile(text) // nil if Go does not know it
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
