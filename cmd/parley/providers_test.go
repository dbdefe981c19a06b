package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels/whatsapp/meta"
)

func TestEverySettingOfAProviderHasALabelInEveryLanguage(t *testing.T) {
	registry, err := providers(nil)
	require.NoError(t, err)
	languages := 0
	files, err := filepath.Glob("../../web/src/i18n/??.ts")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		languages++
		worded := block(t, string(text), "provider", 4)
		for _, p := range registry.Declarations() {
			words := block(t, worded, p.Name, 6)
			require.Contains(t, words, "title: ", "%s in %s", p.Name, file)
			labels := block(t, words, "label", 8)
			for _, s := range p.Settings {
				require.Regexp(t, regexp.MustCompile(`\n {10}`+s.Name+`: ["']`), labels,
					"label of %s at %s in %s", s.Name, p.Name, file)
			}
		}
	}
	require.GreaterOrEqual(t, languages, 2)
}

// block returns what a file of words holds under a key at an indentation.
func block(t *testing.T, text, key string, indent int) string {
	t.Helper()
	blanks := strings.Repeat(" ", indent)
	_, after, found := strings.Cut(text, "\n"+blanks+key+": {")
	require.True(t, found, "no words under %s", key)
	inside, _, found := strings.Cut(after, "\n"+blanks+"}")
	require.True(t, found, "no end of the words under %s", key)
	return inside
}

func TestTheAPIListsProvidersAsTheyDeclareThemselves(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	const query = `{providers{name settings{name kind required identity default choices pattern}
		capabilities{windowHours reactions textLimit media{kind maxBytes mimeTypes}}}}`
	shown := get[struct {
		Providers []struct {
			Name     string
			Settings []struct {
				Name, Kind         string
				Required, Identity bool
				Default            *string
			}
			Capabilities struct {
				WindowHours int
				Reactions   bool
				Media       []struct {
					Kind     string
					MaxBytes int
				}
			}
		}
	}](t, w.as(t, "admin"), query, nil).Providers
	require.Len(t, shown, 1)
	require.Equal(t, meta.Name, shown[0].Name)
	require.Equal(t, 24, shown[0].Capabilities.WindowHours)
	require.Len(t, shown[0].Capabilities.Media, 5)
	kinds := make(map[string]string)
	for _, s := range shown[0].Settings {
		kinds[s.Name] = s.Kind
	}
	require.Equal(t, "TEXT", kinds[meta.PhoneNumberID])
	require.Equal(t, "SECRET", kinds[meta.AppSecret])
	require.Equal(t, "URL", kinds[meta.BaseURL])
}

func TestAnAccountIsRefusedByTheProvidersDeclaration(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	secrets := named(map[string]string{meta.AppSecret: "app secret", meta.VerifyToken: "verify token",
		meta.AccessToken: "access token"})
	settings := func(values map[string]string) []providerSetting { return named(values) }
	for _, c := range []struct {
		name, provider    string
		settings, secrets []providerSetting
		code, setting     string
	}{
		{"a provider that is not registered", "pigeon", settings(nil), secrets, "PROVIDER_UNKNOWN", ""},
		{"no phone number id", meta.Name, settings(map[string]string{meta.BusinessID: "1"}), secrets,
			"PROVIDER_SETTING_MISSING", meta.PhoneNumberID},
		{"a base URL that is not a URL", meta.Name,
			settings(map[string]string{meta.PhoneNumberID: "1", meta.BaseURL: "x"}), secrets,
			"PROVIDER_SETTING_INVALID", meta.BaseURL},
		{"a setting that is not declared", meta.Name,
			settings(map[string]string{meta.PhoneNumberID: "1", "colour": "red"}), secrets,
			"PROVIDER_SETTING_UNKNOWN", "colour"},
		{"no access token", meta.Name, settings(map[string]string{meta.PhoneNumberID: "1"}), secrets[1:],
			"PROVIDER_SETTING_MISSING", meta.AccessToken},
		{"a secret that is not declared", meta.Name, settings(map[string]string{meta.PhoneNumberID: "1"}),
			append(secrets, providerSetting{"pin", "1"}),
			"PROVIDER_SETTING_UNKNOWN", "pin"},
	} {
		input := vars{
			"commandId": newID(), "name": "Night", "shortCode": "NIGHT", "provider": c.provider,
			"providerSettings": append([]providerSetting{}, c.settings...),
			"secrets":          c.secrets, "displayNumber": "+39 06 777", "disabled": false,
			"queueId": "que_" + newID(), "queueIds": []string{},
			"createContacts": true, "attachments": true, "maxAttachmentBytes": 1000, "transferToAgent": true,
			"transferToQueue": true,
			"transferTimeout": 60, "mandatoryDispose": true, "markAsRead": true, "windowHours": 24, "ratePerSecond": 5,
		}
		refused := w.as(t, "admin").do(t, "saveAccount", "SaveAccountInput", "account{id}", input)
		require.Equal(t, c.code, refused.code(), "%s: %s", c.name, refused.raw)
		if c.setting != "" {
			require.Equal(t, c.setting, refused.details()["setting"], c.name)
		}
	}
}
