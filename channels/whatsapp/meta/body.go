package meta

import (
	"cmp"
	"encoding/json"
	"reflect"

	"parley/channels"
)

// tooLarge is the type given to a message that is not taken apart.
const tooLarge = "too_large"

// body is what the message consists of, and whether that was understood. What was not is Unsupported.
func (m *message) body() (channels.Body, bool) {
	b := m.known()
	if b != nil && !(m.misfit && reflect.ValueOf(b).IsZero()) {
		return b, !m.misfit
	}
	errs := readErrors(m.Errors)
	kind := string(m.Type)
	if m.Unsupported != nil && m.Unsupported.Type != "" {
		kind = string(m.Unsupported.Type)
	}
	words := "This message is of a kind that cannot be shown here."
	switch {
	case m.Type == tooLarge:
		words = "This message is too large to be shown here."
	case len(errs) > 0:
		words = errs[0].Words
	}
	return channels.Unsupported{Type: kind, Words: words, Errors: errs}, false
}

// known is the body when its part is there and says something, else nil.
func (m *message) known() channels.Body {
	switch {
	case m.is("text", m.Text != nil && m.Text.Body != ""):
		return channels.Text{Text: string(m.Text.Body)}
	case m.is("image", m.Image != nil):
		return m.medium(channels.Image, m.Image)
	case m.is("video", m.Video != nil):
		return m.medium(channels.Video, m.Video)
	case m.is("audio", m.Audio != nil), m.is("voice", m.Audio != nil):
		return m.medium(channels.Audio, m.Audio)
	case m.is("voice", m.Voice != nil):
		return m.medium(channels.Audio, m.Voice)
	case m.is("document", m.Document != nil):
		return m.medium(channels.Document, m.Document)
	case m.is("sticker", m.Sticker != nil):
		return m.medium(channels.Sticker, m.Sticker)
	case m.is("location", m.Location != nil && m.Location.Latitude != nil && m.Location.Longitude != nil):
		l := m.Location
		return channels.Location{Latitude: float64(*l.Latitude), Longitude: float64(*l.Longitude),
			Name: string(l.Name), Address: string(l.Address), URL: string(l.URL)}
	case m.is("contacts", len(m.Contacts) > 0):
		return readCards(m.Contacts)
	case m.is("button", m.Button != nil && *m.Button != (button{})):
		return channels.Reply{Type: "button", ID: string(m.Button.Payload), Title: string(m.Button.Text)}
	case m.is("interactive", m.Interactive != nil):
		return m.Interactive.body()
	case m.is("order", m.Order != nil):
		return m.Order.body()
	case m.Type == "request_welcome":
		return channels.Welcome{}
	}
	return nil
}

// is says whether the message is of a type: it says so, or says nothing and the part is there.
func (m *message) is(kind text, part bool) bool { return part && (m.Type == kind || m.Type == "") }

func (m *message) medium(kind channels.MediaKind, f *media) channels.Body {
	errs := readErrors(m.Errors)
	out := channels.Media{Medium: kind, ID: string(f.ID), MimeType: string(f.MimeType), SHA256: string(f.SHA256),
		Caption: string(f.Caption), FileName: string(f.Filename), Voice: bool(f.Voice) || f == m.Voice || m.Type == "voice", Animated: bool(f.Animated)}
	if out.ID == "" {
		if len(errs) == 0 {
			errs = []channels.ProviderError{explain("131052", "", "")}
		}
		out.Missing = errs[0].Words
	}
	return out
}

func (i *interactive) body() channels.Body {
	switch {
	case i.ButtonReply != nil && *i.ButtonReply != (choice{}):
		return i.ButtonReply.reply("button_reply")
	case i.ListReply != nil && *i.ListReply != (choice{}):
		return i.ListReply.reply("list_reply")
	case i.NfmReply != nil:
		return channels.FlowReply{Name: string(i.NfmReply.Name), Text: string(i.NfmReply.Body), JSON: document(i.NfmReply.ResponseJSON)}
	case i.CallPermission != nil:
		return channels.Reply{Type: "call_permission_reply", ID: string(i.CallPermission.Response), Title: string(i.CallPermission.Response)}
	}
	return nil
}

func (c *choice) reply(kind string) channels.Body {
	return channels.Reply{Type: kind, ID: string(c.ID), Title: string(c.Title), Description: string(c.Description)}
}

func (o *order) body() channels.Body {
	out := channels.Order{CatalogID: string(o.CatalogID), Text: string(o.Text)}
	for _, item := range o.ProductItems {
		out.Items = append(out.Items, channels.OrderItem{ProductID: string(item.ProductRetailerID),
			Quantity: float64(item.Quantity), Price: string(item.ItemPrice), Currency: string(item.Currency)})
	}
	return out
}

// document is a JSON document that may come as itself or inside a string.
func document(raw json.RawMessage) string {
	var inside text
	decode(raw, &inside)
	return cmp.Or(string(inside), string(raw))
}
