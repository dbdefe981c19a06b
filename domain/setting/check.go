package setting

import (
	"strings"
	"unicode/utf8"

	"parley/domain"
)

// ErrName refuses an empty name and one of more than 100 characters.
var ErrName = &domain.Refusal{
	Kind: domain.Invalid, Code: "NAME_INVALID",
	Message: "A name has 1 to 100 characters.",
}

// Name trims a name and refuses it if it is empty, too long, or has unprintable characters.
func Name(name string) (string, error) {
	name = strings.TrimSpace(name)
	if name == "" || utf8.RuneCountInString(name) > 100 {
		return "", ErrName
	}
	return name, domain.OneLine(name)
}

// Distinct drops empty and repeated entries. It returns nil rather than an empty
// slice, so that equal values compare equal.
func Distinct[T ~string](all []T) []T {
	var kept []T
	seen := make(map[T]bool, len(all))
	for _, x := range all {
		x = T(strings.TrimSpace(string(x)))
		if x != "" && !seen[x] {
			seen[x] = true
			kept = append(kept, x)
		}
	}
	return kept
}

// Between reports whether low <= n <= high.
func Between(n, low, high int) bool { return low <= n && n <= high }
