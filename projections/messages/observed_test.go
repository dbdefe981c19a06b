package messages

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain"
	"parley/domain/interaction"
	"parley/internal/access"
	"parley/internal/database"
	"parley/projections/projectionstest"
)

func old(id string, sent time.Time) interaction.MessageObserved {
	return interaction.MessageObserved{MessageID: domain.MessageID(id), Author: interaction.AuthorPhoneApp,
		Kind: interaction.KindText, Status: interaction.StatusSent, Before: true, ProviderTag: "tag-" + id,
		Content: interaction.Content{Text: id}, SentAt: sent, At: after(60)}
}

func TestAMessageFromThePhoneAppShowsItsAuthorAndStatus(t *testing.T) {
	typed := old("e1", after(1))
	typed.Before = false
	r := fold(t, incoming("m1", "hello"), typed, interaction.MessageRead{MessageID: "e1", StatusAt: after(9), At: after(9)})["e1"]
	require.Equal(t, []any{"PHONE_APP", "READ", "tag-e1", int64(1)}, []any{r.Author, r.Status, r.ProviderTag, r.Position})
}

func TestAMessageDeliveredAfterItsHistoryMovesToItsSession(t *testing.T) {
	imported := old("m1", after(1))
	imported.Author = interaction.AuthorCustomer
	rows := projectionstest.Fold(t, table, projectionstest.Record("interaction-before", imported),
		projectionstest.Record("interaction-one", incoming("m1", "hello")))
	require.Equal(t, "one", rows["m1"].InteractionID)
	require.False(t, rows["m1"].Observed)
}

func TestACallEndsOnItsLine(t *testing.T) {
	ringing := incoming("c1", "")
	ringing.Kind, ringing.Content.Call = interaction.KindCall, &interaction.Call{Outcome: interaction.CallRinging}
	ended := interaction.ContentArrived{MessageID: "c1", Kind: interaction.KindCall,
		Content: interaction.Content{Call: &interaction.Call{Outcome: interaction.CallAnswered, Seconds: 65}}}
	r := fold(t, ringing, ended)["c1"]
	require.Equal(t, &interaction.Call{Outcome: interaction.CallAnswered, Seconds: 65}, r.Call)
}

func TestOldMessagesArePagedInTheOrderTheyWereSent(t *testing.T) {
	begun := interaction.Opened{AccountID: "shop", AddressID: "a", QueueID: "sales", Origin: interaction.OriginBefore, At: noon}
	events := []domain.Event{begun, interaction.Closed{At: noon}}
	for _, n := range []int{5, 1, 3, 2, 4, 6, 0} { // pieces of a history come in any order
		events = append(events, old(fmt.Sprint("m", n), noon.Add(time.Duration(n/2)*time.Hour)))
	}
	db := projectionstest.Run(t, models(), projectionstest.Record("interaction-one", events...))
	everything := access.Viewer{Everything: true}
	var found []string
	page := Page{HasPrevious: true}
	for turns := 0; page.HasPrevious; turns++ {
		require.Less(t, turns, 10)
		var before *int64
		if len(page.Rows) > 0 {
			before = &page.Rows[0].Position
		}
		page = lastPage(t, db, everything, before)
		found = append(ids(page.Rows), found...)
	}
	require.Len(t, found, 7, "messages of the same second are on one page")
	require.ElementsMatch(t, []string{"m0", "m1"}, found[:2])
	require.ElementsMatch(t, []string{"m2", "m3"}, found[2:4])
	require.ElementsMatch(t, []string{"m4", "m5"}, found[4:6])
	require.Equal(t, "m6", found[6])
}

func lastPage(t *testing.T, db database.DB, v access.Viewer, before *int64) Page {
	t.Helper()
	page, err := Last(t.Context(), db.Clear, v, "one", nil, before, 2)
	require.NoError(t, err)
	return page
}
