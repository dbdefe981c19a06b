package messages

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
	"parley/domain/policy"
)

func filled(t *testing.T, document string) interaction.MessageReceived {
	t.Helper()
	form, err := json.Marshal(map[string]string{"Name": "flow", "Text": "Sent", "JSON": document})
	require.NoError(t, err)
	return interaction.MessageReceived{MessageID: "m1", Kind: interaction.KindForm, SentAt: noon, At: after(1), Content: interaction.Content{Text: "Sent", Form: form}}
}

func TestAnswersOfAFormAreReadableAndInItsOrder(t *testing.T) {
	for _, c := range []struct {
		name, document string
		want           []Detail
	}{
		{"words and numbers", `{"full_name":"Ada Bianchi","deliveryDate":"2026-12-01","size":42.50,"flow_token":"t"}`,
			[]Detail{{"Full name", "Ada Bianchi"}, {"Delivery date", "2026-12-01"}, {"Size", "42.50"}}},
		{"what is ticked and what is left out", `{"news":true,"terms":false,"note":null,"more":""}`,
			[]Detail{{"News", "✓"}, {"Terms", "✗"}, {"Note", ""}, {"More", ""}}},
		{"lists, and what is nested", `{"colours":["red", "blue"],"address":{"city": "Roma"},"rooms":[{"beds": 2}]}`,
			[]Detail{{"Colours", "red, blue"}, {"Address", `{"city":"Roma"}`}, {"Rooms", `[{"beds":2}]`}}},
		{"made with Meta's builder", `{"screen_0_Choose_one_0":"1_Good","screen_1_Comment_2":"5_stars"}`,
			[]Detail{{"Choose one", "1_Good"}, {"Comment", "5_stars"}}},
		{"keys of signs alone, and the same twice", `{"_":"x","IBAN":"y","IBAN":"z","orderID":"1"}`,
			[]Detail{{"_", "x"}, {"IBAN", "y"}, {"IBAN", "z"}, {"Order ID", "1"}}},
		{"no object", `["red","blue"]`, []Detail{{"", "red, blue"}}},
		{"no JSON", `size 42`, []Detail{{"", "size 42"}}},
		{"nothing filled in", `{"flow_token":"t"}`, nil},
		{"nothing at all", ``, nil},
	} {
		require.Equal(t, c.want, fold(t, filled(t, c.document))["m1"].Details, c.name)
	}
}

func TestARevokedFormKeepsNoAnswers(t *testing.T) {
	require.Empty(t, fold(t, filled(t, `{"size":42}`), interaction.MessageRevoked{MessageID: "m1"})["m1"].Details)
}

func TestMaskedViewersReadNoNumbersInAnswers(t *testing.T) {
	form := filled(t, `{"call_0151 2345678":"ida@example.org or +49 151 2345678","size":"42"}`)
	require.Equal(t, []Detail{{"Call •••", "••• or •••"}, {"Size", "42"}}, seen(t, blind, policy.MaskFull, form).Details)
	require.Equal(t, []Detail{{"Call 0151 2345678", "ida@example.org or +49 151 2345678"}, {"Size", "42"}}, seen(t, admin, policy.MaskFull, form).Details)
}
