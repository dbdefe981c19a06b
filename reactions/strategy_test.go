package reactions

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"parley/domain/queue"
	"parley/projections/settings"
	"parley/projections/waiting"
)

var noon = time.Date(2026, 3, 14, 12, 0, 0, 0, time.UTC)

func after(d time.Duration) time.Time { return noon.Add(d) }

func queueOf(strategy queue.Strategy, change ...func(*queue.Settings)) settings.Queue {
	s := queue.Settings{Strategy: strategy, OfferTimeout: 20, Weight: 5}
	for _, c := range change {
		c(&s)
	}
	return settings.Queue{ID: "sales", Settings: s, Members: []string{"ann", "ben", "cho"}}
}

func waits(change ...func(*waiting.Row)) waiting.Row {
	at := after(-time.Hour)
	r := waiting.Row{InteractionID: "i1", QueueID: "sales", OpenedAt: at, Since: &at}
	for _, c := range change {
		c(&r)
	}
	return r
}

// tried is a row with these attempts, one offer each.
func tried(attempts ...waiting.Attempt) func(*waiting.Row) {
	return func(r *waiting.Row) { r.Attempts, r.Round = attempts, len(attempts) }
}

func standing(agent string) waiting.Attempt {
	return waiting.Attempt{AgentID: agent, OfferID: "o-" + agent, State: waiting.Standing, At: after(-time.Second), Until: after(19 * time.Second)}
}

func ended(agent, state string, at time.Duration) waiting.Attempt {
	return waiting.Attempt{AgentID: agent, OfferID: "o-" + agent, State: state, At: after(at), Until: after(at)}
}

func free(id string, change ...func(*worker)) worker {
	w := worker{ID: id, Since: after(-3 * time.Hour)}
	for _, c := range change {
		c(&w)
	}
	return w
}

func offeredAgo(d time.Duration) func(*worker) {
	return func(w *worker) { w.LastOffered = map[string]time.Time{"sales": after(-d)} }
}

func TestWhomAnInteractionIsOfferedTo(t *testing.T) {
	sticky := func(s *queue.Settings) { s.Sticky = true }
	last := func(agent string) func(*waiting.Row) { return func(r *waiting.Row) { r.LastOwnerID = agent } }
	all := []worker{free("ann"), free("ben"), free("cho")}
	cases := []struct {
		name    string
		queue   settings.Queue
		row     waiting.Row
		workers []worker
		taker   string
		want    []string
		again   time.Duration // from noon; 0: not of itself
	}{
		{name: "beepall: everybody who is free (R45)", queue: queueOf(queue.BeepAll), row: waits(), workers: all, want: []string{"ann", "ben", "cho"}},
		{name: "beepall: who is not there gets nothing", queue: queueOf(queue.BeepAll), row: waits(), workers: all[:1], want: []string{"ann"}},
		{name: "nobody there: nothing to come back for", queue: queueOf(queue.BeepAll), row: waits()},
		{name: "strangers to the queue get nothing", queue: queueOf(queue.BeepAll), row: waits(), workers: []worker{free("zed")}},
		{name: "beepall: who has it in front of him is not asked again", queue: queueOf(queue.BeepAll), row: waits(tried(standing("ann"))), workers: all, want: []string{"ben", "cho"}},
		{name: "beepall: who rejected is left alone while others ring (A3)", queue: queueOf(queue.BeepAll),
			row: waits(tried(standing("ann"), ended("ben", waiting.Rejected, 0))), workers: all[:2]},
		{name: "beepall: who comes later rings too, at once", queue: queueOf(queue.BeepAll),
			row: waits(tried(ended("ann", waiting.Rejected, 0), ended("ben", waiting.Missed, 0))), workers: all, want: []string{"cho"}},
		{name: "at capacity is not free", queue: queueOf(queue.BeepAll), row: waits(),
			workers: []worker{free("ann", func(w *worker) { w.Capacity, w.Open = 2, 2 }), free("ben", func(w *worker) { w.Capacity, w.Open = 2, 1 })}, want: []string{"ben"}},
		{name: "beepall: standing offers are no promise", queue: queueOf(queue.BeepAll), row: waits(),
			workers: []worker{free("ann", func(w *worker) { w.Capacity, w.Open, w.Standing = 2, 1, 4 })}, want: []string{"ann"}},
		{name: "elsewhere they count", queue: queueOf(queue.LeastRecent), row: waits(),
			workers: []worker{free("ann", func(w *worker) { w.Capacity, w.Open, w.Standing = 2, 1, 1 })}},
		{name: "five offers at once are enough", queue: queueOf(queue.BeepAll), row: waits(), workers: []worker{free("ann", func(w *worker) { w.Standing = 5 })}},

		{name: "round robin: the one after the last who took one", queue: queueOf(queue.RoundRobin), row: waits(), workers: all, taker: "ann", want: []string{"ben"}},
		{name: "round robin: after the last comes the first", queue: queueOf(queue.RoundRobin), row: waits(), workers: all, taker: "cho", want: []string{"ann"}},
		{name: "round robin: nobody took one yet", queue: queueOf(queue.RoundRobin), row: waits(), workers: all, want: []string{"ann"}},
		{name: "round robin: who is away is passed over", queue: queueOf(queue.RoundRobin), row: waits(), workers: []worker{all[0], all[2]}, taker: "ann", want: []string{"cho"}},
		{name: "round robin: who refused passes it on (R46)", queue: queueOf(queue.RoundRobin), row: waits(tried(ended("ben", waiting.Rejected, 0))), workers: all, taker: "ann", want: []string{"cho"}},
		{name: "round robin: one at a time", queue: queueOf(queue.RoundRobin), row: waits(tried(standing("ann"))), workers: all},
		{name: "round robin: an offer whose time is over stands no more", queue: queueOf(queue.RoundRobin), row: waits(func(r *waiting.Row) {
			r.Attempts, r.Round = []waiting.Attempt{{AgentID: "ann", State: waiting.Standing, At: after(-time.Minute), Until: noon}}, 1
		}), workers: all, want: []string{"ben"}},
		{name: "least recent: the one notified longest ago", queue: queueOf(queue.LeastRecent), row: waits(),
			workers: []worker{free("ann", offeredAgo(time.Minute)), free("ben", offeredAgo(time.Hour)), free("cho", offeredAgo(time.Second))}, want: []string{"ben"}},
		{name: "least recent: who was never notified is first", queue: queueOf(queue.LeastRecent), row: waits(),
			workers: []worker{free("ann", offeredAgo(time.Minute)), free("cho")}, want: []string{"cho"}},

		{name: "all refused: again after a minute", queue: queueOf(queue.BeepAll), row: waits(func(r *waiting.Row) {
			r.Attempts, r.Round = []waiting.Attempt{ended("ann", waiting.Missed, 0), ended("ben", waiting.Rejected, -5*time.Second)}, 1
		}), workers: all[:2], again: time.Minute},
		{name: "when the minute is over it rings again", queue: queueOf(queue.BeepAll), row: waits(func(r *waiting.Row) {
			r.Attempts, r.Round = []waiting.Attempt{ended("ann", waiting.Missed, -time.Minute), ended("ben", waiting.Rejected, -65*time.Second)}, 1
		}), workers: all[:2], want: []string{"ann", "ben"}},
		{name: "the third time after four minutes", queue: queueOf(queue.BeepAll), row: waits(func(r *waiting.Row) {
			r.Attempts, r.Round = []waiting.Attempt{ended("ann", waiting.Missed, 0)}, 3
		}), workers: all[:1], again: 4 * time.Minute},
		{name: "never later than ten minutes", queue: queueOf(queue.BeepAll), row: waits(func(r *waiting.Row) {
			r.Attempts, r.Round = []waiting.Attempt{ended("ann", waiting.Missed, 0)}, 90
		}), workers: all[:1], again: 10 * time.Minute},
		{name: "nobody eligible: no coming back (R46)", queue: queueOf(queue.BeepAll), row: waits(tried(ended("ann", waiting.Missed, -time.Hour)))},
		{name: "who became available since is asked at once", queue: queueOf(queue.BeepAll), row: waits(tried(ended("ann", waiting.Missed, -5*time.Second))),
			workers: []worker{free("ann", func(w *worker) { w.Since = after(-time.Second) })}, want: []string{"ann"}},
		{name: "round robin: all asked in turn, then a pause", queue: queueOf(queue.RoundRobin),
			row:     waits(tried(ended("ann", waiting.Missed, -40*time.Second), ended("ben", waiting.Missed, -20*time.Second), ended("cho", waiting.Missed, 0))),
			workers: all, again: time.Minute},
		{name: "round robin: the second turn goes on without a pause", queue: queueOf(queue.RoundRobin), row: waits(func(r *waiting.Row) {
			r.Attempts = []waiting.Attempt{ended("ann", waiting.Missed, 0), ended("ben", waiting.Missed, -2*time.Minute), ended("cho", waiting.Missed, -100*time.Second)}
			r.Round = 4
		}), workers: all, want: []string{"ben"}},

		{name: "sticky: the last owner alone first (B15)", queue: queueOf(queue.BeepAll, sticky), row: waits(last("ben")), workers: all, want: []string{"ben"}},
		{name: "sticky: the others wait while he is asked", queue: queueOf(queue.BeepAll, sticky), row: waits(last("ben"), tried(standing("ben"))), workers: all},
		{name: "sticky: then as always", queue: queueOf(queue.BeepAll, sticky), row: waits(last("ben"), tried(ended("ben", waiting.Missed, 0))), workers: all, want: []string{"ann", "cho"}},
		{name: "sticky: not when he is away", queue: queueOf(queue.BeepAll, sticky), row: waits(last("ben")), workers: []worker{all[0], all[2]}, want: []string{"ann", "cho"}},
		{name: "sticky: not to the one who just lost it (A24)", queue: queueOf(queue.BeepAll, sticky),
			row:     waits(last("ben"), func(r *waiting.Row) { r.Attempts = []waiting.Attempt{ended("ben", waiting.Released, 0)} }),
			workers: all, want: []string{"ann", "cho"}},
		{name: "who lost it is asked when he is back", queue: queueOf(queue.BeepAll),
			row:     waits(func(r *waiting.Row) { r.Attempts = []waiting.Attempt{ended("ben", waiting.Released, -time.Minute)} }),
			workers: []worker{free("ben", func(w *worker) { w.Since = noon })}, want: []string{"ben"}},

		{name: "nothing is offered during a transfer", queue: queueOf(queue.BeepAll), row: waits(func(r *waiting.Row) { r.TransferID = "t1" }), workers: all},
		{name: "nothing somebody has is offered", queue: queueOf(queue.BeepAll), row: waits(func(r *waiting.Row) { r.OwnerID = "ann" }), workers: all},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			h := hallOf(c.queue, c.workers, c.row)
			h.Taker["sales"] = c.taker
			offers, again := h.plan(noon)
			if c.want == nil {
				require.Empty(t, offers)
			} else {
				require.Len(t, offers, 1)
				require.Equal(t, c.want, offers[0].Agents)
				require.Equal(t, 20*time.Second, offers[0].Lasts)
			}
			if c.again == 0 {
				require.Zero(t, again)
			} else {
				require.Equal(t, after(c.again), again)
			}
		})
	}
}

func hallOf(q settings.Queue, workers []worker, rows ...waiting.Row) hall {
	h := hall{Queues: map[string]settings.Queue{q.ID: q}, Workers: map[string]*worker{}, Taker: map[string]string{}, Waiting: rows}
	for _, w := range workers {
		h.Workers[w.ID] = &w
	}
	return h
}

func TestHeavierQueuesAndLongerWaitsComeFirst(t *testing.T) {
	row := func(id, queue string, ago time.Duration) waiting.Row {
		return waits(func(r *waiting.Row) { at := after(-ago); r.InteractionID, r.QueueID, r.Since = id, queue, &at })
	}
	h := hallOf(queueOf(queue.LeastRecent), []worker{free("ann", func(w *worker) { w.Capacity = 3 })},
		row("young", "sales", time.Minute), row("old", "sales", time.Hour), row("vip", "gold", time.Second), row("oldest of the light", "light", 5*time.Hour))
	for id, weight := range map[string]int{"gold": 9, "light": 1} {
		q := queueOf(queue.LeastRecent, func(s *queue.Settings) { s.Weight = weight })
		q.ID = id
		h.Queues[id] = q
	}
	offers, _ := h.plan(noon)
	var order []string
	for _, o := range offers {
		order = append(order, o.Row.InteractionID)
	}
	require.Equal(t, []string{"vip", "old", "young"}, order, "and then the agent has as many as he may")
}

func TestManyWaitingAreSpreadOverTheAgents(t *testing.T) {
	for _, strategy := range []queue.Strategy{queue.RoundRobin, queue.LeastRecent} {
		h := hallOf(queueOf(strategy), []worker{free("ann"), free("ben"), free("cho")})
		for _, id := range []string{"i1", "i2", "i3", "i4"} {
			h.Waiting = append(h.Waiting, waits(func(r *waiting.Row) { r.InteractionID = id }))
		}
		offers, _ := h.plan(noon)
		count := map[string]int{}
		for _, o := range offers {
			require.Len(t, o.Agents, 1)
			count[o.Agents[0]]++
		}
		require.Equal(t, map[string]int{"ann": 2, "ben": 1, "cho": 1}, count, strategy)
	}
}
