package commands_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	. "parley/commands"
	"parley/domain"
	"parley/domain/interaction"
)

func TestOneOfFiftySimultaneousAcceptsWins(t *testing.T) {
	w := newWorld(t)
	processes := []*Commands{w.Commands, w.process()}
	agents := make([]domain.AgentID, 50)
	for i := range agents {
		agents[i] = w.agent(fmt.Sprintf("agent%d", i))
	}
	w.join(agents...)
	for round := range times(20, 1_000) {
		home := w.receive(tel(number(round)), fmt.Sprint(round))
		offer := domain.OfferID(NewID())
		_, err := w.Offer(w.ctx(), home, offer, w.queue, agents, time.Minute, someone())
		require.NoError(t, err)
		errs := together(len(agents), func(i int) error {
			_, err := processes[i%2].AcceptOffer(w.ctx(), home, offer, agents[i], someone())
			return err
		})
		require.Equal(t, map[string]int{"": 1, "ALREADY_ACCEPTED": 49}, codes(t, errs))
		winner := agents[slices.Index(errs, nil)]
		for _, err := range errs {
			if err != nil {
				r := new(domain.Refusal)
				require.ErrorAs(t, err, &r)
				require.Equal(t, string(winner), r.Details["by"])
			}
		}
		_, err = w.AcceptOffer(w.ctx(), home, offer, winner, someone())
		require.NoError(t, err, "the winner may repeat the command")
	}
	require.Len(t, all[interaction.Accepted](w), times(20, 1_000))
}

func TestFiftyConcurrentWritersOfOneStreamAllSucceedOrAreToldToRetry(t *testing.T) {
	for _, c := range []struct {
		name      string
		processes int
	}{
		{"writers in one process", 1},
		{"writers in two processes", 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := newWorld(t)
			processes := []*Commands{w.Commands, w.process()}[:c.processes]
			home := w.receive(tel(number(1)), "m1")
			var mu sync.Mutex
			var took []time.Duration
			busy := 0
			each := times(10, 200)
			for _, err := range together(50, func(i int) error {
				for range each {
					began := time.Now()
					_, err := processes[i%len(processes)].AddNote(w.ctx(), home, "ann", "note", someone())
					mu.Lock()
					took = append(took, time.Since(began))
					mu.Unlock()
					switch {
					case err != nil && code(t, err) == ErrBusy.Code:
						mu.Lock()
						busy++
						mu.Unlock()
					case err != nil:
						return err
					}
				}
				return nil
			}) {
				require.NoError(t, err)
			}
			slices.Sort(took)
			t.Logf("p99 %v, busy %d of %d", took[len(took)*99/100], busy, len(took))
			if c.processes == 1 {
				require.Zero(t, busy)
			}
			require.LessOrEqual(t, busy*100, len(took), "BUSY at most 1 %%")
			require.Len(t, all[interaction.NoteAdded](w), len(took)-busy)
		})
	}
}

func TestARepeatedCommandReturnsItsFirstPosition(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	home := w.owned(ann, tel(number(1)), "m1")
	id := NewID()
	draft := Draft{Text: "hello", Kind: interaction.KindText}
	first, err := w.Send(w.ctx(), home, ann, draft, again(id))
	require.NoError(t, err)
	_, err = w.AddNote(w.ctx(), home, ann, "later", someone())
	require.NoError(t, err)
	w.close(home)
	end := len(w.log())
	for _, process := range []*Commands{w.Commands, w.process()} {
		at, err := process.Send(w.ctx(), home, ann, draft, again(id))
		require.NoError(t, err, "even if the command would be refused now")
		require.Equal(t, first, at)
	}
	require.Len(t, w.log(), end)
}

func TestACommandIDCannotBeReusedForOtherContent(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	home := w.owned(ann, tel(number(1)), "m1")
	id := domain.CommandID(NewID())
	send := func(c *Commands, text string) error {
		_, err := c.Send(w.ctx(), home, ann, Draft{Text: text, Kind: interaction.KindText},
			Meta(ann, id, "digest of "+text))
		return err
	}
	require.NoError(t, send(w.Commands, "yes"))
	require.NoError(t, send(w.Commands, "yes"))
	require.ErrorIs(t, send(w.Commands, "no"), ErrCommandReused)
	require.ErrorIs(t, send(w.process(), "no"), ErrCommandReused)
}

func TestACommandRepeatedConcurrentlyTakesEffectOnce(t *testing.T) {
	w := newWorld(t)
	home := w.receive(tel(number(1)), "m1")
	for range times(20, 1_000) {
		id := NewID()
		for _, err := range together(10, func(i int) error {
			w.later(time.Millisecond)
			_, err := w.Monitor(w.ctx(), home, "sue", again(id))
			return err
		}) {
			require.NoError(t, err)
		}
	}
	require.Len(t, all[interaction.Monitored](w), times(20, 1_000))

	errs := together(10, func(i int) error {
		_, err := w.AddNote(w.ctx(), home, "ann", "note", Meta("ann", "3d1a3ae5-8f0c-4a29-b3f8-2f4f1f3a7c10",
			fmt.Sprint(i%2)))
		return err
	})
	require.Equal(t, map[string]int{"": 5, "COMMAND_ID_REUSED": 5}, codes(t, errs),
		"a concurrent reuse with other content is refused")
}

func TestARefusalIsCheckedAgainstOtherProcessesWrites(t *testing.T) {
	w := newWorld(t)
	ann, ben, other := w.agent("ann"), w.agent("ben"), w.process()
	home := w.owned(ann, tel(number(1)), "m1")
	_, err := other.Send(w.ctx(), home, ben, Draft{Text: "hello", Kind: interaction.KindText}, someone())
	require.ErrorIs(t, err, interaction.ErrNotOwner)
	_, err = w.Assign(w.ctx(), home, ben, "", someone())
	require.NoError(t, err)
	_, err = other.Send(w.ctx(), home, ben, Draft{Text: "hello", Kind: interaction.KindText}, someone())
	require.NoError(t, err, "the other process reads the stream again before it refuses")
	_, err = w.Send(w.ctx(), home, ann, Draft{Text: "hello", Kind: interaction.KindText}, someone())
	require.ErrorIs(t, err, interaction.ErrNotOwner)
}

func TestFreeTextIsRefusedAfterTheReplyWindow(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	home := w.owned(ann, tel(number(1)), "m1")
	w.later(24*time.Hour - time.Second)
	w.send(home, ann)
	w.later(time.Second)
	_, err := w.Send(w.ctx(), home, ann, Draft{Text: "hello", Kind: interaction.KindText}, someone())
	require.ErrorIs(t, err, interaction.ErrWindowClosed)
	w.receive(tel(number(1)), "m2")
	w.send(home, ann)
}

func TestOnlyOneWorkerMaySendAMessage(t *testing.T) {
	w := newWorld(t)
	ann := w.agent("ann")
	home := w.owned(ann, tel(number(1)), "m1")
	processes := []*Commands{w.Commands, w.process()}
	for range times(20, 1_000) {
		message := w.send(home, ann)
		claims := make([]bool, 8)
		errs := together(8, func(i int) (err error) {
			_, claims[i], err = processes[i%2].ClaimSending(w.ctx(), home, message)
			return err
		})
		require.Equal(t, map[string]int{"": 1, "SEND_CLAIMED": 7}, codes(t, errs))
		require.True(t, claims[slices.Index(errs, nil)])
		require.NoError(t, w.SendAccepted(w.ctx(), home, w.account, message, "out."+string(message)))
	}
}
