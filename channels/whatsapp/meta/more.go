package meta

import (
	"cmp"
	"encoding/json"
	"strings"

	"parley/channels"
	"parley/domain/interaction"
)

// call is an element of calls[].
type call struct {
	ID         text   `json:"id"`
	From       text   `json:"from"`
	FromUserID text   `json:"from_user_id"`
	To         text   `json:"to"`
	ToUserID   text   `json:"to_user_id"`
	Event      text   `json:"event"` // connect, terminate
	Direction  text   `json:"direction"`
	Status     text   `json:"status"` // of a terminated call: COMPLETED, FAILED …
	Duration   number `json:"duration"`
	Timestamp  text   `json:"timestamp"`
}

// call adds the beginning or the end of a call. Both have the same id.
func (p *parser) call(in channels.Inbound, people people, c *call, raw []byte) {
	outcome := interaction.CallMissed
	switch {
	case c.Event == "connect":
		outcome = interaction.CallRinging
	case c.Event == "terminate" && c.Status == "COMPLETED":
		outcome = interaction.CallAnswered
	case c.Event != "terminate":
		p.unknown(in, "calls", raw)
		return
	}
	in.ProviderID, in.At = p.idOf(c.ID, raw), instant(c.Timestamp)
	body := channels.Message{Body: channels.Call{Call: interaction.Call{Outcome: outcome, Seconds: int(c.Duration)}}}
	if c.Direction == "BUSINESS_INITIATED" {
		in.From = people.find(string(c.To), string(c.ToUserID), "")
		in.Content = channels.Echo{Content: body, OtherApp: true}
	} else {
		in.From = people.find(string(c.From), string(c.FromUserID), "")
		in.Content = body
	}
	p.add(in, true, raw)
}

// preference is an element of user_preferences[].
type preference struct {
	WaID         text `json:"wa_id"`
	UserID       text `json:"user_id"`
	ParentUserID text `json:"parent_user_id"`
	Detail       text `json:"detail"`
	Category     text `json:"category"`
	Value        text `json:"value"` // stop, resume
	Timestamp    text `json:"timestamp"`
}

func (p *parser) preference(in channels.Inbound, people people, pref *preference, raw []byte) {
	in.From = people.find(string(pref.WaID), string(pref.UserID), string(pref.ParentUserID))
	in.At = instant(pref.Timestamp)
	in.Content = channels.Preference{
		Category: string(pref.Category), Detail: string(pref.Detail), Stop: pref.Value == "stop", Resume: pref.Value == "resume",
	}
	p.add(in, pref.Value == "stop" || pref.Value == "resume", raw)
}

// oldThreads adds the messages of a piece of the phone app's history.
func (p *parser) oldThreads(in channels.Inbound, own text, raw []byte) {
	var piece struct {
		Threads json.RawMessage `json:"threads"`
		Errors  []graphError    `json:"errors"`
	}
	decode(raw, &piece)
	threads, ok := elements(piece.Threads)
	if !ok {
		p.unknown(in, historyField, raw)
	}
	for _, part := range threads {
		p.oldThread(in, own, part)
	}
	p.accountErrors(in, historyField, piece.Errors)
}

func (p *parser) oldThread(in channels.Inbound, own text, raw []byte) {
	var thread struct {
		ID      text `json:"id"` // the customer's number
		Context struct {
			UserID       text `json:"user_id"`
			ParentUserID text `json:"parent_user_id"`
			Username     text `json:"username"`
			Name         text `json:"name"`
		} `json:"context"`
		Messages json.RawMessage `json:"messages"`
	}
	decode(raw, &thread)
	customer := sender(string(thread.ID), string(thread.Context.UserID), string(thread.Context.ParentUserID))
	customer.Username, customer.ProfileName = string(thread.Context.Username), string(thread.Context.Name)
	messages, ok := elements(thread.Messages)
	if !ok || len(messages) == 0 {
		p.unknown(in, historyField, raw)
	}
	for _, part := range messages {
		m := readMessage(part)
		m.To, m.ToUserID = cmp.Or(m.To, thread.ID), cmp.Or(m.ToUserID, thread.Context.UserID)
		p.message(in, people{customer}, own, m, part)
	}
}

// handoverField is the field of changes of who handles a customer: another app of the same number, or we.
const handoverField = "messaging_handovers"

// handover adds what another app did with a customer. When it passed the customer on, they are ours.
func (p *parser) handover(in channels.Inbound, raw json.RawMessage) {
	var h struct {
		Sender struct {
			PhoneNumber  text `json:"phone_number"`
			UserID       text `json:"user_id"`
			ParentUserID text `json:"parent_user_id"`
		} `json:"sender"`
		Timestamp     text `json:"timestamp"`
		Type          text `json:"type"`
		ControlPassed *struct {
			PreviousRole    text `json:"previous_owner_role"`
			PreviousAppRole text `json:"previous_owner_app_role"`
			Metadata        text `json:"metadata"`
		} `json:"control_passed"`
	}
	if !decode(raw, &h) || h.Type == "" {
		return // kept as a whole
	}
	in.From = sender(string(h.Sender.PhoneNumber), string(h.Sender.UserID), string(h.Sender.ParentUserID))
	in.ProviderID, in.At = p.idOf("", raw), instant(h.Timestamp)
	if passed := h.ControlPassed; h.Type == "control_passed" && passed != nil {
		in.Content = channels.Message{Body: channels.Handover{
			From: string(cmp.Or(passed.PreviousAppRole, passed.PreviousRole)), Note: string(passed.Metadata),
		}}
	} else {
		in.Content = channels.System{Type: string(h.Type), Text: string(h.Type)}
	}
	p.add(in, true, raw)
}

// isNotice reports whether a field is about the account, its numbers or its templates, and not about a customer.
func isNotice(field text) bool {
	switch field {
	case "account_update", "account_alerts", "account_review_update", "account_settings_update", "business_capability_update",
		"phone_number_name_update", "phone_number_quality_update", "security", "message_template_status_update",
		"message_template_quality_update", "message_template_components_update", "template_category_update",
		"business_status_update", "business_username_updates", "payment_configuration_update":
		return true
	}
	return false
}

// accountNotice adds what Meta says about the account or its templates.
func (p *parser) accountNotice(in channels.Inbound, field text, raw json.RawMessage) {
	var n struct {
		Event        text `json:"event"`
		Decision     text `json:"decision"`
		Status       text `json:"status"`
		NewScore     text `json:"new_quality_score"`
		NewCategory  text `json:"new_category"`
		AlertType    text `json:"alert_type"`
		Phone        text `json:"phone_number"`
		DisplayPhone text `json:"display_phone_number"`
		TemplateName text `json:"message_template_name"`
		Language     text `json:"message_template_language"`
	}
	decode(raw, &n)
	in.DisplayNumber = string(cmp.Or(n.DisplayPhone, n.Phone))
	in.Content = channels.Notice{
		Field: string(field), Event: string(cmp.Or(n.Event, n.NewScore, n.NewCategory, n.Decision, n.AlertType, n.Status)),
		Template: strings.TrimSpace(string(n.TemplateName) + " " + strings.ReplaceAll(string(n.Language), "-", "_")),
		Facts:    channels.FormFields(string(raw), func(key string) (string, bool) { return key, true }),
	}
	p.add(in, true, raw)
}
