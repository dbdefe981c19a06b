package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/internal/simulator"
)

// carried lists messages with more than text, as a phone sends them, and what an agent reads of each.
var carried = []struct{ name, kind, json, fields, shown string }{
	{"a filled-in form", "interactive",
		`{"interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"delivery_date\":\"2026-12-01\",\"news\":true,\"flow_token\":\"t\"}"}}}`,
		`kind text details{label value}`,
		`{"kind":"FORM","text":"Sent","details":[{"label":"Delivery date","value":"2026-12-01"},{"label":"News","value":"✓"}]}`},
	{"an order with items", "order",
		`{"order":{"catalog_id":"C1","text":"for Saturday","product_items":[{"product_retailer_id":"sku-1","quantity":2,"item_price":19.9,"currency":"EUR"},{"product_retailer_id":"sku-2","quantity":1,"item_price":5,"currency":"EUR"}]}}`,
		`kind text order{items{productId quantity price currency} total currency}`,
		`{"kind":"ORDER","text":"for Saturday","order":{"items":[{"productId":"sku-1","quantity":2,"price":"19.9","currency":"EUR"},{"productId":"sku-2","quantity":1,"price":"5","currency":"EUR"}],"total":"44.8","currency":"EUR"}}`},
	{"a message from an advertisement and a product page", "text",
		`{"text":{"body":"Is it there?"},"referral":{"source_url":"https://fb.me/x","source_type":"ad","headline":"Sale","body":"Today alone"},"context":{"referred_product":{"catalog_id":"C1","product_retailer_id":"sku-1"}}}`,
		`text referral{type headline body url} product{catalogId productId}`,
		`{"text":"Is it there?","product":{"catalogId":"C1","productId":"sku-1"},
			"referral":{"type":"AD","headline":"Sale","body":"Today alone","url":"https://fb.me/x"}}`},
	{"a message from an advertisement with an unsafe link", "text",
		`{"text":{"body":"Hi"},"referral":{"source_url":"javascript:alert(1)"}}`,
		`text referral{headline url}`, `{"text":"Hi","referral":{"headline":null,"url":null}}`},
	{"a shared contact with a company", "contacts",
		`{"contacts":[{"name":{"formatted_name":"Ida Berg"},"org":{"company":"Ferries Ltd"},"phones":[{"phone":"+49 1"}]}]}`,
		`kind cards{name company phones}`,
		`{"kind":"CONTACTS","cards":[{"name":"Ida Berg","company":"Ferries Ltd","phones":["+49 1"]}]}`},
	{"an answer to a message that is not here", "text",
		`{"text":{"body":"Yes, that one"},"context":{"from":"390612345678","id":"wamid.elsewhere"}}`,
		`text quoted{text} quotesUnknown`, `{"text":"Yes, that one","quoted":null,"quotesUnknown":true}`},
	{"an unsupported message that says what it is", "unsupported",
		`{"unsupported":{"type":"poll_creation"},"errors":[{"code":131051,"title":"Unsupported message type"}]}`,
		`kind text description`, `{"kind":"UNSUPPORTED","text":"","description":"poll_creation"}`},
	{"a new number", "system",
		`{"system":{"type":"user_changed_number","body":"Ada changed their number","wa_id":"393471239999"}}`,
		`kind author text description`,
		`{"kind":"SYSTEM","author":"SYSTEM","text":"Ada changed their number","description":"user_changed_number"}`},
}

func TestAgentsReadEverythingAMessageCarries(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	ada := w.customer("Ada Bianchi", "393471230001", 0)
	ada.writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	for n, c := range carried {
		var raw map[string]any
		require.NoError(t, json.Unmarshal([]byte(c.json), &raw), c.name)
		_, err := w.sim.CustomerSends(ada.digits, simulator.Say{Number: ada.number.PhoneNumberID,
			Kind: c.kind, Raw: raw})
		require.NoError(t, err, c.name)
		anna.until(t, id, func(i *interactionShown) bool { return len(i.Messages.Edges) == n+2 })
		last := get[struct {
			Interaction struct {
				Messages struct {
					Edges []struct{ Node json.RawMessage }
				}
			}
		}](t, anna.client, "query($id:ID!){interaction(id:$id){messages(last:1){edges{node{"+c.fields+"}}}}}",
			vars{"id": id})
		require.JSONEq(t, c.shown, string(last.Interaction.Messages.Edges[0].Node), c.name)
	}
	now := anna.ask(t, "query($id:ID!){interaction(id:$id){customer{phone}}}", vars{"id": id})
	require.Contains(t, now.raw, "393471239999", "the number they are reached at is the new one")
}
