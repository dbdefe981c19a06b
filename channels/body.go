package channels

import (
	"encoding/json"

	"parley/domain/interaction"
)

// Body is the content of a message: one of Text, Media, Location, Cards, Reply, Order, Form, Welcome, Call,
// CallPermission, Handover, Unsupported.
type Body interface {
	// Kind returns the body's stable name in lower case; for Media, the kind of file.
	Kind() string
	isBody()
}

// Text is plain text, with WhatsApp's formatting marks.
type Text struct{ Text string }

// MediaKind says how a file is shown.
type MediaKind string

// The kinds of file.
const (
	Image    MediaKind = "image"
	Video    MediaKind = "video"
	Audio    MediaKind = "audio"
	Document MediaKind = "document"
	Sticker  MediaKind = "sticker"
)

// Media is a file that the provider keeps for some days.
type Media struct {
	Medium   MediaKind
	ID       string // to fetch it by; empty when the provider lost the file
	MimeType string // as the provider claims
	SHA256   string // as the provider claims, in base64
	Caption  string
	FileName string
	Voice    bool // recorded in the chat
	Animated bool
	Missing  *interaction.Failure // why there is no file; nil if there is one
}

// Location is a place on a map.
type Location struct {
	Latitude, Longitude float64
	Name, Address, URL  string
}

// Cards are contacts the customer shared.
type Cards struct{ Cards []interaction.Card }

// Reply is a choice the customer pressed.
type Reply struct {
	Type        string // button, button_reply, list_reply
	ID          string // the payload of the choice
	Title       string // what the customer saw
	Description string
}

// Order is what the customer ordered from the catalog.
type Order struct {
	interaction.Order
	Text string
}

// Form is a form the customer filled in.
type Form struct {
	interaction.Form
	Text string
}

// Welcome says that a customer opened the chat for the first time, without a message.
type Welcome struct{}

// Call is a voice call between the customer and our number. Its beginning and its end are one message.
type Call struct{ interaction.Call }

// CallPermission is the answer to our request to call the customer.
type CallPermission struct{ interaction.CallPermission }

// Handover says that another app of the same number passed the customer on.
type Handover struct {
	From string // the other app's role, as the provider calls it
	Note string // what the other app says about it
}

// Unsupported is a message that cannot be shown. Its raw part is on the Inbound.
type Unsupported struct {
	interaction.Failure
	Errors []ProviderError
}

// Kind returns "text".
func (Text) Kind() string { return "text" }

// Kind returns the kind of file.
func (m Media) Kind() string { return string(m.Medium) }

// Kind returns "location".
func (Location) Kind() string { return "location" }

// Kind returns "contacts".
func (Cards) Kind() string { return "contacts" }

// Kind returns "reply".
func (Reply) Kind() string { return "reply" }

// Kind returns "order".
func (Order) Kind() string { return "order" }

// Kind returns "form".
func (Form) Kind() string { return "form" }

// Kind returns "welcome".
func (Welcome) Kind() string { return "welcome" }

// Kind returns "call".
func (Call) Kind() string { return "call" }

// Kind returns "call_permission".
func (CallPermission) Kind() string { return "call_permission" }

// Kind returns "handover".
func (Handover) Kind() string { return "handover" }

// Kind returns "unsupported".
func (Unsupported) Kind() string { return "unsupported" }

func (Text) isBody()           {}
func (Media) isBody()          {}
func (Location) isBody()       {}
func (Cards) isBody()          {}
func (Reply) isBody()          {}
func (Order) isBody()          {}
func (Form) isBody()           {}
func (Welcome) isBody()        {}
func (Call) isBody()           {}
func (CallPermission) isBody() {}
func (Handover) isBody()       {}
func (Unsupported) isBody()    {}

// MarshalJSON adds the kind of the body.
func (m Message) MarshalJSON() ([]byte, error) {
	type plain Message
	return json.Marshal(struct {
		BodyKind string
		plain
	}{bodyKind(m.Body), plain(m)})
}

// MarshalJSON adds the kind of the body.
func (e Edit) MarshalJSON() ([]byte, error) {
	type plain Edit
	return json.Marshal(struct {
		BodyKind string
		plain
	}{bodyKind(e.Body), plain(e)})
}

func bodyKind(b Body) string {
	if b == nil {
		return ""
	}
	return b.Kind()
}
