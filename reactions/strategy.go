package reactions

import (
	"cmp"
	"slices"
	"time"

	"parley/domain/queue"
	"parley/projections/settings"
	"parley/projections/waiting"
)

const (
	maxPending     = 5                // offers per agent at once
	notAgainWithin = time.Minute      // before an agent who rejected or missed an interaction is asked again
	offerTimeout   = 30 * time.Second // default for queues that set none
)

// worker is an available agent.
type worker struct {
	ID            string
	Since         time.Time // when the agent became available
	Capacity      int       // open interactions the agent gets through offers; 0: no limit
	Open          int       // interactions the agent owns
	PendingOffers int       // offers the agent has not answered
	LastOffered   map[string]time.Time
}

// snapshot holds what the router knows at one moment.
type snapshot struct {
	Queues  map[string]settings.Queue
	Workers map[string]*worker
	Taker   map[string]string // by queue: the agent who last accepted, for round robin
	Waiting []waiting.Row
}

// proposal is an offer the router wants to make.
type proposal struct {
	Row    waiting.Row
	Agents []string
	Lasts  time.Duration
}

// plan returns the offers to make now, ordered by queue priority and then by waiting time. It also returns
// when to look again even if nothing happens, or zero. It counts workers as if the offers were made.
func (s snapshot) plan(now time.Time) (offers []proposal, again time.Time) {
	rows := slices.Clone(s.Waiting)
	slices.SortStableFunc(rows, func(a, b waiting.Row) int {
		return cmp.Or(
			cmp.Compare(s.Queues[b.QueueID].Settings.Weight, s.Queues[a.QueueID].Settings.Weight),
			since(a).Compare(since(b)), cmp.Compare(a.InteractionID, b.InteractionID))
	})
	for _, row := range rows {
		q, known := s.Queues[row.QueueID]
		if !known || row.OwnerID != "" || row.TransferID != "" {
			continue
		}
		agents, at := s.choose(q, row, now)
		if len(agents) == 0 {
			if !at.IsZero() && (again.IsZero() || at.Before(again)) {
				again = at
			}
			continue
		}
		for _, id := range agents {
			w := s.Workers[id]
			w.PendingOffers++
			if w.LastOffered == nil {
				w.LastOffered = make(map[string]time.Time)
			}
			w.LastOffered[q.ID] = now
		}
		lasts := time.Duration(q.Settings.OfferTimeout) * time.Second
		if lasts <= 0 {
			lasts = offerTimeout
		}
		offers = append(offers, proposal{Row: row, Agents: agents, Lasts: lasts})
	}
	return offers, again
}

func since(r waiting.Row) time.Time {
	if r.Since != nil {
		return *r.Since
	}
	return r.OpenedAt
}

// choose returns the agents to offer one interaction to, or when to ask again.
func (s snapshot) choose(q settings.Queue, row waiting.Row, now time.Time) ([]string, time.Time) {
	if q.Settings.Sticky {
		if isPending(row, row.LastOwnerID, now) && row.Round == 1 {
			return nil, time.Time{} // reserved for the last owner while the first offer is pending
		}
		if w := s.Workers[row.LastOwnerID]; row.Round == 0 && w != nil && slices.Contains(q.Members, w.ID) &&
			w.free(q) && fresh(row, w, now) {
			return []string{w.ID}, time.Time{}
		}
	}
	pending := len(row.PendingFor(now)) > 0
	if q.Settings.Strategy != queue.BeepAll && pending {
		return nil, time.Time{}
	}
	var unasked, asked []*worker
	for _, id := range q.Members {
		w := s.Workers[id]
		switch {
		case w == nil, !w.free(q), isPending(row, id, now):
		case fresh(row, w, now):
			unasked = append(unasked, w)
		default:
			asked = append(asked, w)
		}
	}
	switch {
	case len(unasked) > 0:
		return s.pick(q, unasked), time.Time{}
	case len(asked) == 0 || pending:
		return nil, time.Time{}
	}
	if at := askAgain(q, row, asked, now); at.After(now) {
		return nil, at
	}
	if q.Settings.Strategy == queue.BeepAll {
		return ids(asked), time.Time{}
	}
	return []string{longestAgo(row, asked, now).ID}, time.Time{}
}

// free reports whether a worker has room for one more interaction. With beepall an offer is no commitment, so
// its pending offers do not count.
func (w *worker) free(q settings.Queue) bool {
	if w.PendingOffers >= maxPending {
		return false
	}
	taken := w.Open
	if q.Settings.Strategy != queue.BeepAll {
		taken += w.PendingOffers
	}
	return w.Capacity == 0 || taken < w.Capacity
}

// pick applies the queue's strategy to the agents who were not asked yet.
func (s snapshot) pick(q settings.Queue, from []*worker) []string {
	switch q.Settings.Strategy {
	case queue.LeastRecent:
		return []string{slices.MinFunc(from, func(a, b *worker) int {
			return cmp.Or(a.LastOffered[q.ID].Compare(b.LastOffered[q.ID]), cmp.Compare(a.PendingOffers, b.PendingOffers))
		}).ID}
	case queue.RoundRobin:
		last := slices.Index(q.Members, s.Taker[q.ID])
		turn := func(w *worker) int {
			n := len(q.Members)
			return (slices.Index(q.Members, w.ID) - last - 1 + n) % n
		}
		// Several interactions may wait before anyone accepts one. The agent with the fewest offers is next.
		return []string{slices.MinFunc(from, func(a, b *worker) int {
			return cmp.Or(cmp.Compare(a.PendingOffers, b.PendingOffers), cmp.Compare(turn(a), turn(b)))
		}).ID}
	}
	return ids(from)
}

// attempt returns the last offer to an agent during this wait. An offer past its time counts as missed,
// whether or not that has been recorded.
func attempt(row waiting.Row, agent string, now time.Time) (waiting.Attempt, bool) {
	i := slices.IndexFunc(row.Attempts, func(a waiting.Attempt) bool { return a.AgentID == agent })
	for j, a := range row.Attempts {
		if a.AgentID == agent && a.State == waiting.Pending {
			i = j
		}
	}
	if i < 0 {
		return waiting.Attempt{}, false
	}
	a := row.Attempts[i]
	if a.State == waiting.Pending && !a.Until.After(now) {
		a.State, a.At = waiting.Missed, a.Until
	}
	return a, true
}

func isPending(row waiting.Row, agent string, now time.Time) bool {
	a, ok := attempt(row, agent, now)
	return ok && a.State == waiting.Pending
}

// fresh reports whether an agent was not asked yet, or became available after being asked.
func fresh(row waiting.Row, w *worker, now time.Time) bool {
	a, ok := attempt(row, w.ID, now)
	return !ok || a.State != waiting.Pending && w.Since.After(a.At)
}

func longestAgo(row waiting.Row, from []*worker, now time.Time) *worker {
	at := func(w *worker) time.Time { a, _ := attempt(row, w.ID, now); return a.At }
	return slices.MinFunc(from, func(a, b *worker) int { return at(a).Compare(at(b)) })
}

// askAgain returns when an interaction may be offered again to agents who did not take it. No one is asked twice
// within a minute; beepall waits until it may ask all of them together.
func askAgain(q settings.Queue, row waiting.Row, asked []*worker, now time.Time) time.Time {
	last, _ := attempt(row, longestAgo(row, asked, now).ID, now)
	if q.Settings.Strategy == queue.BeepAll {
		for _, w := range asked {
			if a, _ := attempt(row, w.ID, now); a.At.After(last.At) {
				last = a
			}
		}
	}
	return last.At.Add(notAgainWithin)
}

func ids(workers []*worker) []string {
	all := make([]string, len(workers))
	for i, w := range workers {
		all[i] = w.ID
	}
	return all
}
