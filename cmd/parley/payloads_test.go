package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
)

// oddities are unusual webhook parts that the real network sends or could send. Each names the field it goes
// into, and the kind of message it must become; empty means that it is not a customer's message.
var oddities = []struct {
	name, place, json string
	kind              interaction.MessageKind
}{
	{"a form that was filled in", "messages",
		`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"a\":1}"}}`, interaction.KindForm},
	{"a form whose answer is not a string", "messages",
		`"type":"interactive","interactive":{"type":"nfm_reply","nfm_reply":{"response_json":{"a":[1,null]}}}`, interaction.KindForm},
	{"an interactive answer without content", "messages", `"type":"interactive","interactive":null`, interaction.KindUnsupported},
	{"a pressed button", "messages",
		`"type":"button","button":{"payload":"yes","text":"Yes"},"context":{"from":"390","id":"wamid.gone"}`,
		interaction.KindReply},
	{"an order with text for numbers", "messages",
		`"type":"order","order":{"catalog_id":77,"product_items":[{"product_retailer_id":1,"quantity":"two","item_price":"9.90","currency":null}]}`, interaction.KindOrder},
	{"an order without items", "messages", `"type":"order","order":{"catalog_id":"77","product_items":null}`, interaction.KindOrder},
	{"a message from an advertisement", "messages",
		`"type":"text","text":{"body":"Hello"},"referral":{"source_url":"https://fb.me/x","source_type":"ad","ctwa_clid":"c","media_type":"image","image_url":"https://x.example/i.jpg","welcome_message":{"text":"Hi"}}`, interaction.KindText},
	{"a message from an empty advertisement", "messages",
		`"type":"text","text":{"body":"Hello"},"referral":{"source_id":5,"welcome_message":null}`,
		interaction.KindText},
	{"a chat opened without a message", "messages", `"type":"request_welcome"`, interaction.KindWelcome},
	{"an unsupported message", "messages",
		`"type":"unsupported","errors":[{"code":131051,"title":"Unsupported message type",
			"error_data":{"details":"x"}}]`, interaction.KindUnsupported},
	{"an unsupported message whose errors are no list", "messages", `"type":"unsupported","errors":"131051"`, interaction.KindUnsupported},
	{"a message forwarded often", "messages", `"type":"text","text":{"body":"Hello"},"context":{"frequently_forwarded":true}`, interaction.KindText},
	{"a voice note", "messages",
		`"type":"audio","audio":{"id":"1","mime_type":"audio/ogg; codecs=opus","sha256":"x","voice":true,
			"url":"https://lookaside.fbsbx.com/x"}`, interaction.KindVoice},
	{"a sticker that is animated", "messages",
		`"type":"sticker","sticker":{"id":2,"mime_type":"image/webp","animated":"true"}`, interaction.KindSticker},
	{"a picture without an id", "messages", `"type":"image","image":{"mime_type":"image/jpeg"}`, interaction.KindImage},
	{"a picture that is null", "messages", `"type":"image","image":null`, interaction.KindUnsupported},
	{"cards without names", "messages",
		`"type":"contacts","contacts":[{"name":null,"phones":null},{"phones":[{}]},null]`, interaction.KindContacts},
	{"an empty contact list", "messages", `"type":"contacts","contacts":[]`, interaction.KindUnsupported},
	{"a location with text for numbers", "messages",
		`"type":"location","location":{"latitude":"41.9","longitude":"far","name":null}`, interaction.KindLocation},
	{"a text that is a number", "messages", `"type":"text","text":{"body":12345}`, interaction.KindText},
	{"a text that is a list", "messages", `"type":"text","text":["Hello"]`, interaction.KindUnsupported},
	{"a text with half a surrogate pair", "messages", `"type":"text","text":{"body":"\ud83d\u0000x"}`, interaction.KindText},
	{"a text of 300 kB", "messages", `"type":"text","text":{"body":"` + strings.Repeat("long ", 60_000) + `"}`, interaction.KindText},
	{"a text that becomes too long when encoded", "messages",
		`"type":"text","text":{"body":"` + strings.Repeat("<", 300_000) + `"}`, interaction.KindUnsupported},
	{"an order that becomes too long when encoded", "messages",
		`"type":"order","order":{"product_items":[{}` + strings.Repeat(",{}", 20_000) + `]}`,
		interaction.KindUnsupported},
	{"a payment that failed", "statuses", `"id":"wamid.gone","type":"payment","status":"failed","payment":{"reference_id":"r"}`, ""},
	{"an incoming call", "calls", `"id":"wacid.1","event":"connect","from":"393470001111","session":{"sdp_type":"offer","sdp":"v=0"}`, ""},
	{"a marketing opt-out", "user_preferences",
		`"wa_id":"393470001111","category":"marketing_messages","value":"stop","timestamp":1731705721`, ""},
	{"a message of an unknown kind", "messages", `"type":"hologram","hologram":{"id":"1"}`, interaction.KindUnsupported},
	{"a message without a kind", "messages", `"x":1`, interaction.KindUnsupported},
	{"a time in the far future", "messages", `"timestamp":"99999999999","type":"text","text":{"body":"Hello"}`, interaction.KindText},
	{"a time beyond the year 9999", "messages", `"timestamp":"999999999999","type":"text","text":{"body":"Hello"}`, interaction.KindText},
	{"a time in floating point", "messages", `"timestamp":9.99e18,"type":"text","text":{"body":"Hello"}`, interaction.KindText},
	{"a time before the year zero", "messages", `"timestamp":"-99999999999999","type":"text","text":{"body":"Hello"}`, interaction.KindText},
	{"a time that is null", "messages", `"timestamp":null,"type":"text","text":{"body":"Hello"}`, interaction.KindText},
	{"a sender with a user id but no number", "messages",
		`"from":null,"from_user_id":"IT.5501","type":"text","text":{"body":"Hello"}`, interaction.KindText},
	{"a message from null", "messages", `"from":null,"type":"text","text":{"body":"Hello"}`, ""},
	{"a reaction to an unknown message", "messages", `"type":"reaction","reaction":{"message_id":"wamid.gone","emoji":"👍"}`, ""},
	{"a removed reaction to an unknown message", "messages", `"type":"reaction","reaction":{"message_id":"wamid.gone"}`, ""},
	{"a reaction without a target", "messages", `"type":"reaction","reaction":{}`, interaction.KindUnsupported},
	{"an edit of an unknown message", "messages",
		`"type":"edit","edit":{"original_message_id":"wamid.gone","message":{"type":"text","text":{"body":"x"}}}`, ""},
	{"a revoke of an unknown message", "messages", `"type":"revoke","revoke":{"original_message_id":"wamid.gone"}`, ""},
	{"a new number", "messages", `"type":"system","system":{"type":"user_changed_number","body":"changed","wa_id":"393470009998"}`, ""},
	{"a new identity", "messages",
		`"type":"system","system":{"type":"user_identity_changed","identity":"x","body":"changed","customer":"393470009997"}`, ""},
	{"a message that is a string", "bare messages", `"hello"`, ""},
	{"a message that is null", "bare messages", `null`, ""},
	{"a message that is a list", "bare messages", `[]`, ""},
	{"a status with every field", "statuses",
		`"id":"wamid.gone","status":"failed","errors":[{"code":"131026","title":"x","href":"y","error_data":null}],"conversation":{"id":"c","origin":{"type":"service"},"expiration_timestamp":"1"},"pricing":{"billable":true,"pricing_model":"PMP","category":"service"}`, ""},
	{"a status with an unknown value", "statuses", `"id":"wamid.gone","status":"savoured"`, ""},
	{"a status whose fields are null", "statuses", `"id":null,"status":null,"timestamp":{}`, ""},
	{"a status with a time beyond the year 9999", "statuses", `"id":"wamid.gone","status":"read","timestamp":"999999999999"`, ""},
	{"an error of the account", "errors", `"code":130429,"title":"Rate limit hit","error_data":{"details":"x"}`, ""},
	{"an echo of the phone app", "message_echoes",
		`"from":"390612345678","to":"393470001111","type":"text","text":{"body":"From the app"}`, ""},
	{"a history chunk", "history",
		`"metadata":{"phase":0,"chunk_order":1,"progress":55},"threads":[{"id":"393470001111","messages":[{"from":"393470001111","id":"wamid.old","timestamp":"1700000000","type":"text","text":{"body":"Old"},"history_context":{"status":"READ"}}]}]`, ""},
	{"the file of an old message", "history messages", `"type":"image","image":{"id":"1"}`, ""},
	{"contacts of the phone app", "state_sync",
		`"type":"contact","contact":{"full_name":"Pablo","phone_number":"393470001111"},"action":"add","metadata":{"timestamp":"1738346006"}`, ""},
}

// around returns a webhook with an odd part and an ordinary neighbour.
func (w *world) around(n int, place, part string) []byte {
	a := w.accounts[0]
	message := fmt.Sprintf(`{"from":"3934710%05d","id":"wamid.neighbour%d","timestamp":"%d","type":"text","text":{"body":"Hello"}}`, n, n, w.p.now().Unix())
	var odd, more string
	switch base := fmt.Sprintf(`{"from":"3934720%05d","id":"wamid.odd%d","timestamp":"%d"`, n, n,
		w.p.now().Unix()); place {
	case "messages":
		message += "," + base + "," + part + "}"
	case "bare messages":
		message += "," + part
	case "history messages":
		more = fmt.Sprintf(`,{"field":"history","value":{"metadata":{"phone_number_id":%q},"messages":[%s,%s}]}}`, a.PhoneNumberID, base, part)
	default:
		odd = fmt.Sprintf(`,%q:[{%s}]`, place, part)
	}
	metadata := fmt.Sprintf(`"messaging_product":"whatsapp","metadata":{"display_phone_number":"390612345678","phone_number_id":%q}`, a.PhoneNumberID)
	return fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[
		{"id":"1","time":1,"changes":[{"field":"messages","value":{%s,"contacts":[null,{"profile":{"name":null}},{"wa_id":"393472"}],"messages":[%s]%s}}%s]},
		{"id":"2","changes":[]},{"id":"3","changes":null},{"changes":[{"field":"account_update","value":{"event":"VERIFIED_ACCOUNT"}}]}]}`, metadata, message, odd, more)
}

func TestAnOddWebhookPartIsKeptAndAffectsNoOther(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	a := w.accounts[0]
	for n, o := range oddities {
		body := w.around(n, o.place, o.json)
		require.True(t, json.Valid(body), o.name)
		require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body), o.name)
	}
	found, at := make(map[string]interaction.MessageKind), make(map[string]time.Time)
	// On a slow machine a delivery may wait in the local queue first.
	require.Eventually(t, func() bool {
		neighbours := 0
		for _, e := range w.events(t) {
			if m, ok := e.Event.(interaction.MessageReceived); ok {
				found[m.ProviderMessageID], at[m.ProviderMessageID] = m.Kind, m.SentAt
				if strings.HasPrefix(m.ProviderMessageID, "wamid.neighbour") {
					neighbours++
				}
			}
		}
		return neighbours == len(oddities)
	}, patience, 200*time.Millisecond, "an ordinary message is lost")
	for n, o := range oddities {
		require.Equal(t, interaction.KindText, found[fmt.Sprintf("wamid.neighbour%d", n)],
			"%s: the ordinary message is lost", o.name)
		require.Equal(t, o.kind, found[fmt.Sprintf("wamid.odd%d", n)], o.name)
		require.False(t, at[fmt.Sprintf("wamid.odd%d", n)].After(w.p.now()),
			"%s: a time in the future would keep the window open", o.name)
	}
	w.settle(t)
}
