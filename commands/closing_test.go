package commands_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "parley/commands"
	"parley/domain"
	"parley/domain/account"
	"parley/domain/agent"
	"parley/domain/disposition"
	"parley/domain/interaction"
	"parley/domain/queue"
	"parley/domain/setting"
	"parley/eventstore"
)

// requireDisposition makes dispositions mandatory on the account, and returns one to choose.
func (w *world) requireDisposition() domain.DispositionID {
	w.t.Helper()
	_, _, err := w.SaveAccount(w.ctx(), w.account, account.Settings{
		Name: "Shop", ShortCode: "SHOP", Provider: "pigeon", ProviderSettings: numbered("1061"), QueueID: w.queue,
		WindowHours: 24, MandatoryDispose: true,
	}, nil, "", someone())
	require.NoError(w.t, err)
	sold, _, err := w.SaveDisposition(w.ctx(), "", disposition.Settings{Label: "Sold", Scope: "GLOBAL"}, "", someone())
	require.NoError(w.t, err)
	return sold
}

func TestClosingWithoutAMandatoryDispositionPausesTheAgentUntilItIsGiven(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	sold := w.requireDisposition()
	home := w.owned(ann, tel(number(1)), "m1")
	_, err := w.Close(w.ctx(), home, ann, false, "", sold, someone())
	require.NoError(t, err)
	require.Empty(t, all[agent.Paused](w), "the disposition was given with the close")

	last := func() eventstore.Position { log := w.log(); return log[len(log)-1].Position }
	home = w.owned(ann, tel(number(2)), "m2")
	at, err := w.Close(w.ctx(), home, ann, false, "", "", someone())
	require.NoError(t, err)
	require.Equal(t, home, all[agent.Paused](w)[0].InteractionID)
	require.Equal(t, last(), at, "the position covers the pause")
	_, err = w.Resume(w.ctx(), ann, ann, someone())
	require.ErrorIs(t, err, agent.ErrDispositionDue)
	at, err = w.Dispose(w.ctx(), home, "sue", true, sold, someone())
	require.NoError(t, err, "a supervisor may choose it for the agent")
	require.Equal(t, last(), at)
	require.Len(t, all[agent.Resumed](w), 1)

	home = w.owned(ann, tel(number(3)), "m3")
	w.close(home)
	require.Len(t, all[agent.Paused](w), 1, "a supervisor's close pauses no one")
}

// The process may stop between closing and pausing. The repeated command then pauses.
func TestARepeatedCloseAddsThePauseThatAnInterruptedCloseMissed(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	w.requireDisposition()
	home := w.owned(ann, tel(number(1)), "m1")
	click := NewID()
	store, err := eventstore.Open(w.ctx(), eventstore.Config{URL: w.url, Catalog: eventstore.All(), Keys: w.keys})
	require.NoError(t, err)
	t.Cleanup(store.Close)
	stream := interaction.Decider.Stream(string(home))
	history, err := store.Read(w.ctx(), stream, 0)
	require.NoError(t, err)
	_, err = store.Append(w.ctx(), stream, history.Revision, again(click),
		[]domain.Event{interaction.Closed{By: ann, At: w.now()}})
	require.NoError(t, err)
	require.Empty(t, all[agent.Paused](w))
	for range 2 {
		_, err = w.Close(w.ctx(), home, ann, false, "", "", again(click))
		require.NoError(t, err)
		require.Len(t, all[agent.Paused](w), 1)
	}
}

func TestADispositionBelowAnArchivedOneCannotBeChosen(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	save := func(label string, parent domain.DispositionID) domain.DispositionID {
		id, _, err := w.SaveDisposition(w.ctx(), "", disposition.Settings{Label: label, Scope: "GLOBAL",
			ParentID: parent}, "", someone())
		require.NoError(t, err)
		return id
	}
	sold := save("Sold", "")
	rome := save("Rome", save("Flight", sold))
	_, err := w.Archive(w.ctx(), ADisposition, string(sold), "", someone())
	require.NoError(t, err)
	home := w.owned(ann, tel(number(1)), "m1")
	_, err = w.Close(w.ctx(), home, ann, false, "", rome, someone())
	require.ErrorIs(t, err, setting.ErrUnknown)
	w.close(home)
	_, err = w.Dispose(w.ctx(), home, "sue", true, rome, someone())
	require.ErrorIs(t, err, setting.ErrUnknown)
}

func TestADispositionMovesOnlyWithinItsLevel(t *testing.T) {
	w := newWorld(t)
	save := func(id domain.DispositionID, label string, parent domain.DispositionID) (domain.DispositionID, error) {
		id, _, err := w.SaveDisposition(w.ctx(), id, disposition.Settings{Label: label, Scope: "GLOBAL",
			ParentID: parent}, "", someone())
		return id, err
	}
	sold, err := save("", "Sold", "")
	require.NoError(t, err)
	lost, err := save("", "Lost", "")
	require.NoError(t, err)
	flight, err := save("", "Flight", sold)
	require.NoError(t, err)
	_, err = save(sold, "Sold", lost)
	require.ErrorIs(t, err, disposition.ErrLevelFixed, "dispositions below it would exceed three levels")
	_, err = save(flight, "Flight", "")
	require.ErrorIs(t, err, disposition.ErrLevelFixed)
	_, err = save(flight, "Flight", lost)
	require.NoError(t, err)
}

func TestADispositionCannotBeMovedBelowItself(t *testing.T) {
	w := newWorld(t)
	sold, _, err := w.SaveDisposition(w.ctx(), "", disposition.Settings{Label: "Sold", Scope: "GLOBAL"}, "", someone())
	require.NoError(t, err)
	flight, _, err := w.SaveDisposition(w.ctx(), "", disposition.Settings{Label: "Flight", Scope: "GLOBAL",
		ParentID: sold}, "", someone())
	require.NoError(t, err)
	for _, parent := range []domain.DispositionID{sold, flight} {
		_, _, err = w.SaveDisposition(w.ctx(), sold, disposition.Settings{Label: "Sold", Scope: "GLOBAL",
			ParentID: parent}, "", someone())
		require.ErrorIs(t, err, disposition.ErrLevel)
	}
}

// The order matters: a process killed in between leaves a deadline that is found again.
func TestAMissedOfferIsCountedBeforeItEnds(t *testing.T) {
	w := newWorld(t)
	ann, ben := w.agent("ann"), w.agent("ben")
	w.join(ann, ben)
	home, offer := w.receive(tel("393330000001"), "m1"), domain.OfferID(NewID())
	_, err := w.Offer(w.ctx(), home, offer, w.queue, []domain.AgentID{ann, ben}, 30*time.Second, someone())
	require.NoError(t, err)
	w.join(ben)
	w.later(31 * time.Second)
	for range 2 {
		require.NoError(t, w.ExpireOffer(w.ctx(), home, offer))
	}
	var streams []string
	for _, r := range w.log() {
		switch r.Event.(type) {
		case agent.OfferMissed, interaction.OfferExpired:
			streams = append(streams, r.Stream)
		}
	}
	require.Equal(t, []string{"agent-" + string(ben), "interaction-" + string(home)}, streams,
		"ann left the queue, so the offer counts only for ben")
}

func TestAnInteractionIsClosedOnlyWithADispositionThatApplies(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	home := w.owned(ann, tel(number(1)), "m1")
	other, _, err := w.SaveQueue(w.ctx(), "", queue.Settings{Name: "Groups", Strategy: queue.BeepAll,
		OfferTimeout: 30}, "", someone())
	require.NoError(t, err)
	of := func(id domain.QueueID) domain.DispositionID {
		d, _, err := w.SaveDisposition(w.ctx(), "", disposition.Settings{Label: "Sold", Scope: "QUEUE",
			ScopeID: string(id)}, "", someone())
		require.NoError(t, err)
		return d
	}
	_, err = w.Close(w.ctx(), home, ann, false, "", of(other), someone())
	require.ErrorIs(t, err, setting.ErrUnknown)
	_, err = w.Close(w.ctx(), home, ann, false, "", of(w.queue), someone())
	require.NoError(t, err)
	_, err = w.Dispose(w.ctx(), home, ann, false, of(other), someone())
	require.ErrorIs(t, err, setting.ErrUnknown)
}
