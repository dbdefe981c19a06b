package plain

import "regexp"

var (
	email  = regexp.MustCompile(`[^\s@<>()\[\]",;:]+\s*@\s*[^\s@<>()\[\]",;:]+`)
	number = regexp.MustCompile(`\pN(?:[\s.()/_-]*\pN){6,}`)
)

// WordsWithoutNumbers returns the words of a text as Words does, without phone numbers and email addresses: whatever
// the masked views hide of a text is missing.
func WordsWithoutNumbers(s string) string {
	s = reduce(s)
	return Words(number.ReplaceAllString(email.ReplaceAllString(s, " "), " "))
}
