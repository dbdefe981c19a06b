// Package phone brings a customer's number, however a network spells it, to the one spelling we match by.
package phone

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/nyaruka/phonenumbers"

	"parley/channels"
)

var userID = regexp.MustCompile(`^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]{1,128}$`)

// IsUserID says whether an address is a business-scoped user id and not a number.
func IsUserID(address string) bool { return userID.MatchString(address) }

// Canonical is the digits a number is matched by, or "" when there are none. Give it a number with its country code;
// +, 00, spaces and punctuation are ignored. Brazilian mobiles get their ninth digit, Argentinian ones lose the 9 and
// Mexican ones the 1 after the country code. Never send to it: answer the spelling the customer came with.
// Ids are derived from it, so it follows these fixed rules alone and no numbering plan that changes with an update.
func Canonical(number string) string {
	d := strings.TrimLeft(digits(number), "0") // no country code starts with 0
	switch {
	case strings.HasPrefix(d, "55") && len(d) == 12 && d[4] >= '6': // landlines start with 2 to 5
		return d[:4] + "9" + d[4:]
	case strings.HasPrefix(d, "549") && len(d) == 13:
		return "54" + d[3:]
	case strings.HasPrefix(d, "521") && len(d) == 13:
		return "52" + d[3:]
	}
	return d
}

// Typed reads a number as a person wrote it, in the country of region (such as IT) unless it says another itself,
// and returns its digits in international form. It says false when no network could have such a number.
func Typed(number, region string) (string, bool) {
	n, err := phonenumbers.Parse(number, region)
	if err != nil || !phonenumbers.IsPossibleNumber(n) {
		return "", false
	}
	return strings.TrimPrefix(phonenumbers.Format(n, phonenumbers.E164), "+"), true
}

// TypedWith is Typed in the country of a dial prefix, such as 39. A number that cannot be one of that country counts as
// written with its own country code, with or without the plus.
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

// Aliases are all names a customer goes by, most lasting first: bsuid:…, bsuid-parent:…, tel:….
// They name people, so they are hashed under the deployment's key before they become ids.
func Aliases(s channels.Sender) []string {
	var names []string
	if s.UserID != "" {
		names = append(names, "bsuid:"+s.UserID)
	}
	if s.ParentUserID != "" {
		names = append(names, "bsuid-parent:"+s.ParentUserID)
	}
	if tel := Canonical(s.WaID); tel != "" {
		names = append(names, "tel:"+tel)
	}
	return names
}

// digits keeps ASCII digits and turns the Arabic ones into them; other characters go.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case r >= '٠' && r <= '٩':
			return r - '٠' + '0'
		case r >= '۰' && r <= '۹':
			return r - '۰' + '0'
		}
		return -1
	}, s)
}
