package account_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	. "parley/domain/account"
	"parley/domain/domaintest"
	"parley/domain/setting"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func TestAccounts(t *testing.T) {
	shop := Settings{
		Name: "Shop", Key: "SHOP1", Channel: "whatsapp", Provider: "META", PhoneNumberID: "1061", MaxAttachmentBytes: 15 << 20,
		TransferTimeout: 300, WindowHours: 24, RatePerSecond: 80,
	}
	short := Settings{Name: "Shop", Key: "SHOP1", PhoneNumberID: "1061", WindowHours: 24}
	with := func(change func(*Settings)) Create { s := shop; change(&s); return Create{Value: s, At: noon} }
	created := Created{Settings: shop, At: noon}
	token := SecretReplaced{Name: AccessToken, Last4: "9f2c", By: "sue", At: noon}
	replace := ReplaceSecret{Name: AccessToken, Last4: "9f2c", By: "sue", At: noon}
	given := func(e ...Event) []Event { return e }

	domaintest.Run(t, Decider, []domaintest.Case[Command, Event]{
		{Name: "an account is set up (R80)", When: Create{Value: shop, At: noon}, Then: given(created)},
		{Name: "what is not said has its usual value (A4, R72)", When: Create{Value: short, At: noon}, Then: given(created)},
		{Name: "saving it unchanged records nothing", Given: given(created), When: Change{Value: short, At: noon}},
		{Name: "a secret is replaced, and only its end is recorded", Given: given(created), When: replace, Then: given(token)},
		{Name: "once", Given: given(created, token), When: replace},
		{Name: "there is no other secret", Given: given(created), When: ReplaceSecret{Name: "password", Last4: "1234"}, Err: ErrSecret},
		{Name: "more than its end is never recorded", Given: given(created), When: ReplaceSecret{Name: AccessToken, Last4: "12345"}, Err: ErrSecret},
		{Name: "an account that is not there has no secret", When: replace, Err: setting.ErrUnknown},
		{Name: "one that is out of use gets none", Given: given(created, Archived{At: noon}), When: replace, Err: setting.ErrArchived},

		{Name: "a key is letters and digits", When: with(func(s *Settings) { s.Key = "A-1" }), Err: ErrKey},
		{Name: "a key has five of them at most", When: with(func(s *Settings) { s.Key = "ABCDEF" }), Err: ErrKey},
		{Name: "a key is needed", When: with(func(s *Settings) { s.Key = "" }), Err: ErrKey},
		{Name: "it stays with its number", Given: given(created), When: Change{Value: with(func(s *Settings) { s.PhoneNumberID = "1062" }).Value, At: noon}, Err: ErrFixed},
		{Name: "and with its provider", Given: given(created), When: Change{Value: with(func(s *Settings) { s.Provider = "TWILIO" }).Value, At: noon}, Err: ErrFixed},
		{Name: "which is the same when it is typed untidily", Given: given(created), When: Change{Value: with(func(s *Settings) { s.PhoneNumberID, s.Provider = " 1061 ", "" }).Value, At: noon}},
		{Name: "what is typed into it can be read", When: with(func(s *Settings) { s.DisplayNumber = "+39\x00" }), Err: domain.ErrUnprintable},
		{Name: "a provider is one of four (R81)", When: with(func(s *Settings) { s.Provider = "PIGEON" }), Err: ErrProvider},
		{Name: "Meta needs the number's id", When: with(func(s *Settings) { s.PhoneNumberID = "" }), Err: ErrNumber},
		{Name: "files have 25 MB at most", When: with(func(s *Settings) { s.MaxAttachmentBytes = 25<<20 + 1 }), Err: ErrSize},
		{Name: "a transfer waits an hour at most", When: with(func(s *Settings) { s.TransferTimeout = 3601 }), Err: ErrTransferTimeout},
		{Name: "a transfer waits five seconds at least", When: with(func(s *Settings) { s.TransferTimeout = 4 }), Err: ErrTransferTimeout},
		{Name: "a window is not negative", When: with(func(s *Settings) { s.WindowHours = -1 }), Err: ErrWindow},
		{Name: "a rate is positive", When: with(func(s *Settings) { s.RatePerSecond = -1 }), Err: ErrRate},
		{Name: "an address is http", When: with(func(s *Settings) { s.BaseURL = "ftp://x" }), Err: ErrBaseURL},
	})

	last4, at, ok := Decider.Fold(given(created, token)).Secret(AccessToken)
	require.True(t, ok)
	require.Equal(t, "9f2c", last4)
	require.Equal(t, noon, at)
}
