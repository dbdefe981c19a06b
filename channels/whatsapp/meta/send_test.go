package meta_test

import (
	"testing"
	"time"

	"parley/channels"
	"parley/channels/channelstest"
)

var creds = channels.Credentials{APIVersion: "v24.0", PhoneNumberID: "1001", AccessToken: "token-1"}

func atServer(base string) channels.Provider { return provider(base) }

func taken() channelstest.Reply {
	return channelstest.Reply{Status: 200, Body: `{"messaging_product":"whatsapp","contacts":[{"input":"+393331112222","wa_id":"393331112222"}],"messages":[{"id":"wamid.B"}]}`}
}

func asked(json string) *channelstest.Request {
	return &channelstest.Request{Method: "POST", Path: "/v24.0/1001/messages", JSON: json,
		Header: map[string]string{"Authorization": "Bearer token-1", "Content-Type": "application/json"}}
}

func text(to, text string) channels.Outbound {
	return channels.Outbound{To: to, Kind: channels.SendText, Text: text}
}

func TestEveryKindOfMessageIsAskedForAsMetaWantsIt(t *testing.T) {
	sent := channels.Sent{ProviderMessageID: "wamid.B", WaID: "393331112222"}
	media := func(m channels.OutboundMedia) channels.Outbound {
		return channels.Outbound{To: "393331112222", Kind: channels.SendMedia, Media: &m}
	}
	channelstest.Outbound(t, atServer, creds, []channelstest.SendCase{
		{
			Name:  "text, quoting and with callback data",
			Out:   channels.Outbound{To: "393331112222", Kind: channels.SendText, Text: "Buongiorno", QuotedProviderID: "wamid.A", CallbackData: "i-1.m-1"},
			Reply: taken(), Sent: sent,
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222","type":"text",
				"text":{"body":"Buongiorno","preview_url":false},"context":{"message_id":"wamid.A"},"biz_opaque_callback_data":"i-1.m-1"}`),
		},
		{
			Name: "text to a customer without a number", Out: text("IT.123", "Ciao"),
			Reply: channelstest.Reply{Status: 200, Body: `{"contacts":[{"user_id":"IT.123"}],"messages":[{"id":"wamid.B"}]}`},
			Sent:  channels.Sent{ProviderMessageID: "wamid.B", UserID: "IT.123"},
			Want:  asked(`{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"IT.123","type":"text","text":{"body":"Ciao","preview_url":false}}`),
		},
		{
			Name: "the receipt's spelling of the number is the one to keep", Out: text("5511987654321", "oi"),
			Reply: channelstest.Reply{Status: 200, Body: `{"contacts":[{"input":"+5511987654321","wa_id":"551187654321"}],"messages":[{"id":"wamid.B"}]}`},
			Sent:  channels.Sent{ProviderMessageID: "wamid.B", WaID: "551187654321"},
			Want:  asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+5511987654321","type":"text","text":{"body":"oi","preview_url":false}}`),
		},
		{
			Name:  "reaction",
			Out:   channels.Outbound{To: "393331112222", Kind: channels.SendReaction, Reaction: &channels.Reaction{TargetID: "wamid.A", Emoji: "👍"}},
			Reply: taken(), Sent: sent,
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222","type":"reaction","reaction":{"message_id":"wamid.A","emoji":"👍"}}`),
		},
		{
			Name:  "document by id",
			Out:   media(channels.OutboundMedia{Medium: channels.Document, ID: "55", Caption: "la fattura", FileName: "f.pdf"}),
			Reply: taken(), Sent: sent,
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222","type":"document","document":{"id":"55","caption":"la fattura","filename":"f.pdf"}}`),
		},
		{
			Name:  "voice note, which has no caption",
			Out:   media(channels.OutboundMedia{Medium: channels.Audio, ID: "56", Voice: true, Caption: "dropped"}),
			Reply: taken(), Sent: sent,
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222","type":"audio","audio":{"id":"56","voice":true}}`),
		},
		{
			Name: "template with header, variables and buttons",
			Out: channels.Outbound{To: "393331112222", Kind: channels.SendTemplate, Template: &channels.Template{
				Name: "recontact", Language: "pt-BR",
				Header:  []channels.Variable{{Media: &channels.OutboundMedia{Medium: channels.Image, ID: "123"}}},
				Body:    []channels.Variable{{Text: "Ada"}, {Name: "order", Text: "A-17"}},
				Buttons: []channels.TemplateButton{{Index: 0, Type: "quick_reply", Value: "yes"}, {Index: 1, Type: "url", Value: "track/17"}, {Index: 2, Type: "copy_code", Value: "X1"}},
			}},
			Reply: channelstest.Reply{Status: 200, Body: `{"contacts":[{"wa_id":"393331112222"}],"messages":[{"id":"wamid.B","message_status":"held_for_quality_assessment"}]}`},
			Sent:  channels.Sent{ProviderMessageID: "wamid.B", WaID: "393331112222", Held: true},
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222","type":"template","template":{"name":"recontact","language":{"code":"pt_BR"},"components":[
				{"type":"header","parameters":[{"type":"image","image":{"id":"123"}}]},
				{"type":"body","parameters":[{"type":"text","text":"Ada"},{"type":"text","text":"A-17","parameter_name":"order"}]},
				{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"yes"}]},
				{"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"track/17"}]},
				{"type":"button","sub_type":"copy_code","index":"2","parameters":[{"type":"coupon_code","coupon_code":"X1"}]}]}}`),
		},
		{
			Name: "no address, nothing asked", Out: text("not-a-number", "x"),
			Err: &channelstest.Failure{Outcome: channels.Refused, Code: "ADDRESS"},
		},
		{
			Name: "nothing in it, nothing asked", Out: channels.Outbound{To: "393331112222", Kind: channels.SendText},
			Err: &channelstest.Failure{Outcome: channels.Refused, Code: "INVALID"},
		},
	})
}

func TestEveryAnswerHasOneOfThreeOutcomes(t *testing.T) {
	graph := func(status int, code string) channelstest.Reply {
		return channelstest.Reply{Status: status, Body: `{"error":{"message":"(#` + code + `)","type":"OAuthException","code":` + code + `,"error_data":{"details":"d"},"fbtrace_id":"F"}}`}
	}
	rows := []struct {
		name  string
		reply channelstest.Reply
		want  channelstest.Failure
	}{
		{"throughput", graph(400, "130429"), channelstest.Failure{Outcome: channels.NotTaken, Code: "130429", Effect: channels.SlowNumber, RetryAfter: time.Second}},
		{"pair rate", graph(400, "131056"), channelstest.Failure{Outcome: channels.NotTaken, Code: "131056", Effect: channels.SlowRecipient, RetryAfter: 4 * time.Second}},
		{"service down", graph(503, "2"), channelstest.Failure{Outcome: channels.NotTaken, Code: "2", RetryAfter: time.Second}},
		{"overloaded", graph(500, "131016"), channelstest.Failure{Outcome: channels.NotTaken, Code: "131016", RetryAfter: time.Second}},
		{"maintenance", graph(500, "131057"), channelstest.Failure{Outcome: channels.NotTaken, Code: "131057", Effect: channels.SlowNumber, RetryAfter: time.Minute}},
		{"app limit", graph(400, "4"), channelstest.Failure{Outcome: channels.NotTaken, Code: "4", Effect: channels.SlowNumber, RetryAfter: time.Minute}},
		{"429 without a code", channelstest.Reply{Status: 429, Header: map[string]string{"Retry-After": "7"}}, channelstest.Failure{Outcome: channels.NotTaken, Code: "HTTP_429", Effect: channels.SlowNumber, RetryAfter: 7 * time.Second}},
		{"something went wrong", graph(500, "131000"), channelstest.Failure{Outcome: channels.Unknown, Code: "131000"}},
		{"unknown error", graph(500, "1"), channelstest.Failure{Outcome: channels.Unknown, Code: "1"}},
		{"bare 502", channelstest.Reply{Status: 502, Body: "<html>"}, channelstest.Failure{Outcome: channels.Unknown, Code: "HTTP_502"}},
		{"200 that is no JSON", channelstest.Reply{Status: 200, Body: "<html>"}, channelstest.Failure{Outcome: channels.Unknown, Code: "ANSWER"}},
		{"200 without a message", channelstest.Reply{Status: 200, Body: `{}`}, channelstest.Failure{Outcome: channels.Unknown, Code: "ANSWER"}},
		{"window closed", graph(400, "131047"), channelstest.Failure{Outcome: channels.Refused, Code: "131047", Effect: channels.WindowClosed}},
		{"token", graph(401, "190"), channelstest.Failure{Outcome: channels.Refused, Code: "190", Effect: channels.StopAccount}},
		{"permission range", graph(403, "219"), channelstest.Failure{Outcome: channels.Refused, Code: "219", Effect: channels.StopAccount}},
		{"undeliverable", graph(400, "131026"), channelstest.Failure{Outcome: channels.Refused, Code: "131026"}},
		{"code nobody knows", graph(500, "987654"), channelstest.Failure{Outcome: channels.Refused, Code: "987654"}},
		{"bare 401", channelstest.Reply{Status: 401}, channelstest.Failure{Outcome: channels.Refused, Code: "HTTP_401", Effect: channels.StopAccount}},
		{"redirect, not followed", channelstest.Reply{Status: 302, Header: map[string]string{"Location": "/elsewhere"}}, channelstest.Failure{Outcome: channels.Refused, Code: "HTTP_302"}},
		{"error_data as text, code as text", channelstest.Reply{Status: 400, Body: `{"error":{"code":"131047","error_data":"plain"}}`}, channelstest.Failure{Outcome: channels.Refused, Code: "131047", Effect: channels.WindowClosed}},
	}
	var cases []channelstest.SendCase
	for _, r := range rows {
		cases = append(cases, channelstest.SendCase{Name: r.name, Out: text("393331112222", "x"), Reply: r.reply, Err: &r.want,
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222","type":"text","text":{"body":"x","preview_url":false}}`)})
	}
	channelstest.Outbound(t, atServer, creds, cases)
}
