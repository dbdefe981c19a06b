package webhook_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"parley/channels"
	"parley/channels/webhook"
	"parley/domain/interaction"
)

func TestContentTooLargeForAnEventIsKeptInPieces(t *testing.T) {
	from := channels.Sender{WaID: "393471112233", ProfileName: strings.Repeat("è", 100_000)}
	long := channels.Text{Text: strings.Repeat("<", 100_000)}
	said := func(c channels.Content, tooLarge bool) interaction.Content {
		arrived := webhook.Arrivals([]channels.Inbound{{ProviderID: "wamid.1", From: from, Content: c}})
		rest := 0
		for _, a := range arrived[1:] {
			rest += len(a.Unplaced.Part)
		}
		require.Equal(t, tooLarge, rest > 4*len(long.Text), "what does not fit is kept in further items")
		require.Equal(t, []string{"tel:393471112233"}, arrived[0].Aliases)
		require.Equal(t, strings.Repeat("è", 256), arrived[0].Customer.Name)
		if arrived[0].Edit != nil {
			return arrived[0].Edit.Content
		}
		return arrived[0].Message.Content
	}
	short := channels.Text{Text: strings.Repeat("è", 100_000)}
	require.Equal(t, short.Text, said(channels.Message{Body: short}, false).Text)

	for _, c := range []channels.Content{
		channels.Message{Body: long}, channels.Message{Body: channels.Text{Text: "Hi"}, Referral: &interaction.Referral{Body: long.Text}},
		channels.Edit{TargetID: "wamid.0", Body: long},
	} {
		kept := said(c, true)
		require.Equal(t, interaction.ProblemTooLarge, kept.Problem.Reason)
		require.Empty(t, kept.Text)
		require.Len(t, kept.Raw, channels.MaxRaw)
	}
}
