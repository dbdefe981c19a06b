package main

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/simulator"
)

// carried are messages that tell more than their words, as a customer's phone sends them, and what an agent reads of each.
var carried = []struct{ name, kind, json, fields, shown string }{
	{"a form", "interactive",
		`{"interactive":{"type":"nfm_reply","nfm_reply":{"name":"flow","body":"Sent","response_json":"{\"delivery_date\":\"2026-12-01\",\"news\":true,\"flow_token\":\"t\"}"}}}`,
		`kind text details{label value}`,
		`{"kind":"FORM","text":"Sent","details":[{"label":"Delivery date","value":"2026-12-01"},{"label":"News","value":"✓"}]}`},
}

func TestAgentsReadWhatAMessageCarries(t *testing.T) {
	t.Parallel()
	w := startWorld(t)
	anna := w.works(t, "anna")
	ada := w.customer("Ada Bianchi", "393471230001", 0)
	ada.writes(t, "Hello")
	id := anna.accepts(t, "Hello")
	for n, c := range carried {
		var raw map[string]any
		require.NoError(t, json.Unmarshal([]byte(c.json), &raw), c.name)
		_, err := w.sim.CustomerSends(ada.digits, simulator.Say{Number: ada.number.PhoneNumberID, Kind: c.kind, Raw: raw})
		require.NoError(t, err, c.name)
		anna.until(t, id, func(i *interactionShown) bool { return len(i.Messages.Edges) == n+2 })
		last := get[struct {
			Interaction struct {
				Messages struct {
					Edges []struct{ Node json.RawMessage }
				}
			}
		}](t, anna.client, "query($id:ID!){interaction(id:$id){messages(last:1){edges{node{"+c.fields+"}}}}}", vars{"id": id})
		require.JSONEq(t, c.shown, string(last.Interaction.Messages.Edges[0].Node), c.name)
	}
}
