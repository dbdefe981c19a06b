// Package phone reads phone numbers as people type them. domain/phone says which numbers are the same.
package phone

import (
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"parley/domain/phone"
)

// Typed returns the international digits of a number typed in a region such as IT.
// The number may name another country. Typed returns false for an impossible number.
// It accepts numbers of old numbering plans and keeps their spelling.
func Typed(number, region string) (string, bool) {
	n, err := phonenumbers.Parse(number, region)
	if err != nil {
		return "", false
	}
	digits := strings.TrimPrefix(phonenumbers.Format(n, phonenumbers.E164), "+")
	return digits, phonenumbers.IsPossibleNumber(n) || renumbered(digits)
}

// renumbered reports whether digits are an old spelling of a possible number.
func renumbered(digits string) bool {
	canonical := phone.Canonical(digits)
	if canonical == digits {
		return false
	}
	n, err := phonenumbers.Parse("+"+canonical, "")
	return err == nil && phonenumbers.IsPossibleNumber(n)
}

// TypedWith is Typed for the country of a dial prefix such as 39. If the number does not fit that country, it
// is read as one with its own country code, with or without a plus sign.
func TypedWith(number, dialPrefix string) (string, bool) {
	code, err := strconv.Atoi(dialPrefix)
	if err == nil {
		if d, ok := Typed(number, phonenumbers.GetRegionCodeForCountryCode(code)); ok {
			return d, true
		}
	}
	number = strings.TrimSpace(number)
	if rest, ok := strings.CutPrefix(number, "00"); ok {
		number = rest
	}
	return Typed("+"+strings.TrimPrefix(number, "+"), "")
}
