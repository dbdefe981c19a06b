package live_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/internal/live"
	"parley/projections"
)

func TestASubscriberGetsExactlyTheChangesItIsInterestedIn(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	for name, c := range map[string]struct {
		interest live.Interest
		want     []string
	}{
		"a subscriber to everything": {live.Interest{All: true},
			[]string{"i1", "i2", "m1", "c1", "end"}},
		"the agent of a change":          {live.Interest{Agents: []string{"ann"}}, []string{"i1", "end"}},
		"the previous agent of a change": {live.Interest{Agents: []string{"bob"}}, []string{"i1", "end"}},
		"the queue of a change":          {live.Interest{Queues: []string{"q1"}}, []string{"i2", "end"}},
		"the previous queue of a change": {live.Interest{Queues: []string{"q0"}}, []string{"i2", "end"}},
		"the list of a change":           {live.Interest{Lists: []string{"l1"}}, []string{"c1", "end"}},
		"the kind of a change":           {live.Interest{Kinds: []projections.ChangeKind{projections.ContactChanged}}, []string{"c1", "end"}},
		"a single interaction": {live.Interest{Interactions: []string{"i2"}},
			[]string{"i2", "m1", "end"}},
		"an agent and an interaction": {live.Interest{Agents: []string{"ann"},
			Interactions: []string{"i2"}}, []string{"i1", "i2", "m1", "end"}},
		"a filter by kind": {live.Interest{All: true,
			Match: func(c *live.Change) bool { return c.Kind != "message" }},
			[]string{"i1", "i2", "c1", "end"}},
	} {
		c.interest.Kinds = append(c.interest.Kinds, "end")
		s := w.subscribe(h, "", c.interest)
		start := w.next(s).Position
		t.Cleanup(func() {
			ids, _ := w.told(s, "end")
			require.Equal(t, c.want, ids, name)
			s.Close()
			_, err := s.Next(context.Background())
			require.ErrorIs(t, err, live.ErrClosed)
			ids, _ = w.told(w.subscribe(h, start, c.interest), "end") // a resuming subscriber gets the same
			require.Equal(t, c.want, ids, name)
		})
	}
	w.project(
		live.Change{Kind: "interaction", ID: "i1", InteractionID: "i1", Agents: []string{"ann"},
			AgentsBefore: []string{"bob"}},
		live.Change{Kind: "interaction", ID: "i2", InteractionID: "i2", Queue: "q1", QueueBefore: "q0"},
		message("m1", "i2"),
		live.Change{Kind: "contact", ID: "c1", List: "l1"},
	)
	w.project(live.Change{Kind: "end", ID: "end"})
}

func TestAReconnectingScreenMissesNothing(t *testing.T) {
	w := newWorld(t)
	hubs := []*live.Hub{w.hub(), w.hub()}
	done := make(chan struct{})
	var busy sync.WaitGroup
	busy.Go(func() {
		defer close(done)
		for i := range 400 {
			w.project(message(fmt.Sprint("m", i), "i"))
		}
		w.project(message("last", "i"))
	})
	var ids []string
	position := ""
	// Each time at another process, after a batch or two.
	for n := 0; !slices.Contains(ids, "last"); n++ {
		s := w.subscribe(hubs[n%2], position, live.Interest{All: true})
		for range 1 + n%3 {
			b := w.next(s)
			require.False(t, b.Resync)
			position = b.Position
			for _, c := range b.Changes {
				ids = append(ids, c.ID)
			}
			if slices.Contains(ids, "last") {
				break
			}
		}
		s.Close()
	}
	busy.Wait()
	var want []string
	for i := range 400 {
		want = append(want, fmt.Sprint("m", i))
	}
	start := slices.Index(want, ids[0])
	require.Equal(t, append(want[start:], "last"), ids)
}

func TestResumingFromAPrunedOrForeignPositionRequiresAResync(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	s := w.subscribe(h, "", live.Interest{All: true})
	start := w.next(s).Position
	w.project(change("a"))
	_, position := w.told(s, "a")

	w.project(change("b"))
	_, err := w.pool.Exec(t.Context(), `UPDATE app_data.progress SET pruned_through = 1`)
	require.NoError(t, err)
	require.True(t, w.next(w.subscribe(h, start, live.Interest{All: true})).Resync)
	ids, _ := w.told(w.subscribe(h, position, live.Interest{All: true}), "b")
	require.Equal(t, []string{"b"}, ids)
	require.True(t, w.next(w.subscribe(h, "nonsense", live.Interest{All: true})).Resync)
	other := newWorld(t)
	_, err = other.pool.Exec(t.Context(), `UPDATE app_data.progress SET log_id = gen_random_uuid()`)
	require.NoError(t, err)
	require.True(t, other.next(other.subscribe(other.hub(), position, live.Interest{All: true})).Resync)
}

func TestANewEpochMakesEverySubscriberResync(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	s := w.subscribe(h, "", live.Interest{Agents: []string{"ann"}})
	old := w.next(s).Position
	w.epoch++
	w.project(change("a", "bob"))
	b := w.next(s)
	require.True(t, b.Resync)
	w.project(change("b", "ann"))
	ids, _ := w.told(s, "b")
	require.Equal(t, []string{"b"}, ids)
	require.True(t, w.next(w.subscribe(h, old, live.Interest{All: true})).Resync)
}

func TestAPositionAheadOfTheReadModelsRequiresAResync(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	s := w.subscribe(h, "", live.Interest{All: true})
	w.next(s)
	w.project(change("a"))
	_, position := w.told(s, "a")
	raw, err := base64.RawURLEncoding.DecodeString(position)
	require.NoError(t, err)
	raw[len(raw)-2]++ // 256 further
	ahead := w.subscribe(h, base64.RawURLEncoding.EncodeToString(raw), live.Interest{All: true})
	require.True(t, w.next(ahead).Resync)
	w.project(change("b"))
	ids, _ := w.told(ahead, "b")
	require.Equal(t, []string{"b"}, ids)
}

func TestASlowSubscriberIsCutOffAndOthersContinue(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	slow, quick := w.subscribe(h, "", live.Interest{All: true}), w.subscribe(h, "", live.Interest{All: true})
	position := w.next(slow).Position
	for i := range 300 {
		w.project(change(fmt.Sprint(i)))
		w.told(quick, fmt.Sprint(i))
	}
	_, err := slow.Next(t.Context())
	require.ErrorIs(t, err, live.ErrSlow)
	ids, _ := w.told(w.subscribe(h, position, live.Interest{All: true}), "299")
	require.Len(t, ids, 300)
}

func TestWaitingBatchesAreMergedWithEachRowOnce(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	s, other := w.subscribe(h, "", live.Interest{All: true}), w.subscribe(h, "", live.Interest{All: true})
	w.next(s)
	for range 3 {
		w.project(change("a"), change("b"))
		w.told(other, "b")
	}
	s.Change(live.Interest{All: true}) // by now the last subscriber has been served
	b := w.next(s)
	require.Len(t, b.Changes, 2)
	require.Equal(t, []string{"a", "b"}, []string{b.Changes[0].ID, b.Changes[1].ID})
	require.EqualValues(t, 6, b.Changes[1].Position)
}

func TestMergedBatchesKeepTheScopeBeforeTheFirstChange(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	s := w.subscribe(h, "", live.Interest{All: true})
	w.next(s)
	other := w.subscribe(h, "", live.Interest{All: true})
	w.next(other)
	w.project(live.Change{
		Kind: "interaction", ID: "i1", Queue: "q1", QueueBefore: "q0", Account: "a1",
		AgentsBefore: []string{"ann"},
	})
	w.project(live.Change{Kind: "interaction", ID: "i1", Queue: "q1", Account: "a1", Agents: []string{"ben"}})
	w.project(live.Change{Kind: "end", ID: "end"})
	w.told(other, "end")
	// by now the last subscriber has been served, so all three batches are waiting
	s.Change(live.Interest{All: true})
	b := w.next(s)
	require.Len(t, b.Changes, 2)
	c := b.Changes[0]
	require.Equal(t, []string{"q0", "q1", "a1", "a1"},
		[]string{c.QueueBefore, c.Queue, c.AccountBefore, c.Account})
	require.Equal(t, []string{"ann"}, c.AgentsBefore)
	require.Equal(t, []string{"ben"}, c.Agents)
}

func TestChangesToOneRowInOneReadAreMerged(t *testing.T) {
	w := newWorld(t)
	s := w.subscribe(w.hub(), "", live.Interest{All: true})
	w.next(s)
	w.project(
		live.Change{Kind: "interaction", ID: "i1", Queue: "q1", QueueBefore: "q0"},
		live.Change{Kind: "message", ID: "m1", InteractionID: "i1"},
		live.Change{Kind: "interaction", ID: "i1", Queue: "q2", QueueBefore: "q1"})
	b := w.next(s)
	require.Len(t, b.Changes, 2)
	require.Equal(t, "m1", b.Changes[0].ID)
	require.Equal(t, []string{"q0", "q2"}, []string{b.Changes[1].QueueBefore, b.Changes[1].Queue})
}

func TestASubscriberMayChangeItsInterest(t *testing.T) {
	w := newWorld(t)
	s := w.subscribe(w.hub(), "", live.Interest{Queues: []string{"q1"}})
	w.next(s)
	s.Change(live.Interest{Queues: []string{"q2"}})
	w.project(live.Change{Kind: "interaction", ID: "a", Queue: "q1"},
		live.Change{Kind: "interaction", ID: "b", Queue: "q2"})
	ids, _ := w.told(s, "b")
	require.Equal(t, []string{"b"}, ids)
}

func TestALostListenerConnectionLosesNoChanges(t *testing.T) {
	w := newWorld(t)
	s := w.subscribe(w.hub(), "", live.Interest{All: true})
	w.next(s)
	var want []string
	for i := range 30 {
		if i%10 == 5 {
			w.dropListeners()
		}
		w.project(change(fmt.Sprint(i)))
		want = append(want, fmt.Sprint(i))
	}
	ids, _ := w.told(s, "29")
	require.Equal(t, want, ids)
}

func TestChangesRolledBackByACrashArePublishedAgain(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	s := w.subscribe(h, "", live.Interest{All: true})
	w.next(s)
	w.project(change("a"))
	_, afterA := w.told(s, "a")
	w.project(change("b"))
	w.told(s, "b")
	_, err := w.pool.Exec(t.Context(), `
		WITH d AS (DELETE FROM app_data.changes WHERE position = 2)
		UPDATE app_data.progress SET commit_position = 1`)
	require.NoError(t, err)
	w.dropListeners()
	require.Eventually(t, func() bool { // a screen loaded now has seen only a
		f := w.subscribe(h, "", live.Interest{All: true})
		defer f.Close()
		return w.next(f).Position == afterA
	}, patience, 10*time.Millisecond)
	w.at = 1
	w.project(change("b"))
	ids, _ := w.told(s, "b")
	require.Equal(t, []string{"b"}, ids)
}

func TestWatchersAreVisibleInAllProcessesAndExpire(t *testing.T) {
	w := newWorld(t)
	one, two := w.hub(), w.hub()
	s := w.subscribe(two, "", live.Interest{Watch: "i"})
	require.Equal(t, []live.Watcher{}, w.next(s).Watchers)
	one.Signal(live.Signal{InteractionID: "i", UserID: "ann"})
	one.Signal(live.Signal{InteractionID: "other", UserID: "cho"})
	require.Equal(t, []live.Watcher{{UserID: "ann"}}, w.next(s).Watchers)
	two.Signal(live.Signal{InteractionID: "i", UserID: "bob", Typing: true})
	require.Equal(t, []live.Watcher{{UserID: "ann"}, {UserID: "bob", Typing: true}}, w.next(s).Watchers)
	require.Eventually(t, func() bool { // the other process hears of it a little later
		f := w.subscribe(one, "", live.Interest{Watch: "i"})
		defer f.Close()
		return slices.Equal([]live.Watcher{{UserID: "ann"}, {UserID: "bob", Typing: true}}, w.next(f).Watchers)
	}, patience, 5*time.Millisecond)
	one.Signal(live.Signal{InteractionID: "i", UserID: "bob", Gone: true})
	require.Equal(t, []live.Watcher{{UserID: "ann"}}, w.next(s).Watchers)
	require.Equal(t, []live.Watcher{}, w.next(s).Watchers) // ten seconds later
}

func TestOneChangeReachesTenThousandSubscribers(t *testing.T) {
	w := newWorld(t)
	h := w.hub()
	const subscribers = 10_000
	var waiting sync.WaitGroup
	var heard atomic.Int64
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for i := range subscribers {
		s := w.subscribe(h, "",
			live.Interest{Agents: []string{fmt.Sprint("agent", i)},
				Kinds: []projections.ChangeKind{projections.PolicyChanged}})
		w.next(s)
		waiting.Go(func() {
			for {
				b, err := s.Next(ctx)
				if err != nil {
					return
				}
				if len(b.Changes) > 0 {
					heard.Add(1)
					return
				}
			}
		})
	}
	w.project(live.Change{Kind: "policy", ID: "p"})
	waiting.Wait()
	require.EqualValues(t, subscribers, heard.Load())
}
