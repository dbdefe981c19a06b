package account

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"parley/domain"
)

// The refusals of a provider's settings. Their details name the setting.
var (
	ErrSettingUnknown = &domain.Refusal{Kind: domain.Invalid, Code: "PROVIDER_SETTING_UNKNOWN",
		Message: "This provider has no such setting."}
	ErrSettingMissing = &domain.Refusal{Kind: domain.Invalid, Code: "PROVIDER_SETTING_MISSING",
		Message: "The provider needs this setting."}
	ErrSecretAgain = &domain.Refusal{Kind: domain.Invalid, Code: "PROVIDER_SECRET_NEEDED",
		Message: "Enter this secret again, because the address it is sent to has changed."}
	ErrSettingInvalid = &domain.Refusal{Kind: domain.Invalid, Code: "PROVIDER_SETTING_INVALID",
		Message: "This setting of the provider is not valid."}
)

// maxSetting is the length of the longest setting or secret, in bytes.
const maxSetting = 4096

// Provider declares what an account at one provider is configured with, and what that
// provider can do. The adapters in channels/ declare theirs; account rules, sending,
// the API and the account form all follow the declaration.
type Provider struct {
	Name         string // stored with each account, such as "meta"
	Channel      string // such as "whatsapp"
	Settings     []Setting
	Capabilities Capabilities
}

// Kind is the kind of a setting's value.
type Kind string

// The kinds of setting.
const (
	Text   Kind = "TEXT"
	URL    Kind = "URL"    // an absolute http or https address
	Choice Kind = "CHOICE" // one of Choices
	Secret Kind = "SECRET" // write-only: stored sealed, never in an event, only its last four characters are shown
)

// Setting declares one setting or secret of an account. Clients look up its label by provider and name.
type Setting struct {
	Name     string
	Kind     Kind
	Required bool
	Identity bool     // identifies the number at the provider; the account's id derives from it, so it never changes
	Local    bool     // of a Secret: only checks what comes from the provider, and is never sent there
	Default  string   // used while the setting is empty
	Choices  []string // for Choice
	Pattern  string   // a regular expression for the whole value, in syntax that both Go and browsers accept
}

// Capabilities says what a provider can do.
type Capabilities struct {
	Templates     bool // approved templates may be sent outside the window
	WindowHours   int  // how long free text is allowed after the customer's last message; 0: always
	ReadReceipts  bool // customers can be told that their message was read
	Reactions     bool // agents can react to a message
	Quotes        bool // a message can quote an earlier one
	Edits         bool // customers' edits and deletions are reported
	Typing        bool // customers can be shown that an agent is typing
	VoiceNotes    bool // a recording can be sent as a voice note
	TextLimit     int  // characters in one message
	RatePerSecond int  // messages per second a number may send
	Files         FileTransfer
	Media         []MediaLimit // the kinds of file it takes; no other kind can be sent
}

// FileTransfer is how the files of outgoing messages reach a provider.
type FileTransfer string

// The ways a file reaches a provider.
const (
	Uploaded FileTransfer = "UPLOADED" // uploaded first, then sent by id
	Attached FileTransfer = "ATTACHED" // part of the call that sends the message
	Linked   FileTransfer = "LINKED"   // fetched by the provider from a public URL
)

// MediaLimit says which files of one kind a provider accepts.
type MediaLimit struct {
	Kind       string // image, video, audio, document or sticker
	MaxBytes   int64
	StillBytes int64    // the limit for stickers without animation, if it is another one
	MimeTypes  []string // without parameters; none allows every type
}

// Accepts reports whether a file of this kind, type and size can be sent. The type has no parameters.
func (c Capabilities) Accepts(kind, mimeType string, bytes int64, animated bool) bool {
	return slices.ContainsFunc(c.Media, func(m MediaLimit) bool {
		limit := m.MaxBytes
		if m.StillBytes > 0 && !animated {
			limit = m.StillBytes
		}
		return m.Kind == kind && bytes <= limit &&
			(len(m.MimeTypes) == 0 || slices.Contains(m.MimeTypes, mimeType))
	})
}

// Providers are the providers an account can be at.
type Providers []Provider

// Named returns the provider with this name, or false if there is none.
func (all Providers) Named(name string) (Provider, bool) {
	i := slices.IndexFunc(all, func(p Provider) bool { return p.Name == name })
	if i < 0 {
		return Provider{}, false
	}
	return all[i], true
}

// Number returns what identifies an account's number: the provider and its identity settings. The account's id
// is derived from it.
func (all Providers) Number(s Settings) []string {
	number := []string{s.Provider}
	provider, _ := all.Named(s.Provider)
	for _, d := range provider.Settings {
		if d.Identity {
			number = append(number, strings.TrimSpace(s.ProviderSettings[d.Name]))
		}
	}
	return number
}

// checkSettings trims the settings and drops empty ones. It refuses a setting that does not fit its declaration.
func (p Provider) checkSettings(given map[string]string) (map[string]string, error) {
	var kept map[string]string
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if d, ok := p.Setting(name); !ok || d.Kind == Secret {
			return nil, ErrSettingUnknown.With("setting", name)
		}
		if value := strings.TrimSpace(given[name]); value != "" {
			if kept == nil {
				kept = make(map[string]string)
			}
			kept[name] = value
		}
	}
	for _, d := range p.Settings {
		if d.Kind == Secret {
			continue
		}
		if err := d.check(kept[d.Name], false); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// CheckSecrets refuses a secret that does not fit its declaration, and a required one that is neither given nor
// stored already. If moved, the provider's address is changing: a stored secret that is sent there must be entered again.
// Otherwise an administrator could have it sent to an address of their own.
func (p Provider) CheckSecrets(given map[string]string, kept func(name string) bool, moved bool) error {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if d, ok := p.Setting(name); !ok || d.Kind != Secret {
			return ErrSettingUnknown.With("setting", name)
		}
	}
	for _, d := range p.Settings {
		if d.Kind != Secret {
			continue
		}
		if moved && !d.Local && given[d.Name] == "" && kept(d.Name) {
			return ErrSecretAgain.With("setting", d.Name)
		}
		if err := d.check(given[d.Name], kept(d.Name)); err != nil {
			return err
		}
	}
	return nil
}

// Moved reports whether two settings of an account name different addresses of the provider.
func (p Provider) Moved(before, after map[string]string) bool {
	return slices.ContainsFunc(p.Settings, func(d Setting) bool {
		address := func(s map[string]string) string { return cmp.Or(strings.TrimSpace(s[d.Name]), d.Default) }
		return d.Kind == URL && address(before) != address(after)
	})
}

// check refuses a value that does not fit. With kept, a required value may be empty: the stored one stays.
func (s Setting) check(value string, kept bool) error {
	switch {
	case value == "" && s.Required && !kept:
		return ErrSettingMissing.With("setting", s.Name)
	case value == "":
		return nil
	case len(value) > maxSetting || domain.OneLine(value) != nil || !s.accepts(value):
		return ErrSettingInvalid.With("setting", s.Name)
	}
	return nil
}

// Setting returns the declaration of a setting or secret, or false if there is none.
func (p Provider) Setting(name string) (Setting, bool) {
	i := slices.IndexFunc(p.Settings, func(s Setting) bool { return s.Name == name })
	if i < 0 {
		return Setting{}, false
	}
	return p.Settings[i], true
}

var (
	providerName = regexp.MustCompile(`^[a-z]+$`)
	settingName  = regexp.MustCompile(`^[a-z][a-zA-Z0-9]*$`)
)

// Validate reports what is wrong with a declaration.
func (p Provider) Validate() error {
	if !providerName.MatchString(p.Name) {
		return fmt.Errorf("provider %q: the name must consist of lower-case letters", p.Name)
	}
	seen := make(map[string]bool)
	identified := false
	for _, s := range p.Settings {
		if seen[s.Name] || !settingName.MatchString(s.Name) {
			return fmt.Errorf("provider %s: setting %q is declared twice or has an invalid name", p.Name, s.Name)
		}
		seen[s.Name] = true
		identified = identified || s.Identity
		if err := s.validate(); err != nil {
			return fmt.Errorf("provider %s: setting %s: %w", p.Name, s.Name, err)
		}
	}
	if !identified {
		return fmt.Errorf("provider %s: no setting identifies the number", p.Name)
	}
	return nil
}

func (s Setting) validate() error {
	if _, err := regexp.Compile(s.Pattern); err != nil {
		return err
	}
	switch {
	case !slices.Contains([]Kind{Text, URL, Choice, Secret}, s.Kind):
		return fmt.Errorf("unknown kind %q", s.Kind)
	case s.Kind == Secret && (s.Default != "" || s.Identity):
		return errors.New("a secret can neither have a default nor identify the number")
	case s.Local && s.Kind != Secret:
		return errors.New("only a secret can be local")
	case s.Identity && !s.Required:
		return errors.New("a setting that identifies the number must be required")
	case (s.Kind == Choice) != (len(s.Choices) > 0):
		return errors.New("a choice needs choices, and no other kind has them")
	case s.Default != "" && !s.accepts(s.Default):
		return errors.New("the default is not a valid value")
	}
	return nil
}

// accepts reports whether a non-empty value fits the setting.
func (s Setting) accepts(value string) bool {
	switch s.Kind {
	case URL:
		if !isHTTP(value) {
			return false
		}
	case Choice:
		if !slices.Contains(s.Choices, value) {
			return false
		}
	}
	return s.Pattern == "" || regexp.MustCompile(`^(?:`+s.Pattern+`)$`).MatchString(value)
}

func isHTTP(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}
