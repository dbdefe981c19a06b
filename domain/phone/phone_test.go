package phone_test

import (
	"testing"

	"parley/domain/phone"
)

func TestEverySpellingOfANumberIsOneCustomer(t *testing.T) {
	for name, c := range map[string]struct {
		canonical string
		spellings []string
	}{
		"a Brazilian mobile with and without its ninth digit": {
			"5511987654321", []string{"5511987654321", "551187654321", "+55 (11) 98765-4321", "0055 11 8765 4321"},
		},
		"an Argentinian mobile with and without the 9": {
			"541123456789", []string{"541123456789", "5491123456789", "+54 9 11 2345-6789"},
		},
		"a Mexican mobile with and without the 1": {
			"525512345678", []string{"525512345678", "5215512345678", "+52 1 55 1234 5678"},
		},
		"a number of Benin before and after 2024": {
			"2290197000101", []string{"22997000101", "2290197000101", "+229 97 00 01 01", "+229 01 97 00 01 01"},
		},
		"another number of Benin before and after 2024": {
			"2290161000102", []string{"22961000102", "2290161000102"},
		},
		"an Orange mobile of Côte d'Ivoire before and after 2021": {
			"2250707000103", []string{"22507000103", "2250707000103", "+225 07 00 01 03", "00225 07 07 00 01 03"},
		},
		"an MTN mobile of Côte d'Ivoire before and after 2021": {
			"2250505000104", []string{"22505000104", "2250505000104"},
		},
		"a Moov mobile of Côte d'Ivoire before and after 2021": {
			"2250101000105", []string{"22501000105", "2250101000105"},
		},
		"a mobile of Côte d'Ivoire whose first digit names no operator": {
			"2250788123456", []string{"22588123456", "2250788123456"},
		},
		"a landline of Côte d'Ivoire before and after 2021": {
			"2252722412345", []string{"22522412345", "2252722412345"},
		},
		"an MTN landline of Côte d'Ivoire before and after 2021": {
			"2252520012345", []string{"22520012345", "2252520012345"},
		},
		"a Moov landline of Côte d'Ivoire before and after 2021": {
			"2252120812345", []string{"22520812345", "2252120812345"},
		},
		"an Airtel mobile of Gabon before and after 2019": {
			"24177280150", []string{"24107280150", "2417280150", "24177280150", "+241 07 28 01 50"},
		},
		"a Libertis mobile of Gabon before and after 2019": {
			"24166111111", []string{"24106111111", "2416111111", "24166111111"},
		},
		"a landline of Gabon before and after 2019": {
			"24111701234", []string{"24101701234", "2411701234", "24111701234"},
		},
		"a Vietnamese mobile before and after 2018": {
			"84701234567", []string{"841201234567", "84701234567", "+84 120 123 4567"},
		},
		"another Vietnamese mobile before and after 2018": {
			"84391234567", []string{"841691234567", "84391234567"},
		},
		"an Italian number with a plus sign, 00 and spaces": {
			"393331112222", []string{"393331112222", "+39 333 111 2222", "0039-333-111-2222"},
		},
		"digits of another script": {
			"201001234567", []string{"201001234567", "٢٠١٠٠١٢٣٤٥٦٧", "۲۰۱۰۰۱۲۳۴۵۶۷"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range c.spellings {
				if got := phone.Canonical(s); got != c.canonical {
					t.Errorf("the canonical spelling of %s is %s, not %s", s, got, c.canonical)
				}
			}
		})
	}
}

func TestSimilarNumbersOfDifferentPeopleStayApart(t *testing.T) {
	for number, why := range map[string]string{
		"551133334444":  "a Brazilian landline has no ninth digit",
		"541143334444":  "no 9 is added in Argentina: it may be a landline",
		"5491143":       "too short to be an Argentinian mobile",
		"2250507000106": "another operator's prefix is another person",
		"2250700000103": "already written the new way",
		"22513000000":   "special numbers of Côte d'Ivoire kept their eight digits",
		"841111234567":  "no Vietnamese operator had this prefix",
		"390559876543":  "the Italian 0 belongs to the number",
	} {
		if got := phone.Canonical(number); got != number {
			t.Errorf("the canonical spelling of %s is %s: %s", number, got, why)
		}
	}
	if got := phone.Canonical("24103123456"); got != "2413123456" {
		t.Errorf("an unknown operator of Gabon gets no prefix and only loses its zero: %s", got)
	}
	if phone.Canonical("22507000106") == phone.Canonical("2250507000106") {
		t.Error("the old number of one operator is the new number of another")
	}
}

func TestSpellingsAreTheGivenAndTheCanonicalOne(t *testing.T) {
	for number, want := range map[string][]string{
		"+229 97 00 01 01": {"22997000101", "2290197000101"},
		"2290197000101":    {"2290197000101"},
		"":                 nil,
	} {
		got := phone.Spellings(number)
		if len(got) != len(want) {
			t.Fatalf("%q: %v", number, got)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%q: %v", number, got)
			}
		}
	}
}

func FuzzCanonicalIsIdempotent(f *testing.F) {
	for _, s := range []string{
		"", "551187654321", "+54 9 11 2345-6789", "5215512345678", "22507000103", "22997000101", "24107123456",
		"2413123456", "841201234567", "٢٠١", "\xff+", "00", "0000039",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := phone.Canonical(s)
		if twice := phone.Canonical(once); twice != once {
			t.Errorf("%q: %s, then %s", s, once, twice)
		}
	})
}
