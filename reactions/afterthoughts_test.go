package reactions

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/commands"
	"parley/domain"
	"parley/domain/interaction"
	"parley/domain/unplaced"
)

// said is what a customer says about a message, by its provider id.
func (w *world) said(digits, providerID string, change func(*commands.Arrival)) {
	w.t.Helper()
	a := commands.Arrival{ProviderMessageID: providerID, Aliases: []string{"tel:" + digits}, SentAt: w.now()}
	change(&a)
	require.NoError(w.t, w.commands.Receive(w.t.Context(), w.account, []commands.Arrival{a}))
}

func (w *world) afterthoughts() (n int) {
	w.t.Helper()
	require.NoError(w.t, w.db.Clear.QueryRow(w.t.Context(), `SELECT count(*) FROM ops.afterthoughts`).Scan(&n))
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

func TestWhatCameBeforeItsMessageIsAppliedOnceAlsoByOneWhoWasKilledOverIt(t *testing.T) { // I2
	w := newWorld(t)
	for range 2 { // it comes again
		w.said(anna, "wamid.edit", func(a *commands.Arrival) {
			a.Edit = &commands.ArrivedEdit{TargetID: "wamid.1", Content: interaction.Content{Text: "corrected"}}
		})
	}
	w.said(anna, "wamid.reaction", func(a *commands.Arrival) { a.Reaction = &commands.ArrivedReaction{TargetID: "wamid.1", Emoji: "👍"} })
	w.said(anna, "wamid.revoke", func(a *commands.Arrival) { a.Revoke = &commands.ArrivedRevoke{TargetID: "wamid.1"} })
	require.Equal(t, 3, w.afterthoughts())
	// As if every process died between applying and forgetting.
	_, err := w.db.Clear.Exec(t.Context(), `CREATE FUNCTION ops.dies() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''killed''; END';
		CREATE TRIGGER dies BEFORE DELETE ON ops.afterthoughts FOR EACH ROW EXECUTE FUNCTION ops.dies()`)
	require.NoError(t, err)
	stop := w.react()
	require.NoError(t, w.commands.Receive(t.Context(), w.account, []commands.Arrival{{
		ProviderMessageID: "wamid.1", Aliases: []string{"tel:" + anna}, Customer: interaction.Customer{Phone: anna}, SentAt: w.now(),
		Message: &commands.ArrivedMessage{Kind: interaction.KindText, Content: interaction.Content{Text: "a secret"}},
	}}))
	id := domain.InteractionID(w.session(anna).ID)
	w.eventually(func() bool { return number[interaction.MessageEdited](w.history(id)) == 1 }, "the edit is lost")
	stop()
	require.Equal(t, 3, w.afterthoughts())
	_, err = w.db.Clear.Exec(t.Context(), `DROP FUNCTION ops.dies CASCADE`)
	require.NoError(t, err)
	w.react()
	w.eventually(func() bool { return w.afterthoughts() == 0 }, "kept though it was applied")
	events := w.history(id)
	require.Equal(t, []int{1, 1, 1}, []int{number[interaction.MessageEdited](events), number[interaction.ReactionReceived](events), number[interaction.MessageRevoked](events)})
}

func TestAReactionThatCameBeforeWeKnewOurOwnMessageIsApplied(t *testing.T) {
	w := newWorld(t)
	w.said(anna, "wamid.reaction", func(a *commands.Arrival) { a.Reaction = &commands.ArrivedReaction{TargetID: "wamid.1", Emoji: "👍"} })
	w.react(with(&scripted{answer: accepts}))
	id := w.mine(w.agents[0], anna)
	message := w.write(id, w.agents[0], "Hello")
	w.eventually(func() bool { return number[interaction.ReactionReceived](w.history(id)) == 1 }, "the reaction is lost")
	e, _ := find[interaction.ReactionReceived](w.history(id))
	require.Equal(t, message, e.MessageID)
}

func TestAfterAWeekTheWordsOfAnEditAreKeptElsewhere(t *testing.T) { // I1
	w := newWorld(t)
	w.said(anna, "wamid.edit", func(a *commands.Arrival) {
		a.Edit = &commands.ArrivedEdit{TargetID: "wamid.1", Content: interaction.Content{Text: "corrected"}}
	})
	w.said(anna, "wamid.revoke", func(a *commands.Arrival) { a.Revoke = &commands.ArrivedRevoke{TargetID: "wamid.1"} })
	w.later(earlyFor - time.Minute)
	stop := w.react()
	w.never(func() bool { return w.afterthoughts() < 2 }, "given up too early")
	stop()
	w.later(2 * time.Minute)
	w.react()
	w.eventually(func() bool { return w.afterthoughts() == 0 }, "kept for longer than a week")
	history, err := w.store.Read(t.Context(), commands.UnplacedStream(w.account), 0)
	require.NoError(t, err)
	require.Len(t, history.Events, 1)
	require.Contains(t, history.Events[0].Event.(unplaced.Kept).Part, "corrected")
}

func TestAnAfterthoughtOfSomebodyErasedHoldsNothingUp(t *testing.T) {
	w := newWorld(t)
	w.said(anna, "wamid.edit", func(a *commands.Arrival) {
		a.Edit = &commands.ArrivedEdit{TargetID: "wamid.1", Content: interaction.Content{Text: "corrected"}}
	})
	var address string
	require.NoError(t, w.db.Clear.QueryRow(t.Context(), `SELECT address_id FROM ops.afterthoughts`).Scan(&address))
	require.NoError(t, w.keys.Destroy(t.Context(), address))
	w.said("393330000009", "wamid.revoke", func(a *commands.Arrival) { a.Revoke = &commands.ArrivedRevoke{TargetID: "wamid.2"} })
	w.later(earlyFor + time.Minute)
	w.react()
	w.eventually(func() bool { return w.afterthoughts() == 0 }, "it can be read by nobody")
}
