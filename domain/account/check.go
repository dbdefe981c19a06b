package account

import (
	"net/url"
	"slices"
	"strings"

	"parley/domain"
	"parley/domain/setting"
)

// The limits of an account, and what it gets where nothing is said.
const (
	MaxAttachmentBytes     = 25 << 20
	DefaultAttachmentBytes = 15 << 20 // A4
	DefaultTransferTimeout = 300      // seconds (R72)
	DefaultRatePerSecond   = 80
)

// The refusals of an account's settings.
var (
	ErrKey             = &domain.Refusal{Kind: domain.Invalid, Code: "KEY_INVALID", Message: "An account's key has 1 to 5 letters or digits."}
	ErrProvider        = &domain.Refusal{Kind: domain.Invalid, Code: "PROVIDER_UNKNOWN", Message: "Choose a provider: Meta, Kaleyra, Sinch or Twilio."}
	ErrNumber          = &domain.Refusal{Kind: domain.Invalid, Code: "PHONE_NUMBER_ID_MISSING", Message: "The provider's id of the phone number is missing."}
	ErrFixed           = &domain.Refusal{Kind: domain.Conflict, Code: "ACCOUNT_NUMBER_FIXED", Message: "An account stays with its provider and number: its conversations belong to them. Make another one for a new number."}
	ErrSize            = &domain.Refusal{Kind: domain.Invalid, Code: "SIZE_INVALID", Message: "Files may have up to 25 MB."}
	ErrTransferTimeout = &domain.Refusal{Kind: domain.Invalid, Code: "TIMEOUT_INVALID", Message: "A transfer waits 5 to 3600 seconds."}
	ErrWindow          = &domain.Refusal{Kind: domain.Invalid, Code: "WINDOW_INVALID", Message: "The window for free text is up to 720 hours; 0 means no limit."}
	ErrRate            = &domain.Refusal{Kind: domain.Invalid, Code: "RATE_INVALID", Message: "An account sends 1 to 1000 messages a second."}
	ErrBaseURL         = &domain.Refusal{Kind: domain.Invalid, Code: "BASE_URL_INVALID", Message: "This is not an http or https address."}
	ErrSecret          = &domain.Refusal{Kind: domain.Invalid, Code: "SECRET_UNKNOWN", Message: "There is no such secret."}
)

const keyLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

// Number is which number at which provider this is: what the account's id derives from.
func (s Settings) Number() (provider, phoneNumberID string) {
	return or(s.Provider, "META"), strings.TrimSpace(s.PhoneNumberID)
}

// keep refuses another number: it may be that of another account, and two would then claim its deliveries.
func keep(before, given Settings) (Settings, error) {
	provider, id := before.Number()
	if p, n := given.Number(); p != provider || n != id {
		return given, ErrFixed
	}
	return given, nil
}

func check(s Settings) (Settings, error) {
	name, err := setting.Name(s.Name)
	if err == nil {
		err = domain.OneLine(s.PhoneNumberID, s.BusinessID, s.DisplayNumber, s.APIVersion, s.RecontactTemplate)
	}
	if err != nil {
		return s, err
	}
	s.Name, s.Queues = name, setting.Distinct(s.Queues)
	s.Channel = or(s.Channel, "whatsapp")
	s.Provider, s.PhoneNumberID = s.Number()
	s.MaxAttachmentBytes, s.TransferTimeout, s.RatePerSecond =
		or(s.MaxAttachmentBytes, DefaultAttachmentBytes), or(s.TransferTimeout, DefaultTransferTimeout), or(s.RatePerSecond, DefaultRatePerSecond)
	switch {
	case s.Key == "" || len(s.Key) > 5 || strings.Trim(s.Key, keyLetters) != "":
		return s, ErrKey
	case !slices.Contains([]string{"META", "KALEYRA", "SINCH", "TWILIO"}, s.Provider):
		return s, ErrProvider
	case s.Provider == "META" && s.PhoneNumberID == "":
		return s, ErrNumber
	case s.MaxAttachmentBytes < 1 || s.MaxAttachmentBytes > MaxAttachmentBytes:
		return s, ErrSize
	case !setting.Between(s.TransferTimeout, 5, 3600):
		return s, ErrTransferTimeout
	case !setting.Between(s.WindowHours, 0, 720):
		return s, ErrWindow
	case !setting.Between(s.RatePerSecond, 1, 1000):
		return s, ErrRate
	case s.BaseURL != "" && !isHTTP(s.BaseURL):
		return s, ErrBaseURL
	}
	return s, nil
}

func isHTTP(address string) bool {
	u, err := url.Parse(address)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func or[T comparable](value, otherwise T) T {
	var none T
	if value == none {
		return otherwise
	}
	return value
}
