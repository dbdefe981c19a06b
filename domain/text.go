package domain

import (
	"strings"
	"unicode"
)

// ErrUnprintable says that something has a name with characters in it that nobody sees.
var ErrUnprintable = &Refusal{Kind: Invalid, Code: "TEXT_UNPRINTABLE", Message: "A name is one line, without control characters."}

// OneLine refuses what names something when it holds control characters: no screen shows them, two names that look alike
// would be two things, and Postgres takes NUL in no text at all.
func OneLine(names ...string) error {
	for _, name := range names {
		if strings.ContainsFunc(name, unicode.IsControl) {
			return ErrUnprintable
		}
	}
	return nil
}
