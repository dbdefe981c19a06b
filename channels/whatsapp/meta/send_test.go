package meta_test

import (
	"maps"
	"testing"
	"time"

	"parley/channels"
	"parley/channels/channelstest"
	"parley/channels/whatsapp/meta"
)

var (
	settings = map[string]string{meta.PhoneNumberID: "1001", meta.APIVersion: "v24.0"}
	secrets  = map[string]string{meta.AppSecret: "app-secret-1", meta.VerifyToken: "verify-me-1", meta.AccessToken: "token-1"}
)

// at returns the account with its calls going to a server.
func at(base string) channels.Account {
	own := maps.Clone(settings)
	own[meta.BaseURL] = base
	return channels.NewAccount("acc-1", provider().Declaration(), own, secrets)
}

func atServer(base string) channels.Provider { return provider(base) }

func taken() channelstest.Reply {
	return channelstest.Reply{Status: 200, Body: `{"messaging_product":"whatsapp",
		"contacts":[{"input":"+393331112222","wa_id":"393331112222"}],"messages":[{"id":"wamid.B"}]}`}
}

func asked(json string) *channelstest.Request {
	return &channelstest.Request{Method: "POST", Path: "/v24.0/1001/messages", JSON: json,
		Header: map[string]string{"Authorization": "Bearer token-1", "Content-Type": "application/json"}}
}

func text(to, text string) channels.Outbound {
	return channels.Outbound{To: to, Kind: channels.SendText, Text: text}
}

func TestEveryKindOfMessageIsSentAsMetaWantsIt(t *testing.T) {
	sent := channels.Sent{ProviderMessageID: "wamid.B", WaID: "393331112222"}
	media := func(m channels.OutboundMedia) channels.Outbound {
		return channels.Outbound{To: "393331112222", Kind: channels.SendMedia, Media: &m}
	}
	channelstest.Outbound(t, atServer, at, []channelstest.SendCase{
		{
			Name: "a text with a quote and callback data",
			Out: channels.Outbound{To: "393331112222", Kind: channels.SendText, Text: "Buongiorno",
				QuotedProviderID: "wamid.A", CallbackData: "i-1.m-1"},
			Reply: taken(), Sent: sent,
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222",
				"type":"text",
				"text":{"body":"Buongiorno","preview_url":false},"context":{"message_id":"wamid.A"},"biz_opaque_callback_data":"i-1.m-1"}`),
		},
		{
			Name: "a text to a customer without a number", Out: text("IT.123", "Ciao"),
			Reply: channelstest.Reply{Status: 200, Body: `{"contacts":[{"user_id":"IT.123"}],"messages":[{"id":"wamid.B"}]}`},
			Sent:  channels.Sent{ProviderMessageID: "wamid.B", UserID: "IT.123"},
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","recipient":"IT.123",
				"type":"text","text":{"body":"Ciao","preview_url":false}}`),
		},
		{
			Name: "the provider's answer gives its spelling of the number", Out: text("5511987654321", "oi"),
			Reply: channelstest.Reply{Status: 200, Body: `{"contacts":[{"input":"+5511987654321","wa_id":"551187654321"}],
				"messages":[{"id":"wamid.B"}]}`},
			Sent: channels.Sent{ProviderMessageID: "wamid.B", WaID: "551187654321"},
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+5511987654321",
				"type":"text","text":{"body":"oi","preview_url":false}}`),
		},
		{
			Name: "a reaction names its message",
			Out: channels.Outbound{To: "393331112222", Kind: channels.SendReaction,
				Reaction: &channels.Reaction{TargetID: "wamid.A", Emoji: "👍"}},
			Reply: taken(), Sent: sent,
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222",
				"type":"reaction","reaction":{"message_id":"wamid.A","emoji":"👍"}}`),
		},
		{
			Name:  "a document is sent by its id",
			Out:   media(channels.OutboundMedia{Medium: channels.Document, ID: "55", Caption: "la fattura", FileName: "f.pdf"}),
			Reply: taken(), Sent: sent,
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222",
				"type":"document",
				"document":{"id":"55","caption":"la fattura","filename":"f.pdf"}}`),
		},
		{
			Name:  "a voice note loses its caption",
			Out:   media(channels.OutboundMedia{Medium: channels.Audio, ID: "56", Voice: true, Caption: "dropped"}),
			Reply: taken(), Sent: sent,
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222",
				"type":"audio","audio":{"id":"56","voice":true}}`),
		},
		{
			Name: "a template with header, variables and buttons",
			Out: channels.Outbound{To: "393331112222", Kind: channels.SendTemplate, Template: &channels.Template{
				Name: "recontact", Language: "pt-BR",
				Header: []channels.Variable{{Media: &channels.OutboundMedia{Medium: channels.Image, ID: "123"}}},
				Body:   []channels.Variable{{Text: "Ada"}, {Name: "order", Text: "A-17"}},
				Buttons: []channels.TemplateButton{
					{Index: 0, Type: "quick_reply", Value: "yes"}, {Index: 1, Type: "url", Value: "track/17"},
					{Index: 2, Type: "copy_code", Value: "X1"},
				},
			}},
			Reply: channelstest.Reply{Status: 200, Body: `{"contacts":[{"wa_id":"393331112222"}],
				"messages":[{"id":"wamid.B","message_status":"held_for_quality_assessment"}]}`},
			Sent: channels.Sent{ProviderMessageID: "wamid.B", WaID: "393331112222", Held: true},
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222",
				"type":"template",
				"template":{"name":"recontact","language":{"code":"pt_BR"},"components":[
				{"type":"header","parameters":[{"type":"image","image":{"id":"123"}}]},
				{"type":"body","parameters":[{"type":"text","text":"Ada"},{"type":"text","text":"A-17","parameter_name":"order"}]},
				{"type":"button","sub_type":"quick_reply","index":"0","parameters":[{"type":"payload","payload":"yes"}]},
				{"type":"button","sub_type":"url","index":"1","parameters":[{"type":"text","text":"track/17"}]},
				{"type":"button","sub_type":"copy_code","index":"2","parameters":[{"type":"coupon_code","coupon_code":"X1"}]}]}}`),
		},
		{
			Name: "a message without an address is not sent", Out: text("not-a-number", "x"),
			Err: &channelstest.Failure{Outcome: channels.Failed, Code: "ADDRESS"},
		},
		{
			Name: "an empty message is not sent", Out: channels.Outbound{To: "393331112222", Kind: channels.SendText},
			Err: &channelstest.Failure{Outcome: channels.Failed, Code: "INVALID"},
		},
	})
}

func TestEveryAnswerHasOneOfThreeOutcomes(t *testing.T) {
	type failure = channelstest.Failure
	graph := func(status int, code string) channelstest.Reply {
		return channelstest.Reply{Status: status, Body: `{"error":{"message":"(#` + code + `)","type":"OAuthException","code":` + code +
			`,"error_data":{"details":"d"},"fbtrace_id":"F"}}`}
	}
	header := func(status int, name, value string) channelstest.Reply {
		return channelstest.Reply{Status: status, Header: map[string]string{name: value}}
	}
	notAccepted := func(code string, effect channels.Effect, after time.Duration) failure {
		return failure{Outcome: channels.NotAccepted, Code: code, Effect: effect, RetryAfter: after}
	}
	unknown := func(code string) failure { return failure{Outcome: channels.Unknown, Code: code} }
	failed := func(code string, effect channels.Effect) failure {
		return failure{Outcome: channels.Failed, Code: code, Effect: effect}
	}
	rows := []struct {
		name  string
		reply channelstest.Reply
		want  failure
	}{
		{"a number that sends too fast slows down", graph(400, "130429"), notAccepted("130429", channels.SlowNumber, time.Second)},
		{"a customer who gets too many messages waits", graph(400, "131056"), notAccepted("131056", channels.SlowRecipient, 4*time.Second)},
		{"a service that is down is retried", graph(503, "2"), notAccepted("2", "", time.Second)},
		{"an overloaded service is retried", graph(500, "131016"), notAccepted("131016", "", time.Second)},
		{"maintenance slows the number down", graph(500, "131057"), notAccepted("131057", channels.SlowNumber, time.Minute)},
		{"the limit of the app slows the number down", graph(400, "4"), notAccepted("4", channels.SlowNumber, time.Minute)},
		{"a 429 without a code slows the number down", header(429, "Retry-After", "7"),
			notAccepted("HTTP_429", channels.SlowNumber, 7*time.Second)},
		{"a general error leaves the outcome unknown", graph(500, "131000"), unknown("131000")},
		{"an unknown error leaves the outcome unknown", graph(500, "1"), unknown("1")},
		{"a fault with a code that Meta does not document leaves the outcome unknown", graph(503, "987654"), unknown("987654")},
		{"a bare 503 leaves the outcome unknown", channelstest.Reply{Status: 503}, unknown("HTTP_503")},
		{"a bare 502 leaves the outcome unknown", channelstest.Reply{Status: 502, Body: "<html>"}, unknown("HTTP_502")},
		{"a 200 without JSON leaves the outcome unknown", channelstest.Reply{Status: 200, Body: "<html>"}, unknown("ANSWER")},
		{"a 200 without a message id leaves the outcome unknown", channelstest.Reply{Status: 200, Body: `{}`}, unknown("ANSWER")},
		{"a closed window is reported", graph(400, "131047"), failed("131047", "")},
		{"an invalid token stops the account", graph(401, "190"), failed("190", channels.StopAccount)},
		{"any permission error stops the account", graph(403, "219"), failed("219", channels.StopAccount)},
		{"an undeliverable message fails", graph(400, "131026"), failed("131026", "")},
		{"an unknown code fails the message", graph(400, "987654"), failed("987654", "")},
		{"a bare 401 stops the account", channelstest.Reply{Status: 401}, failed("HTTP_401", channels.StopAccount)},
		{"a redirect is not followed", header(302, "Location", "/elsewhere"), failed("HTTP_302", "")},
		{"an error written as text is read",
			channelstest.Reply{Status: 400, Body: `{"error":{"code":"131047","error_data":"plain"}}`},
			failed("131047", "")},
	}
	var cases []channelstest.SendCase
	for _, r := range rows {
		cases = append(cases, channelstest.SendCase{
			Name: r.name, Out: text("393331112222", "x"), Reply: r.reply, Err: &r.want,
			Want: asked(`{"messaging_product":"whatsapp","recipient_type":"individual","to":"+393331112222","type":"text",
				"text":{"body":"x","preview_url":false}}`),
		})
	}
	channelstest.Outbound(t, atServer, at, cases)
}
