package messages

import (
	"time"

	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/projections"
)

// Name is what the read model is called where it is waited for, its version included.
const Name = "messages_v2"

// Model is the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Schema: schema, Indexes: indexes, Views: views}
}

var table = projections.Table[string, Row]{
	Name: "messages_v2",
	Key:  1,
	Columns: []projections.Column[Row]{
		projections.Col("id", "text", func(r *Row) *string { return &r.ID }),
		projections.Col("interaction_id", "text", func(r *Row) *string { return &r.InteractionID }),
		projections.Col("position", "int8", func(r *Row) *int64 { return &r.Position }),
		projections.Col("author", "text", func(r *Row) *string { return &r.Author }),
		projections.Col("by", "text", func(r *Row) *string { return &r.By }),
		projections.Col("kind", "text", func(r *Row) *string { return &r.Kind }),
		projections.Col("text", "text", func(r *Row) *string { return &r.Text }),
		projections.Col("quoted_id", "text", func(r *Row) *string { return &r.QuotedID }),
		projections.Col("forwarded", "bool", func(r *Row) *bool { return &r.Forwarded }),
		projections.Col("edited", "bool", func(r *Row) *bool { return &r.Edited }),
		projections.Col("revoked", "bool", func(r *Row) *bool { return &r.Revoked }),
		projections.Col("erased", "bool", func(r *Row) *bool { return &r.Erased }),
		projections.Col("private", "bool", func(r *Row) *bool { return &r.Private }),
		projections.Col("media_state", "text", func(r *Row) *string { return &r.MediaState }),
		projections.Col("media_id", "text", func(r *Row) *string { return &r.MediaID }),
		projections.Col("blob_id", "text", func(r *Row) *string { return &r.BlobID }),
		projections.Col("blob_key", "bytea", func(r *Row) *[]byte { return &r.BlobKey }),
		projections.Col("mime_type", "text", func(r *Row) *string { return &r.MimeType }),
		projections.Col("file_name", "text", func(r *Row) *string { return &r.FileName }),
		projections.Col("size", "int8", func(r *Row) *int64 { return &r.Size }),
		projections.Col("animated", "bool", func(r *Row) *bool { return &r.Animated }),
		projections.Col("location", "jsonb", func(r *Row) **interaction.Location { return &r.Location }),
		projections.Col("cards", "jsonb", func(r *Row) *[]Card { return &r.Cards }),
		projections.Col("reactions", "jsonb", func(r *Row) *[]Reaction { return &r.Reactions }),
		projections.Col("status", "text", func(r *Row) *string { return &r.Status }),
		projections.Col("failure", "text", func(r *Row) *string { return &r.Failure }),
		projections.Col("failure_code", "text", func(r *Row) *string { return &r.FailureCode }),
		projections.Col("retried_by", "text", func(r *Row) *string { return &r.RetriedBy }),
		projections.Col("provider_tag", "text", func(r *Row) *string { return &r.ProviderTag }),
		projections.Col("sent_at", "timestamptz", func(r *Row) *time.Time { return &r.SentAt }),
		projections.Col("recorded_at", "timestamptz", func(r *Row) *time.Time { return &r.RecordedAt }),
		projections.Col("accepted_at", "timestamptz", func(r *Row) **time.Time { return &r.AcceptedAt }),
		projections.Col("delivered_at", "timestamptz", func(r *Row) **time.Time { return &r.DeliveredAt }),
		projections.Col("read_at", "timestamptz", func(r *Row) **time.Time { return &r.ReadAt }),
		projections.Col("details", "jsonb", func(r *Row) *[]Detail { return &r.Details }),
		projections.Col("items", "jsonb", func(r *Row) *[]interaction.OrderItem { return &r.Items }),
		projections.Col("referral", "jsonb", func(r *Row) **Referral { return &r.Referral }),
		projections.Col("product", "jsonb", func(r *Row) **interaction.Product { return &r.Product }),
	},
	KeyOf:  func(r Row) string { return r.ID },
	Keys:   keys,
	First:  isFirst,
	New:    func(id string) Row { return Row{ID: id} },
	Evolve: evolve,
	Gone:   func(r Row) bool { return r.InteractionID == "" },
	Changes: func(_, after Row, e eventstore.Recorded) []projections.Change {
		return []projections.Change{{Kind: "message", ID: after.ID, InteractionID: after.InteractionID}}
	},
}

// isFirst says no earlier event can be about the message. A received one may have come in the session before as well.
func isFirst(e eventstore.Recorded) bool {
	switch ev := e.Event.(type) {
	case interaction.MessageQueued:
		return ev.RetryOf == ""
	case interaction.NoteAdded, interaction.WhisperAdded:
		return true
	}
	return false
}

func keys(e eventstore.Recorded) []string {
	of := func(id domain.MessageID) []string { return []string{string(id)} }
	switch ev := e.Event.(type) {
	case interaction.MessageReceived:
		return of(ev.MessageID)
	case interaction.MessageEdited:
		return of(ev.MessageID)
	case interaction.MessageRevoked:
		return of(ev.MessageID)
	case interaction.ReactionReceived:
		return of(ev.MessageID)
	case interaction.ReactionSent:
		return of(ev.MessageID)
	case interaction.MessageQueued:
		switch {
		case ev.Kind == interaction.KindReaction:
			return nil
		case ev.RetryOf != "":
			return []string{string(ev.MessageID), string(ev.RetryOf)}
		}
		return of(ev.MessageID)
	case interaction.MessageAccepted:
		return of(ev.MessageID)
	case interaction.MessageSent:
		return of(ev.MessageID)
	case interaction.MessageDelivered:
		return of(ev.MessageID)
	case interaction.MessageRead:
		return of(ev.MessageID)
	case interaction.MessageFailed:
		return of(ev.MessageID)
	case interaction.MessageOutcomeUnknown:
		return of(ev.MessageID)
	case interaction.MediaStored:
		return of(ev.MessageID)
	case interaction.MediaFailed:
		return of(ev.MessageID)
	case interaction.NoteAdded:
		return []string{string(ev.NoteID)}
	case interaction.WhisperAdded:
		return []string{string(ev.NoteID)}
	case interaction.NoteRevoked:
		return []string{string(ev.NoteID)}
	}
	return nil
}
