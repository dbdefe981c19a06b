package timeline_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/transfer"
	"parley/internal/access"
	"parley/projections/all"
	"parley/projections/projectionstest"
	"parley/projections/timeline"
)

func TestTheHistoryHasEveryStepIncludingTransfers(t *testing.T) {
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	after := func(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }
	rec := projectionstest.Record
	db := projectionstest.Run(t, all.Models(),
		rec("interaction-one",
			interaction.Opened{AccountID: "shop", QueueID: "sales", Origin: interaction.OriginInbound, At: noon},
			interaction.MessageReceived{MessageID: "m", Kind: interaction.KindText, At: noon},
			interaction.Offered{OfferID: "o1", QueueID: "sales", Agents: []domain.AgentID{"ben"},
				At: after(1), ExpiresAt: after(31)},
			interaction.OfferExpired{OfferID: "o1", Missed: []domain.AgentID{"ben"}, At: after(31)},
			interaction.Accepted{By: "ada", At: after(40)},
			interaction.TransferStarted{TransferID: "t1", By: "ada", ToAgent: "cho", At: after(50)}),
		rec("transfer-t1",
			transfer.Requested{InteractionID: "one", By: "ada", ToAgent: "cho",
				OfferedTo: []domain.AgentID{"cho"}, At: after(50)},
			transfer.Rejected{By: "cho", At: after(55)}, transfer.Refused{Reason: "ALL_REJECTED", At: after(55)}),
		rec("transfer-t2", transfer.Requested{InteractionID: "other", By: "ada", At: after(51)}),
		rec("interaction-one", interaction.TransferEnded{TransferID: "t1", Outcome: "REFUSED", At: after(56)},
			interaction.Closed{By: "ada", At: after(60)}))

	admin := access.Viewer{User: "root", Everything: true}
	steps, err := timeline.Of(t.Context(), db.Clear, admin, "one")
	require.NoError(t, err)
	var codes []string
	lasted := map[string]int{}
	for _, s := range steps {
		codes = append(codes, s.Code)
		if s.Seconds != nil {
			lasted[s.Code] = *s.Seconds
		}
	}
	require.Equal(t, []string{"OPENED", "OFFERED", "OFFER_EXPIRED", "ACCEPTED", "TRANSFER_REQUESTED",
		"TRANSFER_OFFERED", "TRANSFER_REJECTED",
		"TRANSFER_REFUSED", "TRANSFER_ENDED", "CLOSED"}, codes)
	require.Equal(t, map[string]int{"OFFER_EXPIRED": 30, "ACCEPTED": 40, "TRANSFER_ENDED": 6, "CLOSED": 60}, lasted)
	require.Equal(t, []string{"ben"}, steps[2].Agents)

	stranger := access.Viewer{User: "dan"}
	steps, err = timeline.Of(t.Context(), db.Clear, stranger, "one")
	require.NoError(t, err)
	require.Empty(t, steps)
}
