package commands_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/channels"
	. "parley/commands"
	"parley/domain"
	"parley/domain/address"
	"parley/domain/contact"
	"parley/domain/interaction"
)

// twoOpen opens two interactions of one customer, who turns out to be one when they write with both identities.
func (w *world) twoOpen() (number, hidden domain.InteractionID, both channels.Sender) {
	w.t.Helper()
	both = channels.Sender{WaID: "393331234567", UserID: "IT.77"}
	number, hidden = w.receive(tel(both.WaID), "m1"), w.receive(channels.Sender{UserID: both.UserID}, "m2")
	w.receive(both, "m3")
	return number, hidden, both
}

func (w *world) gives(id domain.InteractionID, to domain.AgentID) {
	w.t.Helper()
	_, err := w.Assign(w.ctx(), id, to, "", someone())
	require.NoError(w.t, err)
}

func (w *world) replies(id domain.InteractionID, by domain.AgentID) {
	w.t.Helper()
	w.later(time.Second)
	_, err := w.Send(w.ctx(), id, by, Draft{Text: "Hi", Kind: interaction.KindText}, someone())
	require.NoError(w.t, err)
}

func TestTheOwnerWhoWroteLastKeepsAJoinedConversation(t *testing.T) {
	w := newWorld(t)
	number, hidden, both := w.twoOpen()
	anna, ben := w.agent("anna"), w.agent("ben")
	w.gives(number, anna)
	w.gives(hidden, ben)
	w.replies(hidden, ben)
	w.replies(number, anna)
	require.NoError(t, w.JoinInteractions(w.ctx(), hidden, number))
	require.NoError(t, w.JoinInteractions(w.ctx(), number, hidden), "a repetition changes nothing")

	ended, _ := w.session(hidden)
	require.Equal(t, number, ended.Survivor)
	into := all[interaction.JoinedInto](w)
	require.Len(t, into, 1)
	require.Equal(t, []any{ben, anna, interaction.JoinWroteLast}, []any{into[0].Owner, into[0].Keeper, into[0].Reason})
	joined := all[interaction.Joined](w)[0]
	require.Equal(t, []any{2, 2, hidden}, []any{joined.Inbound, len(joined.Unseen), joined.LastIn})
	require.Equal(t, all[interaction.MessageQueued](w)[0].MessageID, joined.LastMessageID, "what Ben wrote")
	goesOn, _ := w.session(number)
	require.Equal(t, []any{anna, []domain.InteractionID{hidden}}, []any{goesOn.Owner, goesOn.Joined})

	for n, from := range []channels.Sender{both, tel(both.WaID), {UserID: both.UserID}} {
		require.Equal(t, number, w.receive(from, string(rune('a'+n))), "every message goes to the survivor")
	}
	require.NoError(t, w.Receive(w.ctx(), w.account, []Arrival{w.text(channels.Sender{UserID: both.UserID}, "m2")}))
	require.Len(t, all[interaction.MessageReceived](w), 6, "a redelivery changes nothing")
	w.close(number)
	next := w.receive(both, "next")
	s, _ := w.session(next)
	require.Equal(t, anna, s.LastOwner, "the next session must take over the last owner of the survivor")
}

func TestTheOwnerReactsToAndRetriesMessagesOfAJoinedSession(t *testing.T) {
	w := newWorld(t)
	byNumber, hidden, _ := w.twoOpen()
	anna, ben := w.agent("anna"), w.agent("ben")
	w.gives(hidden, ben)
	failed := someone()
	_, err := w.Send(w.ctx(), hidden, ben, Draft{Text: "Hi", Kind: interaction.KindText}, failed)
	require.NoError(t, err)
	w.gives(byNumber, anna)
	w.replies(byNumber, anna)
	w.fails(hidden, domain.MessageID(failed.CommandID))
	require.NoError(t, w.JoinInteractions(w.ctx(), byNumber, hidden))
	ended, events := w.session(hidden)
	require.Equal(t, byNumber, ended.Survivor)
	theirs := messageOf(t, events)

	_, err = w.React(w.ctx(), byNumber, ben, theirs, "👍", someone())
	require.ErrorIs(t, err, interaction.ErrNotOwner, "only who has the conversation now")
	for range 2 {
		_, err = w.React(w.ctx(), byNumber, anna, theirs, "👍", someone())
		require.NoError(t, err)
	}
	require.Len(t, all[interaction.ReactionSent](w), 1, "the same emoji again changes nothing")
	_, err = w.React(w.ctx(), byNumber, anna, "unknown", "👍", someone())
	require.ErrorIs(t, err, interaction.ErrNoMessage)

	_, err = w.Retry(w.ctx(), byNumber, anna, domain.MessageID(failed.CommandID), someone())
	require.NoError(t, err)
	s, _ := w.session(byNumber)
	require.Equal(t, anna, s.Owner)
	_, err = w.Retry(w.ctx(), byNumber, anna, domain.MessageID(failed.CommandID), someone())
	require.ErrorIs(t, err, interaction.ErrRetried)
}

// fails records that a message was refused by the provider.
func (w *world) fails(id domain.InteractionID, message domain.MessageID) {
	w.t.Helper()
	attempt, claimed, err := w.ClaimSending(w.ctx(), id, message)
	require.NoError(w.t, err)
	require.True(w.t, claimed)
	require.NoError(w.t, w.SendFailed(w.ctx(), id, message, attempt, "131026", interaction.FailedPermission, ""))
}

func messageOf(t *testing.T, events []interaction.Event) domain.MessageID {
	t.Helper()
	for _, e := range events {
		if m, ok := e.(interaction.MessageReceived); ok {
			return m.MessageID
		}
	}
	require.Fail(t, "no message was received")
	return ""
}

func TestTwoOpenInteractionsOfDifferentCustomersAreNotJoined(t *testing.T) {
	w := newWorld(t)
	one, two := w.receive(tel(number(1)), "m1"), w.receive(tel(number(2)), "m2")
	require.NoError(t, w.JoinInteractions(w.ctx(), one, two))
	require.Empty(t, all[interaction.JoinedInto](w))
}

func TestAJoinCanBeUndone(t *testing.T) {
	w := newWorld(t)
	number, hidden, both := w.twoOpen()
	anna, ben := w.agent("anna"), w.agent("ben")
	w.gives(number, anna)
	w.gives(hidden, ben)
	w.replies(hidden, ben)
	require.NoError(t, w.JoinInteractions(w.ctx(), number, hidden))
	_, err := w.SeparateInteraction(w.ctx(), number, w.agent("cho"), false, someone())
	require.ErrorIs(t, err, interaction.ErrNotOwner, "only the owners and supervisors can")
	meta := someone()
	for range 2 {
		_, err = w.SeparateInteraction(w.ctx(), number, anna, false, meta)
		require.NoError(t, err)
	}
	restored, _ := w.session(number)
	require.Equal(t, []any{interaction.SessionOpen, anna}, []any{restored.Status, restored.Owner})
	survivor, _ := w.session(hidden)
	require.Empty(t, survivor.Joined)
	require.Len(t, all[address.AliasUnlinked](w), 1)

	require.Equal(t, hidden, w.receive(both, "m4"), "the number came with the user id, so it belongs there")
	require.NoError(t, w.JoinInteractions(w.ctx(), number, hidden))
	require.Len(t, all[interaction.JoinedInto](w), 1, "what someone separated is not joined again")
}

func TestAnInteractionWhoseSurvivorHasEndedIsRestored(t *testing.T) {
	w := newWorld(t)
	number, hidden, _ := w.twoOpen()
	w.gives(number, w.agent("anna"))
	require.NoError(t, w.JoinInteractions(w.ctx(), number, hidden))
	w.close(number)
	require.NoError(t, w.FinishJoining(w.ctx(), hidden), "the survivor knows it already")
	s, _ := w.session(hidden)
	require.Equal(t, number, s.Survivor)
	_, err := w.SeparateInteraction(w.ctx(), hidden, "", true, someone())
	require.NoError(t, err)
	s, _ = w.session(hidden)
	require.Equal(t, interaction.SessionClosed, s.Status, "undone after the survivor was closed, it stays closed")
}

// contactsOf links interactions to contacts of their own, which the program created.
func (w *world) contactsOf(listID domain.ListID, ids ...domain.InteractionID) []domain.ContactID {
	w.t.Helper()
	var all []domain.ContactID
	for n, id := range ids {
		s, _ := w.session(id)
		made, _, err := w.ContactOfCustomer(w.ctx(), listID, s.AddressID, contact.Details{Phones: []string{number(n)}})
		require.NoError(w.t, err)
		_, err = w.LinkFirstContact(w.ctx(), id, made)
		require.NoError(w.t, err)
		all = append(all, made)
	}
	return all
}

func TestContactsThatTheProgramMadeForOneCustomerBecomeOne(t *testing.T) {
	w := newWorld(t)
	byNumber, byUserID, _ := w.twoOpen()
	w.contactsOf(w.list("Customers"), byNumber, byUserID)
	require.NoError(t, w.JoinInteractions(w.ctx(), byNumber, byUserID))
	require.Len(t, all[contact.Merged](w), 1)
	require.Len(t, all[contact.MergedInto](w), 1)
	_, err := w.SeparateInteraction(w.ctx(), byUserID, "boss", true, someone())
	require.NoError(t, err)
	require.Len(t, all[contact.Unmerged](w), 1)
	require.Len(t, all[contact.Restored](w), 1)
}

func TestAContactThatSomeoneEditedIsNotMergedAutomatically(t *testing.T) {
	w := newWorld(t)
	byNumber, byUserID, _ := w.twoOpen()
	listID, ann, name := w.list("Customers"), w.agent("ann"), "Ada"
	_, err := w.GrantLists(w.ctx(), ann, []domain.ListID{listID}, "", someone())
	require.NoError(t, err)
	contacts := w.contactsOf(listID, byNumber, byUserID)
	_, err = w.ChangeContact(w.ctx(), contacts[1], contact.Change{FirstName: &name, By: ann}, someone())
	require.NoError(t, err)
	require.NoError(t, w.JoinInteractions(w.ctx(), byNumber, byUserID))
	require.Empty(t, all[contact.MergedInto](w))
}
