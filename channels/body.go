package channels

import "encoding/json"

// Body is what a message consists of: one of Text, Media, Location, Cards, Reply, Order, FlowReply, Welcome, Unsupported.
type Body interface {
	// Kind is the body's stable name in lower case; for Media it is the kind of medium.
	Kind() string
	isBody()
}

// Text is plain text with WhatsApp's marks still in it.
type Text struct{ Text string }

// MediaKind says how a medium is shown.
type MediaKind string

// The kinds of media.
const (
	Image    MediaKind = "image"
	Video    MediaKind = "video"
	Audio    MediaKind = "audio"
	Document MediaKind = "document"
	Sticker  MediaKind = "sticker"
)

// Media is a file the provider holds for us for some days.
type Media struct {
	Medium   MediaKind
	ID       string // to fetch it by; empty when the provider lost the file, then Missing says why
	MimeType string // as claimed
	SHA256   string // as claimed, base64
	Caption  string
	FileName string
	Voice    bool // recorded in the chat, not chosen from files
	Animated bool
	Missing  string // why there is no file, in words for the agent
}

// Location is a place on the map.
type Location struct {
	Latitude, Longitude float64
	Name, Address, URL  string
}

// Cards are contacts the customer shared.
type Cards struct{ Cards []Card }

// Card is one shared contact. Any part may be missing.
type Card struct {
	Name      string
	FirstName string `json:",omitempty"`
	LastName  string `json:",omitempty"`
	Company   string `json:",omitempty"`
	Birthday  string `json:",omitempty"`
	Phones    []CardPhone
	Mails     []string
	Addresses []string
	URLs      []string
	Requested bool // the customer shared their own number because we asked
}

// CardPhone is one number on a card.
type CardPhone struct {
	Phone string
	WaID  string `json:",omitempty"`
	Type  string `json:",omitempty"`
}

// Reply is an answer by pressing something we offered.
type Reply struct {
	Type        string // button, button_reply, list_reply, call_permission_reply
	ID          string // the payload we gave the choice
	Title       string // what the customer saw
	Description string
}

// Order is what the customer picked from the catalog.
type Order struct {
	CatalogID string
	Text      string
	Items     []OrderItem
}

// OrderItem is one line of an order.
type OrderItem struct {
	ProductID string
	Quantity  float64
	Price     string // a decimal number as the provider wrote it
	Currency  string
}

// FlowReply is a form the customer filled in.
type FlowReply struct {
	Name string
	Text string
	JSON string // the answers, a JSON document
}

// Welcome is a customer opening the chat for the first time without saying anything.
type Welcome struct{}

// Unsupported is a message we cannot show. The raw part is on the Inbound.
type Unsupported struct {
	Type   string // the provider's word for the type, or for what was wrong
	Words  string // what to tell the agent
	Errors []ProviderError
}

// Referral is the advertisement that led the customer here.
type Referral struct {
	SourceURL, SourceID, SourceType string
	Headline, Body                  string
	MediaType, MediaURL, Thumbnail  string
	ClickID                         string
	Greeting                        string // what the advertisement greeted with
}

// Product is an item of a catalog.
type Product struct{ CatalogID, ProductID string }

// Kind is "text".
func (Text) Kind() string { return "text" }

// Kind is image, video, audio, document or sticker.
func (m Media) Kind() string { return string(m.Medium) }

// Kind is "location".
func (Location) Kind() string { return "location" }

// Kind is "contacts".
func (Cards) Kind() string { return "contacts" }

// Kind is "reply".
func (Reply) Kind() string { return "reply" }

// Kind is "order".
func (Order) Kind() string { return "order" }

// Kind is "flow_reply".
func (FlowReply) Kind() string { return "flow_reply" }

// Kind is "welcome".
func (Welcome) Kind() string { return "welcome" }

// Kind is "unsupported".
func (Unsupported) Kind() string { return "unsupported" }

func (Text) isBody()        {}
func (Media) isBody()       {}
func (Location) isBody()    {}
func (Cards) isBody()       {}
func (Reply) isBody()       {}
func (Order) isBody()       {}
func (FlowReply) isBody()   {}
func (Welcome) isBody()     {}
func (Unsupported) isBody() {}

// MarshalJSON names the kind of the body beside it.
func (m Message) MarshalJSON() ([]byte, error) {
	type plain Message
	return json.Marshal(struct {
		BodyKind string
		plain
	}{bodyKind(m.Body), plain(m)})
}

// MarshalJSON names the kind of the body beside it.
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
