package messages

import (
	"cmp"
	"slices"
	"strings"
	"time"
	"unicode"

	"parley/domain/interaction"
	"parley/eventstore"
	"parley/projections/plain"
)

// evolve folds one event into a row. It is a pure function.
func evolve(r Row, e eventstore.Recorded) Row {
	switch ev := e.Event.(type) {
	case interaction.MessageReceived:
		return received(r, ev, e)
	case interaction.MessageObserved:
		return observed(r, ev, e)
	case interaction.MessageQueued:
		if string(ev.RetryOf) == r.ID {
			r.RetriedBy = string(ev.MessageID)
			return r
		}
		return queued(r, ev, e)
	case interaction.NoteAdded:
		return r.note(AuthorNote, string(ev.By), ev.Text, ev.At, e)
	case interaction.WhisperAdded:
		return r.note(AuthorWhisper, string(ev.By), ev.Text, ev.At, e)
	}
	if r.InteractionID == "" {
		return r
	}
	switch ev := e.Event.(type) {
	case interaction.ContentArrived:
		if !r.Revoked {
			return r.completed(ev, e.Erased)
		}
	case interaction.MessageEdited:
		if !r.Revoked {
			return r.edited(ev.Content, e.Erased)
		}
	case interaction.MessageRevoked:
		r = r.withText("")
		r.Revoked, r.Location, r.Cards, r.Details, r.Items = true, nil, nil, nil, nil
		r.Referral, r.Product, r.Description = nil, nil, ""
	case interaction.NoteRevoked:
		r = r.withText("")
		r.Revoked = true
	case interaction.ReactionReceived:
		return r.reacted(string(cmp.Or(ev.Author, interaction.AuthorCustomer)), ev.Emoji, e.Erased)
	case interaction.ReactionSent:
		return r.reacted(string(interaction.AuthorAgent), ev.Emoji, e.Erased)
	case interaction.MessageAccepted:
		at := ev.At
		r.AcceptedAt, r.ProviderTag = &at, ev.ProviderTag
		return r.reached(interaction.StatusAccepted)
	case interaction.MessageSent:
		return r.reached(interaction.StatusSent)
	case interaction.MessageDelivered:
		r.DeliveredAt = first(r.DeliveredAt, ev.StatusAt, ev.At)
		return r.reached(interaction.StatusDelivered)
	case interaction.MessageRead:
		r.DeliveredAt, r.ReadAt = first(r.DeliveredAt, ev.StatusAt, ev.At), first(r.ReadAt, ev.StatusAt, ev.At)
		return r.reached(interaction.StatusRead)
	case interaction.MessageFailed:
		r.Failure, r.FailureCode, r.FailureDetail = string(ev.Reason), ev.Code, ev.Detail
		return r.reached(interaction.StatusFailed)
	case interaction.MessageOutcomeUnknown:
		r.FailureCode = ev.Code
		return r.reached(interaction.StatusUnknown)
	case interaction.MessageSettled:
		if ev.As == interaction.StatusFailed {
			r.Failure, r.FailureCode = string(interaction.FailedMarked), ""
		}
		return r.reached(ev.As)
	case interaction.MediaStored:
		r.MediaState, r.BlobID, r.BlobKey, r.MimeType, r.Size = MediaStored, string(ev.BlobID), ev.Key, ev.MimeType, ev.Size
		r.Failure, r.FailureCode, r.FailureDetail = "", "", ""
	case interaction.MediaFailed:
		if r.MediaState == MediaPending {
			r.MediaState = MediaFailed
			if r.Failure == "" {
				r.Failure, r.FailureCode = string(ev.Reason()), ev.Code
			}
		}
	}
	return r
}

func received(r Row, ev interaction.MessageReceived, e eventstore.Recorded) Row {
	if r.InteractionID != "" && !r.Observed {
		return r // the first one wins, unless it was in the history before it was delivered
	}
	r.InteractionID, r.Position, r.Author = e.AggregateID, int64(e.Revision), string(interaction.AuthorCustomer)
	r.Observed = false
	if ev.Kind == interaction.KindSystem || ev.Kind == interaction.KindHandover {
		r.Author = string(interaction.AuthorSystem)
	}
	r.Kind, r.QuotedID, r.Forwarded = string(ev.Kind), string(ev.QuotedID), ev.Forwarded
	r.SentAt, r.RecordedAt = ev.SentAt, ev.At
	if r.SentAt.IsZero() {
		r.SentAt = ev.At
	}
	if ev.Kind.HasMedia() {
		r.MediaState = MediaPending
	}
	r.Referral, r.Product = referral(ev.Content.Referral), ev.Content.Product
	return r.withContent(ev.Content, e.Erased)
}

func observed(r Row, ev interaction.MessageObserved, e eventstore.Recorded) Row {
	if r.InteractionID != "" {
		return r
	}
	r.InteractionID, r.Position, r.Author = e.AggregateID, int64(e.Revision), string(ev.Author)
	if ev.Before {
		r.Position = ev.SentAt.Unix()
	}
	r.Observed, r.Kind, r.QuotedID, r.Forwarded = true, string(ev.Kind), string(ev.QuotedID), ev.Forwarded
	r.Status, r.SentAt, r.RecordedAt = string(ev.Status), ev.SentAt, ev.At
	if ev.Author != interaction.AuthorCustomer {
		r.ProviderTag = ev.ProviderTag
	}
	if ev.Kind.HasMedia() {
		r.MediaState = MediaPending
	}
	r.Referral, r.Product = referral(ev.Content.Referral), ev.Content.Product
	return r.withContent(ev.Content, e.Erased)
}

func queued(r Row, ev interaction.MessageQueued, e eventstore.Recorded) Row {
	if r.InteractionID != "" || ev.Kind == interaction.KindReaction {
		return r // a reaction appears on the message it is for
	}
	r.InteractionID, r.Position, r.Author, r.By = e.AggregateID, int64(e.Revision), string(ev.Author), string(ev.By)
	r.Kind, r.QuotedID, r.Status = string(ev.Kind), string(ev.QuotedID), string(interaction.StatusQueued)
	r.SentAt, r.RecordedAt = ev.At, ev.At
	r = r.withContent(ev.Content, e.Erased)
	if r.BlobID != "" {
		r.MediaState = MediaStored
	}
	return r
}

func (r Row) note(author, by, text string, at time.Time, e eventstore.Recorded) Row {
	if r.InteractionID != "" {
		return r
	}
	r.InteractionID, r.Position, r.Author, r.By = e.AggregateID, int64(e.Revision), author, by
	r.Kind, r.SentAt, r.RecordedAt = string(interaction.KindText), at, at
	return r.withContent(interaction.Content{Text: text}, e.Erased)
}

func (r Row) withContent(c interaction.Content, erased bool) Row {
	if erased {
		r = r.withText("")
		r.Erased = true
		return r
	}
	r = r.withText(text(c))
	r.Location, r.Cards, r.Details, r.Items = c.Location, cards(c.Cards), details(c.Form), items(c.Order)
	r.Call, r.Permission = c.Call, c.CallPermission
	if p := c.Problem; p != nil {
		r.Failure, r.FailureCode, r.FailureDetail = string(p.Reason), cmp.Or(p.Code, p.Kind), p.Detail
	}
	switch {
	case c.Choice != nil:
		r.Description = c.Choice.Description
	case r.Kind == string(interaction.KindUnsupported) && c.Problem != nil:
		r.Description = c.Problem.Kind
	default:
		r.Description = c.Notice
	}
	if m := c.Media; m != nil {
		r.MediaID, r.BlobID, r.BlobKey = m.ProviderID, m.BlobID, m.BlobKey
		r.MimeType, r.FileName, r.Size, r.Animated = m.MimeType, m.FileName, m.Size, m.Animated
		if r.MediaState == "" {
			r.MediaState = MediaPending
		}
	}
	return r
}

// completed replaces a placeholder by what the customer wrote. An edit that came before it stays.
func (r Row) completed(ev interaction.ContentArrived, erased bool) Row {
	text, edited := r.Text, r.Edited
	r.Kind, r.QuotedID, r.Forwarded, r.MediaState = string(ev.Kind), string(ev.QuotedID), ev.Forwarded, ""
	r.Failure, r.FailureCode, r.FailureDetail, r.Description = "", "", "", ""
	r.Referral, r.Product = referral(ev.Content.Referral), ev.Content.Product
	if ev.Kind.HasMedia() {
		r.MediaState = MediaPending
	}
	r = r.withContent(ev.Content, erased)
	if edited && text != "" && !erased {
		r = r.withText(text)
	}
	return r
}

// edited applies a customer's edit, which replaces only what it carries. The file stays: an edit may change its
// caption, and names the file only in the provider's terms.
func (r Row) edited(c interaction.Content, erased bool) Row {
	edited := r.withContent(c, erased)
	if erased {
		edited.Edited = true
		return edited
	}
	r.Edited = true
	if c.HasText() {
		r = r.withText(edited.Text)
		r.Description = edited.Description
	}
	if c.Location != nil {
		r.Location = edited.Location
	}
	if len(c.Cards) > 0 {
		r.Cards = edited.Cards
	}
	if c.Form != nil {
		r.Details = edited.Details
	}
	if c.Order != nil {
		r.Items = edited.Items
	}
	if c.Media == nil && c.Problem != nil { // a file that the edit cannot name is still stored here
		r.Failure, r.FailureCode, r.FailureDetail = edited.Failure, edited.FailureCode, edited.FailureDetail
	}
	return r
}

// withText sets the text and what searches find it by.
func (r Row) withText(text string) Row {
	r.Text, r.Private, r.Words, r.MaskedWords = text, private(text), "", ""
	if r.Author != AuthorWhisper {
		r.Words = plain.Words(text)
	}
	if r.Private && r.Words != "" {
		r.MaskedWords = plain.WordsWithoutNumbers(text)
	}
	return r
}

func text(c interaction.Content) string {
	switch {
	case c.Text != "":
		return c.Text
	case c.Choice != nil:
		return c.Choice.Title
	case c.Template != nil:
		return strings.Join(append([]string{c.Template.Name}, c.Template.Variables...), " ")
	}
	return ""
}

// private reports whether a text may hold something to mask: a number of 7 digits or an email address. It
// may report too many, but never misses one.
func private(s string) bool {
	digits := 0
	for _, c := range s {
		if c == '@' || c == '＠' {
			return true
		}
		if unicode.IsDigit(c) {
			if digits++; digits == 7 {
				return true
			}
		}
	}
	return false
}

func (r Row) reacted(author, emoji string, erased bool) Row {
	r.Reactions = slices.DeleteFunc(slices.Clone(r.Reactions), func(x Reaction) bool { return x.Author == author })
	if emoji != "" && !erased {
		r.Reactions = append(r.Reactions, Reaction{Emoji: emoji, Author: author})
	}
	return r
}

func (r Row) reached(status interaction.Status) Row {
	if r.Status == "" || !interaction.Status(r.Status).AdvancesTo(status) {
		return r
	}
	r.Status = string(status)
	if status != interaction.StatusFailed && status != interaction.StatusUnknown {
		r.Failure, r.FailureCode, r.FailureDetail = "", "", ""
	}
	return r
}

func first(have *time.Time, told, recorded time.Time) *time.Time {
	switch {
	case have != nil:
		return have
	case told.IsZero():
		return &recorded
	}
	return &told
}
