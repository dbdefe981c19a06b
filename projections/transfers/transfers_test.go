package transfers_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/queue"
	"parley/domain/transfer"
	"parley/domain/user"
	"parley/eventstore"
	"parley/internal/access"
	"parley/internal/database"
	"parley/projections/all"
	"parley/projections/projectionstest"
	"parley/projections/transfers"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func after(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

func session(id, transferID string, events ...domain.Event) []eventstore.Recorded {
	return projectionstest.Record("interaction-"+id, append([]domain.Event{
		interaction.Opened{AccountID: "shop", QueueID: "sales", At: noon}, interaction.Accepted{By: "ada", At: noon},
		interaction.TransferStarted{TransferID: domain.TransferID(transferID), By: "ada", ToQueue: "help",
			At: noon}}, events...)...)
}

func requested(id, interactionID string, events ...domain.Event) []eventstore.Recorded {
	return projectionstest.Record("transfer-"+id, append([]domain.Event{transfer.Requested{
		InteractionID: domain.InteractionID(interactionID), By: "ada", ToQueue: "help",
		OfferedTo: []domain.AgentID{"ben", "cho"},
		ExpiresAt: after(300), Note: "call 0151 2345678", At: noon}}, events...)...)
}

func of(t *testing.T, db database.DB, agent string) []transfers.Row {
	t.Helper()
	rows, err := transfers.Of(t.Context(), db.Clear, agent)
	require.NoError(t, err)
	return rows
}

func TestATransferIsShownToItsSenderAndPossibleReceivers(t *testing.T) {
	db := projectionstest.Run(t, all.Models(), members("ben", "cho"), session("one", "t1"),
		requested("t1", "one", transfer.Rejected{By: "cho", At: after(5)}))
	require.Len(t, of(t, db, "ada"), 1)
	require.Len(t, of(t, db, "ben"), 1)
	require.Empty(t, of(t, db, "cho"))
	r := of(t, db, "ben")[0]
	require.True(t, r.Mine("ben"))
	require.False(t, r.Mine("cho"))
	require.False(t, r.Mine("ada"))
	require.Equal(t, after(300), r.ExpiresAt)

	due, err := transfers.Due(t.Context(), db.Clear, after(299), 10)
	require.NoError(t, err)
	require.Empty(t, due)
	due, err = transfers.Due(t.Context(), db.Clear, after(300), 10)
	require.NoError(t, err)
	require.Len(t, due, 1)
}

// members returns the events that set a queue's agents.
func members(agents ...domain.AgentID) []eventstore.Recorded {
	return projectionstest.Record("queue-help",
		queue.Changed{Settings: queue.Settings{Name: "Help", Members: agents}, At: noon})
}

func TestAnAgentWhoLeftTheQueueNoLongerHasItsTransfers(t *testing.T) {
	db := projectionstest.Run(t, all.Models(), members("ben", "cho"), session("one", "t1"),
		requested("t1", "one"), members("cho"))
	require.Empty(t, of(t, db, "ben"))
	require.Len(t, of(t, db, "cho"), 1)
	rows, err := transfers.ByIDs(t.Context(), db.Clear, access.Viewer{User: "ben", Role: user.Agent}, []string{"t1"})
	require.NoError(t, err)
	require.False(t, rows[0].Mine("ben"), "ben may read the transfer but not answer it")
	require.True(t, rows[0].Mine("cho"))
}

func TestATransferEndsOnce(t *testing.T) {
	for status, event := range map[string]domain.Event{
		transfers.Completed: transfer.Completed{By: "ben", At: after(9)},
		transfers.Expired:   transfer.Expired{At: after(9)}, transfers.Cancelled: transfer.Cancelled{By: "ada",
			At: after(9)},
		transfers.Refused: transfer.Refused{Reason: "ALL_REJECTED", At: after(9)},
		transfers.Voided:  transfer.Voided{Reason: "CLOSED", At: after(9)},
	} {
		db := projectionstest.Run(t, all.Models(), session("one", "t1"), requested("t1", "one", event))
		require.Empty(t, of(t, db, "ben"))
		rows, err := transfers.OfInteraction(t.Context(), db.Clear, "one")
		require.NoError(t, err)
		require.Len(t, rows, 1)
		require.Equal(t, status, rows[0].Status)
		require.Equal(t, after(9), *rows[0].EndedAt)
	}
}

func TestAnUninvolvedAgentDoesNotFindATransfer(t *testing.T) {
	db := projectionstest.Run(t, all.Models(), session("one", "t1"), requested("t1", "one"))
	for viewer, want := range map[*access.Viewer]int{
		{User: "ben", Role: user.Agent}: 1,
		{User: "dan", Role: user.Agent}: 0,
		{User: "sup", Role: user.Supervisor, Queues: []domain.QueueID{"sales"},
			Accounts: []domain.AccountID{"shop"}}: 1,
	} {
		rows, err := transfers.ByIDs(t.Context(), db.Clear, *viewer, []string{"t1"})
		require.NoError(t, err)
		require.Len(t, rows, want, string(viewer.User))
	}
	blind := access.Viewer{User: "ben", Masked: true}
	rows, err := transfers.ByIDs(t.Context(), db.For(blind), blind, []string{"t1"})
	require.NoError(t, err)
	require.Equal(t, "call •••", rows[0].Note)
}

func TestLooseEndsAreTransfersWhoseStreamsDisagree(t *testing.T) {
	db := projectionstest.Run(t, all.Models(),
		session("fine", "t1"), requested("t1", "fine"),
		session("accepted", "t2"), requested("t2", "accepted",
			transfer.Accepted{InteractionID: "accepted", By: "ben", At: after(5)}),
		session("ended", "t3"), requested("t3", "ended", transfer.Expired{At: after(5)}),
		session("closed", "t4", interaction.TransferEnded{TransferID: "t4", Outcome: "CANCELLED",
			At: after(5)}, interaction.Closed{By: "ada", At: after(5)}), requested("t4", "closed"),
		session("never", "t5"),
		session("done", "t6", interaction.OwnerChanged{TransferID: "t6", From: "ada", To: "ben", At: after(5)}),
		requested("t6", "done", transfer.Accepted{InteractionID: "done", By: "ben", At: after(4)},
			transfer.Completed{By: "ben", At: after(5)}))
	loose, err := transfers.LooseEnds(t.Context(), db.Clear, after(10), 10)
	require.NoError(t, err)
	require.ElementsMatch(t, []transfers.Loose{
		{TransferID: "t2", InteractionID: "accepted", Status: "ACCEPTED", InProgress: true, AcceptedBy: "ben"},
		{TransferID: "t3", InteractionID: "ended", Status: "EXPIRED", InProgress: true},
		{TransferID: "t4", InteractionID: "closed", Status: "PENDING"},
		{TransferID: "t5", InteractionID: "never", InProgress: true},
	}, loose)
	loose, err = transfers.LooseEnds(t.Context(), db.Clear, noon.Add(-time.Second), 10)
	require.NoError(t, err)
	require.Empty(t, loose, "transfers still in progress are skipped")
}
