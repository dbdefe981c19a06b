package meta

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"parley/channels"
	"parley/domain/interaction"
)

// Send sends one message. An answer without a message id is an unknown outcome.
func (m *Meta) Send(ctx context.Context, a channels.Account, out channels.Outbound) (channels.Sent, error) {
	body, err := requestOf(out)
	if err != nil {
		return channels.Sent{}, err
	}
	var answer struct {
		Contacts []struct {
			WaID   text `json:"wa_id"`
			UserID text `json:"user_id"`
		} `json:"contacts"`
		Messages []struct {
			ID     text `json:"id"`
			Status text `json:"message_status"`
		} `json:"messages"`
	}
	if err := m.post(ctx, a, body, &answer); err != nil {
		return channels.Sent{}, err
	}
	if len(answer.Messages) == 0 || answer.Messages[0].ID == "" {
		return channels.Sent{}, channels.NewSendError(unknown, "ANSWER", interaction.FailedUnclear, errors.New("the answer has no message id"))
	}
	sent := channels.Sent{ProviderMessageID: string(answer.Messages[0].ID), Held: answer.Messages[0].Status == "held_for_quality_assessment"}
	if len(answer.Contacts) > 0 {
		sent.WaID = strings.TrimPrefix(string(answer.Contacts[0].WaID), "+")
		sent.UserID = string(answer.Contacts[0].UserID)
	}
	return sent, nil
}

// MarkRead marks the message and all before it as read on the customer's phone.
func (m *Meta) MarkRead(ctx context.Context, a channels.Account, providerMessageID string) error {
	var answer struct{}
	return m.post(ctx, a, object{"messaging_product": "whatsapp", "status": "read", "message_id": providerMessageID}, &answer)
}

func (m *Meta) post(ctx context.Context, a channels.Account, body object, answer any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return channels.NewSendError(failed, "INVALID", interaction.FailedRejected, err)
	}
	return m.call(ctx, a, request{method: http.MethodPost, path: url.PathEscape(a.Setting(PhoneNumberID)) + "/messages",
		contentType: "application/json", body: bytes.NewReader(raw), timeout: callTimeout}, answer)
}

type object map[string]any

// requestOf returns the JSON of a message.
func requestOf(out channels.Outbound) (object, error) {
	body := object{"messaging_product": "whatsapp", "recipient_type": "individual"}
	if !addressTo(body, out.To) {
		return nil, channels.NewSendError(failed, "ADDRESS", interaction.FailedNoAddress, nil)
	}
	kind, part := partOf(out)
	if part == nil {
		return nil, channels.NewSendError(failed, "INVALID", interaction.FailedEmpty, nil)
	}
	body["type"], body[kind] = kind, part
	if out.QuotedProviderID != "" && out.Kind != channels.SendReaction {
		body["context"] = object{"message_id": out.QuotedProviderID}
	}
	if out.CallbackData != "" {
		body["biz_opaque_callback_data"] = out.CallbackData
	}
	return body, nil
}

// addressTo sets the recipient: a user id, or a number with a +. Without it Meta may prepend our own country code.
func addressTo(body object, to string) bool {
	if channels.IsUserID(to) {
		body["recipient"] = to
		return true
	}
	number := strings.TrimPrefix(to, "+")
	if len(number) < 5 || len(number) > 20 || strings.Trim(number, "0123456789") != "" {
		return false
	}
	body["to"] = "+" + number
	return true
}

// partOf returns the part of the message's type and its name, or nil when the Outbound has none.
func partOf(out channels.Outbound) (string, object) {
	switch {
	case out.Kind == channels.SendText && out.Text != "":
		return "text", object{"body": out.Text, "preview_url": out.PreviewURL}
	case out.Kind == channels.SendReaction && out.Reaction != nil:
		return "reaction", object{"message_id": out.Reaction.TargetID, "emoji": out.Reaction.Emoji}
	case out.Kind == channels.SendMedia && out.Media != nil:
		return string(out.Media.Medium), mediaPart(*out.Media)
	case out.Kind == channels.SendTemplate && out.Template != nil:
		return "template", templatePart(*out.Template)
	}
	return "", nil
}

func mediaPart(m channels.OutboundMedia) object {
	part := object{}
	put := func(key, value string) {
		if value != "" {
			part[key] = value
		}
	}
	put("id", m.ID)
	if m.ID == "" {
		put("link", m.Link)
	}
	if m.Medium != channels.Audio && m.Medium != channels.Sticker {
		put("caption", m.Caption)
	}
	if m.Medium == channels.Document {
		put("filename", m.FileName)
	}
	if m.Medium == channels.Audio && m.Voice {
		part["voice"] = true
	}
	return part
}

func templatePart(t channels.Template) object {
	var components []object
	if len(t.Header) > 0 {
		components = append(components, object{"type": "header", "parameters": parameters(t.Header)})
	}
	if len(t.Body) > 0 {
		components = append(components, object{"type": "body", "parameters": parameters(t.Body)})
	}
	for _, b := range t.Buttons {
		components = append(components, object{
			"type": "button", "sub_type": b.Type, "index": strconv.Itoa(b.Index), "parameters": []object{buttonParameter(b)},
		})
	}
	part := object{"name": t.Name, "language": object{"code": strings.ReplaceAll(t.Language, "-", "_")}}
	if components != nil {
		part["components"] = components
	}
	return part
}

func parameters(variables []channels.Variable) []object {
	var out []object
	for _, v := range variables {
		p := object{"type": "text", "text": v.Text}
		if v.Media != nil {
			kind := string(v.Media.Medium)
			p = object{"type": kind, kind: mediaPart(*v.Media)}
		}
		if v.Name != "" {
			p["parameter_name"] = v.Name
		}
		out = append(out, p)
	}
	return out
}

func buttonParameter(b channels.TemplateButton) object {
	switch b.Type {
	case "quick_reply":
		return object{"type": "payload", "payload": b.Value}
	case "copy_code":
		return object{"type": "coupon_code", "coupon_code": b.Value}
	}
	return object{"type": "text", "text": b.Value}
}
