package reactions

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/unplaced"
	"parley/eventstore"
)

// sends delivers an arrival in which the customer refers to a message by its provider id.
func (w *world) sends(digits, providerID string, change func(*commands.Arrival)) {
	w.t.Helper()
	a := commands.Arrival{ProviderMessageID: providerID, Aliases: []string{"tel:" + digits}, SentAt: w.now()}
	change(&a)
	require.NoError(w.t, w.commands.Receive(w.t.Context(), w.account, []commands.Arrival{a}))
}

func (w *world) earlyUpdates() (n int) {
	w.t.Helper()
	require.NoError(w.t, w.db.Clear.QueryRow(w.t.Context(), `SELECT count(*) FROM ops.early_updates`).Scan(&n))
	return n
}

func number[E domain.Event](events []interaction.Event) (n int) {
	for _, e := range events {
		if _, ok := e.(E); ok {
			n++
		}
	}
	return n
}

func TestAnEditBeforeItsMessageIsAppliedOnceEvenAfterAKill(t *testing.T) {
	w := newWorld(t)
	for range 2 { // delivered twice
		w.sends(anna, "wamid.edit", func(a *commands.Arrival) {
			a.Edit = &commands.ArrivedEdit{TargetID: "wamid.1", Content: interaction.Content{Text: "corrected"}}
		})
	}
	w.sends(anna, "wamid.reaction",
		func(a *commands.Arrival) { a.Reaction = &commands.ArrivedReaction{TargetID: "wamid.1", Emoji: "👍"} })
	w.sends(anna, "wamid.revoke", func(a *commands.Arrival) { a.Revoke = &commands.ArrivedRevoke{TargetID: "wamid.1"} })
	require.Equal(t, 3, w.earlyUpdates())
	// Make deleting fail, as if every process died after it applied the update.
	_, err := w.db.Clear.Exec(t.Context(), `CREATE FUNCTION ops.dies() RETURNS trigger LANGUAGE plpgsql
			AS 'BEGIN RAISE EXCEPTION ''killed''; END';
		CREATE TRIGGER dies BEFORE DELETE ON ops.early_updates FOR EACH ROW EXECUTE FUNCTION ops.dies()`)
	require.NoError(t, err)
	stop := w.react()
	require.NoError(t, w.commands.Receive(t.Context(), w.account, []commands.Arrival{{
		ProviderMessageID: "wamid.1", Aliases: []string{"tel:" + anna},
		Customer: interaction.Customer{Phone: anna}, SentAt: w.now(),
		Message: &commands.ArrivedMessage{Kind: interaction.KindText, Content: interaction.Content{Text: "a secret"}},
	}}))
	id := domain.InteractionID(w.session(anna).ID)
	w.eventually(func() bool { return number[interaction.MessageEdited](w.history(id)) == 1 }, "the edit is lost")
	stop()
	require.Equal(t, 3, w.earlyUpdates())
	_, err = w.db.Clear.Exec(t.Context(), `DROP FUNCTION ops.dies CASCADE`)
	require.NoError(t, err)
	w.react()
	w.eventually(func() bool { return w.earlyUpdates() == 0 }, "kept although it was applied")
	events := w.history(id)
	require.Equal(t, []int{1, 1, 1}, []int{number[interaction.MessageEdited](events),
		number[interaction.ReactionReceived](events), number[interaction.MessageRevoked](events)})
}

func TestAReactionBeforeItsOutboundMessageIsKnownIsApplied(t *testing.T) {
	w := newWorld(t)
	w.sends(anna, "wamid.reaction",
		func(a *commands.Arrival) { a.Reaction = &commands.ArrivedReaction{TargetID: "wamid.1", Emoji: "👍"} })
	w.react(with(&scripted{answer: accepts}))
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "Hello")
	w.eventually(func() bool { return number[interaction.ReactionReceived](w.history(id)) == 1 },
		"the reaction is lost")
	e, _ := find[interaction.ReactionReceived](w.history(id))
	require.Equal(t, message, e.MessageID)
}

func TestAnUpdateWithoutAMessageBecomesUnplacedAfterAWeek(t *testing.T) {
	w := newWorld(t)
	w.sends(anna, "wamid.edit", func(a *commands.Arrival) {
		a.Edit = &commands.ArrivedEdit{TargetID: "wamid.1", Content: interaction.Content{Text: "corrected"}}
	})
	w.sends(anna, "wamid.revoke", func(a *commands.Arrival) { a.Revoke = &commands.ArrivedRevoke{TargetID: "wamid.1"} })
	w.later(keepFor - time.Minute)
	stop := w.react()
	w.never(func() bool { return w.earlyUpdates() < 2 }, "given up too early")
	stop()
	w.later(2 * time.Minute)
	w.react()
	w.eventually(func() bool { return w.earlyUpdates() == 0 }, "kept for longer than a week")
	history, err := w.store.Read(t.Context(), commands.UnplacedStream(w.account), 0)
	require.NoError(t, err)
	require.Len(t, history.Events, 2)
	require.Contains(t, history.Events[0].Event.(unplaced.Kept).Part, "corrected")
}

func TestAStatusWithoutAMessageBecomesUnplacedAfterAWeek(t *testing.T) {
	w := newWorld(t)
	require.NoError(t, w.commands.Receive(t.Context(), w.account, []commands.Arrival{{SentAt: w.now(),
		Status: &commands.ArrivedStatus{MessageID: "wamid.never", Status: interaction.StatusRead}}}))
	w.later(keepFor + time.Minute)
	w.react()
	var history eventstore.History
	w.eventually(func() bool {
		var err error
		history, err = w.store.Read(t.Context(), commands.UnplacedStream(w.account), 0)
		return err == nil && len(history.Events) == 1
	}, "the status is lost")
	require.Equal(t, "status", history.Events[0].Event.(unplaced.Kept).Kind)
}

func TestAnEarlyUpdateOfAnErasedPersonHoldsUpNoOther(t *testing.T) {
	w := newWorld(t)
	w.sends(anna, "wamid.edit", func(a *commands.Arrival) {
		a.Edit = &commands.ArrivedEdit{TargetID: "wamid.1", Content: interaction.Content{Text: "corrected"}}
	})
	var address string
	require.NoError(t, w.db.Clear.QueryRow(t.Context(), `SELECT address_id FROM ops.early_updates`).Scan(&address))
	require.NoError(t, w.keys.Destroy(t.Context(), address))
	w.sends("393330000009", "wamid.revoke",
		func(a *commands.Arrival) { a.Revoke = &commands.ArrivedRevoke{TargetID: "wamid.2"} })
	w.later(keepFor + time.Minute)
	w.react()
	w.eventually(func() bool { return w.earlyUpdates() == 0 }, "an unreadable update was kept")
}
