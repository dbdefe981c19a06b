package webhook

import (
	"cmp"
	"encoding/json"

	"parley/channels"
	"parley/channels/phone"
	"parley/commands"
	"parley/domain/interaction"
)

// Arrivals puts what a provider told us into the words of our commands, in its order. What concerns no single
// customer (notices, group chats, echoes of our own phone app) is left out; what concerns one and belongs in no conversation is not.
func Arrivals(items []channels.Inbound) []commands.Arrival {
	arrivals := make([]commands.Arrival, 0, len(items))
	for _, in := range items {
		if a, ok := arrival(in); ok {
			arrivals = append(arrivals, a)
		}
	}
	return arrivals
}

func arrival(in channels.Inbound) (commands.Arrival, bool) {
	a := commands.Arrival{
		ProviderMessageID: in.ProviderID, Aliases: phone.Aliases(in.From), Customer: customer(in.From), SentAt: in.At,
	}
	if in.Unplaced {
		return unplaced(a, in)
	}
	if status, ok := in.Content.(channels.Status); ok {
		s, known := arrivedStatus(status)
		a.Status = &s
		return a, known
	}
	switch {
	case in.GroupID != "":
		return a, false
	case len(a.Aliases) == 0 && !renames(in.Content):
		return unplaced(a, in)
	}
	switch c := in.Content.(type) {
	case channels.Message:
		kind, content := body(c.Body)
		content.Raw = in.Raw
		content.Referral = asJSON(c.Referral)
		if p := c.ReferredProduct; p != nil {
			content.Product = &interaction.Product{CatalogID: p.CatalogID, ID: p.ProductID}
		}
		kind, content = fitting(kind, content)
		a.Message = &commands.ArrivedMessage{
			Kind: kind, Content: content, QuotedID: c.QuotedID, Forwarded: c.Forwarded || c.ForwardedOften,
		}
	case channels.Reaction:
		a.Reaction = &commands.ArrivedReaction{TargetID: c.TargetID, Emoji: c.Emoji}
	case channels.Edit:
		_, content := fitting(body(c.Body))
		a.Edit = &commands.ArrivedEdit{TargetID: c.TargetID, Content: content}
	case channels.Revoke:
		a.Revoke = &commands.ArrivedRevoke{TargetID: c.TargetID}
	case channels.System:
		return system(a, c), true
	case channels.UserIDUpdate:
		a.Aliases = phone.Aliases(channels.Sender{UserID: c.PreviousUserID, ParentUserID: c.PreviousParent, WaID: in.From.WaID})
		a.Renamed = &commands.ArrivedAliases{
			Aliases: phone.Aliases(channels.Sender{UserID: c.CurrentUserID, ParentUserID: c.CurrentParent}), Reason: "USER_ID_CHANGED",
		}
		if len(a.Aliases) == 0 || len(a.Renamed.Aliases) == 0 {
			return unplaced(a, in)
		}
	default:
		return a, false
	}
	return a, true
}

// renames says whether the content itself tells who it is about.
func renames(c channels.Content) bool { _, ok := c.(channels.UserIDUpdate); return ok }

// unplaced is what somebody said, or what could not be read, when it belongs in no conversation. Most notices, and what is
// about messages that are not customers', are left out.
func unplaced(a commands.Arrival, in channels.Inbound) (commands.Arrival, bool) {
	if in.GroupID != "" {
		return a, false
	}
	switch c := in.Content.(type) {
	case channels.Echo, channels.Status:
		return a, false
	case channels.Notice:
		if c.Field != "messages" && c.Field != channels.FieldUnreadable || len(in.Raw) == 0 && len(c.Errors) == 0 {
			return a, false
		}
	}
	part, err := json.Marshal(in)
	if err != nil {
		part = in.Raw
	}
	return commands.Arrival{
		ProviderMessageID: in.ProviderID, SentAt: in.At, Unplaced: &commands.ArrivedUnplaced{Kind: in.Content.Kind(), Part: string(part)},
	}, true
}

// system is a customer's new number or user id; any other notice about him joins his open interaction.
func system(a commands.Arrival, c channels.System) commands.Arrival {
	added := phone.Aliases(channels.Sender{WaID: c.NewWaID, UserID: c.NewUserID, ParentUserID: c.NewParentUserID})
	switch {
	case len(added) > 0 && c.NewWaID != "":
		a.Renamed = &commands.ArrivedAliases{Aliases: added, Reason: "NUMBER_CHANGED"}
	case len(added) > 0:
		a.Renamed = &commands.ArrivedAliases{Aliases: added, Reason: "USER_ID_CHANGED"}
	default:
		a.Message = &commands.ArrivedMessage{Kind: interaction.KindSystem, Content: interaction.Content{Text: c.Text, Code: c.Type}, Silent: true}
	}
	return a
}

func customer(s channels.Sender) interaction.Customer {
	return interaction.Customer{Phone: short(s.WaID), UserID: short(s.UserID), Username: short(s.Username), Name: short(s.ProfileName)}
}

func arrivedStatus(s channels.Status) (commands.ArrivedStatus, bool) {
	states := map[channels.State]interaction.Status{
		channels.StateSent: interaction.StatusSent, channels.StateDelivered: interaction.StatusDelivered,
		channels.StateRead: interaction.StatusRead, channels.StateFailed: interaction.StatusFailed,
	}
	status, known := states[s.State]
	a := commands.ArrivedStatus{MessageID: s.MessageID, Status: status, CallbackData: s.CallbackData}
	if len(s.Errors) > 0 {
		e := s.Errors[0]
		a.Code, a.Reason, a.Detail = e.Code, e.Words, e.Details
		if e.Effect == channels.WindowClosed {
			a.Code = interaction.CodeWindowClosed
		}
	}
	return a, known
}

// body is what a message says, in our words.
func body(b channels.Body) (interaction.MessageKind, interaction.Content) {
	switch b := b.(type) {
	case channels.Text:
		return interaction.KindText, interaction.Content{Text: b.Text}
	case channels.Media:
		return media(b)
	case channels.Location:
		return interaction.KindLocation, interaction.Content{Location: &interaction.Location{
			Latitude: b.Latitude, Longitude: b.Longitude, Name: b.Name, Address: b.Address,
		}}
	case channels.Cards:
		return interaction.KindContacts, interaction.Content{Contacts: asJSON(b.Cards)}
	case channels.Reply:
		return interaction.KindReply, interaction.Content{
			Text: b.Title, Choice: &interaction.Choice{ID: b.ID, Title: b.Title, Description: b.Description},
		}
	case channels.Order:
		return interaction.KindOrder, interaction.Content{Text: b.Text, Order: asJSON(b)}
	case channels.FlowReply:
		return interaction.KindForm, interaction.Content{Text: b.Text, Form: asJSON(b)}
	case channels.Welcome:
		return interaction.KindWelcome, interaction.Content{}
	case channels.Unsupported:
		return interaction.KindUnsupported, interaction.Content{Text: b.Words, Code: b.Type}
	}
	return interaction.KindUnsupported, interaction.Content{}
}

func media(b channels.Media) (interaction.MessageKind, interaction.Content) {
	kinds := map[channels.MediaKind]interaction.MessageKind{
		channels.Image: interaction.KindImage, channels.Video: interaction.KindVideo, channels.Audio: interaction.KindAudio,
		channels.Document: interaction.KindDocument, channels.Sticker: interaction.KindSticker,
	}
	kind, ok := kinds[b.Medium]
	switch {
	case !ok:
		kind = interaction.KindDocument
	case b.Voice:
		kind = interaction.KindVoice
	}
	content := interaction.Content{Text: cmp.Or(b.Caption, b.Missing), Media: &interaction.Media{
		ProviderID: b.ID, MimeType: b.MimeType, FileName: b.FileName, SHA256: b.SHA256, Animated: b.Animated,
	}}
	if b.Missing != "" {
		content.Code = interaction.CodeNoFile
	}
	return kind, content
}

// asJSON keeps a part in the shape the channel gave it; nothing for an absent one.
func asJSON[T any](part T) json.RawMessage {
	raw, err := json.Marshal(part)
	if err != nil || string(raw) == "null" {
		return nil
	}
	return raw
}
