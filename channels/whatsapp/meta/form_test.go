package meta

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
)

func TestTheAnswersOfAFormAreFieldsInItsOrder(t *testing.T) {
	type field struct{ path, label, value string }
	for _, c := range []struct {
		name, document string
		want           []field
	}{
		{"words and numbers keep their order", `{"full_name":"Ada Bianchi","deliveryDate":"2026-12-01","size":42.50,"flow_token":"t"}`,
			[]field{{"full_name", "Full name", "Ada Bianchi"}, {"deliveryDate", "Delivery date", "2026-12-01"}, {"size", "Size", "42.50"}}},
		{"ticked and omitted answers", `{"news":true,"terms":false,"note":null,"more":""}`,
			[]field{{"news", "News", "✓"}, {"terms", "Terms", "✗"}, {"note", "Note", ""}, {"more", "More", ""}}},
		{"nested answers are fields of their own", `{"colours":["red", "blue"],"address":{"city": "Roma"},"rooms":[{"beds": 2},{"beds": 1}]}`,
			[]field{{"colours", "Colours", "red, blue"}, {"address.city", "Address › City", "Roma"},
				{"rooms.1.beds", "Rooms › 1 › Beds", "2"}, {"rooms.2.beds", "Rooms › 2 › Beds", "1"}}},
		{"fields made with Meta's form builder", `{"screen_0_Choose_one_0":"1_Good","screen_1_Comment_2":"5_stars"}`,
			[]field{{"screen_0_Choose_one_0", "Choose one", "1_Good"}, {"screen_1_Comment_2", "Comment", "5_stars"}}},
		{"keys of punctuation only, and a repeated key", `{"_":"x","IBAN":"y","IBAN":"z","orderID":"1"}`,
			[]field{{"_", "_", "x"}, {"IBAN", "IBAN", "y"}, {"IBAN", "IBAN", "z"}, {"orderID", "Order ID", "1"}}},
		{"a document that is not an object", `["red","blue"]`, []field{{"", "", "red, blue"}}},
		{"a text that is not JSON", `size 42`, []field{{"", "", "size 42"}}},
		{"a form with nothing filled in", `{"flow_token":"t"}`, nil},
		{"an answer without a document", ``, nil},
		{"deeply nested answers stay together", `{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}`,
			[]field{{"a.a.a.a.a.a.a.a", "A › A › A › A › A › A › A › A", `{"a":1}`}}},
	} {
		inside, err := json.Marshal(c.document)
		require.NoError(t, err)
		var want []interaction.FormField
		for _, f := range c.want {
			want = append(want, interaction.FormField{Path: f.path, Label: f.label, Value: f.value})
		}
		require.Equal(t, want, answers(inside), c.name)
		if json.Valid([]byte(c.document)) {
			require.Equal(t, want, answers(json.RawMessage(c.document)), "%s, as a document of its own", c.name)
		}
	}
}
