package demo

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"parley/domain/user"
)

const (
	historyDays = 21
	openNow     = 5 // interactions in the hands of agents at the end
	waitingNow  = 3
)

// shift is a part of a day: who comes and goes, and what is played in between.
type shift struct {
	before, after []move
	sessions      []session
}

// move is one change of an agent's presence.
type move struct {
	login string
	what  string // signIn, pause, resume or signOut
	at    time.Time
}

// session is one interaction as it is going to be played.
type session struct {
	key      string // names it in derived ids
	customer customer
	talk     dialogue
	at       time.Time
	queue    string   // key
	duty     []string // logins of the queue's agents who are there
	winner   string   // one of them; empty: nobody takes it
	rejects  string   // login of one who rejects first
	expires  bool     // the first offer runs out
	transfer transferPlan
	unread   bool // the customer does not look at the last answer
	fails    bool // the last answer does not reach him
	thumbs   bool // he puts a thumb on it
	open     bool // it goes on: the last line has not been seen
	rng      *rand.Rand
}

// transferPlan hands a session over once it was accepted.
type transferPlan struct {
	toAgent, toQueue string // login, key
	taker            string // login of who accepts; empty: it is rejected or taken back
}

// plan works out the same history for the same end, however often it is asked.
type plan struct {
	now  time.Time
	rng  *rand.Rand
	days map[string]bool // customers who have written on the day
	n    int
}

func newPlan(now time.Time) []shift {
	p := &plan{now: now, rng: rand.New(rand.NewPCG(20, 26))}
	var shifts []shift
	for day := historyDays - 1; day > 0; day-- {
		date := now.AddDate(0, 0, -day)
		shifts = append(shifts, p.workday(date, day)...)
	}
	return append(shifts, p.today()...)
}

// workday is a morning and an afternoon, of few words on a Sunday.
func (p *plan) workday(date time.Time, day int) []shift {
	p.days = make(map[string]bool)
	clock := func(hour, minute int) time.Time {
		return time.Date(date.Year(), date.Month(), date.Day(), hour, minute, p.rng.IntN(60), 0, date.Location())
	}
	many := map[time.Weekday]int{time.Sunday: 1, time.Saturday: 3}[date.Weekday()]
	if many == 0 {
		many = 5
	}
	var there []string
	for i, login := range agents() {
		if (i+day)%6 != 0 {
			there = append(there, login)
		}
	}
	morning, afternoon := shift{}, shift{}
	for _, login := range there {
		morning.before = append(morning.before, move{login, "signIn", clock(8, 45+p.rng.IntN(14))})
		morning.after = append(morning.after, move{login, "pause", clock(12, 45+p.rng.IntN(14))})
		afternoon.before = append(afternoon.before, move{login, "resume", clock(13, 30+p.rng.IntN(20))})
		afternoon.after = append(afternoon.after, move{login, "signOut", clock(19, 30+p.rng.IntN(20))})
	}
	for range many {
		morning.sessions = append(morning.sessions, p.session(clock(9+p.rng.IntN(3), p.rng.IntN(60)), there))
		afternoon.sessions = append(afternoon.sessions, p.session(clock(14+p.rng.IntN(4), p.rng.IntN(60)), there))
	}
	return []shift{morning, afternoon}
}

// today is what was closed this morning, what is going on, and what has just come in while nobody is there.
func (p *plan) today() []shift {
	p.days = make(map[string]bool)
	there := agents()
	first := p.now.Add(-5 * time.Hour)
	if nine := time.Date(p.now.Year(), p.now.Month(), p.now.Day(), 9, 0, 0, 0, p.now.Location()); nine.After(first) {
		first = nine
	}
	var s, last shift
	for room := p.now.Sub(first) - 100*time.Minute; room > 0 && len(s.sessions) < 6; {
		next := p.session(first.Add(time.Duration(p.rng.Int64N(int64(room)))), there)
		if next.talk.length() < time.Hour {
			s.sessions = append(s.sessions, next)
		}
	}
	for i := range openNow {
		next := p.session(p.now, there)
		next.open, next.transfer, next.expires = true, transferPlan{}, false
		next.talk = next.talk.untilLast()
		next.winner = []string{"anna", "ben"}[i%2] // both belong to either queue that customers come to
		next.rejects = ""
		next.at = p.now.Add(-next.talk.length() - acceptTime - time.Duration(2+2*i)*time.Minute)
		s.sessions = append(s.sessions, next)
	}
	start := p.now.Add(-time.Hour)
	for _, one := range s.sessions {
		if one.at.Before(start) {
			start = one.at
		}
	}
	for i, login := range there {
		s.before = append(s.before, move{login, "signIn", start.Add(-time.Duration(60+7*i) * time.Second)})
		s.after = append(s.after, move{login, "signOut", p.now.Add(-time.Duration(90-5*i) * time.Second)})
	}
	for i := range waitingNow {
		next := p.session(p.now.Add(-time.Duration(70-20*i)*time.Second), nil)
		next.winner = ""
		next.talk = next.talk.opening()
		last.sessions = append(last.sessions, next)
	}
	return []shift{s, last}
}

// session is somebody who has not written on this day yet, and what he may say.
func (p *plan) session(at time.Time, there []string) session {
	p.n++
	s := session{key: fmt.Sprintf("session %d", p.n), at: at, rng: rand.New(rand.NewPCG(uint64(p.n), 7))}
	for {
		s.customer = customers[p.rng.IntN(len(customers))]
		s.talk = dialogues[p.rng.IntN(len(dialogues))]
		if s.talk.suits(s.customer) && !p.days[s.customer.phone] {
			break
		}
	}
	p.days[s.customer.phone] = true
	s.queue = s.talk.number().queue
	s.duty = onDuty(there, s.queue)
	if len(s.duty) == 0 {
		return s
	}
	at0 := p.rng.IntN(len(s.duty))
	s.winner = s.duty[at0]
	other := s.duty[(at0+1)%len(s.duty)]
	chance := func(percent int) bool { return p.rng.IntN(100) < percent }
	if chance(15) && other != s.winner {
		s.rejects = other
	}
	s.expires, s.unread, s.fails, s.thumbs = chance(5), chance(25), chance(2), chance(10)
	switch {
	case s.customer.list == "companies" && chance(70):
		s.transfer = p.transferTo(s, onDuty(there, "groups"), "groups")
	case chance(7) && other != s.winner:
		s.transfer = transferPlan{toAgent: other, taker: other}
	case chance(3) && other != s.winner:
		s.transfer = transferPlan{toAgent: other}
	}
	return s
}

func (p *plan) transferTo(s session, there []string, queue string) transferPlan {
	there = slices.DeleteFunc(slices.Clone(there), func(login string) bool { return login == s.winner })
	if len(there) == 0 {
		return transferPlan{}
	}
	return transferPlan{toQueue: queue, taker: there[p.rng.IntN(len(there))]}
}

// suits says whether this customer may have said this.
func (d dialogue) suits(c customer) bool {
	begins := func(prefix string) bool { return strings.HasPrefix(c.phone, prefix) }
	if len(d.from) == 0 {
		return !begins(advertiser)
	}
	return slices.ContainsFunc(d.from, begins)
}

func (d dialogue) length() time.Duration {
	sum := 0
	for _, l := range d.lines {
		sum += l.wait
	}
	return time.Duration(sum) * time.Second
}

// untilLast ends a talk with something the customer said that nobody has answered.
func (d dialogue) untilLast() dialogue {
	for i := len(d.lines) - 1; i > 0; i-- {
		if !d.lines[i].us && d.lines[i].wait < 3600 {
			d.lines = d.lines[:i+1]
			return d
		}
	}
	d.lines = d.lines[:1]
	return d
}

// opening is what the customer said before the first answer.
func (d dialogue) opening() dialogue {
	for i, l := range d.lines {
		if l.us {
			d.lines = d.lines[:i]
			break
		}
	}
	return d
}

func (d dialogue) number() number {
	return numbers[slices.IndexFunc(numbers, func(n number) bool { return n.key == d.account })]
}

func agents() []string {
	var logins []string
	for _, p := range staff {
		if p.role == user.Agent {
			logins = append(logins, p.login)
		}
	}
	return logins
}

// onDuty are those of them who belong to the queue.
func onDuty(there []string, queue string) []string {
	var logins []string
	for _, p := range staff {
		if slices.Contains(there, p.login) && slices.Contains(p.queues, queue) {
			logins = append(logins, p.login)
		}
	}
	return logins
}
