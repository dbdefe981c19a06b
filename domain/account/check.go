package account

import (
	"cmp"
	"slices"
	"strings"

	"parley/domain"
	"parley/domain/setting"
)

// The limits and defaults of an account.
const (
	MaxAttachmentBytes     = 25 << 20
	DefaultAttachmentBytes = 15 << 20
	DefaultTransferTimeout = 300 // seconds
)

// The refusals of an account's settings.
var (
	ErrShortCode = &domain.Refusal{
		Kind: domain.Invalid, Code: "SHORT_CODE_INVALID",
		Message: "A short code has 1 to 5 letters or digits.",
	}
	ErrProvider = &domain.Refusal{
		Kind: domain.Invalid, Code: "PROVIDER_UNKNOWN",
		Message: "This provider is not supported.",
	}
	ErrFixed = &domain.Refusal{
		Kind: domain.Conflict, Code: "ACCOUNT_NUMBER_FIXED",
		Message: "The provider and the number of an account cannot change. Create another account for a new number.",
	}
	ErrSize = &domain.Refusal{
		Kind: domain.Invalid, Code: "SIZE_INVALID",
		Message: "Files can be up to 25 MB.",
	}
	ErrTransferTimeout = &domain.Refusal{
		Kind: domain.Invalid, Code: "TIMEOUT_INVALID",
		Message: "Enter a transfer timeout of 5 to 3600 seconds.",
	}
	ErrWindow = &domain.Refusal{
		Kind: domain.Invalid, Code: "WINDOW_INVALID",
		Message: "Enter a reply window of up to 720 hours; 0 means no limit.",
	}
	ErrDisplayNumber = &domain.Refusal{
		Kind: domain.Invalid, Code: "DISPLAY_NUMBER_INVALID",
		Message: "Enter the phone number with its country code, such as +39 06 1234567.",
	}
	ErrTemplateName = &domain.Refusal{
		Kind: domain.Invalid, Code: "TEMPLATE_NAME_INVALID",
		Message: "A template's name has up to 512 lower-case letters, digits and underscores.",
	}
	ErrRate = &domain.Refusal{
		Kind: domain.Invalid, Code: "RATE_INVALID",
		Message: "Enter a rate of 1 to 1000 messages per second.",
	}
)

const (
	lettersAndDigits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	ofTemplates      = "abcdefghijklmnopqrstuvwxyz0123456789_"
	ofNumbers        = "0123456789 +-()./"
	maxTemplate      = 512
	maxDisplayed     = 32
)

// ValidShortCode reports whether an account can have this short code.
func ValidShortCode(code string) bool {
	return code != "" && len(code) <= 5 && strings.Trim(code, lettersAndDigits) == ""
}

// keep refuses to change the provider or the number. The new number might be another
// account's, and both would claim its deliveries.
func (all Providers) keep(before, given Settings) (Settings, error) {
	if !slices.Equal(all.Number(before), all.Number(given)) {
		return given, ErrFixed
	}
	return given, nil
}

func (all Providers) check(s Settings) (Settings, error) {
	name, err := setting.Name(s.Name)
	if err != nil {
		return s, err
	}
	provider, known := all.Named(s.Provider)
	if !known {
		return s, ErrProvider
	}
	if s.ProviderSettings, err = provider.checkSettings(s.ProviderSettings); err != nil {
		return s, err
	}
	s.Name, s.Channel, s.Queues = name, provider.Channel, setting.Distinct(s.Queues)
	s.MaxAttachmentBytes = cmp.Or(s.MaxAttachmentBytes, DefaultAttachmentBytes)
	s.TransferTimeout = cmp.Or(s.TransferTimeout, DefaultTransferTimeout)
	s.RatePerSecond = cmp.Or(s.RatePerSecond, provider.Capabilities.RatePerSecond)
	switch {
	case !ValidShortCode(s.ShortCode):
		return s, ErrShortCode
	case len(s.DisplayNumber) > maxDisplayed || strings.Trim(s.DisplayNumber, ofNumbers) != "":
		return s, ErrDisplayNumber
	case len(s.RecontactTemplate) > maxTemplate || strings.Trim(s.RecontactTemplate, ofTemplates) != "":
		return s, ErrTemplateName
	case s.MaxAttachmentBytes < 1 || s.MaxAttachmentBytes > MaxAttachmentBytes:
		return s, ErrSize
	case !setting.Between(s.TransferTimeout, 5, 3600):
		return s, ErrTransferTimeout
	case !setting.Between(s.WindowHours, 0, 720):
		return s, ErrWindow
	case !setting.Between(s.RatePerSecond, 1, 1000):
		return s, ErrRate
	}
	return s, nil
}
