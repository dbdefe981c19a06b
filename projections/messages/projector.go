package messages

import (
	"time"

	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/projections"
)

// Name is the read model's name, including its version. Readers that must see their own writes wait for it.
const Name = "messages_v3"

// Model returns the read model.
func Model() projections.Model {
	return projections.Model{Name: Name, Tables: []projections.AnyTable{table}, Indexes: indexes,
		Consumes: []projections.Stream{{Aggregate: "interaction", Events: []domain.Event{
			interaction.MessageReceived{}, interaction.MessageObserved{}, interaction.ContentArrived{}, interaction.MessageEdited{},
			interaction.MessageRevoked{}, interaction.ReactionReceived{}, interaction.ReactionSent{},
			interaction.MessageQueued{}, interaction.MessageAccepted{}, interaction.MessageSent{},
			interaction.MessageDelivered{}, interaction.MessageRead{}, interaction.MessageFailed{},
			interaction.MessageOutcomeUnknown{}, interaction.MessageSettled{}, interaction.MediaStored{}, interaction.MediaFailed{},
			interaction.NoteAdded{}, interaction.WhisperAdded{}, interaction.NoteRevoked{},
		}}},
		Views: []projections.View{
			{Name: "message_words", Select: words, Masked: maskedWords},
		}}
}

var table = projections.Table[string, Row]{
	Name:    "messages_v3",
	Storage: "WITH (fillfactor = 90)",

	HideNames: projections.OfInteraction("interaction_id"),
	Columns: projections.Columns(
		projections.Key("id", func(r *Row) *string { return &r.ID }).Open(),
		projections.Text("interaction_id", func(r *Row) *string { return &r.InteractionID }).Open(),
		projections.BigInt("position", func(r *Row) *int64 { return &r.Position }).Open(),
		projections.Text("author", func(r *Row) *string { return &r.Author }).Open(),
		projections.Text("by", func(r *Row) *string { return &r.By }).Open(),
		projections.Text("kind", func(r *Row) *string { return &r.Kind }).Open(),
		projections.Text("text", func(r *Row) *string { return &r.Text }).Masked(projections.FreeText),
		projections.Text("words", func(r *Row) *string { return &r.Words }).Masked(projections.Hidden),
		projections.Text("masked_words", func(r *Row) *string { return &r.MaskedWords }).Masked(projections.Hidden),
		projections.Text("quoted_id", func(r *Row) *string { return &r.QuotedID }).Open(),
		projections.Bool("forwarded", func(r *Row) *bool { return &r.Forwarded }).Open(),
		projections.Bool("edited", func(r *Row) *bool { return &r.Edited }).Open(),
		projections.Bool("revoked", func(r *Row) *bool { return &r.Revoked }).Open(),
		projections.Bool("erased", func(r *Row) *bool { return &r.Erased }).Open(),
		projections.Bool("private", func(r *Row) *bool { return &r.Private }).Open(),
		projections.Bool("observed", func(r *Row) *bool { return &r.Observed }).Open(),
		projections.Text("media_state", func(r *Row) *string { return &r.MediaState }).Open(),
		projections.Text("media_id", func(r *Row) *string { return &r.MediaID }).Masked(projections.Hidden),
		projections.Text("blob_id", func(r *Row) *string { return &r.BlobID }).Open(),
		projections.Bytes("blob_key", func(r *Row) *[]byte { return &r.BlobKey }).Masked(projections.Hidden),
		projections.Text("mime_type", func(r *Row) *string { return &r.MimeType }).Open(),
		projections.Text("file_name", func(r *Row) *string { return &r.FileName }).Masked(projections.FreeText),
		projections.BigInt("size", func(r *Row) *int64 { return &r.Size }).Open(),
		projections.Bool("animated", func(r *Row) *bool { return &r.Animated }).Open(),
		projections.JSON("location", func(r *Row) **interaction.Location { return &r.Location }).Masked(maskedLocation),
		projections.JSON("cards", func(r *Row) *[]Card { return &r.Cards }).Masked(maskedCards),
		projections.JSON("reactions", func(r *Row) *[]Reaction { return &r.Reactions }).Open(),
		projections.Text("status", func(r *Row) *string { return &r.Status }).Open(),
		projections.Text("failure", func(r *Row) *string { return &r.Failure }).Open(),
		projections.Text("failure_code", func(r *Row) *string { return &r.FailureCode }).Masked(projections.FreeText),
		projections.Text("failure_detail",
			func(r *Row) *string { return &r.FailureDetail }).Masked(projections.FreeText),
		projections.Text("description", func(r *Row) *string { return &r.Description }).Masked(projections.FreeText),
		projections.Text("retried_by", func(r *Row) *string { return &r.RetriedBy }).Open(),
		projections.Text("provider_tag", func(r *Row) *string { return &r.ProviderTag }).Masked(projections.Hidden),
		projections.Time("sent_at", func(r *Row) *time.Time { return &r.SentAt }).Open(),
		projections.Time("recorded_at", func(r *Row) *time.Time { return &r.RecordedAt }).Open(),
		projections.OptionalTime("accepted_at", func(r *Row) **time.Time { return &r.AcceptedAt }).Open(),
		projections.OptionalTime("delivered_at", func(r *Row) **time.Time { return &r.DeliveredAt }).Open(),
		projections.OptionalTime("read_at", func(r *Row) **time.Time { return &r.ReadAt }).Open(),
		projections.JSON("details", func(r *Row) *[]Detail { return &r.Details }).Masked(maskedDetails),
		projections.JSON("items", func(r *Row) *[]interaction.OrderItem { return &r.Items }).Masked(maskedItems),
		projections.JSON("referral", func(r *Row) **Referral { return &r.Referral }).Masked(maskedReferral),
		projections.JSON("product", func(r *Row) **interaction.Product { return &r.Product }).Masked(maskedProduct),
		projections.JSON("call", func(r *Row) **interaction.Call { return &r.Call }).Open(),
		projections.JSON("call_permission", func(r *Row) **interaction.CallPermission { return &r.Permission }).Open(),
	),
	KeyOf:  func(r Row) string { return r.ID },
	Keys:   keys,
	First:  isFirst,
	New:    func(id string) Row { return Row{ID: id} },
	Evolve: evolve,
	Gone:   func(r Row) bool { return r.InteractionID == "" },
	Changes: func(_, after Row, e eventstore.Recorded) []projections.Change {
		return []projections.Change{{Kind: projections.MessageChanged, ID: after.ID,
			InteractionID: after.InteractionID}}
	},
}

// isFirst reports whether no earlier event can concern the message. A received message may already exist in
// the previous session.
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
	case interaction.MessageObserved:
		return of(ev.MessageID)
	case interaction.ContentArrived:
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
	case interaction.MessageSettled:
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
