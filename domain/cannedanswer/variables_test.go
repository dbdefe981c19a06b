package cannedanswer_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	. "parley/domain/cannedanswer"
)

func TestVariablesAreFilledIn(t *testing.T) {
	ada := Values{ContactName: "Ada Rossi", ContactFirstName: "Ada", ContactLastName: "Rossi",
		AgentName: "Benny", AccountName: "Aurora"}
	nobody := Values{AgentName: "Benny", AccountName: "Aurora"}
	for _, c := range []struct{ text, filled, empty string }{
		{"Hello {{contact.firstName}}, this is {{agent.name}} of {{account.name}}.",
			"Hello Ada, this is Benny of Aurora.", "Hello, this is Benny of Aurora."},
		{"Dear {{contact.firstName}} {{contact.lastName}}!", "Dear Ada Rossi!", "Dear!"},
		{"Good day, {{contact.name}}!", "Good day, Ada Rossi!", "Good day!"},
		{"Good day, {{contact.name}}", "Good day, Ada Rossi", "Good day"},
		{"{{contact.firstName}}, good day", "Ada, good day", "good day"},
		{"One\n{{contact.firstName}}: two", "One\nAda: two", "One\ntwo"},
		{"Dear {{contact.name}}\nThank you", "Dear Ada Rossi\nThank you", "Dear\nThank you"},
		{"For {{ contact.name }} alone", "For Ada Rossi alone", "For alone"},
		{"The traveller ({{contact.lastName}}) is here", "The traveller (Rossi) is here", "The traveller is here"},
		{"Hello *{{contact.firstName}}*, hello", "Hello *Ada*, hello", "Hello, hello"},
		{"{{contact.firstName}}", "Ada", ""},
		{"No variable,  two spaces", "No variable,  two spaces", "No variable,  two spaces"},
		{"Order {{order.number}} {{ and", "Order {{order.number}} {{ and", "Order {{order.number}} {{ and"},
	} {
		require.Equal(t, c.filled, Fill(c.text, ada), c.text)
		require.Equal(t, c.empty, Fill(c.text, nobody), c.text)
	}
	require.Equal(t, "Hello {{agent.name}}!", Fill("Hello {{contact.name}}!",
		Values{ContactName: "{{agent.name}}"}), "variables inside a value are not replaced")
	require.Equal(t, "Hello!", Fill("Hello {{contact.name}}!", Values{ContactName: "  "}))
}

func TestNothingIsLeftOfAnEmptyVariable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOfN(rapid.SampledFrom([]string{
			"{{contact.name}}", "{{contact.firstName}}", "word", ",", "!", " ", " ", "(", ")", "\n", "*",
		}), 0, 12).Draw(t, "parts")
		text := strings.Join(parts, "")
		filled := Fill(text, nil)
		if strings.Contains(filled, "{{") {
			t.Fatalf("%q became %q", text, filled)
		}
		if !strings.Contains(text, "  ") && strings.Contains(filled, "  ") {
			t.Fatalf("%q became %q: two spaces", text, filled)
		}
		if n := strings.Count(text, "word"); strings.Count(filled, "word") != n {
			t.Fatalf("%q became %q: a word is lost", text, filled)
		}
	})
}
