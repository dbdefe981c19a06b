package demo

import (
	"slices"
	"time"
)

// acceptTime is the longest an agent takes to accept and to read the messages.
const acceptTime = 40 * time.Second

// act is one thing that happens in a session.
type act struct {
	at time.Time
	do string
	n  int // the line it is about, if any
}

// timeline returns everything that happens in a session, in order.
func (s session) timeline() []act {
	var acts []act
	add := func(at time.Time, do string, n int) { acts = append(acts, act{at, do, n}) }
	seconds := func(from, to int) time.Duration {
		return time.Duration(from)*time.Second +
			time.Duration(s.rng.Int64N(int64(to-from)*1000))*time.Millisecond
	}

	ready := s.at // when an agent may first answer
	if s.winner != "" {
		offered := s.at.Add(seconds(1, 2))
		if s.expires {
			add(offered, "first offer", 0)
			offered = offered.Add(s.offerTime())
			add(offered, "expire", 0)
			offered = offered.Add(time.Second)
		}
		add(offered, "offer", 0)
		if s.rejects != "" {
			add(offered.Add(seconds(2, 4)), "reject", 0)
		}
		ready = offered.Add(seconds(5, 25))
		add(ready, "accept", 0)
		add(ready.Add(time.Second), "see", 0)
		ready = ready.Add(seconds(8, 12))
		add(ready, "contact", 0)
		if s.transfer != (transferPlan{}) {
			add(ready.Add(2*time.Second), "transfer", 0)
			ready = ready.Add(seconds(9, 30))
			add(ready, "answer transfer", 0)
			add(ready.Add(time.Second), "see", 0)
			ready = ready.Add(4 * time.Second)
		}
	}

	at, lastOfUs := s.at, s.lastOfUs()
	for i, l := range s.talk.lines {
		at = at.Add(time.Duration(l.wait) * time.Second)
		if !l.us {
			add(at, "receive", i)
			continue
		}
		if at.Before(ready) {
			at = ready
		}
		add(at.Add(-500*time.Millisecond), "see", 0)
		add(at, "send", i)
		s.delivery(i, at, lastOfUs, add)
	}
	if s.winner == "" || s.open {
		return ordered(acts)
	}
	if at.Before(ready) {
		at = ready
	}
	if s.talk.note != "" {
		add(at.Add(seconds(5, 15)), "note", 0)
	}
	for i := range s.talk.tags {
		add(at.Add(seconds(15, 20)), "tag", i)
	}
	if s.thumbs && lastOfUs >= 0 {
		add(at.Add(seconds(18, 20)), "thumb", lastOfUs)
	}
	add(at.Add(seconds(20, 90)), "see", 0)
	add(at.Add(seconds(91, 120)), "close", 0)
	return ordered(acts)
}

// delivery adds the provider's statuses of an answer. A customer who writes again has read it.
func (s session) delivery(i int, at time.Time, lastOfUs int, add func(time.Time, string, int)) {
	add(at.Add(400*time.Millisecond), "sent", i)
	if i == lastOfUs && s.fails {
		add(at.Add(1500*time.Millisecond), "failed", i)
		return
	}
	add(at.Add(1200*time.Millisecond), "delivered", i)
	looks := 20 * time.Second
	if i+1 < len(s.talk.lines) {
		looks = min(looks, time.Duration(s.talk.lines[i+1].wait)*time.Second-3*time.Second)
	}
	if i == lastOfUs && s.unread && i == len(s.talk.lines)-1 {
		return
	}
	add(at.Add(1300*time.Millisecond+time.Duration(s.rng.Int64N(int64(max(looks, time.Second))))), "read", i)
}

func (s session) lastOfUs() int {
	for i := len(s.talk.lines) - 1; i >= 0; i-- {
		if s.talk.lines[i].us {
			return i
		}
	}
	return -1
}

func (s session) offerTime() time.Duration {
	q := queues[slices.IndexFunc(queues, func(q namedQueue) bool { return q.key == s.queue })]
	return time.Duration(q.settings.OfferTimeout) * time.Second
}

func ordered(acts []act) []act {
	slices.SortStableFunc(acts, func(a, b act) int { return a.at.Compare(b.at) })
	return acts
}
