package webhook

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"unicode/utf8"

	"parley/channels"
	"parley/commands"
	"parley/domain/account"
	"parley/domain/interaction"
)

// Arrivals turns the items of deliveries into arguments for commands, in order. Nothing is left out: an item that
// has no place becomes unplaced, and so does what is too large for the event of its item.
func Arrivals(items []channels.Inbound) []commands.Arrival {
	arrivals := make([]commands.Arrival, 0, len(items))
	for _, in := range items {
		a, rest := arrival(in)
		arrivals = append(arrivals, a)
		arrivals = append(arrivals, pieces(in, a.Kind(), rest)...)
	}
	return arrivals
}

// arrival returns what an item says, and the bytes that do not fit in.
func arrival(in channels.Inbound) (a commands.Arrival, rest []byte) {
	if len(in.LargeRaw) > channels.MaxRaw {
		rest = in.LargeRaw[channels.MaxRaw:]
	}
	a = commands.Arrival{
		ProviderMessageID: in.ProviderID, Aliases: in.From.Aliases(), Customer: customer(in.From), SentAt: in.At,
	}
	if in.Unplaced || in.GroupID != "" {
		return unplaced(in), rest
	}
	switch c := in.Content.(type) {
	case channels.Status:
		status, known := arrivedStatus(c)
		if !known || c.MessageID == "" {
			return unplaced(in), rest
		}
		a.Status = &status
		return a, rest
	case channels.Notice:
		a.Notice = &commands.ArrivedNotice{Field: c.Field, Event: c.Event, Template: c.Template, Facts: facts(c.Facts)}
		return a, rest
	case channels.UserIDUpdate:
		return renamed(a, in, c), rest
	}
	if len(a.Aliases) == 0 {
		return unplaced(in), rest
	}
	content := in.Content
	author := interaction.Author("")
	if echo, ok := content.(channels.Echo); ok {
		if content, author = echo.Content, interaction.AuthorPhoneApp; echo.OtherApp {
			author = interaction.AuthorOtherApp
		}
	}
	switch c := content.(type) {
	case channels.Message:
		kind, body := body(c.Body)
		body.Raw = in.Raw
		body.Referral, body.Product = c.Referral, c.ReferredProduct
		kind, body, cut := limited(kind, body)
		rest = append(rest[:len(rest):len(rest)], cut...)
		forwarded := c.Forwarded || c.ForwardedOften
		if author == "" && in.Source == "" {
			a.Message = &commands.ArrivedMessage{Kind: kind, Content: body, QuotedID: c.QuotedID, Forwarded: forwarded}
			return a, rest
		}
		a.Observed = &commands.ArrivedObserved{
			Author: cmp.Or(author, interaction.AuthorCustomer), Before: in.Source == channels.History,
			Kind: kind, Content: body, QuotedID: c.QuotedID, Forwarded: forwarded, Status: oldStatus(in.Content),
		}
	case channels.Reaction:
		a.Reaction = &commands.ArrivedReaction{TargetID: c.TargetID, Emoji: c.Emoji, Author: author}
	case channels.Edit:
		_, body, cut := limited(body(c.Body))
		rest = append(rest[:len(rest):len(rest)], cut...)
		a.Edit = &commands.ArrivedEdit{TargetID: c.TargetID, Content: body}
	case channels.Revoke:
		a.Revoke = &commands.ArrivedRevoke{TargetID: c.TargetID}
	case channels.System:
		if author != "" || in.Source != "" {
			return unplaced(in), rest
		}
		return system(a, c), rest
	case channels.Preference:
		if c.Category != marketing || c.Stop == c.Resume {
			return unplaced(in), rest
		}
		a.Preference = &commands.ArrivedPreference{Stop: c.Stop}
	default:
		return unplaced(in), rest
	}
	return a, rest
}

// marketing is the only category of messages that customers can decline.
const marketing = "marketing_messages"

// renamed links a customer's new user id, which the content names itself.
func renamed(a commands.Arrival, in channels.Inbound, c channels.UserIDUpdate) commands.Arrival {
	a.Aliases = channels.Sender{UserID: c.PreviousUserID, ParentUserID: c.PreviousParent, WaID: in.From.WaID}.Aliases()
	a.Renamed = &commands.ArrivedAliases{
		Aliases: channels.Sender{UserID: c.CurrentUserID, ParentUserID: c.CurrentParent}.Aliases(), Reason: "USER_ID_CHANGED",
	}
	if len(a.Aliases) == 0 || len(a.Renamed.Aliases) == 0 {
		return unplaced(in)
	}
	return a
}

// oldStatus returns how far a message of our own side got, or "" if the provider does not say.
func oldStatus(c channels.Content) interaction.Status {
	echo, _ := c.(channels.Echo)
	return statuses(echo.State)
}

func facts(fields []interaction.FormField) []account.Fact {
	found := make([]account.Fact, 0, len(fields))
	for _, f := range fields {
		if f.Value != "" {
			found = append(found, account.Fact{Name: f.Label, Value: shortened(f.Value)})
		}
	}
	return found
}

// unplaced keeps an item that has no place.
func unplaced(in channels.Inbound) commands.Arrival {
	part, err := json.Marshal(in)
	if err != nil {
		part = in.Raw
	}
	kind := in.Content.Kind()
	if in.GroupID != "" {
		kind = "group_" + kind
	}
	return commands.Arrival{
		ProviderMessageID: in.ProviderID, SentAt: in.At,
		Unplaced: &commands.ArrivedUnplaced{Kind: shortened(kind), Part: string(part)},
	}
}

const maxPiece = 128 << 10 // bytes; escaped and sealed, it still fits into an append

// pieces keeps what does not fit into the event of an item, in parts that do.
func pieces(in channels.Inbound, kind string, rest []byte) []commands.Arrival {
	var kept []commands.Arrival
	whole := sha256.Sum256(rest)
	for n := 1; len(rest) > 0; n++ {
		end := min(maxPiece, len(rest))
		for end < len(rest) && end > maxPiece-utf8.UTFMax && !utf8.RuneStart(rest[end]) {
			end--
		}
		kept = append(kept, commands.Arrival{
			ProviderMessageID: fmt.Sprintf("%s#%x.%d", in.ProviderID, whole[:16], n), SentAt: in.At,
			Unplaced: &commands.ArrivedUnplaced{Kind: kind + "_rest", Part: string(rest[:end])},
		})
		rest = rest[end:]
	}
	return kept
}

// system links a customer's new number or user id. A new number, and any other notice about a customer, joins the open
// interaction.
func system(a commands.Arrival, c channels.System) commands.Arrival {
	notice := &commands.ArrivedMessage{
		Kind: interaction.KindSystem, Content: interaction.Content{Text: c.Text, Notice: c.Type}, Silent: true,
	}
	added := channels.Sender{WaID: c.NewWaID, UserID: c.NewUserID, ParentUserID: c.NewParentUserID}.Aliases()
	switch {
	case len(added) > 0 && c.NewWaID != "":
		a.Renamed = &commands.ArrivedAliases{Aliases: added, Reason: "NUMBER_CHANGED", Notice: notice}
		a.Customer.Phone = shortened(c.NewWaID) // where they are reached from now on
	case len(added) > 0:
		a.Renamed = &commands.ArrivedAliases{Aliases: added, Reason: "USER_ID_CHANGED"}
	default:
		a.Message = notice
	}
	return a
}

func customer(s channels.Sender) interaction.Customer {
	return interaction.Customer{
		Phone: shortened(s.WaID), UserID: shortened(s.UserID), Username: shortened(s.Username), Name: shortened(s.ProfileName),
	}
}

// statuses returns the status a provider reports, or "" if it is none of ours.
func statuses(s channels.State) interaction.Status {
	switch s {
	case channels.StateSent:
		return interaction.StatusSent
	case channels.StateDelivered:
		return interaction.StatusDelivered
	case channels.StateRead:
		return interaction.StatusRead
	case channels.StateFailed:
		return interaction.StatusFailed
	}
	return ""
}

func arrivedStatus(s channels.Status) (commands.ArrivedStatus, bool) {
	status := statuses(s.State)
	a := commands.ArrivedStatus{MessageID: s.MessageID, Status: status, CallbackData: s.CallbackData}
	if len(s.Errors) > 0 {
		e := s.Errors[0]
		a.Code, a.Reason, a.Detail = e.Code, e.Reason, cmp.Or(e.Details, e.Title)
	}
	return a, status != ""
}

// body returns the kind and the content of a message.
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
		return interaction.KindContacts, interaction.Content{Cards: b.Cards}
	case channels.Reply:
		return interaction.KindReply, interaction.Content{
			Text: b.Title, Choice: &interaction.Choice{ID: b.ID, Title: b.Title, Description: b.Description},
		}
	case channels.Order:
		return interaction.KindOrder, interaction.Content{Text: b.Text, Order: &b.Order}
	case channels.Form:
		return interaction.KindForm, interaction.Content{Text: b.Text, Form: &b.Form}
	case channels.Welcome:
		return interaction.KindWelcome, interaction.Content{}
	case channels.Call:
		return interaction.KindCall, interaction.Content{Call: &b.Call}
	case channels.CallPermission:
		return interaction.KindCallPermission, interaction.Content{CallPermission: &b.CallPermission}
	case channels.Handover:
		return interaction.KindHandover, interaction.Content{Text: b.Note, Notice: b.From}
	case channels.Unsupported:
		return interaction.KindUnsupported, interaction.Content{Problem: &b.Failure}
	}
	return interaction.KindUnsupported, interaction.Content{Problem: &interaction.Failure{Reason: interaction.ProblemUnsupported}}
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
	content := interaction.Content{Text: b.Caption, Problem: b.Missing, Media: &interaction.Media{
		ProviderID: b.ID, MimeType: b.MimeType, FileName: b.FileName, SHA256: b.SHA256, Animated: b.Animated,
	}}
	return kind, content
}
