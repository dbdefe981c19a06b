// Package phone decides when two spellings of a phone number are the same number.
//
// One subscriber can be written in two ways: several countries renumbered, and WhatsApp keeps the spelling an
// account was registered under. Ids are derived from the canonical spelling, so the rules below must never
// change. Stored numbers keep their spelling: a reply goes to the one the customer wrote from.
//
//	country         other spelling            canonical spelling         source
//	Argentina       54 9 + 10 digits          54 + 10 digits             libphonenumber; WhatsApp adds the 9
//	Benin           229 + 8 digits            229 01 + the 8 digits      ARCEP Bénin, 30 November 2024
//	Brazil          55 + area + 8 digits,     55 + area + 9 + the        Anatel, ninth digit, 2012 to 2016
//	                the first of them 6 to 9  8 digits
//	Côte d'Ivoire   225 + 8 digits            225 + operator + the       ARTCI, 31 January 2021
//	                                          8 digits, see ivorian
//	Gabon           241 + 7 digits, or        241 + operator + the       ARCEP Gabon, 15 November 2019
//	                241 0 + 7 digits          7 digits, see gabonese
//	Mexico          52 1 + 10 digits          52 + 10 digits             IFT, 3 August 2019
//	Vietnam         84 1 + 9 digits           84 + 9 digits,             MIC, 15 September 2018
//	                                          see vietnamese
//
// docs/decisions/phone-numbers-become-ids.md says how to add a country to this table.
package phone

import "strings"

// Canonical returns the canonical digits of a number, or "" if it has none. The number must include its
// country code; a plus sign, leading zeros, spaces and punctuation are ignored.
func Canonical(number string) string {
	d := strings.TrimLeft(Digits(number), "0") // no country code starts with 0
	switch {
	case strings.HasPrefix(d, "225") && len(d) == 11:
		return "225" + ivorian(d[3:])
	case strings.HasPrefix(d, "229") && len(d) == 11:
		return "22901" + d[3:]
	case strings.HasPrefix(d, "241") && len(d) == 10:
		return "241" + gabonese(d[3:])
	case strings.HasPrefix(d, "2410") && len(d) == 11:
		return "241" + gabonese(d[4:])
	case strings.HasPrefix(d, "521") && len(d) == 13:
		return "52" + d[3:]
	case strings.HasPrefix(d, "549") && len(d) == 13:
		return "54" + d[3:]
	case strings.HasPrefix(d, "55") && len(d) == 12 && d[4] >= '6': // landlines start with 2 to 5
		return d[:4] + "9" + d[4:]
	case strings.HasPrefix(d, "841") && len(d) == 12:
		return "84" + vietnamese(d[2:])
	}
	return d
}

const aliasPrefix = "tel:"

// Alias returns what identifies the customer with a number, or "" if there are no digits in it.
func Alias(number string) string {
	if tel := Canonical(number); tel != "" {
		return aliasPrefix + tel
	}
	return ""
}

// IsAlias reports whether an alias is that of a number.
func IsAlias(alias string) bool { return strings.HasPrefix(alias, aliasPrefix) }

// Spellings returns the digits of a number as given and, if different, in the canonical spelling. Search columns
// hold both, so that either finds the number.
func Spellings(number string) []string {
	given, canonical := strings.TrimLeft(Digits(number), "0"), Canonical(number)
	switch canonical {
	case "":
		return nil
	case given:
		return []string{given}
	}
	return []string{given, canonical}
}

// ivorian puts the operator's prefix before an eight-digit number of Côte d'Ivoire. The second digit tells
// the operator of a mobile number, the third that of a landline.
func ivorian(old string) string {
	kind, second, third := old[0], old[1], old[2]
	switch {
	case strings.IndexByte("0457", kind) >= 0 && second <= '3':
		return "01" + old // Moov
	case strings.IndexByte("0456789", kind) >= 0 && '4' <= second && second <= '6':
		return "05" + old // MTN
	case strings.IndexByte("0456789", kind) >= 0 && '7' <= second:
		return "07" + old // Orange
	case kind == '2' && third == '8':
		return "21" + old // Moov
	case (kind == '2' || kind == '3') && third == '0':
		return "25" + old // MTN
	case kind == '2' || kind == '3':
		return "27" + old // Orange
	}
	return old
}

// gabonese puts the operator's prefix before a seven-digit number of Gabon, given without its leading zero.
func gabonese(old string) string {
	switch old[0] {
	case '1':
		return "1" + old // landlines
	case '2', '5', '6':
		return "6" + old // Libertis, Moov
	case '4', '7':
		return "7" + old // Airtel
	}
	return old
}

// vietnamese turns a ten-digit mobile number of Vietnam, given without its leading zero, into one of nine digits.
func vietnamese(old string) string {
	if prefix, ok := vietnamesePrefixes[old[:3]]; ok {
		return prefix + old[3:]
	}
	return old
}

var vietnamesePrefixes = map[string]string{
	"120": "70", "121": "79", "122": "77", "126": "76", "128": "78", // MobiFone
	"123": "83", "124": "84", "125": "85", "127": "81", "129": "82", // Vinaphone
	"162": "32", "163": "33", "164": "34", "165": "35", // Viettel
	"166": "36", "167": "37", "168": "38", "169": "39", // Viettel
	"186": "56", "188": "58", // Vietnamobile
	"199": "59", // Gmobile
}

// Digits returns the digits of a text as ASCII. It converts Arabic and Persian digits.
func Digits(s string) string {
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
