package meta

import (
	"cmp"
	"reflect"

	"parley/channels"
	"parley/domain/interaction"
)

// tooLarge is the type of a message that is too large to be parsed.
const tooLarge = "too_large"

// body returns the body of the message, and whether it was understood. What was not understood is Unsupported.
func (m *message) body() (channels.Body, bool) {
	b := m.known()
	if b != nil && !(m.wrongType && reflect.ValueOf(b).IsZero()) {
		return b, !m.wrongType
	}
	errs := readErrors(m.Errors)
	kind := string(m.Type)
	if m.Unsupported != nil && m.Unsupported.Type != "" {
		kind = string(m.Unsupported.Type)
	}
	why := interaction.Failure{Reason: interaction.ProblemUnsupported, Kind: kind}
	switch {
	case m.Type == tooLarge:
		why.Reason = interaction.ProblemTooLarge
	case len(errs) > 0:
		why = problem(errs[0])
		why.Kind = kind
		if why.Reason == interaction.FailedKind {
			why.Reason = interaction.ProblemUnsupported
		}
	}
	return channels.Unsupported{Failure: why, Errors: errs}, false
}

// known returns the body, or nil when its part is missing or empty.
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

// is reports whether the message has a part and its type. Without a type, the part decides.
func (m *message) is(kind text, part bool) bool { return part && (m.Type == kind || m.Type == "") }

func (m *message) medium(kind channels.MediaKind, f *media) channels.Body {
	errs := readErrors(m.Errors)
	out := channels.Media{Medium: kind, ID: string(f.ID), MimeType: string(f.MimeType), SHA256: string(f.SHA256),
		Caption: string(f.Caption), FileName: string(f.Filename),
		Voice: bool(f.Voice) || f == m.Voice || m.Type == "voice", Animated: bool(f.Animated)}
	if out.ID == "" {
		if len(errs) == 0 {
			errs = []channels.ProviderError{explain("131052", "", "")}
		}
		missing := problem(errs[0])
		out.Missing = &missing
	}
	return out
}

// problem returns an error of Meta as the reason why something cannot be shown.
func problem(e channels.ProviderError) interaction.Failure {
	return interaction.Failure{Reason: e.Reason, Code: e.Code, Detail: cmp.Or(e.Details, e.Title)}
}

func (i *interactive) body() channels.Body {
	switch {
	case i.ButtonReply != nil && *i.ButtonReply != (choice{}):
		return i.ButtonReply.reply("button_reply")
	case i.ListReply != nil && *i.ListReply != (choice{}):
		return i.ListReply.reply("list_reply")
	case i.NfmReply != nil:
		return channels.Form{
			Text: string(i.NfmReply.Body),
			Form: interaction.Form{Name: string(i.NfmReply.Name), Fields: answers(i.NfmReply.ResponseJSON)},
		}
	case i.CallPermission != nil:
		return i.callPermission()
	}
	return nil
}

// callPermission returns nil for an answer that is neither yes nor no.
func (i *interactive) callPermission() channels.Body {
	a := i.CallPermission
	if a.Response != "accept" && a.Response != "reject" {
		return nil
	}
	out := interaction.CallPermission{Granted: a.Response == "accept", Permanent: bool(a.IsPermanent)}
	if until := instant(a.Expiration); out.Granted && !until.IsZero() {
		out.Until = &until
	}
	return channels.CallPermission{CallPermission: out}
}

func (c *choice) reply(kind string) channels.Body {
	return channels.Reply{Type: kind, ID: string(c.ID), Title: string(c.Title), Description: string(c.Description)}
}

func (o *order) body() channels.Body {
	out := channels.Order{Order: interaction.Order{CatalogID: string(o.CatalogID)}, Text: string(o.Text)}
	for _, item := range o.ProductItems {
		out.Items = append(out.Items, interaction.OrderItem{ProductID: string(item.ProductRetailerID),
			Quantity: float64(item.Quantity), Price: string(item.ItemPrice), Currency: string(item.Currency)})
	}
	return out
}
