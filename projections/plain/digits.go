package plain

import "strings"

// Digits returns the digits of a text that is nothing but a phone number, in any spelling, without leading
// zeros. It returns "" for other texts.
func Digits(s string) string {
	var digits strings.Builder
	for _, c := range strings.ReplaceAll(Text(s), "(0)", "") { // +44 (0)20 is dialled with or without the zero
		switch {
		case c >= '0' && c <= '9':
			digits.WriteRune(c)
		case !strings.ContainsRune("+-()./ ", c):
			return ""
		}
	}
	return strings.TrimLeft(digits.String(), "0")
}
