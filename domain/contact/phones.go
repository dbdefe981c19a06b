package contact

import "parley/domain/phone"

// distinct returns the numbers that are not among the known ones, each once in its first spelling. Two
// spellings of a number count as the same.
func distinct(numbers []string, known ...string) []string {
	seen := make(map[string]bool, len(known)+len(numbers))
	for _, n := range known {
		seen[phone.Canonical(n)] = true
	}
	var kept []string
	for _, n := range numbers {
		if key := phone.Canonical(n); !seen[key] {
			seen[key] = true
			kept = append(kept, n)
		}
	}
	return kept
}
