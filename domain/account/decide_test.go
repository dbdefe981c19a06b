package account_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	. "parley/domain/account"
	"parley/domain/domaintest"
	"parley/domain/setting"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

// providers declares the settings of two providers.
var providers = Providers{
	{Name: "pigeon", Channel: "whatsapp", Capabilities: Capabilities{RatePerSecond: 80}, Settings: []Setting{
		{Name: "number", Kind: Text, Required: true, Identity: true, Pattern: "[0-9]+"},
		{Name: "address", Kind: URL},
		{Name: "region", Kind: Choice, Choices: []string{"eu", "us"}, Default: "eu"},
		{Name: "token", Kind: Secret, Required: true, Pattern: ".{4,}"},
		{Name: "spare", Kind: Secret},
		{Name: "check", Kind: Secret, Local: true},
	}},
	{Name: "owl", Settings: []Setting{{Name: "number", Kind: Text, Required: true, Identity: true}}},
}

func TestTheRulesOfAccounts(t *testing.T) {
	number := func(n string) map[string]string { return map[string]string{"number": n} }
	shop := Settings{
		Name: "Shop", ShortCode: "SHOP1", Channel: "whatsapp", Provider: "pigeon", ProviderSettings: number("1061"),
		MaxAttachmentBytes: 15 << 20, TransferTimeout: 300, WindowHours: 24, RatePerSecond: 80,
	}
	short := Settings{Name: "Shop", ShortCode: "SHOP1", Provider: "pigeon", ProviderSettings: number("1061"), WindowHours: 24}
	with := func(change func(*Settings)) Create { s := shop; change(&s); return Create{Value: s, At: noon} }
	of := func(name, value string) func(*Settings) {
		return func(s *Settings) { s.ProviderSettings = map[string]string{"number": "1061", name: value} }
	}
	changed := func(change func(*Settings)) Change { return Change{Value: with(change).Value, At: noon} }
	created := Created{Settings: shop, At: noon}
	token := SecretReplaced{Name: "token", Last4: "9f2c", By: "sue", At: noon}
	replace := ReplaceSecret{Name: "token", Last4: "9f2c", By: "sue", At: noon}
	given := func(e ...Event) []Event { return e }

	domaintest.Run(t, Decider(providers), []domaintest.Case[Command, Event]{
		{Name: "an account is created with its settings", When: Create{Value: shop, At: noon}, Then: given(created)},
		{Name: "an omitted setting gets its default", When: Create{Value: short, At: noon}, Then: given(created)},
		{Name: "saving an account unchanged is a no-op", Given: given(created), When: Change{Value: short, At: noon}},
		{Name: "replacing a secret records its last four characters", Given: given(created), When: replace, Then: given(token)},
		{Name: "replacing a secret twice is a no-op", Given: given(created, token), When: replace},
		{Name: "a secret the provider does not declare is refused", Given: given(created),
			When: ReplaceSecret{Name: "password", Last4: "1234"}, Err: ErrSettingUnknown},
		{Name: "a setting that is not a secret cannot be replaced as one", Given: given(created),
			When: ReplaceSecret{Name: "number", Last4: "1061"}, Err: ErrSettingUnknown},
		{Name: "more than four characters of a secret are refused", Given: given(created),
			When: ReplaceSecret{Name: "token", Last4: "12345"}, Err: ErrSettingUnknown},
		{Name: "an unknown account takes no secret", When: replace, Err: setting.ErrUnknown},
		{Name: "an archived account takes no secret", Given: given(created, Archived{At: noon}), When: replace, Err: setting.ErrArchived},

		{Name: "a short code with other characters is refused", When: with(func(s *Settings) { s.ShortCode = "A-1" }), Err: ErrShortCode},
		{Name: "a short code of six characters is refused", When: with(func(s *Settings) { s.ShortCode = "ABCDEF" }), Err: ErrShortCode},
		{Name: "an account without a short code is refused", When: with(func(s *Settings) { s.ShortCode = "" }), Err: ErrShortCode},
		{Name: "an account keeps its number", Given: given(created),
			When: changed(func(s *Settings) { s.ProviderSettings = number("1062") }), Err: ErrFixed},
		{Name: "an account keeps its provider", Given: given(created),
			When: changed(func(s *Settings) { s.Provider = "owl" }), Err: ErrFixed},
		{Name: "a number with spaces around it is the same number", Given: given(created),
			When: changed(func(s *Settings) { s.ProviderSettings = number(" 1061 ") })},
		{Name: "control characters in a displayed number are refused",
			When: with(func(s *Settings) { s.DisplayNumber = "+39\x00" }), Err: ErrDisplayNumber},
		{Name: "words in place of a displayed number are refused",
			When: with(func(s *Settings) { s.DisplayNumber = "call us" }), Err: ErrDisplayNumber},
		{Name: "a template name with spaces is refused",
			When: with(func(s *Settings) { s.RecontactTemplate = "Come back!" }), Err: ErrTemplateName},
		{Name: "files above 25 MB are refused", When: with(func(s *Settings) { s.MaxAttachmentBytes = 25<<20 + 1 }), Err: ErrSize},
		{Name: "a transfer timeout over an hour is refused",
			When: with(func(s *Settings) { s.TransferTimeout = 3601 }), Err: ErrTransferTimeout},
		{Name: "a transfer timeout under five seconds is refused",
			When: with(func(s *Settings) { s.TransferTimeout = 4 }), Err: ErrTransferTimeout},
		{Name: "a negative window is refused", When: with(func(s *Settings) { s.WindowHours = -1 }), Err: ErrWindow},
		{Name: "a negative rate is refused", When: with(func(s *Settings) { s.RatePerSecond = -1 }), Err: ErrRate},

		{Name: "an account at an unknown provider is refused",
			When: with(func(s *Settings) { s.Provider = "raven" }), Err: ErrProvider},
		{Name: "a setting the provider does not declare is refused", When: with(of("colour", "red")), Err: ErrSettingUnknown},
		{Name: "a secret among the settings is refused", When: with(of("token", "sesame")), Err: ErrSettingUnknown},
		{Name: "a required setting must be given", When: with(of("number", " ")), Err: ErrSettingMissing},
		{Name: "a setting must match its pattern", When: with(of("number", "106a")), Err: ErrSettingInvalid},
		{Name: "a URL must be http or https", When: with(of("address", "ftp://x")), Err: ErrSettingInvalid},
		{Name: "a choice must be one of those declared", When: with(of("region", "moon")), Err: ErrSettingInvalid},
		{Name: "a setting with control characters is refused", When: with(of("address", "https://x\x00")), Err: ErrSettingInvalid},
	})
	require.True(t, Decider(providers).Fold(given(created, token)).HasSecret("token"))
}

func TestAnAccountMovesWhenItsAddressChanges(t *testing.T) {
	pigeon, _ := providers.Named("pigeon")
	require.False(t, pigeon.Moved(map[string]string{"address": "https://a"},
		map[string]string{"address": " https://a ", "region": "sea"}))
	require.True(t, pigeon.Moved(map[string]string{"address": "https://a"}, map[string]string{"address": "https://b"}))
	require.True(t, pigeon.Moved(nil, map[string]string{"address": "https://b"}), "the default address is another one")
}

func TestARefusalNamesTheSettingOfTheProvider(t *testing.T) {
	_, err := Decider(providers).Decide(State{}, Create{Value: Settings{
		Name: "Shop", ShortCode: "S", Provider: "pigeon",
		ProviderSettings: map[string]string{"number": "1061", "region": "moon"},
	}})
	var refused *domain.Refusal
	require.ErrorAs(t, err, &refused)
	require.Equal(t, map[string]any{"setting": "region"}, refused.Details)
}

func TestRequiredSecretsMustBeGivenOrKept(t *testing.T) {
	pigeon, _ := providers.Named("pigeon")
	kept := func(names ...string) func(string) bool {
		return func(name string) bool { return slices.Contains(names, name) }
	}
	for _, c := range []struct {
		name  string
		given map[string]string
		kept  []string
		err   error
		moved bool
	}{
		{"a required secret is given", map[string]string{"token": "sesame"}, nil, nil, false},
		{"a required secret is kept", nil, []string{"token"}, nil, false},
		{"a required secret is missing", map[string]string{"spare": "sesame"}, nil, ErrSettingMissing, false},
		{"a secret left empty stays as it is", map[string]string{"token": ""}, []string{"token"}, nil, false},
		{"a secret does not match its pattern", map[string]string{"token": "abc"}, []string{"token"}, ErrSettingInvalid, false},
		{"an undeclared secret", map[string]string{"token": "sesame", "pin": "1"}, nil, ErrSettingUnknown, false},
		{"a setting given as a secret", map[string]string{"token": "sesame", "number": "1"}, nil, ErrSettingUnknown, false},
		{"a secret that only checks deliveries is kept when the address changes", map[string]string{"token": "sesame"},
			[]string{"token", "check"}, nil, true},
		{"a secret is asked for again when the address it is sent to changes", nil, []string{"token"}, ErrSecretAgain, true},
		{"a secret given again is sent to the new address", map[string]string{"token": "sesame"}, []string{"token"}, nil,
			true},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := pigeon.CheckSecrets(c.given, kept(c.kept...), c.moved)
			if c.err == nil {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, c.err)
		})
	}
}

func TestAWrongDeclarationIsReported(t *testing.T) {
	id := Setting{Name: "number", Kind: Text, Required: true, Identity: true}
	for name, p := range map[string]Provider{
		"a name with capitals":          {Name: "Pigeon", Settings: []Setting{id}},
		"nothing identifies the number": {Name: "pigeon"},
		"an optional setting identifies": {Name: "pigeon",
			Settings: []Setting{{Name: "number", Kind: Text, Identity: true}}},
		"a setting declared twice":   {Name: "pigeon", Settings: []Setting{id, id}},
		"a setting without a name":   {Name: "pigeon", Settings: []Setting{id, {Kind: Text}}},
		"an unknown kind of setting": {Name: "pigeon", Settings: []Setting{id, {Name: "x", Kind: "BLOB"}}},
		"a secret with a default": {Name: "pigeon",
			Settings: []Setting{id, {Name: "x", Kind: Secret, Default: "y"}}},
		"a choice without choices": {Name: "pigeon", Settings: []Setting{id, {Name: "x", Kind: Choice}}},
		"a default that is not a choice": {Name: "pigeon",
			Settings: []Setting{id, {Name: "x", Kind: Choice, Choices: []string{"a"}, Default: "b"}}},
		"a pattern that does not compile": {Name: "pigeon",
			Settings: []Setting{id, {Name: "x", Kind: Text, Pattern: "("}}},
		"a default that is not a valid address": {Name: "pigeon",
			Settings: []Setting{id, {Name: "x", Kind: URL, Default: "x"}}},
	} {
		require.Error(t, p.Validate(), name)
	}
	for _, p := range providers {
		require.NoError(t, p.Validate())
	}
}
