package commands_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "parley/commands"
	"parley/domain"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/queue"
	"parley/domain/transfer"
	"parley/domain/user"
)

// F22.
func TestATransferThatManyEndAtOnceHasOneOutcomeAndAnOwner(t *testing.T) {
	w := newWorld(t)
	ann, ben := w.agent("ann"), w.agent("ben")
	fast := w.processAt(time.Minute) // there the time is over already
	n := times(20, 10_000)
	homes := make([]domain.InteractionID, n)
	trials(t, n, func(i int) error {
		homes[i] = w.owned(ann, tel(number(i)), "m"+fmt.Sprint(i))
		id, _, err := w.RequestTransfer(w.ctx(), homes[i], ann, TransferTo{Agent: ben}, someone())
		if err != nil {
			return err
		}
		if _, err := fast.SettleTransfer(w.ctx(), id); err != nil { // there is nothing to settle yet, but now it knows both streams
			return err
		}
		calls := 5 + i%2 // in every second trial the sender closes too
		for k, err := range together(calls, func(k int) (err error) {
			if k != i%6 { // each has a head start in turn
				aside(40 * time.Millisecond)
			}
			switch k {
			case 0:
				_, err = w.AcceptTransfer(w.ctx(), id, ben, someone())
			case 1:
				_, err = w.CancelTransfer(w.ctx(), id, ann, false, someone())
			case 2:
				err = fast.ExpireTransfer(w.ctx(), id)
			case 3:
				_, err = fast.RejectTransfer(w.ctx(), id, ben, someone())
			case 4:
				_, err = fast.SettleTransfer(w.ctx(), id)
			case 5:
				_, err = w.Close(w.ctx(), homes[i], ann, false, "", "", someone())
			}
			return err
		}) {
			if err != nil && !slices.Contains([]string{"TRANSFER_OVER", "TRANSFER_TAKEN", "NOT_OWNER"}, code(t, err)) {
				return fmt.Errorf("call %d: %w", k, err)
			}
		}
		return nil
	})

	last, owners := map[string]transfer.Status{}, map[string]domain.AgentID{}
	terminal, streams := map[string]int{}, map[string][]transfer.Event{}
	sessions := map[string][]interaction.Event{}
	for _, r := range w.log() {
		switch e := r.Event.(type) {
		case transfer.Event:
			streams[r.AggregateID] = append(streams[r.AggregateID], e)
			switch e.(type) {
			case transfer.Completed, transfer.Expired, transfer.Cancelled, transfer.Refused, transfer.Voided:
				terminal[r.AggregateID]++
			}
		case interaction.Event:
			sessions[r.AggregateID] = append(sessions[r.AggregateID], e)
		}
	}
	require.Len(t, streams, n)
	for id, events := range streams {
		require.Equal(t, 1, terminal[id], "one end")
		s := transfer.Decider.Fold(events)
		last[string(s.InteractionID)] = s.Status
	}
	for id, events := range sessions {
		s := interaction.Decider.Fold(events)
		owners[id] = s.Owner
		require.Empty(t, s.TransferInProgress())
	}
	outcomes := map[transfer.Status]int{}
	for _, home := range homes {
		status := last[string(home)]
		outcomes[status]++
		isUnread := slices.ContainsFunc(sessions[string(home)], func(e interaction.Event) bool { _, ok := e.(interaction.ReturnedUnread); return ok })
		if status == transfer.StatusCompleted {
			require.Equal(t, ben, owners[string(home)])
			require.False(t, isUnread)
			continue
		}
		require.Equal(t, ann, owners[string(home)], "after %s it stays with the one who asked", status)
		if interaction.Decider.Fold(sessions[string(home)]).Status == interaction.SessionOpen {
			require.True(t, isUnread, "and is unread for her (R75)")
		}
	}
	t.Log(outcomes)
}

func TestATransferToAQueueGoesToWhoAcceptsItThere(t *testing.T) {
	w := newWorld(t)
	ann, ben, cho := w.agent("ann"), w.agent("ben"), w.agent("cho")
	target, _, err := w.SaveQueue(w.ctx(), "", queue.Settings{
		Name: "Groups", Strategy: queue.BeepAll, OfferTimeout: 30, Members: []domain.AgentID{ann, ben, cho},
	}, "", someone())
	require.NoError(t, err)
	home := w.owned(ann, tel(number(1)), "m1")
	id, _, err := w.RequestTransfer(w.ctx(), home, ann, TransferTo{Queue: target}, someone())
	require.NoError(t, err)
	require.Equal(t, []domain.AgentID{ben, cho}, all[transfer.Requested](w)[0].OfferedTo, "not back to the sender (A14)")
	_, err = w.AcceptTransfer(w.ctx(), id, cho, someone())
	require.NoError(t, err)
	s, _ := w.session(home)
	require.Equal(t, cho, s.Owner)
	require.Equal(t, target, s.QueueID)
	_, err = w.AcceptTransfer(w.ctx(), id, ben, someone())
	require.ErrorIs(t, err, transfer.ErrTaken)
}

// R78.
func TestATransferToAQueueWithNobodyThereComesBackAtOnce(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	target, _, err := w.SaveQueue(w.ctx(), "", queue.Settings{Name: "Empty", Strategy: queue.BeepAll, OfferTimeout: 30}, "", someone())
	require.NoError(t, err)
	home := w.owned(ann, tel(number(1)), "m1")
	_, _, err = w.RequestTransfer(w.ctx(), home, ann, TransferTo{Queue: target}, someone())
	require.NoError(t, err)
	s, _ := w.session(home)
	require.Equal(t, ann, s.Owner)
	require.Empty(t, s.TransferInProgress())
	require.Len(t, all[interaction.ReturnedUnread](w), 1)
}

func TestARequestedTransferIsRecognisedWhenItIsAskedForAgain(t *testing.T) {
	w := newWorld(t)
	ann, ben := w.agent("ann"), w.agent("ben")
	home := w.owned(ann, tel(number(1)), "m1")
	click := NewID()
	id, _, err := w.RequestTransfer(w.ctx(), home, ann, TransferTo{Agent: ben}, again(click))
	require.NoError(t, err)
	_, err = w.SignOut(w.ctx(), ben, agent.SignOut{Reason: agent.SignedOutSelf}, someone())
	require.NoError(t, err)
	end := len(w.log())
	same, _, err := w.process().RequestTransfer(w.ctx(), home, ann, TransferTo{Agent: ben}, again(click))
	require.NoError(t, err, "although he could not be asked any more")
	require.Equal(t, id, same)
	require.Len(t, w.log(), end)
	_, _, err = w.RequestTransfer(w.ctx(), w.owned(ann, tel(number(2)), "m2"), ann, TransferTo{Agent: ben}, someone())
	require.ErrorIs(t, err, ErrTargetOffline)
}

func TestAnOfferThatExpiredIsCountedForThoseWhoMissedItThoughItWasBrokenOff(t *testing.T) {
	w := newWorld(t)
	ann, ben := w.agent("ann"), w.agent("ben")
	w.join(ann, ben)
	home := w.receive(tel(number(1)), "m1")
	offer := domain.OfferID(NewID())
	_, err := w.Offer(w.ctx(), home, offer, w.queue, []domain.AgentID{ann, ben}, 30*time.Second, someone())
	require.NoError(t, err)
	_, err = w.RejectOffer(w.ctx(), home, offer, ben, someone())
	require.NoError(t, err)
	require.ErrorIs(t, w.ExpireOffer(w.ctx(), home, offer), domain.ErrNotDue)
	w.later(30 * time.Second)
	for range 3 {
		require.NoError(t, w.process().ExpireOffer(w.ctx(), home, offer))
	}
	require.Len(t, all[interaction.OfferExpired](w), 1)
	missed := all[agent.OfferMissed](w)
	require.Len(t, missed, 1)
	require.Equal(t, 1, missed[0].InARow)
}

// R68–R78: who looks at the card of a transfer learns at once that the interaction went another way.
func TestATransferEndsAtOnceWhenItsInteractionGoesAnotherWay(t *testing.T) {
	w := newWorld(t)
	ann, ben, cho := w.agent("ann"), w.agent("ben"), w.agent("cho")
	for i, goes := range []func(home domain.InteractionID) error{
		func(home domain.InteractionID) error {
			_, err := w.Close(w.ctx(), home, ann, false, "", "", someone())
			return err
		},
		func(home domain.InteractionID) error {
			_, err := w.Assign(w.ctx(), home, cho, "sue", someone())
			return err
		},
		func(home domain.InteractionID) error {
			_, err := w.Release(w.ctx(), home, "sue", someone())
			return err
		},
	} {
		home := w.owned(ann, tel(number(i)), "m1")
		id, _, err := w.RequestTransfer(w.ctx(), home, ann, TransferTo{Agent: ben}, someone())
		require.NoError(t, err)
		require.NoError(t, goes(home))
		require.Len(t, all[transfer.Voided](w), i+1)
		_, err = w.AcceptTransfer(w.ctx(), id, ben, someone())
		require.ErrorIs(t, err, transfer.ErrOver)
	}
}

// R45, R76.
func TestWhoLeftTheQueueAcceptsNothingOfItAnyMore(t *testing.T) {
	w := newWorld(t)
	ann, ben, cho := w.agent("ann"), w.agent("ben"), w.agent("cho")
	w.join(ben, cho)
	home := w.owned(ann, tel(number(1)), "m1")
	id, _, err := w.RequestTransfer(w.ctx(), home, ann, TransferTo{Queue: w.queue}, someone())
	require.NoError(t, err)
	waits, offer := w.receive(tel(number(2)), "m2"), domain.OfferID(NewID())
	_, err = w.Offer(w.ctx(), waits, offer, w.queue, []domain.AgentID{ben, cho}, time.Minute, someone())
	require.NoError(t, err)
	w.join(cho)
	_, err = w.AcceptTransfer(w.ctx(), id, ben, someone())
	require.ErrorIs(t, err, transfer.ErrNotMember)
	_, err = w.AcceptOffer(w.ctx(), waits, offer, ben, someone())
	require.ErrorIs(t, err, interaction.ErrNotMember)
	_, err = w.AcceptTransfer(w.ctx(), id, cho, someone())
	require.NoError(t, err)
	_, err = w.AcceptOffer(w.ctx(), waits, offer, cho, someone())
	require.NoError(t, err)
}

// R70.
func TestNobodyWhoLeftTakesATransferOver(t *testing.T) {
	w := newWorld(t)
	ann, ben := w.agent("ann"), w.agent("ben")
	home := w.owned(ann, tel(number(1)), "m1")
	id, _, err := w.RequestTransfer(w.ctx(), home, ann, TransferTo{Agent: ben}, someone())
	require.NoError(t, err)
	_, _, err = w.SaveUser(w.ctx(), ben, user.Profile{Name: "ben"}, user.Settings{Role: user.Agent, Disabled: true}, "", someone())
	require.NoError(t, err)
	_, err = w.AcceptTransfer(w.ctx(), id, ben, someone())
	require.ErrorIs(t, err, transfer.ErrNotSignedIn)
	require.Equal(t, agent.SignedOutDisabled, all[agent.SignedOut](w)[0].Reason)
}
