package messages

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
	"parley/domain/policy"
)

func filled(fields ...interaction.FormField) interaction.MessageReceived {
	form := &interaction.Form{Name: "flow", Fields: fields}
	return interaction.MessageReceived{
		MessageID: "m1", Kind: interaction.KindForm, SentAt: noon, At: after(1),
		Content: interaction.Content{Text: "Sent", Form: form},
	}
}

func TestAFormShowsItsAnswersInOrder(t *testing.T) {
	form := filled(interaction.FormField{Path: "full_name", Label: "Full name", Value: "Ada Bianchi"},
		interaction.FormField{Value: "size 42"})
	require.Equal(t, []Detail{{"Full name", "Ada Bianchi"}, {"", "size 42"}}, fold(t, form)["m1"].Details)
}

func TestARevokedFormKeepsNoAnswers(t *testing.T) {
	form := filled(interaction.FormField{Path: "size", Label: "Size", Value: "42"})
	require.Empty(t, fold(t, form, interaction.MessageRevoked{MessageID: "m1"})["m1"].Details)
}

func TestMaskedViewersSeeNoNumbersInFormAnswers(t *testing.T) {
	form := filled(
		interaction.FormField{Path: "call", Label: "Call 0151 2345678", Value: "ida@example.org or +49 151 2345678"},
		interaction.FormField{Path: "size", Label: "Size", Value: "42"})
	require.Equal(t, []Detail{{"Call •••", "••• or •••"}, {"Size", "42"}},
		seen(t, blind, policy.MaskFull, form).Details)
	require.Equal(t, []Detail{{"Call 0151 2345678", "ida@example.org or +49 151 2345678"}, {"Size", "42"}},
		seen(t, admin, policy.MaskFull, form).Details)
}
