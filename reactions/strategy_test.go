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

// record returns a change that adds these attempts to a row, one offer each.
func record(attempts ...waiting.Attempt) func(*waiting.Row) {
	return func(r *waiting.Row) { r.Attempts, r.Round = attempts, len(attempts) }
}

func pending(agent string) waiting.Attempt {
	return waiting.Attempt{AgentID: agent, OfferID: "o-" + agent, State: waiting.Pending,
		At: after(-time.Second), Until: after(19 * time.Second)}
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

func TestStrategiesChooseWhoGetsAnOffer(t *testing.T) {
	sticky := func(s *queue.Settings) { s.Sticky = true }
	last := func(agent string) func(*waiting.Row) { return func(r *waiting.Row) { r.LastOwnerID = agent } }
	all := []worker{free("ann"), free("ben"), free("cho")}
	cases := []struct {
		name     string
		queue    settings.Queue
		row      waiting.Row
		workers  []worker
		accepted string
		want     []string
		again    time.Duration // after noon; 0 means no retry time
	}{
		{name: "beepall offers to every free agent", queue: queueOf(queue.BeepAll), row: waits(),
			workers: all, want: []string{"ann", "ben", "cho"}},
		{name: "beepall offers nothing to an absent agent", queue: queueOf(queue.BeepAll), row: waits(),
			workers: all[:1], want: []string{"ann"}},
		{name: "with no one available there is no retry time", queue: queueOf(queue.BeepAll), row: waits()},
		{name: "agents outside the queue get no offer", queue: queueOf(queue.BeepAll), row: waits(), workers: []worker{free("zed")}},
		{name: "beepall does not repeat an offer that is still pending", queue: queueOf(queue.BeepAll),
			row: waits(record(pending("ann"))), workers: all, want: []string{"ben", "cho"}},
		{name: "beepall skips an agent who rejected while others decide", queue: queueOf(queue.BeepAll),
			row: waits(record(pending("ann"), ended("ben", waiting.Rejected, 0))), workers: all[:2]},
		{name: "beepall offers at once to an agent who arrives later", queue: queueOf(queue.BeepAll),
			row:     waits(record(ended("ann", waiting.Rejected, 0), ended("ben", waiting.Missed, 0))),
			workers: all, want: []string{"cho"}},
		{name: "an agent at capacity gets no offer", queue: queueOf(queue.BeepAll), row: waits(),
			workers: []worker{free("ann", func(w *worker) { w.Capacity, w.Open = 2, 2 }),
				free("ben", func(w *worker) { w.Capacity, w.Open = 2, 1 })}, want: []string{"ben"}},
		{name: "beepall ignores pending offers when it counts capacity", queue: queueOf(queue.BeepAll), row: waits(),
			workers: []worker{free("ann", func(w *worker) { w.Capacity, w.Open, w.PendingOffers = 2, 1, 4 })},
			want:    []string{"ann"}},
		{name: "other strategies count pending offers towards capacity", queue: queueOf(queue.LeastRecent),
			row:     waits(),
			workers: []worker{free("ann", func(w *worker) { w.Capacity, w.Open, w.PendingOffers = 2, 1, 1 })}},
		{name: "an agent gets at most five offers at once", queue: queueOf(queue.BeepAll), row: waits(),
			workers: []worker{free("ann", func(w *worker) { w.PendingOffers = 5 })}},

		{name: "round robin picks the agent after the last to accept", queue: queueOf(queue.RoundRobin),
			row: waits(), workers: all, accepted: "ann", want: []string{"ben"}},
		{name: "round robin wraps from the last agent to the first", queue: queueOf(queue.RoundRobin),
			row: waits(), workers: all, accepted: "cho", want: []string{"ann"}},
		{name: "round robin starts with the first agent", queue: queueOf(queue.RoundRobin), row: waits(),
			workers: all, want: []string{"ann"}},
		{name: "round robin skips an absent agent", queue: queueOf(queue.RoundRobin), row: waits(),
			workers: []worker{all[0], all[2]}, accepted: "ann", want: []string{"cho"}},
		{name: "round robin moves on after a rejection", queue: queueOf(queue.RoundRobin),
			row: waits(record(ended("ben", waiting.Rejected, 0))), workers: all, accepted: "ann",
			want: []string{"cho"}},
		{name: "round robin offers to one agent at a time", queue: queueOf(queue.RoundRobin),
			row: waits(record(pending("ann"))), workers: all},
		{name: "round robin moves on after an offer times out", queue: queueOf(queue.RoundRobin),
			row: waits(func(r *waiting.Row) {
				r.Attempts, r.Round = []waiting.Attempt{{AgentID: "ann", State: waiting.Pending,
					At: after(-time.Minute), Until: noon}}, 1
			}), workers: all, want: []string{"ben"}},
		{name: "least recent picks the agent notified longest ago", queue: queueOf(queue.LeastRecent), row: waits(),
			workers: []worker{free("ann", offeredAgo(time.Minute)), free("ben", offeredAgo(time.Hour)),
				free("cho", offeredAgo(time.Second))}, want: []string{"ben"}},
		{name: "least recent picks a never notified agent first", queue: queueOf(queue.LeastRecent), row: waits(),
			workers: []worker{free("ann", offeredAgo(time.Minute)), free("cho")}, want: []string{"cho"}},

		{name: "after all rejected the next offer waits a minute", queue: queueOf(queue.BeepAll),
			row: waits(func(r *waiting.Row) {
				r.Attempts, r.Round = []waiting.Attempt{ended("ann", waiting.Missed, 0),
					ended("ben", waiting.Rejected, -5*time.Second)}, 1
			}), workers: all[:2], again: time.Minute},
		{name: "a minute after all rejected it is offered again", queue: queueOf(queue.BeepAll), row: waits(func(r *waiting.Row) {
			r.Attempts, r.Round = []waiting.Attempt{ended("ann", waiting.Missed, -time.Minute),
				ended("ben", waiting.Rejected, -65*time.Second)}, 1
		}), workers: all[:2], want: []string{"ann", "ben"}},
		{name: "a free agent is asked again after a minute however often they were asked",
			queue: queueOf(queue.BeepAll), row: waits(func(r *waiting.Row) {
				r.Attempts, r.Round = []waiting.Attempt{ended("ann", waiting.Missed, 0)}, 90
			}), workers: all[:1], again: time.Minute},
		{name: "with no one eligible there is no next round", queue: queueOf(queue.BeepAll),
			row: waits(record(ended("ann", waiting.Missed, -time.Hour)))},
		{name: "an agent who just became available is asked at once", queue: queueOf(queue.BeepAll),
			row:     waits(record(ended("ann", waiting.Missed, -5*time.Second))),
			workers: []worker{free("ann", func(w *worker) { w.Since = after(-time.Second) })}, want: []string{"ann"}},
		{name: "round robin asks no one twice within a minute", queue: queueOf(queue.RoundRobin),
			row: waits(record(ended("ann", waiting.Missed, -40*time.Second),
				ended("ben", waiting.Missed, -20*time.Second), ended("cho", waiting.Missed, 0))),
			workers: all, again: 20 * time.Second},
		{name: "round robin asks the agent who was asked longest ago", queue: queueOf(queue.RoundRobin),
			row: waits(func(r *waiting.Row) {
				r.Attempts = []waiting.Attempt{ended("ann", waiting.Missed, 0),
					ended("ben", waiting.Missed, -2*time.Minute), ended("cho", waiting.Missed, -100*time.Second)}
				r.Round = 4
			}), workers: all, want: []string{"ben"}},

		{name: "a sticky queue asks the last owner first and alone", queue: queueOf(queue.BeepAll, sticky),
			row: waits(last("ben")), workers: all, want: []string{"ben"}},
		{name: "a sticky queue keeps others waiting while the last owner is asked",
			queue: queueOf(queue.BeepAll, sticky), row: waits(last("ben"), record(pending("ben"))), workers: all},
		{name: "a sticky queue then follows its strategy", queue: queueOf(queue.BeepAll, sticky),
			row: waits(last("ben"), record(ended("ben", waiting.Missed, 0))), workers: all,
			want: []string{"ann", "cho"}},
		{name: "a sticky queue skips an absent last owner", queue: queueOf(queue.BeepAll, sticky),
			row: waits(last("ben")), workers: []worker{all[0], all[2]}, want: []string{"ann", "cho"}},
		{name: "a sticky queue skips an owner who just lost the interaction", queue: queueOf(queue.BeepAll, sticky),
			row: waits(last("ben"),
				func(r *waiting.Row) { r.Attempts = []waiting.Attempt{ended("ben", waiting.Released, 0)} }),
			workers: all, want: []string{"ann", "cho"}},
		{name: "an owner who lost the interaction is asked after returning", queue: queueOf(queue.BeepAll),
			row: waits(func(r *waiting.Row) {
				r.Attempts = []waiting.Attempt{ended("ben", waiting.Released, -time.Minute)}
			}),
			workers: []worker{free("ben", func(w *worker) { w.Since = noon })}, want: []string{"ben"}},

		{name: "an interaction in transfer is not offered", queue: queueOf(queue.BeepAll),
			row: waits(func(r *waiting.Row) { r.TransferID = "t1" }), workers: all},
		{name: "an owned interaction is not offered", queue: queueOf(queue.BeepAll),
			row: waits(func(r *waiting.Row) { r.OwnerID = "ann" }), workers: all},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := snapshotOf(c.queue, c.workers, c.row)
			s.Taker["sales"] = c.accepted
			offers, again := s.plan(noon)
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

func snapshotOf(q settings.Queue, workers []worker, rows ...waiting.Row) snapshot {
	s := snapshot{Queues: map[string]settings.Queue{q.ID: q}, Workers: map[string]*worker{},
		Taker: map[string]string{}, Waiting: rows}
	for _, w := range workers {
		s.Workers[w.ID] = &w
	}
	return s
}

func TestHigherPriorityQueuesAndLongerWaitsComeFirst(t *testing.T) {
	row := func(id, queue string, ago time.Duration) waiting.Row {
		return waits(func(r *waiting.Row) { at := after(-ago); r.InteractionID, r.QueueID, r.Since = id, queue, &at })
	}
	s := snapshotOf(queueOf(queue.LeastRecent), []worker{free("ann", func(w *worker) { w.Capacity = 3 })},
		row("young", "sales", time.Minute), row("old", "sales", time.Hour),
		row("vip", "gold", time.Second), row("light", "light", 5*time.Hour))
	for id, weight := range map[string]int{"gold": 9, "light": 1} {
		q := queueOf(queue.LeastRecent, func(s *queue.Settings) { s.Weight = weight })
		q.ID = id
		s.Queues[id] = q
	}
	offers, _ := s.plan(noon)
	var order []string
	for _, o := range offers {
		order = append(order, o.Row.InteractionID)
	}
	require.Equal(t, []string{"vip", "old", "young"}, order, "then the agent is at capacity")
}

func TestManyWaitingInteractionsAreSpreadOverTheAgents(t *testing.T) {
	for _, strategy := range []queue.Strategy{queue.RoundRobin, queue.LeastRecent} {
		s := snapshotOf(queueOf(strategy), []worker{free("ann"), free("ben"), free("cho")})
		for _, id := range []string{"i1", "i2", "i3", "i4"} {
			s.Waiting = append(s.Waiting, waits(func(r *waiting.Row) { r.InteractionID = id }))
		}
		offers, _ := s.plan(noon)
		count := map[string]int{}
		for _, o := range offers {
			require.Len(t, o.Agents, 1)
			count[o.Agents[0]]++
		}
		require.Equal(t, map[string]int{"ann": 2, "ben": 1, "cho": 1}, count, strategy)
	}
}
