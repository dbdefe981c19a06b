package graphql

import (
	"parley/domain/interaction"
	"parley/graphql/model"
	"parley/projections/messages"
)

// erasedText stands where everything personal was destroyed.
const erasedText = "[erased]"

func presentMessage(r messages.Row) *model.Message {
	m := &model.Message{
		ID: globalID(kindMessage, r.ID), InteractionID: globalID(kindInteraction, r.InteractionID), Position: int32(r.Position),
		Author: model.MessageAuthor(r.Author), Kind: model.MessageKind(r.Kind), Text: r.Text,
		Forwarded: r.Forwarded, Edited: r.Edited, Revoked: r.Revoked, Erased: r.Erased,
		Failure: optional(r.Failure), FailureCode: optional(r.FailureCode), SentAt: r.SentAt, RecordedAt: r.RecordedAt,
		AcceptedAt: r.AcceptedAt, DeliveredAt: r.DeliveredAt, ReadAt: r.ReadAt, Delayed: r.Delayed(),
		Cards: []model.ContactCard{}, Details: []model.MessageDetail{}, Reactions: []model.Reaction{}, ByID: r.By,
	}
	if r.Erased {
		m.Text = erasedText
	}
	if r.RetriedBy != "" {
		m.RetriedBy = optional(globalID(kindMessage, r.RetriedBy))
	}
	for _, c := range r.Cards {
		m.Cards = append(m.Cards, model.ContactCard{Name: c.Name, Phones: orEmpty(c.Phones), Mails: orEmpty(c.Mails)})
	}
	for _, d := range r.Details {
		m.Details = append(m.Details, model.MessageDetail{Label: d.Label, Value: d.Value})
	}
	m.Order = presentOrder(r.Items)
	if a := r.Referral; a != nil {
		m.Referral = &model.Referral{Type: optional(a.Type), Headline: optional(a.Headline), Body: optional(a.Body), URL: optional(a.URL)}
	}
	if p := r.Product; p != nil {
		m.Product = &model.Product{CatalogID: optional(p.CatalogID), ProductID: p.ID}
	}
	for _, x := range r.Reactions {
		m.Reactions = append(m.Reactions, model.Reaction{Emoji: x.Emoji, Author: model.MessageAuthor(x.Author)})
	}
	if l := r.Location; l != nil {
		m.Location = &model.Location{Latitude: l.Latitude, Longitude: l.Longitude, Name: optional(l.Name), Address: optional(l.Address)}
	}
	if q := r.Quoted; q != nil {
		m.Quoted = &model.QuotedMessage{
			ID: globalID(kindMessage, q.ID), Author: model.MessageAuthor(q.Author), Kind: model.MessageKind(q.Kind), Text: q.Text,
		}
	}
	if r.Status != "" {
		status := model.MessageStatus(r.Status)
		mark := markOf(status)
		m.Status, m.Mark = &status, &mark
	}
	m.Media = presentMedia(r)
	return m
}

func presentOrder(items []interaction.OrderItem) *model.Order {
	if len(items) == 0 {
		return nil
	}
	o := &model.Order{Items: make([]model.OrderItem, len(items))}
	for n, i := range items {
		o.Items[n] = model.OrderItem{ProductID: i.ProductID, Quantity: i.Quantity, Price: i.Price, Currency: i.Currency}
	}
	if total, currency, known := messages.Total(items); known {
		o.Total, o.Currency = &total, &currency
	}
	return o
}

// markOf derives the seed's marks: single for a problem, double for delivered and read, pending for what is between (A2).
func markOf(s model.MessageStatus) model.MessageMark {
	switch s {
	case model.MessageStatusFailed, model.MessageStatusUnknown:
		return model.MessageMarkSingle
	case model.MessageStatusRead:
		return model.MessageMarkDouble
	}
	return model.MessageMarkPending
}

func presentMedia(r messages.Row) *model.Media {
	if r.MediaState == "" {
		return nil
	}
	m := &model.Media{State: model.MediaState(r.MediaState), MimeType: optional(r.MimeType), FileName: optional(r.FileName), Animated: r.Animated}
	if r.Size > 0 {
		size := int32(min(r.Size, 1<<31-1))
		m.Size = &size
	}
	if r.MediaState == messages.MediaStored {
		m.URL = optional("/files/" + globalID(kindMessage, r.ID))
	}
	return m
}

func presentMessages(rows []messages.Row) []model.Message {
	all := make([]model.Message, len(rows))
	for i, row := range rows {
		all[i] = *presentMessage(row)
	}
	return all
}
