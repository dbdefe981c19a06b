package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/unplaced"
)

func TestWhatHasNoPlaceIsKeptForAuditors(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	a := w.accounts[0]
	deliver := func(messages string) {
		t.Helper()
		body := fmt.Appendf(nil, `{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"messaging_product":"whatsapp",
			"metadata":{"display_phone_number":"390612345678","phone_number_id":%q},"messages":%s}}]}]}`, a.PhoneNumberID, messages)
		require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, body), body), messages)
	}
	odd := []string{
		`[{"id":"wamid.nobody","timestamp":"1790000000","type":"text","text":{"body":"Who am I, Maria?"}}]`,
		`[{"id":"wamid.nobody2","timestamp":"1790000000","type":"reaction","reaction":{"message_id":"wamid.x","emoji":"👍"}}]`,
		`["a word"]`,
		`"no list"`,
	}
	for range 2 { // a repeated delivery changes nothing
		for _, messages := range odd {
			deliver(messages)
		}
	}
	bodies := []string{
		`{"object":"whatsapp_business_account","entry":"no list"}`,
		`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":"no list"},{"id":"1","changes":["a word"]}]}`,
		fmt.Sprintf(`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":%q},
			"errors":[{"code":130429,"title":"Rate limit hit"}]}}]}]}`, a.PhoneNumberID),
		`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"messages","value":{"metadata":{"phone_number_id":"123456123"},
			"messages":[{"from":"16315551181","id":"wamid.sample","timestamp":"1790000000","type":"text","text":{"body":"this is a text message"}}]}}]}]}`,
		`{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"account_update","value":{"event":"VERIFIED_ACCOUNT"}}]},{"id":"2","changes":[]}]}`,
		"signed, and no envelope",
	}
	for _, body := range bodies {
		require.Equal(t, http.StatusOK, postWebhook(t, w.url+a.WebhookPath, sign(a.AppSecret, []byte(body)),
			[]byte(body)), body)
	}
	kept := 0
	for _, e := range w.events(t) {
		if _, ok := e.Event.(unplaced.Kept); ok {
			kept++
		}
	}
	require.Equal(t, len(odd)+7, kept, "only the error belongs to the account")

	type shown struct {
		Unplaced []struct{ Type, Data string }
	}
	const document = "query($id:ID!){unplaced(accountId:$id){type data}}"
	account := vars{"id": "acc_" + a.ID}
	found := get[shown](t, w.as(t, "audit"), document, account).Unplaced
	require.Len(t, found, kept)
	require.Contains(t, found[0].Data, "Who am I, Maria?")
	require.Contains(t, found[kept-4].Data, "this is a text message")
	require.Contains(t, found[kept-3].Data, "VERIFIED_ACCOUNT", "its business account is none of ours")
	require.Contains(t, found[kept-1].Data, "signed, and no envelope")
	require.Equal(t, "FORBIDDEN", w.as(t, "anna").ask(t, document, account).code())
	require.Equal(t, "NOT_FOUND", w.as(t, "audit").ask(t, document, vars{"id": "acc_" + newID()}).code())
	read := w.events(t)
	require.Equal(t, "AuditHistoryRead", read[len(read)-1].Type)

	res, err := http.Get(w.url + "/metrics")
	require.NoError(t, err)
	defer res.Body.Close()
	metrics, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Contains(t, string(metrics), `parley_inbound_parts_total{kind="message",outcome="unplaced"} `)
	require.Contains(t, string(metrics), `parley_inbound_parts_total{kind="account_notice",outcome="placed"} 1`)
	for line := range strings.Lines(w.log.String()) {
		var said map[string]any
		require.NoError(t, json.Unmarshal([]byte(line), &said))
		require.NotContains(t, line, "Who am I")
	}
	require.Contains(t, w.log.String(), "a part of a delivery that has no place")
}
