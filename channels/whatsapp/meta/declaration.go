package meta

import (
	"net/http"
	"slices"

	"parley/channels"
	"parley/domain/account"
	"parley/domain/phone"
)

// Name is the provider's name.
const Name = "meta"

// The settings and secrets of an account at Meta.
const (
	PhoneNumberID = "phoneNumberId"
	BusinessID    = "businessId" // of the WhatsApp business account (WABA)
	BaseURL       = "baseUrl"
	APIVersion    = "apiVersion"
	AppSecret     = "appSecret"   // signs deliveries
	VerifyToken   = "verifyToken" // proves the handshake
	AccessToken   = "accessToken" // for the Graph API
)

// DefaultBaseURL is where the Graph API is unless an account says otherwise.
const DefaultBaseURL = "https://graph.facebook.com"

// Declaration returns what an account at Meta needs and what the Cloud API can do.
func (*Meta) Declaration() account.Provider {
	const megabyte = 1 << 20
	return account.Provider{
		Name: Name, Channel: "whatsapp",
		Settings: []account.Setting{
			{Name: PhoneNumberID, Kind: account.Text, Required: true, Identity: true, Pattern: "[0-9]{1,32}"},
			{Name: BusinessID, Kind: account.Text, Pattern: "[0-9]{1,32}"},
			{Name: BaseURL, Kind: account.URL, Default: DefaultBaseURL},
			{Name: APIVersion, Kind: account.Text, Default: "v24.0", Pattern: `v[0-9]{1,3}\.[0-9]{1,3}`},
			{Name: AppSecret, Kind: account.Secret, Required: true, Local: true},
			{Name: VerifyToken, Kind: account.Secret, Required: true, Local: true},
			{Name: AccessToken, Kind: account.Secret, Required: true},
		},
		Capabilities: account.Capabilities{
			Templates: true, WindowHours: 24, ReadReceipts: true, Reactions: true, Quotes: true, Edits: true, Typing: true,
			VoiceNotes: true, TextLimit: 4096, RatePerSecond: 80, Files: account.Uploaded,
			Media: []account.MediaLimit{
				{Kind: string(channels.Image), MaxBytes: 5 * megabyte, MimeTypes: []string{"image/jpeg", "image/png"}},
				{Kind: string(channels.Video), MaxBytes: 16 * megabyte, MimeTypes: []string{"video/mp4", "video/3gpp"}},
				{Kind: string(channels.Audio), MaxBytes: 16 * megabyte,
					MimeTypes: []string{"audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg"}},
				{Kind: string(channels.Document), MaxBytes: 100 * megabyte},
				{Kind: string(channels.Sticker), MaxBytes: 500 << 10, StillBytes: 100 << 10,
					MimeTypes: []string{"image/webp"}},
			},
		},
	}
}

// Routes lists Meta's handshake and its deliveries, which come to the same address.
func (*Meta) Routes() []channels.Route {
	return []channels.Route{
		{Method: http.MethodGet, Answer: handshake},
		{Method: http.MethodPost},
	}
}

// Owners finds the account by phone number id: an app posts the deliveries of all its numbers to one address.
// Only accounts under the same app secret count. A notice that names no phone number id concerns the accounts of
// its business account, or the one with its display number. Any other item without a number stays with the receiver.
func (*Meta) Owners(item channels.Inbound, receiver channels.Account, accounts []channels.Account) []string {
	_, isNotice := item.Content.(channels.Notice)
	switch {
	case item.Number == "" && isNotice:
		return concerned(item, receiver, accounts)
	case item.Number == "":
		return []string{receiver.ID}
	}
	for _, a := range accounts {
		if a.Setting(PhoneNumberID) == item.Number && a.Secret(AppSecret) == receiver.Secret(AppSecret) {
			return []string{a.ID}
		}
	}
	return nil
}

// concerned returns the accounts that a notice without a phone number id concerns.
func concerned(item channels.Inbound, receiver channels.Account, accounts []channels.Account) []string {
	var ids []string
	named := false // an account has the number, so the others do not
	for _, a := range append([]channels.Account{receiver}, accounts...) {
		business := a.Setting(BusinessID)
		if a.Secret(AppSecret) != receiver.Secret(AppSecret) || slices.Contains(ids, a.ID) ||
			business != item.BusinessID && !(business == "" && a.ID == receiver.ID) {
			continue
		}
		has := item.DisplayNumber != "" && phone.Canonical(a.DisplayNumber) == phone.Canonical(item.DisplayNumber)
		if has && !named {
			ids, named = nil, true
		}
		if has || !named {
			ids = append(ids, a.ID)
		}
	}
	return ids
}
