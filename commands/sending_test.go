package commands_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "parley/commands"
	"parley/domain"
	"parley/domain/interaction"
)

func TestOnlyAMessageOfTheSameConversationCanBeQuoted(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	firstMessage := func(home domain.InteractionID) domain.MessageID {
		_, events := w.session(home)
		for _, e := range events {
			if m, ok := e.(interaction.MessageReceived); ok {
				w.reads.homes[m.MessageID] = home
				return m.MessageID
			}
		}
		return ""
	}
	previous := w.receive(tel(number(1)), "m1")
	earlier := firstMessage(previous)
	w.close(previous)
	home := w.owned(ann, tel(number(1)), "m2")
	foreign := firstMessage(w.receive(tel(number(2)), "m3"))

	quote := func(id domain.MessageID) error {
		_, err := w.Send(w.ctx(), home, ann, Draft{Text: "yes", Kind: interaction.KindText, QuotedID: id}, someone())
		return err
	}
	require.NoError(t, quote(firstMessage(home)))
	require.NoError(t, quote(earlier), "it is in the same conversation")
	require.ErrorIs(t, quote(foreign), interaction.ErrNoMessage)
	require.ErrorIs(t, quote("nowhere"), interaction.ErrNoMessage)
}

// in lists messages by interaction.
type in = map[domain.InteractionID][]domain.MessageID

// sendsInDoubt sends messages whose outcome stays unknown.
func (w *world) sendsInDoubt(home domain.InteractionID, by domain.AgentID, texts ...string) []domain.MessageID {
	w.t.Helper()
	var ids []domain.MessageID
	for _, text := range texts {
		id := domain.MessageID(NewID())
		_, err := w.Send(w.ctx(), home, by, Draft{Text: text, Kind: interaction.KindText}, again(string(id)))
		require.NoError(w.t, err)
		w.later(time.Minute) // the message before it delays this one for a moment
		attempt, claimed, err := w.ClaimSending(w.ctx(), home, id)
		require.NoError(w.t, err)
		require.True(w.t, claimed)
		require.NoError(w.t, w.SendUnknown(w.ctx(), home, id, attempt, "HTTP_503"))
		ids = append(ids, id)
	}
	return ids
}

// statuses returns the statuses of messages.
func (w *world) statuses(home domain.InteractionID, ids ...domain.MessageID) []interaction.Status {
	w.t.Helper()
	s, _ := w.session(home)
	var out []interaction.Status
	for _, id := range ids {
		status, _ := s.MessageStatus(id)
		out = append(out, status)
	}
	return out
}

func TestSeveralUnknownMessagesAreSettledTogether(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	home := w.owned(ann, tel(number(1)), "m1")
	ids := w.sendsInDoubt(home, ann, "one", "two", "three")

	meta := someone()
	_, err := w.Settle(w.ctx(), ann, in{home: ids[:2]}, SettleSent, meta)
	require.NoError(t, err)
	_, err = w.Settle(w.ctx(), ann, in{home: ids[:2]}, SettleSent, meta)
	require.NoError(t, err, "a repeated command is a success")
	require.Equal(t, []interaction.Status{"SENT", "SENT", "UNKNOWN"}, w.statuses(home, ids...))
	require.Len(t, all[interaction.MessageSettled](w), 2)

	_, err = w.Settle(w.ctx(), ann, in{home: ids}, SettleFailed, someone())
	require.NoError(t, err)
	require.Equal(t, []interaction.Status{"SENT", "SENT", "FAILED"}, w.statuses(home, ids...),
		"a settled message stays as it is")
}

func TestUnknownMessagesAreRetriedTogetherInTheirOrder(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	home := w.owned(ann, tel(number(1)), "m1")
	ids := w.sendsInDoubt(home, ann, "one", "two")

	meta := someone()
	for range 2 { // a repeated command sends nothing more
		_, err := w.Settle(w.ctx(), ann, in{home: {ids[1], ids[0], ids[0]}}, SettleRetry, meta)
		require.NoError(t, err)
	}
	var retried []string
	for _, q := range all[interaction.MessageQueued](w) {
		if q.RetryOf != "" {
			retried = append(retried, q.Content.Text)
		}
	}
	require.Equal(t, []string{"one", "two"}, retried)
}

func TestUnknownMessagesOfSeveralSessionsAreSettledTogether(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	open, closed := w.owned(ann, tel(number(1)), "m1"), w.owned(ann, tel(number(2)), "m2")
	inOpen, inClosed := w.sendsInDoubt(open, ann, "one"), w.sendsInDoubt(closed, ann, "two")
	w.close(closed)
	both := in{open: inOpen, closed: inClosed}

	_, err := w.Settle(w.ctx(), ann, both, SettleRetry, someone())
	require.ErrorIs(t, err, interaction.ErrClosed)
	require.Len(t, all[interaction.MessageQueued](w), 3, "the message of the open session is sent again all the same")

	_, err = w.Settle(w.ctx(), ann, both, SettleFailed, someone())
	require.NoError(t, err)
	require.Equal(t, []interaction.Status{"FAILED"}, w.statuses(open, inOpen...))
	require.Equal(t, []interaction.Status{"FAILED"}, w.statuses(closed, inClosed...))
}

func TestNothingIsSettledIfOneMessageIsNotOfTheSession(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	home := w.owned(ann, tel(number(1)), "m1")
	ids := w.sendsInDoubt(home, ann, "one")
	_, err := w.Settle(w.ctx(), ann, in{home: append(ids, "nowhere")}, SettleSent, someone())
	require.ErrorIs(t, err, interaction.ErrNoMessage)
	_, err = w.Settle(w.ctx(), w.agent("ben"), in{home: ids}, SettleSent, someone())
	require.ErrorIs(t, err, interaction.ErrNotOwner)
	require.Equal(t, []interaction.Status{"UNKNOWN"}, w.statuses(home, ids...))
}
