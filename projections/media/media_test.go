package media_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/interaction"
	"parley/projections/all"
	"parley/projections/media"
	"parley/projections/projectionstest"
)

func TestAFileIsQueuedForDownloadUntilItIsStoredOrFailed(t *testing.T) {
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	picture := func(id string) interaction.MessageReceived {
		return interaction.MessageReceived{Kind: interaction.KindImage, AddressID: "x", At: noon,
			Content: interaction.Content{Media: &interaction.Media{ProviderID: id, MimeType: "image/jpeg", Size: 5}}}
	}
	one, two, three := picture("p1"), picture("p2"), picture("p3")
	one.MessageID, two.MessageID, three.MessageID = "m1", "m2", "m3"
	db := projectionstest.Run(t, all.Models(), projectionstest.Record("interaction-one",
		interaction.Opened{AccountID: "shop", AddressID: "x", At: noon},
		interaction.MessageReceived{MessageID: "m0", Kind: interaction.KindText, At: noon}, one, two, three,
		interaction.MessageReceived{MessageID: "m4", Kind: interaction.KindUnsupported, At: noon},
		interaction.ContentArrived{MessageID: "m4", AddressID: "x", Kind: interaction.KindImage, At: noon.Add(time.Second),
			Content: interaction.Content{Media: &interaction.Media{ProviderID: "p4", MimeType: "image/png"}}},
		interaction.MediaStored{MessageID: "m1", BlobID: "b",
			At: noon}, interaction.MediaFailed{MessageID: "m2", Code: "GONE", At: noon}))
	jobs, err := media.Next(t.Context(), db.Clear, nil, 10)
	require.NoError(t, err)
	require.Equal(t,
		[]media.Job{{MessageID: "m3", InteractionID: "one", AddressID: "x", ProviderID: "p3",
			MimeType: "image/jpeg", Size: 5, ReceivedAt: noon, AccountID: "shop"},
			{MessageID: "m4", InteractionID: "one", AddressID: "x", ProviderID: "p4",
				MimeType: "image/png", ReceivedAt: noon.Add(time.Second), AccountID: "shop"}}, jobs)
	jobs, err = media.Next(t.Context(), db.Clear, []string{"m3", "m4"}, 10)
	require.NoError(t, err)
	require.Empty(t, jobs)
}
