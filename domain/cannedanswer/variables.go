package cannedanswer

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/domain"
)

// The variables of a text, written between {{ and }}.
const (
	ContactName      = "contact.name"
	ContactFirstName = "contact.firstName"
	ContactLastName  = "contact.lastName"
	AgentName        = "agent.name" // the alias, if the agent has one
	AccountName      = "account.name"
)

// Variables lists all variables.
var Variables = []string{ContactName, ContactFirstName, ContactLastName, AgentName, AccountName}

// ErrVariable refuses a text with an unknown variable.
var ErrVariable = &domain.Refusal{
	Kind: domain.Invalid, Code: "VARIABLE_UNKNOWN",
	Message: "Variable not found. Use contact.name, contact.firstName, contact.lastName, agent.name or account.name.",
}

// Values holds the values of variables. Missing ones are empty.
type Values map[string]string

// variable matches a variable, complete or not.
var variable = regexp.MustCompile(`\{\{([^{}]*)\}\}|\{\{[^{}\s]*`)

// checkVariables refuses unknown variables.
func checkVariables(text string) error {
	for _, found := range variable.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(Variables, strings.TrimSpace(found[1])) {
			return ErrVariable.With("variable", found[0]).With("variables", Variables)
		}
	}
	return nil
}

// Fill replaces the variables of a text. If a value is empty, Fill also removes what makes no sense without it:
// a doubled space, empty brackets, a comma with no name. Unknown variables stay, so that the agent sees them.
func Fill(text string, values Values) string {
	var done strings.Builder
	rest := text
	for {
		at := variable.FindStringSubmatchIndex(rest)
		if at == nil {
			return done.String() + rest
		}
		before, whole, after := rest[:at[0]], rest[at[0]:at[1]], rest[at[1]:]
		name := ""
		if at[2] >= 0 {
			name = strings.TrimSpace(rest[at[2]:at[3]])
		}
		done.WriteString(before)
		switch value := strings.TrimSpace(values[name]); {
		case !slices.Contains(Variables, name):
			done.WriteString(whole)
		case value != "":
			done.WriteString(value)
		default:
			left, right := closeGap(done.String(), after)
			done.Reset()
			done.WriteString(left)
			after = right
		}
		rest = after
	}
}

// pairs lists what can enclose a name, including WhatsApp's formatting marks.
var pairs = map[rune]rune{'(': ')', '[': ']', '"': '"', '“': '”', '«': '»', '*': '*', '_': '_', '~': '~'}

const blank = " \t"

// closeGap trims the text on both sides of an empty value.
func closeGap(left, right string) (string, string) {
	for {
		l, n := utf8.DecodeLastRuneInString(left)
		r, m := utf8.DecodeRuneInString(right)
		if closing, ok := pairs[l]; !ok || r != closing {
			break
		}
		left, right = left[:len(left)-n], right[m:]
	}
	next, _ := utf8.DecodeRuneInString(right)
	gap := left != strings.TrimRight(left, blank)
	switch {
	case atStart(left): // a salutation such as "Ada, …" is gone
		return strings.TrimRight(left, blank), strings.TrimLeft(strings.TrimLeft(right, blank), ",;:"+blank)
	case right == "", next == '\n', next == '\r', isStop(next):
		return strings.TrimRight(left, ",;"+blank), right
	case gap:
		return left, strings.TrimLeft(right, blank)
	}
	return left, right
}

// atStart reports whether a line begins here.
func atStart(left string) bool {
	left = strings.TrimRight(left, blank)
	return left == "" || strings.HasSuffix(left, "\n")
}

func isStop(r rune) bool { return strings.ContainsRune(",.;:!?…", r) }
