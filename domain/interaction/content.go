package interaction

import "time"

// Author is who wrote a message.
type Author string

// The authors.
const (
	AuthorCustomer Author = "CUSTOMER"
	AuthorAgent    Author = "AGENT"
	AuthorSystem   Author = "SYSTEM"
	AuthorPhoneApp Author = "PHONE_APP" // someone of ours, in the phone app of the number
	AuthorOtherApp Author = "OTHER_APP" // another program that serves the same number, such as a provider's assistant
)

// MessageKind is what a message carries.
type MessageKind string

// The kinds of message.
const (
	KindText     MessageKind = "TEXT"
	KindImage    MessageKind = "IMAGE"
	KindVideo    MessageKind = "VIDEO"
	KindAudio    MessageKind = "AUDIO"
	KindVoice    MessageKind = "VOICE"
	KindDocument MessageKind = "DOCUMENT"
	KindSticker  MessageKind = "STICKER"
	KindLocation MessageKind = "LOCATION"
	KindContacts MessageKind = "CONTACTS"
	KindReply    MessageKind = "REPLY" // a button or list entry was chosen
	KindForm     MessageKind = "FORM"  // answer to a flow
	KindOrder    MessageKind = "ORDER"
	KindWelcome  MessageKind = "WELCOME" // the customer opened the chat for the first time and wrote nothing
	KindSystem   MessageKind = "SYSTEM"
	KindCall     MessageKind = "CALL"
	// the answer to our request to call
	KindCallPermission MessageKind = "CALL_PERMISSION"
	KindHandover       MessageKind = "HANDOVER" // another app passed the customer on to us
	KindTemplate       MessageKind = "TEMPLATE"
	KindReaction       MessageKind = "REACTION" // outbound only: travels like a message
	KindUnsupported    MessageKind = "UNSUPPORTED"
)

// Customer identifies the sender as the delivery did. Any part may be missing.
type Customer struct {
	Phone    string `json:"phone,omitempty"`  // digits with country code, no plus
	UserID   string `json:"userId,omitempty"` // business-scoped user id
	Username string `json:"username,omitempty"`
	Name     string `json:"name,omitempty"` // profile name
}

// Content is what a message says. Its kind decides which parts are set.
type Content struct {
	Text     string    `json:"text,omitempty"` // body or caption
	Media    *Media    `json:"media,omitempty"`
	Location *Location `json:"location,omitempty"`
	Cards    []Card    `json:"cards,omitempty"`
	Choice   *Choice   `json:"choice,omitempty"`
	Order    *Order    `json:"order,omitempty"`
	Form     *Form     `json:"form,omitempty"`
	Referral *Referral `json:"referral,omitempty"` // the ad or post it came from
	Product  *Product  `json:"product,omitempty"`  // the catalog item whose page it came from
	Call     *Call     `json:"call,omitempty"`

	CallPermission *CallPermission `json:"callPermission,omitempty"`

	Template *Template `json:"template,omitempty"`
	Emoji    string    `json:"emoji,omitempty"`
	Problem  *Failure  `json:"problem,omitempty"` // why it, or its file, cannot be shown
	Notice   string    `json:"notice,omitempty"`  // what a system message or a handover is about, in the provider's terms
	Raw      []byte    `json:"raw,omitempty"`     // what was not understood, up to 64 kB
}

// HasText reports whether the content decides the message's text. A file without a caption does: in an edit it
// means that the customer deleted the caption.
func (c Content) HasText() bool {
	return c.Text != "" || c.Media != nil || c.Choice != nil || c.Template != nil
}

// Media is a file as the provider describes it, or a stored file to send.
type Media struct {
	ProviderID string `json:"providerId,omitempty"`
	BlobID     string `json:"blobId,omitempty"` // outbound: what is sent
	BlobKey    []byte `json:"blobKey,omitempty"`
	MimeType   string `json:"mimeType,omitempty"`
	FileName   string `json:"fileName,omitempty"`
	SHA256     string `json:"sha256,omitempty"` // as the provider wrote it, base64 or hex
	Size       int64  `json:"size,omitempty"`   // bytes
	Animated   bool   `json:"animated,omitempty"`
}

// Location is a place, in degrees of WGS 84.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
	Name      string  `json:"name,omitempty"`
	Address   string  `json:"address,omitempty"`
}

// Card is a contact that was shared. Any part may be missing.
type Card struct {
	Name      string      `json:"name,omitempty"`
	FirstName string      `json:"firstName,omitempty"`
	LastName  string      `json:"lastName,omitempty"`
	Company   string      `json:"company,omitempty"`
	Birthday  string      `json:"birthday,omitempty"`
	Phones    []CardPhone `json:"phones,omitempty"`
	Emails    []string    `json:"emails,omitempty"`
	Addresses []string    `json:"addresses,omitempty"`
	URLs      []string    `json:"urls,omitempty"`
	Requested bool        `json:"requested,omitempty"` // the customer's own number, shared because we asked
}

// CardPhone is one number on a card.
type CardPhone struct {
	Number    string `json:"number,omitempty"`    // as written on the card
	ChannelID string `json:"channelId,omitempty"` // where the channel reaches it
	Type      string `json:"type,omitempty"`      // such as HOME
}

// Form is what a customer filled in.
type Form struct {
	Name   string      `json:"name,omitempty"` // the provider's name for this kind of form
	Fields []FormField `json:"fields,omitempty"`
}

// FormField is one answer. Nested values of the provider's document become fields of their own.
type FormField struct {
	Path  string `json:"path,omitempty"`  // such as address.city; empty if the document is a single value
	Label string `json:"label,omitempty"` // the path in readable words, as the form's author wrote them
	Value string `json:"value,omitempty"`
}

// Referral is the advertisement or post that led a customer to write.
type Referral struct {
	Type         ReferralType `json:"type,omitempty"`
	SourceID     string       `json:"sourceId,omitempty"`
	URL          string       `json:"url,omitempty"`
	Headline     string       `json:"headline,omitempty"`
	Body         string       `json:"body,omitempty"`
	MediaType    string       `json:"mediaType,omitempty"` // such as image
	MediaURL     string       `json:"mediaUrl,omitempty"`
	ThumbnailURL string       `json:"thumbnailUrl,omitempty"`
	ClickID      string       `json:"clickId,omitempty"`
	Greeting     string       `json:"greeting,omitempty"`
}

// ReferralType says what a customer came from; empty for a type we do not know.
type ReferralType string

// The types of referral.
const (
	ReferralAd   ReferralType = "AD"
	ReferralPost ReferralType = "POST"
)

// Choice is the button or list entry a customer picked.
type Choice struct {
	ID          string `json:"id"`
	Title       string `json:"title"`
	Description string `json:"description,omitempty"`
}

// Call is a voice call.
type Call struct {
	Outcome CallOutcome `json:"outcome"`
	Seconds int         `json:"seconds,omitempty"` // how long they talked
}

// CallOutcome says how far a call got.
type CallOutcome string

// The outcomes of a call.
const (
	CallRinging  CallOutcome = "RINGING" // it has not ended yet
	CallMissed   CallOutcome = "MISSED"
	CallAnswered CallOutcome = "ANSWERED"
)

// CallPermission is a customer's answer to our request to call them.
type CallPermission struct {
	Granted   bool       `json:"granted,omitempty"`
	Permanent bool       `json:"permanent,omitempty"`
	Until     *time.Time `json:"until,omitempty"`
}

// Product is an item in a catalog.
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

// HasMedia reports whether messages of this kind have a file.
func (k MessageKind) HasMedia() bool {
	switch k {
	case KindImage, KindVideo, KindAudio, KindVoice, KindDocument, KindSticker:
		return true
	}
	return false
}
