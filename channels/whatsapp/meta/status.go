package meta

import (
	"cmp"
	"encoding/json"

	"parley/channels"
)

type status struct {
	ID             text            `json:"id"`
	Type           text            `json:"type"`
	Status         text            `json:"status"`
	Timestamp      text            `json:"timestamp"`
	RecipientID    text            `json:"recipient_id"`
	RecipientUser  text            `json:"recipient_user_id"`
	RecipientType  text            `json:"recipient_type"`
	Participant    text            `json:"recipient_participant_id"`
	ParticipantOld text            `json:"participant_recipient_id"`
	CallbackData   text            `json:"biz_opaque_callback_data"`
	Errors         json.RawMessage `json:"errors"`
	Pricing        struct {
		Type     text `json:"type"`
		Category text `json:"category"`
	} `json:"pricing"`
}

// states maps Meta's states. A voice note is "played" rather than read.
var states = map[text]channels.State{
	"sent": channels.StateSent, "delivered": channels.StateDelivered,
	"read": channels.StateRead, "played": channels.StateRead, "failed": channels.StateFailed,
}

func (p *parser) status(in channels.Inbound, people people, s *status, raw []byte) {
	in.At = instant(s.Timestamp)
	if s.RecipientType == "group" {
		in.GroupID = string(s.RecipientID)
		if s.RecipientID = s.Participant; s.RecipientID == "" {
			s.RecipientID = s.ParticipantOld
		}
	}
	in.From = people.find(string(s.RecipientID), string(s.RecipientUser), "")
	state, known := states[s.Status]
	known = known && (s.Type == "" || s.Type == "message") // statuses of calls and payments say nothing about the message
	if !known {
		state = channels.StateOther
	}
	in.Content = channels.Status{
		MessageID: string(s.ID), State: state, Word: string(s.Status), CallbackData: string(s.CallbackData),
		Errors: readErrors(s.Errors), Category: string(s.Pricing.Category), Pricing: string(s.Pricing.Type),
	}
	p.add(in, known && s.ID != "", raw)
}

// readErrors reads errors[] element by element.
func readErrors(raw json.RawMessage) []channels.ProviderError {
	return explainAll(decodeEach[graphError](raw))
}

// explainAll adds reasons and effects to errors.
func explainAll(errs []graphError) []channels.ProviderError {
	var out []channels.ProviderError
	for _, e := range errs {
		title, details := cmp.Or(e.Title, e.Message), cmp.Or(detailsOf(e.ErrorData), string(e.Details))
		out = append(out, explain(string(e.Code), string(title), details))
	}
	return out
}

// detailsOf reads error_data, which is an object or sometimes a plain string.
func detailsOf(raw json.RawMessage) string {
	var plain text
	decode(raw, &plain)
	if plain != "" {
		return string(plain)
	}
	var data struct {
		Details text `json:"details"`
	}
	decode(raw, &data)
	return string(data.Details)
}
