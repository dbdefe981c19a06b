package phone_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/channels/phone"
)

func TestEverySpellingOfANumberIsOneCustomer(t *testing.T) { // B20
	for name, spellings := range map[string][]string{
		"a Brazilian mobile with and without its ninth digit": {"5511987654321", "551187654321", "+55 (11) 98765-4321", "0055 11 8765 4321"},
		"an Argentinian mobile with and without the 9":        {"541123456789", "5491123456789", "+54 9 11 2345-6789"},
		"a Mexican mobile with and without the 1":             {"525512345678", "5215512345678", "+52 1 55 1234 5678"},
		"an Italian number with +, 00 and spaces":             {"393331112222", "+39 333 111 2222", "0039-333-111-2222"},
		"digits of another script":                            {"201001234567", "٢٠١٠٠١٢٣٤٥٦٧", "۲۰۱۰۰۱۲۳۴۵۶۷"},
	} {
		t.Run(name, func(t *testing.T) {
			for _, s := range spellings {
				require.Equal(t, phone.Canonical(spellings[0]), phone.Canonical(s), s)
			}
		})
	}
}

func TestNumbersThatOnlyLookAlikeStayApart(t *testing.T) {
	require.Equal(t, "551133334444", phone.Canonical("551133334444"), "a landline has no ninth digit")
	require.Equal(t, "541143334444", phone.Canonical("541143334444"), "no 9 is added: it may be a landline")
	require.Equal(t, "5491143", phone.Canonical("5491143"), "too short to be the mobile form")
	require.Equal(t, "390559876543", phone.Canonical("+39 055 9876543"), "the Italian 0 belongs to the number")
}

func TestASenderIsKnownByEveryIdItHas(t *testing.T) {
	require.Equal(t, []string{"bsuid:IT.123", "bsuid-parent:IT.ENT.9", "tel:5511987654321"},
		phone.Aliases(channels.Sender{WaID: "551187654321", UserID: "IT.123", ParentUserID: "IT.ENT.9"}))
	require.Equal(t, []string{"bsuid:BR.7"}, phone.Aliases(channels.Sender{UserID: "BR.7", Username: "ana"}))
	require.Empty(t, phone.Aliases(channels.Sender{ProfileName: "nobody"}))
}

func TestAUserIDIsNotANumber(t *testing.T) {
	require.True(t, phone.IsUserID("IT.123"))
	require.True(t, phone.IsUserID("IT.ENT.9aZ"))
	require.False(t, phone.IsUserID("393331112222"))
	require.False(t, phone.IsUserID("IT."))
}

func TestATypedNumberIsReadInItsCountry(t *testing.T) {
	for typed, want := range map[string]string{"333 111 2222": "393331112222", "+44 (0)20 7946 0018": "442079460018", "055 9876543": "390559876543"} {
		got, ok := phone.Typed(typed, "IT")
		require.True(t, ok, typed)
		require.Equal(t, want, got)
	}
	_, ok := phone.Typed("12", "IT")
	require.False(t, ok)
}

func FuzzCanonicalSettlesAtOnce(f *testing.F) {
	for _, s := range []string{"", "551187654321", "+54 9 11 2345-6789", "5215512345678", "٢٠١", "\xff+", "00", "0000039"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once := phone.Canonical(s)
		require.Equal(t, once, phone.Canonical(once))
		_, _ = phone.Typed(s, "BR")
		phone.Aliases(channels.Sender{WaID: s})
	})
}

func TestANumberTypedInAListsCountry(t *testing.T) {
	for typed, expected := range map[string]string{
		"347 111 2233": "393471112233", "+39 347 111 2233": "393471112233", "393471112233": "393471112233", "0039 347 1112233": "393471112233",
		"+49 171 1234567": "491711234567", "0049 171 1234567": "491711234567", "06 1234 5678": "390612345678",
	} {
		digits, ok := phone.TypedWith(typed, "39")
		require.True(t, ok, typed)
		require.Equal(t, expected, digits, typed)
	}
	for typed, expected := range map[string]string{"+39 347 111 2233": "393471112233", "393471112233": "393471112233", "0049 171 1234567": "491711234567"} {
		digits, ok := phone.TypedWith(typed, "")
		require.True(t, ok, typed)
		require.Equal(t, expected, digits, typed)
	}
	for _, typed := range []string{"", "12", "abc", "+39 1"} {
		_, ok := phone.TypedWith(typed, "39")
		require.False(t, ok, typed)
	}
}
