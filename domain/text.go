package domain

import (
	"strings"
	"unicode"
)

// ErrUnprintable refuses a name that contains control characters.
var ErrUnprintable = &Refusal{Kind: Invalid, Code: "TEXT_UNPRINTABLE",
	Message: "Use one line without special characters."}

// OneLine refuses names that contain control characters. Screens do not show those, so two different names
// could look the same, and Postgres cannot store NUL.
func OneLine(names ...string) error {
	for _, name := range names {
		if strings.ContainsFunc(name, unicode.IsControl) {
			return ErrUnprintable
		}
	}
	return nil
}
