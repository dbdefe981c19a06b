package webhook

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/domain/interaction"
)

func TestEveryPartThatHasNoPlaceIsKeptWithItsKind(t *testing.T) {
	from := channels.Sender{WaID: "393331112222"}
	text := channels.Message{Body: channels.Text{Text: "hello"}}
	for _, c := range []struct {
		name, kind string
		in         channels.Inbound
	}{
		{"a message to a number of no account", "message", channels.Inbound{Number: "9999", Content: text, Unplaced: true}},
		{"a message of no one", "message", channels.Inbound{Content: text}},
		{"a message in a group", "group_message", channels.Inbound{From: from, GroupID: "g", Content: text}},
		{"a status in a group", "group_status",
			channels.Inbound{From: from, GroupID: "g", Content: channels.Status{MessageID: "m", State: channels.StateRead}}},
		{"a status of an unknown kind", "status",
			channels.Inbound{From: from, Content: channels.Status{MessageID: "m", State: channels.StateOther, Word: "warning"}}},
		{"a status without a message", "status",
			channels.Inbound{From: from, Content: channels.Status{State: channels.StateRead}}},
		{"an echo to no one", "echo", channels.Inbound{Content: channels.Echo{Content: text}}},
		{"an old notice about a customer", "system",
			channels.Inbound{From: from, Source: channels.History, Content: channels.System{Type: "x"}}},
		{"a preference of an unknown category", "preference",
			channels.Inbound{From: from, Content: channels.Preference{Category: "birthday_wishes", Stop: true}}},
		{"a new user id without the old one", "user_id_update",
			channels.Inbound{Content: channels.UserIDUpdate{CurrentUserID: "IT.2"}}},
		{"a field that is new", "brand_new_field", channels.Inbound{Content: channels.Opaque{Field: "brand_new_field"}}},
	} {
		c.in.ProviderID, c.in.Raw = "wamid.1", []byte(`{"a":1}`)
		arrivals := Arrivals([]channels.Inbound{c.in})
		require.Len(t, arrivals, 1, c.name)
		require.NotNil(t, arrivals[0].Unplaced, c.name)
		require.Equal(t, c.kind, arrivals[0].Kind(), c.name)
		require.Contains(t, arrivals[0].Unplaced.Part, `{\"a\":1}`, c.name)
	}
}

func TestAnAuditorSeesWhomAnUnplacedMessageCameFromAndWentTo(t *testing.T) {
	in := channels.Inbound{
		Number: "9999", From: channels.Sender{WaID: "393331112222"}, Unplaced: true,
		Content: channels.Message{Body: channels.Text{Text: "hello"}},
	}
	part := Arrivals([]channels.Inbound{in})[0].Unplaced.Part
	for _, word := range []string{"hello", "393331112222", "9999"} {
		require.Contains(t, part, word)
	}
}

func TestWhatIsTooLargeForOneEventIsKeptInPieces(t *testing.T) {
	large := []byte(strings.Repeat("è", 200_000))
	in := channels.Inbound{ProviderID: "wamid.1", Content: channels.Opaque{Field: "brand_new_field"}}
	in.KeepRaw(large)
	arrivals := Arrivals([]channels.Inbound{in})
	kept := string(in.Raw)
	ids := make(map[string]bool)
	for _, a := range arrivals[1:] {
		require.Equal(t, "brand_new_field_rest", a.Unplaced.Kind)
		require.LessOrEqual(t, len(a.Unplaced.Part), maxPiece)
		require.True(t, utf8.ValidString(a.Unplaced.Part))
		ids[a.ProviderMessageID] = true
		kept += a.Unplaced.Part
	}
	require.Equal(t, string(large), kept)
	require.Len(t, ids, len(arrivals)-1, "each piece has an id")
}

func TestWhatOurSideDidElsewhereIsObservedAndNotReceived(t *testing.T) {
	from := channels.Sender{WaID: "393331112222"}
	text := channels.Message{Body: channels.Text{Text: "hello"}}
	for _, c := range []struct {
		name   string
		in     channels.Inbound
		kind   string
		author interaction.Author
		before bool
		status interaction.Status
	}{
		{"a message from the phone app", channels.Inbound{Content: channels.Echo{Content: text}},
			"echo", interaction.AuthorPhoneApp, false, ""},
		{"a message from another app", channels.Inbound{Source: channels.Standby, Content: channels.Echo{Content: text, OtherApp: true}},
			"echo", interaction.AuthorOtherApp, false, ""},
		{"a customer's message to another app", channels.Inbound{Source: channels.Standby, Content: text},
			"standby", interaction.AuthorCustomer, false, ""},
		{"an old message of a customer", channels.Inbound{Source: channels.History, Content: text},
			"history", interaction.AuthorCustomer, true, ""},
		{"an old message of ours", channels.Inbound{Source: channels.History,
			Content: channels.Echo{Content: text, State: channels.StateRead}},
			"history", interaction.AuthorPhoneApp, true, interaction.StatusRead},
	} {
		c.in.From, c.in.ProviderID = from, "wamid.1"
		a := Arrivals([]channels.Inbound{c.in})[0]
		require.NotNil(t, a.Observed, c.name)
		require.Equal(t, c.kind, a.Kind(), c.name)
		require.Equal(t, c.author, a.Observed.Author, c.name)
		require.Equal(t, c.before, a.Observed.Before, c.name)
		require.Equal(t, c.status, a.Observed.Status, c.name)
		require.Equal(t, "hello", a.Observed.Content.Text, c.name)
	}
}

func TestAFileTheProviderLostKeepsItsCaptionAndTheReason(t *testing.T) {
	lost := channels.Media{
		Medium: channels.Image, Caption: "my cat", Missing: &interaction.Failure{Reason: interaction.ProblemFile, Code: "131052"},
	}
	kind, content := body(lost)
	require.Equal(t, interaction.KindImage, kind)
	require.Equal(t, "my cat", content.Text)
	require.Equal(t, lost.Missing, content.Problem)
}
