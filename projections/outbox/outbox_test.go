package outbox_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/eventstore"
	"parley/internal/database"
	"parley/projections/all"
	"parley/projections/outbox"
	"parley/projections/projectionstest"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func after(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }

func session(id, account, address string, events ...domain.Event) []eventstore.Recorded {
	return projectionstest.Record("interaction-"+id, append([]domain.Event{
		interaction.Opened{AccountID: domain.AccountID(account), AddressID: domain.AddressID(address),
			At: noon}}, events...)...)
}

func queued(id, address string) interaction.MessageQueued {
	return interaction.MessageQueued{MessageID: domain.MessageID(id), AddressID: domain.AddressID(address),
		Author: interaction.AuthorAgent, Kind: interaction.KindText, At: noon}
}

func next(t *testing.T, db database.DB, now time.Time) []string {
	t.Helper()
	rows, err := outbox.Next(t.Context(), db.Clear, now, 10)
	require.NoError(t, err)
	found := []string{}
	for _, r := range rows {
		require.NotEmpty(t, r.AccountID)
		found = append(found, r.MessageID)
	}
	return found
}

func TestOnlyTheFirstQueuedMessageOfACustomerCanBeSent(t *testing.T) {
	db := projectionstest.Run(t, all.Models(),
		session("one", "shop", "x", queued("m1", "x"), queued("m2", "x")),
		session("two", "lab", "x", queued("m3", "x")),
		session("three", "shop", "y", queued("m4", "y"), interaction.MessageSendStarted{MessageID: "m4",
			Attempt: 1, At: noon}, queued("m5", "y")))
	require.Equal(t, []string{"m1", "m3"}, next(t, db, noon),
		"the same customer on another account does not wait; m5 is behind one being sent")
}

func TestAMessageLeavesTheOutboxWithItsOutcome(t *testing.T) {
	for _, outcome := range []domain.Event{interaction.MessageAccepted{MessageID: "m1"},
		interaction.MessageFailed{MessageID: "m1"}, interaction.MessageDelivered{MessageID: "m1"}} {
		db := projectionstest.Run(t, all.Models(), session("one", "shop", "x", queued("m1", "x"),
			interaction.MessageSendStarted{MessageID: "m1", Attempt: 1, At: noon}, outcome))
		rows, err := outbox.ByIDs(t.Context(), db.Clear, []string{"m1"})
		require.NoError(t, err)
		require.Empty(t, rows)
	}
}

func TestAMessageNotAcceptedIsRetriedAtItsTime(t *testing.T) {
	db := projectionstest.Run(t, all.Models(), session("one", "shop", "x", queued("m1", "x"),
		interaction.MessageSendStarted{MessageID: "m1", Attempt: 1,
			At: noon}, interaction.MessageNotAccepted{MessageID: "m1", Attempt: 1, RetryAt: after(8), At: after(1)}))
	require.Empty(t, next(t, db, after(7)))
	require.Equal(t, []string{"m1"}, next(t, db, after(8)))
	wake, found, err := outbox.Wake(t.Context(), db.Clear, after(2))
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, after(8), wake)
}

func TestAnUnknownOutcomeBlocksLaterMessagesForTenSeconds(t *testing.T) {
	db := projectionstest.Run(t, all.Models(), session("one", "shop", "x", queued("m1", "x"), queued("m2", "x"),
		interaction.MessageSendStarted{MessageID: "m1", Attempt: 1,
			At: noon}, interaction.MessageOutcomeUnknown{MessageID: "m1", At: after(1)}))
	require.Empty(t, next(t, db, after(10)))
	wake, found, err := outbox.Wake(t.Context(), db.Clear, after(2))
	require.NoError(t, err)
	require.True(t, found)
	require.Equal(t, after(11), wake)
	require.Equal(t, []string{"m2"}, next(t, db, after(11)))
	_, found, err = outbox.Wake(t.Context(), db.Clear, after(12))
	require.NoError(t, err)
	require.False(t, found)
}

func TestASettledMessageBlocksNothing(t *testing.T) {
	db := projectionstest.Run(t, all.Models(), session("one", "shop", "x", queued("m1", "x"), queued("m2", "x"),
		interaction.MessageSendStarted{MessageID: "m1", Attempt: 1, At: noon},
		interaction.MessageOutcomeUnknown{MessageID: "m1", At: after(1)},
		interaction.MessageSettled{MessageID: "m1", As: interaction.StatusSent, At: after(2)}))
	require.Equal(t, []string{"m2"}, next(t, db, after(2)))
}

func TestAStartedSendWithoutAnOutcomeIsStuck(t *testing.T) {
	db := projectionstest.Run(t, all.Models(), session("one", "shop", "x", queued("m1", "x"),
		interaction.MessageSendStarted{MessageID: "m1", Attempt: 2, At: after(3)}))
	rows, err := outbox.Stuck(t.Context(), db.Clear, after(2), 10)
	require.NoError(t, err)
	require.Empty(t, rows)
	rows, err = outbox.Stuck(t.Context(), db.Clear, after(3), 10)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Equal(t, 2, rows[0].Attempt)
}
