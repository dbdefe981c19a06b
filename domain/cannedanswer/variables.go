package cannedanswer

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"parley/domain"
)

// The variables of a text, as they stand in it between {{ and }}.
const (
	ContactName      = "contact.name"
	ContactFirstName = "contact.firstName"
	ContactLastName  = "contact.lastName"
	AgentName        = "agent.name" // the agent's alias when he has one
	AccountName      = "account.name"
)

// Variables is all of them.
var Variables = []string{ContactName, ContactFirstName, ContactLastName, AgentName, AccountName}

// ErrVariable says a text names a variable that does not exist.
var ErrVariable = &domain.Refusal{Kind: domain.Invalid, Code: "VARIABLE_UNKNOWN", Message: "There is no such variable. Use contact.name, contact.firstName, contact.lastName, agent.name or account.name."}

// Values is what the variables of a text stand for. What is not in it is empty.
type Values map[string]string

// place is one variable, or what was meant to be one.
var place = regexp.MustCompile(`\{\{([^{}]*)\}\}|\{\{[^{}\s]*`)

// checkVariables refuses a text with a variable nobody could fill in.
func checkVariables(text string) error {
	for _, found := range place.FindAllStringSubmatch(text, -1) {
		if !slices.Contains(Variables, strings.TrimSpace(found[1])) {
			return ErrVariable.With("variable", found[0]).With("variables", Variables)
		}
	}
	return nil
}

// Fill puts values in place of the variables of a text. One without a value goes together with what would be left of it: a
// doubled space, brackets around nothing, a comma with no name behind it. One nobody knows stays, so that it is seen.
func Fill(text string, values Values) string {
	var done strings.Builder
	rest := text
	for {
		at := place.FindStringSubmatchIndex(rest)
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

// pairs are what may stand around a name, WhatsApp's marks among them.
var pairs = map[rune]rune{'(': ')', '[': ']', '"': '"', '“': '”', '«': '»', '*': '*', '_': '_', '~': '~'}

const blank = " \t"

// closeGap brings together what stands before and behind nothing.
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
	case atStart(left): // nothing is left of an address such as "Ada, …"
		return strings.TrimRight(left, blank), strings.TrimLeft(strings.TrimLeft(right, blank), ",;:"+blank)
	case right == "", next == '\n', next == '\r', isStop(next):
		return strings.TrimRight(left, ",;"+blank), right
	case gap:
		return left, strings.TrimLeft(right, blank)
	}
	return left, right
}

// atStart says whether a line begins here.
func atStart(left string) bool {
	left = strings.TrimRight(left, blank)
	return left == "" || strings.HasSuffix(left, "\n")
}

func isStop(r rune) bool { return strings.ContainsRune(",.;:!?…", r) }
