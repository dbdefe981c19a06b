package interaction

import "encoding/json"

// Origin says who began the session.
type Origin string

// The origins of an interaction.
const (
	OriginInbound  Origin = "INBOUND"
	OriginAgent    Origin = "AGENT"
	OriginCampaign Origin = "CAMPAIGN"
)

// Author is who a message is from (R120).
type Author string

// The authors.
const (
	AuthorCustomer Author = "CUSTOMER"
	AuthorAgent    Author = "AGENT"
	AuthorSystem   Author = "SYSTEM"
)

// ReleaseReason says why an owner lost an interaction.
type ReleaseReason string

// The reasons of a release.
const (
	ReleasedBySupervisor   ReleaseReason = "SUPERVISOR"
	ReleasedOwnerGone      ReleaseReason = "OWNER_GONE"   // longer away than the disconnection timeout
	ReleasedOwnerSilent    ReleaseReason = "OWNER_SILENT" // did not answer in the queue's time
	ReleasedOwnerSignedOut ReleaseReason = "OWNER_SIGNED_OUT"
)

// MessageKind is what a message carries.
type MessageKind string

// The kinds of message.
const (
	KindText        MessageKind = "TEXT"
	KindImage       MessageKind = "IMAGE"
	KindVideo       MessageKind = "VIDEO"
	KindAudio       MessageKind = "AUDIO"
	KindVoice       MessageKind = "VOICE"
	KindDocument    MessageKind = "DOCUMENT"
	KindSticker     MessageKind = "STICKER"
	KindLocation    MessageKind = "LOCATION"
	KindContacts    MessageKind = "CONTACTS"
	KindReply       MessageKind = "REPLY" // a button or list entry was chosen
	KindForm        MessageKind = "FORM"  // answer to a flow
	KindOrder       MessageKind = "ORDER"
	KindWelcome     MessageKind = "WELCOME" // chat opened for the first time, nothing said
	KindSystem      MessageKind = "SYSTEM"
	KindTemplate    MessageKind = "TEMPLATE"
	KindReaction    MessageKind = "REACTION" // outbound only: travels like a message
	KindUnsupported MessageKind = "UNSUPPORTED"
)

// Customer is how the sender was named in a delivery; every part may be missing.
type Customer struct {
	Phone    string `json:"phone,omitempty"`  // digits with country code, no plus
	UserID   string `json:"userId,omitempty"` // business-scoped user id
	Username string `json:"username,omitempty"`
	Name     string `json:"name,omitempty"` // profile name
}

// Content is what a message says; which parts are set follows from its kind.
type Content struct {
	Text     string          `json:"text,omitempty"` // body, caption, or what a placeholder says
	Media    *Media          `json:"media,omitempty"`
	Location *Location       `json:"location,omitempty"`
	Contacts json.RawMessage `json:"contacts,omitempty"` // cards in the provider's shape
	Choice   *Choice         `json:"choice,omitempty"`
	Order    json.RawMessage `json:"order,omitempty"`
	Form     json.RawMessage `json:"form,omitempty"`
	Referral json.RawMessage `json:"referral,omitempty"` // the ad it came from
	Product  *Product        `json:"product,omitempty"`  // whose page it came from
	Template *Template       `json:"template,omitempty"`
	Emoji    string          `json:"emoji,omitempty"`
	Code     string          `json:"code,omitempty"` // why it is unsupported, or CodeNoFile
	Raw      []byte          `json:"raw,omitempty"`  // what was not understood, up to 64 kB
}

// CodeNoFile on the content of a message says that the provider has no file for it, so there is none to wait for.
const CodeNoFile = "NO_FILE"

// Media is a file as the provider describes it, or one of ours to send.
type Media struct {
	ProviderID string `json:"providerId,omitempty"`
	BlobID     string `json:"blobId,omitempty"` // outbound: what is sent
	BlobKey    []byte `json:"blobKey,omitempty"`
	MimeType   string `json:"mimeType,omitempty"`
	FileName   string `json:"fileName,omitempty"`
	SHA256     string `json:"sha256,omitempty"` // hex
	Size       int64  `json:"size,omitempty"`   // bytes
	Animated   bool   `json:"animated,omitempty"`
}

// Location is a place on earth, degrees in WGS 84.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
}

// Choice is the button or list entry a customer picked.
type Choice struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// Product is an item of a catalog.
type Product struct {
	CatalogID string `json:"catalogId,omitempty"`
	ID        string `json:"id"` // the retailer's own id of it
}

// Template is an approved template as it was filled in.
type Template struct {
	Name      string   `json:"name"`
	Language  string   `json:"language"`
	Variables []string `json:"variables,omitempty"`
}

// HasMedia says whether a file belongs to messages of this kind.
func (k MessageKind) HasMedia() bool {
	switch k {
	case KindImage, KindVideo, KindAudio, KindVoice, KindDocument, KindSticker:
		return true
	}
	return false
}
