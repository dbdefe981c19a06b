package messages

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"parley/domain/interaction"
	"parley/eventstore"
)

// Erased is what stands for a text whose key was destroyed.
const Erased = "[erased]"

// evolve folds one event into one row. Pure.
func evolve(r Row, e eventstore.Recorded) Row {
	switch ev := e.Event.(type) {
	case interaction.MessageReceived:
		return received(r, ev, e)
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
	case interaction.MessageEdited:
		if !r.Revoked {
			r.Edited = true
			return r.said(ev.Content, e.Erased)
		}
	case interaction.MessageRevoked:
		r.Revoked, r.Text, r.Private, r.Location, r.Cards, r.Details, r.Items = true, "", false, nil, nil, nil, nil
		r.Referral, r.Product = nil, nil
	case interaction.NoteRevoked:
		r.Revoked, r.Text, r.Private = true, "", false
	case interaction.ReactionReceived:
		return r.reacted(string(interaction.AuthorCustomer), ev.Emoji, e.Erased)
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
		r.Failure, r.FailureCode = ev.Reason, ev.Code
		return r.reached(interaction.StatusFailed)
	case interaction.MessageOutcomeUnknown:
		r.FailureCode = ev.Code
		return r.reached(interaction.StatusUnknown)
	case interaction.MediaStored:
		r.MediaState, r.BlobID, r.BlobKey, r.MimeType, r.Size = MediaStored, string(ev.BlobID), ev.Key, ev.MimeType, ev.Size
	case interaction.MediaFailed:
		if r.MediaState == MediaPending {
			r.MediaState = MediaFailed
		}
	}
	return r
}

func received(r Row, ev interaction.MessageReceived, e eventstore.Recorded) Row {
	if r.InteractionID != "" {
		return r // the first one counts
	}
	r.InteractionID, r.Position, r.Author = e.AggregateID, int64(e.Revision), string(interaction.AuthorCustomer)
	if ev.Kind == interaction.KindSystem {
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
	return r.said(ev.Content, e.Erased)
}

func queued(r Row, ev interaction.MessageQueued, e eventstore.Recorded) Row {
	if r.InteractionID != "" || ev.Kind == interaction.KindReaction {
		return r // a reaction shows on the message it is for
	}
	r.InteractionID, r.Position, r.Author, r.By = e.AggregateID, int64(e.Revision), string(ev.Author), string(ev.By)
	r.Kind, r.QuotedID, r.Status = string(ev.Kind), string(ev.QuotedID), string(interaction.StatusQueued)
	r.SentAt, r.RecordedAt = ev.At, ev.At
	r = r.said(ev.Content, e.Erased)
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
	return r.said(interaction.Content{Text: text}, e.Erased)
}

func (r Row) said(c interaction.Content, erased bool) Row {
	if erased {
		r.Erased, r.Text, r.Private = true, Erased, false
		return r
	}
	r.Text = text(c)
	r.Private = private(r.Text)
	r.Location, r.Cards, r.Details, r.Items = c.Location, cards(c.Contacts), answers(c.Form), c.OrderItems()
	if m := c.Media; m != nil {
		r.MediaID, r.BlobID, r.BlobKey = m.ProviderID, m.BlobID, m.BlobKey
		r.MimeType, r.FileName, r.Size, r.Animated = m.MimeType, m.FileName, m.Size, m.Animated
		if r.MediaState == "" {
			r.MediaState = MediaPending
		}
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

// private says whether a text may hold what is masked inside texts: a number of 7 digits, a mail address. It may be
// wrong in saying so, never in denying it.
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

// order says which state of delivery comes after which; failed loses to delivered and read, anything settles unknown.
var order = []interaction.Status{
	interaction.StatusQueued, interaction.StatusUnknown, interaction.StatusAccepted, interaction.StatusSent,
	interaction.StatusFailed, interaction.StatusDelivered, interaction.StatusRead,
}

func (r Row) reached(status interaction.Status) Row {
	if r.Status == "" || slices.Index(order, status) <= slices.Index(order, interaction.Status(r.Status)) {
		return r
	}
	r.Status = string(status)
	if status != interaction.StatusFailed && status != interaction.StatusUnknown {
		r.Failure, r.FailureCode = "", ""
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
