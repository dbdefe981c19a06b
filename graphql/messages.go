package graphql

import (
	"context"
	"slices"

	"parley/domain"
	"parley/domain/interaction"
	"parley/graphql/model"
	"parley/projections/messages"
)

const maxSettled = 100 // messages settled by one command

func presentMessage(r messages.Row) *model.Message {
	m := &model.Message{
		ID: globalID(kindMessage, r.ID), InteractionID: globalID(kindInteraction, r.InteractionID), Position: int32(r.Position),
		Author: model.MessageAuthor(r.Author), Kind: model.MessageKind(r.Kind), Text: r.Text,
		Forwarded: r.Forwarded, Edited: r.Edited, Revoked: r.Revoked, Erased: r.Erased,
		Failure: presentFailure(r), Description: optional(r.Description), SentAt: r.SentAt, RecordedAt: r.RecordedAt,
		AcceptedAt: r.AcceptedAt, DeliveredAt: r.DeliveredAt, ReadAt: r.ReadAt, Delayed: r.Delayed(),
		Cards: []model.ContactCard{}, Details: []model.MessageDetail{}, Reactions: []model.Reaction{}, ByID: r.By,
		QuotesUnknown: r.QuotedID != "" && r.Quoted == nil,
	}
	if r.RetriedBy != "" {
		m.RetriedBy = optional(globalID(kindMessage, r.RetriedBy))
	}
	for _, c := range r.Cards {
		m.Cards = append(m.Cards, model.ContactCard{
			Name: c.Name, Company: optional(c.Company), Phones: orEmpty(c.Phones), Emails: orEmpty(c.Emails),
		})
	}
	for _, d := range r.Details {
		m.Details = append(m.Details, model.MessageDetail{Label: d.Label, Value: d.Value})
	}
	m.Order = presentOrder(r.Items)
	if a := r.Referral; a != nil {
		m.Referral = &model.Referral{
			Type: optional(a.Type), Headline: optional(a.Headline), Body: optional(a.Body), URL: optional(a.URL),
		}
	}
	if p := r.Product; p != nil {
		m.Product = &model.Product{CatalogID: optional(p.CatalogID), ProductID: p.ID}
	}
	if c := r.Call; c != nil {
		m.Call = &model.Call{Outcome: model.CallOutcome(c.Outcome)}
		if c.Outcome == interaction.CallAnswered {
			seconds := int32(c.Seconds)
			m.Call.Seconds = &seconds
		}
	}
	if p := r.Permission; p != nil {
		m.CallPermission = &model.CallPermission{Granted: p.Granted, Permanent: p.Permanent, Until: p.Until}
	}
	for _, x := range r.Reactions {
		m.Reactions = append(m.Reactions, model.Reaction{Emoji: x.Emoji, Author: model.MessageAuthor(x.Author)})
	}
	if l := r.Location; l != nil {
		m.Location = &model.Location{
			Latitude: l.Latitude, Longitude: l.Longitude, Name: optional(l.Name), Address: optional(l.Address),
		}
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

// markOf returns the mark that agents see: single for a failed or unknown message, double for one that was read.
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
	m := &model.Media{
		State: model.MediaState(r.MediaState), MimeType: optional(r.MimeType), FileName: optional(r.FileName),
		Animated: r.Animated,
	}
	if r.Size > 0 {
		size := int32(min(r.Size, 1<<31-1))
		m.Size = &size
	}
	if r.MediaState == messages.MediaStored {
		m.URL = optional("/files/" + globalID(kindMessage, r.ID))
	}
	return m
}

// presentFailure returns why a message was not sent or cannot be shown, nil if neither is the case.
func presentFailure(r messages.Row) *model.Failure {
	if r.Failure == "" {
		return nil
	}
	reason := model.FailureReason(r.Failure)
	if !reason.IsValid() {
		reason = model.FailureReasonOther
	}
	return &model.Failure{Reason: reason, Code: r.FailureCode, Detail: optional(r.FailureDetail)}
}

// presentPreview returns the parts of a message that a list shows, nil if there is no message.
func presentPreview(p interaction.Preview) *model.Preview {
	if p.Kind == "" {
		return nil
	}
	out := &model.Preview{Kind: model.MessageKind(p.Kind), Text: p.Text, FileName: optional(p.FileName), Erased: p.Erased}
	if outcome := model.CallOutcome(p.Call); outcome.IsValid() {
		out.CallOutcome = &outcome
	}
	if p.Pieces > 0 {
		items := int32(p.Pieces)
		out.ItemCount = &items
	}
	return out
}

// messagePayload answers a mutation with a message as it is now.
func (r *Resolver) messagePayload(ctx context.Context, id string) (*model.MessagePayload, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	row, ok, err := messages.ByID(ctx, r.DB.For(v), v, id)
	if err == nil && !ok {
		err = ErrNotReadableYet
	}
	if err != nil {
		return nil, err
	}
	return &model.MessagePayload{Message: presentMessage(row)}, nil
}

// messageRows returns messages that the viewer may see; any other is ErrNotFound.
func (r *Resolver) messageRows(ctx context.Context, ids []string) ([]messages.Row, error) {
	v, err := r.Viewer(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := messages.ByIDs(ctx, r.DB.For(v), v, ids)
	for _, id := range ids {
		if err == nil && !slices.ContainsFunc(rows, func(m messages.Row) bool { return m.ID == id }) {
			err = ErrNotFound
		}
	}
	return rows, err
}

// homesOf returns messages that the viewer may see by their interaction.
func (r *Resolver) homesOf(ctx context.Context, ids []string) (map[domain.InteractionID][]domain.MessageID, error) {
	rows, err := r.messageRows(ctx, ids)
	if err != nil {
		return nil, err
	}
	in := make(map[domain.InteractionID][]domain.MessageID)
	for _, m := range rows {
		home := domain.InteractionID(m.InteractionID)
		in[home] = append(in[home], domain.MessageID(m.ID))
	}
	return in, nil
}
