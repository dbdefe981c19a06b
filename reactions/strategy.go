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
	maxStanding  = 5                // offers in front of one agent at once
	firstBackOff = time.Minute      // before somebody who refused or missed an interaction is asked again
	longBackOff  = 10 * time.Minute // at most, after 1, 2, 4… minutes
	offerTimeout = 30 * time.Second // where the queue says nothing
)

// worker is an agent who is available.
type worker struct {
	ID          string
	Since       time.Time // available since then
	Capacity    int       // open interactions he gets by offers; 0 is no limit
	Open        int       // interactions he owns
	Standing    int       // offers in front of him
	LastOffered map[string]time.Time
}

// hall is what the router knows at one moment.
type hall struct {
	Queues  map[string]settings.Queue
	Workers map[string]*worker
	Taker   map[string]string // by queue, for round robin: who took one last
	Waiting []waiting.Row
}

// proposal is an offer the router wants to make.
type proposal struct {
	Row    waiting.Row
	Agents []string
	Lasts  time.Duration
}

// plan works out the offers to make now, heavier queues first and then the longest waiting, and when it is worth looking
// again though nothing has happened; zero when it is not. Workers are counted as if the offers were made.
func (h hall) plan(now time.Time) (offers []proposal, again time.Time) {
	rows := slices.Clone(h.Waiting)
	slices.SortStableFunc(rows, func(a, b waiting.Row) int {
		return cmp.Or(
			cmp.Compare(h.Queues[b.QueueID].Settings.Weight, h.Queues[a.QueueID].Settings.Weight),
			since(a).Compare(since(b)), cmp.Compare(a.InteractionID, b.InteractionID))
	})
	for _, row := range rows {
		q, known := h.Queues[row.QueueID]
		if !known || row.OwnerID != "" || row.TransferID != "" {
			continue
		}
		agents, at := h.choose(q, row, now)
		if len(agents) == 0 {
			if !at.IsZero() && (again.IsZero() || at.Before(again)) {
				again = at
			}
			continue
		}
		for _, id := range agents {
			w := h.Workers[id]
			w.Standing++
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

// choose says whom to offer one interaction to, or when somebody may be asked again.
func (h hall) choose(q settings.Queue, row waiting.Row, now time.Time) ([]string, time.Time) {
	if q.Settings.Sticky {
		if stands(row, row.LastOwnerID, now) && row.Round == 1 {
			return nil, time.Time{} // it is his alone for one offer
		}
		if w := h.Workers[row.LastOwnerID]; row.Round == 0 && w != nil && slices.Contains(q.Members, w.ID) && w.free(q) && fresh(row, w, now) {
			return []string{w.ID}, time.Time{}
		}
	}
	standing := len(row.StandingTo(now)) > 0
	if q.Settings.Strategy != queue.BeepAll && standing {
		return nil, time.Time{}
	}
	var unasked, asked []*worker
	for _, id := range q.Members {
		w := h.Workers[id]
		switch {
		case w == nil, !w.free(q), stands(row, id, now):
		case fresh(row, w, now):
			unasked = append(unasked, w)
		default:
			asked = append(asked, w)
		}
	}
	switch {
	case len(unasked) > 0:
		return h.pick(q, unasked), time.Time{}
	case len(asked) == 0 || standing:
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

// free says whether a worker has room for one more. Beeping all is no promise, so there the standing offers do not count.
func (w *worker) free(q settings.Queue) bool {
	if w.Standing >= maxStanding {
		return false
	}
	taken := w.Open
	if q.Settings.Strategy != queue.BeepAll {
		taken += w.Standing
	}
	return w.Capacity == 0 || taken < w.Capacity
}

// pick applies the queue's strategy to those who were not asked yet.
func (h hall) pick(q settings.Queue, from []*worker) []string {
	switch q.Settings.Strategy {
	case queue.LeastRecent:
		return []string{slices.MinFunc(from, func(a, b *worker) int {
			return cmp.Or(a.LastOffered[q.ID].Compare(b.LastOffered[q.ID]), cmp.Compare(a.Standing, b.Standing))
		}).ID}
	case queue.RoundRobin:
		last := slices.Index(q.Members, h.Taker[q.ID])
		turn := func(w *worker) int {
			n := len(q.Members)
			return (slices.Index(q.Members, w.ID) - last - 1 + n) % n
		}
		// Several may wait before anybody has taken one: who rings least is next.
		return []string{slices.MinFunc(from, func(a, b *worker) int {
			return cmp.Or(cmp.Compare(a.Standing, b.Standing), cmp.Compare(turn(a), turn(b)))
		}).ID}
	}
	return ids(from)
}

// attempt is the last try with an agent in this time of waiting. An offer whose time is over counts as missed, whether or
// not that has been recorded.
func attempt(row waiting.Row, agent string, now time.Time) (waiting.Attempt, bool) {
	i := slices.IndexFunc(row.Attempts, func(a waiting.Attempt) bool { return a.AgentID == agent })
	for j, a := range row.Attempts {
		if a.AgentID == agent && a.State == waiting.Standing {
			i = j
		}
	}
	if i < 0 {
		return waiting.Attempt{}, false
	}
	a := row.Attempts[i]
	if a.State == waiting.Standing && !a.Until.After(now) {
		a.State, a.At = waiting.Missed, a.Until
	}
	return a, true
}

func stands(row waiting.Row, agent string, now time.Time) bool {
	a, ok := attempt(row, agent, now)
	return ok && a.State == waiting.Standing
}

// fresh says whether an agent was not asked yet, or became available after he was.
func fresh(row waiting.Row, w *worker, now time.Time) bool {
	a, ok := attempt(row, w.ID, now)
	return !ok || a.State != waiting.Standing && w.Since.After(a.At)
}

func longestAgo(row waiting.Row, from []*worker, now time.Time) *worker {
	at := func(w *worker) time.Time { a, _ := attempt(row, w.ID, now); return a.At }
	return slices.MinFunc(from, func(a, b *worker) int { return at(a).Compare(at(b)) })
}

// askAgain is when an interaction may be offered again to somebody who did not want it: after a pause that grows each
// time all of them were asked. Within such a turn there is no pause, but nobody is asked twice within a minute.
func askAgain(q settings.Queue, row waiting.Row, asked []*worker, now time.Time) time.Time {
	var last time.Time
	tried := make(map[string]bool)
	for _, a := range row.Attempts {
		tried[a.AgentID] = true
		if t, _ := attempt(row, a.AgentID, now); t.At.After(last) {
			last = t.At
		}
	}
	turns, within := row.Round, false
	if q.Settings.Strategy != queue.BeepAll {
		turns, within = row.Round/len(tried), row.Round%len(tried) != 0
	}
	if within {
		first, _ := attempt(row, longestAgo(row, asked, now).ID, now)
		return first.At.Add(firstBackOff)
	}
	pause := longBackOff
	if turns < 5 {
		pause = min(firstBackOff<<max(turns-1, 0), longBackOff)
	}
	return last.Add(pause)
}

func ids(workers []*worker) []string {
	all := make([]string, len(workers))
	for i, w := range workers {
		all[i] = w.ID
	}
	return all
}
