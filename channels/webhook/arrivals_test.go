package webhook

import (
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/domain/interaction"
)

func TestOfWhatBelongsInNoConversationTheCustomersWordsAreKept(t *testing.T) { // I1
	from := channels.Sender{WaID: "393331112222"}
	said := func(c channels.Content) channels.Inbound {
		return channels.Inbound{PhoneNumberID: "9999", ProviderID: "wamid.1", From: from, Content: c, Unplaced: true}
	}
	inGroup := said(channels.Message{Body: channels.Text{Text: "to all"}})
	inGroup.GroupID = "g"
	arrivals := Arrivals([]channels.Inbound{
		said(channels.Message{Body: channels.Text{Text: "hello"}}), said(channels.Revoke{TargetID: "wamid.0"}),
		said(channels.Status{MessageID: "wamid.2", State: channels.StateRead}), said(channels.Echo{}), inGroup,
	})
	require.Len(t, arrivals, 2)
	require.Equal(t, "message", arrivals[0].Unplaced.Kind)
	require.Contains(t, arrivals[0].Unplaced.Part, "hello")
	require.Contains(t, arrivals[0].Unplaced.Part, "393331112222")
	require.Contains(t, arrivals[0].Unplaced.Part, "9999", "which number it was")
	require.Equal(t, "revoke", arrivals[1].Unplaced.Kind)
}

func TestAFileTheProviderLostIsToldInItsWords(t *testing.T) {
	lost := channels.Media{Medium: channels.Image, Missing: "It could not be loaded."}
	kind, content := body(lost)
	require.Equal(t, interaction.KindImage, kind)
	require.Equal(t, interaction.CodeNoFile, content.Code)
	require.Equal(t, "It could not be loaded.", content.Text)
	lost.Caption = "my cat"
	_, content = body(lost)
	require.Equal(t, "my cat", content.Text, "what the customer wrote comes first")
}
