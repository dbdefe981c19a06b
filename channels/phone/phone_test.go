package phone_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels/phone"
)

func TestATypedNumberIsReadInItsCountry(t *testing.T) {
	for typed, want := range map[string]string{
		"333 111 2222": "393331112222", "+44 (0)20 7946 0018": "442079460018", "055 9876543": "390559876543",
	} {
		got, ok := phone.Typed(typed, "IT")
		require.True(t, ok, typed)
		require.Equal(t, want, got)
	}
	_, ok := phone.Typed("12", "IT")
	require.False(t, ok)
}

func TestANumberOfAnOldNumberingPlanIsAcceptedAsTyped(t *testing.T) {
	for typed, want := range map[string]string{
		"+225 07 00 01 03": "22507000103", "+225 07 07 00 01 03": "2250707000103",
		"+229 97 00 01 01": "22997000101", "+229 01 97 00 01 01": "2290197000101", "+241 07 12 34 56": "24107123456",
		"+84 120 123 4567": "841201234567",
	} {
		got, ok := phone.TypedWith(typed, "39")
		require.True(t, ok, typed)
		require.Equal(t, want, got)
	}
	got, ok := phone.TypedWith("07 00 01 03", "225")
	require.True(t, ok, "written without the country code of its list")
	require.Equal(t, "22507000103", got)
}

func TestANumberIsReadInTheCountryOfADialPrefix(t *testing.T) {
	for typed, expected := range map[string]string{
		"347 111 2233": "393471112233", "+39 347 111 2233": "393471112233", "393471112233": "393471112233", "0039 347 1112233": "393471112233",
		"+49 171 1234567": "491711234567", "0049 171 1234567": "491711234567", "06 1234 5678": "390612345678",
	} {
		digits, ok := phone.TypedWith(typed, "39")
		require.True(t, ok, typed)
		require.Equal(t, expected, digits, typed)
	}
	for typed, expected := range map[string]string{
		"+39 347 111 2233": "393471112233", "393471112233": "393471112233", "0049 171 1234567": "491711234567",
	} {
		digits, ok := phone.TypedWith(typed, "")
		require.True(t, ok, typed)
		require.Equal(t, expected, digits, typed)
	}
	for _, typed := range []string{"", "12", "abc", "+39 1"} {
		_, ok := phone.TypedWith(typed, "39")
		require.False(t, ok, typed)
	}
}

func FuzzTypedNumbersNeverPanic(f *testing.F) {
	for _, s := range []string{"", "551187654321", "+54 9 11 2345-6789", "٢٠١", "\xff+", "00"} {
		f.Add(s)
	}
	f.Fuzz(func(_ *testing.T, s string) {
		_, _ = phone.Typed(s, "BR")
		_, _ = phone.TypedWith(s, "39")
	})
}
