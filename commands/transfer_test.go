package commands_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "parley/commands"
	"parley/domain"
	"parley/domain/agent"
	"parley/domain/interaction"
	"parley/domain/setting"
	"parley/domain/transfer"
	"parley/domain/user"
)

func TestATransferEndedConcurrentlyHasOneOutcomeAndOneOwner(t *testing.T) {
	w := newWorld(t)
	ann, ben := w.agent("ann"), w.agent("ben")
	w.join(ann, ben)
	ahead := w.processAt(time.Minute) // its clock says that the transfer has expired
	n := times(20, 10_000)
	homes := make([]domain.InteractionID, n)
	trials(t, n, func(i int) error {
		homes[i] = w.owned(ann, tel(number(i)), "m"+fmt.Sprint(i))
		id, _, err := w.RequestTransfer(w.ctx(), homes[i], ann, TransferTo{Agent: ben}, someone())
		if err != nil {
			return err
		}
		// changes nothing but caches both streams
		if _, err := ahead.ReconcileTransfer(w.ctx(), id); err != nil {
			return err
		}
		calls := 5 + i%2 // in every other trial the sender closes too
		for k, err := range together(calls, func(k int) (err error) {
			if k != i%6 { // each has a head start in turn
				pauseRandomly(40 * time.Millisecond)
			}
			switch k {
			case 0:
				_, err = w.AcceptTransfer(w.ctx(), id, ben, someone())
			case 1:
				_, err = w.CancelTransfer(w.ctx(), id, ann, false, someone())
			case 2:
				err = ahead.ExpireTransfer(w.ctx(), id)
			case 3:
				_, err = ahead.RejectTransfer(w.ctx(), id, ben, someone())
			case 4:
				_, err = ahead.ReconcileTransfer(w.ctx(), id)
			case 5:
				_, err = w.Close(w.ctx(), homes[i], ann, false, "", "", someone())
			}
			return err
		}) {
			if err != nil && !slices.Contains([]string{"TRANSFER_OVER", "TRANSFER_ALREADY_ACCEPTED", "NOT_OWNER"}, code(t, err)) {
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
		require.Equal(t, 1, terminal[id], "a transfer ends once")
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
		isUnread := slices.ContainsFunc(sessions[string(home)],
			func(e interaction.Event) bool { _, ok := e.(interaction.ReturnedUnread); return ok })
		if status == transfer.StatusCompleted {
			require.Equal(t, ben, owners[string(home)])
			require.False(t, isUnread)
			continue
		}
		require.Equal(t, ann, owners[string(home)], "after %s the sender keeps it", status)
		if interaction.Decider.Fold(sessions[string(home)]).Status == interaction.SessionOpen {
			require.True(t, isUnread, "and it is unread for them")
		}
	}
	t.Log(outcomes)
}

func TestATransferToAQueueGoesToTheAgentWhoAcceptsIt(t *testing.T) {
	w := newWorld(t)
	ann, ben, cho := w.agent("ann"), w.agent("ben"), w.agent("cho")
	target := w.share("Groups", ann, ben, cho)
	home := w.owned(ann, tel(number(1)), "m1")
	id, _, err := w.RequestTransfer(w.ctx(), home, ann, TransferTo{Queue: target}, someone())
	require.NoError(t, err)
	require.Equal(t, []domain.AgentID{ben, cho}, all[transfer.Requested](w)[0].OfferedTo,
		"the sender is not offered the transfer")
	_, err = w.AcceptTransfer(w.ctx(), id, cho, someone())
	require.NoError(t, err)
	s, _ := w.session(home)
	require.Equal(t, cho, s.Owner)
	require.Equal(t, target, s.QueueID)
	_, err = w.AcceptTransfer(w.ctx(), id, ben, someone())
	require.ErrorIs(t, err, transfer.ErrAlreadyAccepted)
}

func TestATransferToAnEmptyQueueReturnsAtOnce(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	target := w.share("Empty")
	home := w.owned(ann, tel(number(1)), "m1")
	_, _, err := w.RequestTransfer(w.ctx(), home, ann, TransferTo{Queue: target}, someone())
	require.NoError(t, err)
	s, _ := w.session(home)
	require.Equal(t, ann, s.Owner)
	require.Empty(t, s.TransferInProgress())
	require.Len(t, all[interaction.ReturnedUnread](w), 1)
}

func TestARepeatedTransferRequestReturnsTheSameTransfer(t *testing.T) {
	w := newWorld(t)
	ann, ben := w.agent("ann"), w.agent("ben")
	w.join(ann, ben)
	home := w.owned(ann, tel(number(1)), "m1")
	click := NewID()
	id, _, err := w.RequestTransfer(w.ctx(), home, ann, TransferTo{Agent: ben}, again(click))
	require.NoError(t, err)
	_, err = w.SignOut(w.ctx(), ben, agent.SignOut{Reason: agent.SignedOutSelf}, someone())
	require.NoError(t, err)
	end := len(w.log())
	same, _, err := w.process().RequestTransfer(w.ctx(), home, ann, TransferTo{Agent: ben}, again(click))
	require.NoError(t, err, "even though ben is offline now")
	require.Equal(t, id, same)
	require.Len(t, w.log(), end)
	_, _, err = w.RequestTransfer(w.ctx(), w.owned(ann, tel(number(2)), "m2"), ann, TransferTo{Agent: ben}, someone())
	require.ErrorIs(t, err, ErrTargetNotAvailable)
}

func TestATransferGoesOnlyToThoseWhoShareTheAccount(t *testing.T) {
	w := newWorld(t)
	ann, ben, eve := w.agent("ann"), w.agent("ben"), w.agent("eve")
	shared, unrelated := w.share("Groups", ben), w.unrelated("Lab", eve)
	home := w.owned(ann, tel(number(1)), "m1")
	for _, c := range []struct {
		name string
		to   TransferTo
		want error
	}{
		{"a queue that does not share the account", TransferTo{Queue: unrelated}, setting.ErrUnknown},
		{"an agent of a queue that does not share the account", TransferTo{Agent: eve}, ErrTargetNotAvailable},
		{"a note of more than 1000 characters", TransferTo{Agent: ben, Note: strings.Repeat("ß", 1001)},
			transfer.ErrNoteTooLong},
		{"an agent of a queue that shares the account", TransferTo{Agent: ben, Note: strings.Repeat("ß", 1000)}, nil},
		{"a queue while a transfer is in progress", TransferTo{Queue: shared}, interaction.ErrTransferRunning},
	} {
		_, _, err := w.RequestTransfer(w.ctx(), home, ann, c.to, someone())
		require.ErrorIs(t, err, c.want, c.name)
	}
	require.Len(t, all[transfer.Requested](w), 1)
}

func TestARepeatedExpiryCountsAMissedOfferOnce(t *testing.T) {
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

// Everyone who sees the transfer's card learns at once that the interaction changed hands.
func TestATransferEndsWhenItsInteractionIsClosedAssignedOrReleased(t *testing.T) {
	w := newWorld(t)
	ann, ben, cho := w.agent("ann"), w.agent("ben"), w.agent("cho")
	w.join(ann, ben)
	for i, change := range []func(home domain.InteractionID) error{
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
		require.NoError(t, change(home))
		require.Len(t, all[transfer.Voided](w), i+1)
		_, err = w.AcceptTransfer(w.ctx(), id, ben, someone())
		require.ErrorIs(t, err, transfer.ErrOver)
	}
}

func TestAnAgentWhoLeftTheQueueCannotAcceptItsOffersOrTransfers(t *testing.T) {
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
	require.ErrorIs(t, err, domain.ErrNotMember)
	_, err = w.AcceptOffer(w.ctx(), waits, offer, ben, someone())
	require.ErrorIs(t, err, domain.ErrNotMember)
	_, err = w.AcceptTransfer(w.ctx(), id, cho, someone())
	require.NoError(t, err)
	_, err = w.AcceptOffer(w.ctx(), waits, offer, cho, someone())
	require.NoError(t, err)
}

func TestTheSessionsOfDisabledAndArchivedUsersEnd(t *testing.T) {
	w := newWorld(t)
	ann, ben, cho := w.agent("ann"), w.agent("ben"), w.agent("cho")
	_, _, err := w.SaveUser(w.ctx(), ann, user.Profile{Login: "ann", Name: "Ann"}, user.Settings{Role: user.Agent}, "",
		someone())
	require.NoError(t, err)
	require.Empty(t, w.ended, "a change of name ends no session")
	_, _, err = w.SaveUser(w.ctx(), ben, user.Profile{Login: "ben", Name: "ben"},
		user.Settings{Role: user.Agent, Disabled: true}, "", someone())
	require.NoError(t, err)
	_, err = w.Archive(w.ctx(), AUser, string(cho), "", someone())
	require.NoError(t, err)
	require.Equal(t, []domain.UserID{ben, cho}, w.ended)
}

func TestADisabledAgentCannotAcceptATransfer(t *testing.T) {
	w := newWorld(t)
	ann, ben := w.agent("ann"), w.agent("ben")
	w.join(ann, ben)
	home := w.owned(ann, tel(number(1)), "m1")
	id, _, err := w.RequestTransfer(w.ctx(), home, ann, TransferTo{Agent: ben}, someone())
	require.NoError(t, err)
	_, _, err = w.SaveUser(w.ctx(), ben, user.Profile{Name: "ben"},
		user.Settings{Role: user.Agent, Disabled: true}, "", someone())
	require.NoError(t, err)
	_, err = w.AcceptTransfer(w.ctx(), id, ben, someone())
	require.ErrorIs(t, err, domain.ErrNotSignedIn)
	require.Equal(t, agent.SignedOutDisabled, all[agent.SignedOut](w)[0].Reason)
}
