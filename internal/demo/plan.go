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
	openNow    = 5 // interactions with an owner at the end
	waitingNow = 3
)

// shift is part of a day: presence changes before and after, and the sessions in between.
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

// session is the plan for one interaction.
type session struct {
	key      string // names the session in derived ids
	customer customer
	talk     dialogue
	at       time.Time
	queue    string   // key
	duty     []string // logins of the queue's agents on duty
	winner   string   // one of them; empty if no one accepts
	rejects  string   // login of an agent who rejects first
	expires  bool     // the first offer expires
	transfer transferPlan
	unread   bool // the customer does not read the last answer
	fails    bool // the last answer is not delivered
	thumbs   bool // the customer reacts to it with a thumbs-up
	open     bool // still open, with the last line unseen
	rng      *rand.Rand
}

// transferPlan transfers a session after it was accepted.
type transferPlan struct {
	toAgent, toQueue string // login, key
	taker            string // login of the agent who accepts; empty if it is rejected
}

// plan generates the history. The same end and length always give the same history.
type plan struct {
	now  time.Time
	rng  *rand.Rand
	days map[string]bool // customers who have already written on the day
	n    int
}

func newPlan(now time.Time, days int) []shift {
	p := &plan{now: now, rng: rand.New(rand.NewPCG(20, 26))}
	var shifts []shift
	for day := days - 1; day > 0; day-- {
		date := now.AddDate(0, 0, -day)
		shifts = append(shifts, p.workday(date, day)...)
	}
	return append(shifts, p.today()...)
}

// workday returns a morning and an afternoon, with few sessions at weekends.
func (p *plan) workday(date time.Time, day int) []shift {
	p.days = make(map[string]bool)
	clock := func(hour, minute int) time.Time {
		return time.Date(date.Year(), date.Month(), date.Day(), hour, minute, p.rng.IntN(60), 0,
			date.Location())
	}
	many := map[time.Weekday]int{time.Sunday: 1, time.Saturday: 3}[date.Weekday()]
	if many == 0 {
		many = 5
	}
	var present []string
	for i, login := range agents() {
		if (i+day)%6 != 0 {
			present = append(present, login)
		}
	}
	morning, afternoon := shift{}, shift{}
	for _, login := range present {
		morning.before = append(morning.before, move{login, "signIn", clock(8, 45+p.rng.IntN(14))})
		morning.after = append(morning.after, move{login, "pause", clock(12, 45+p.rng.IntN(14))})
		afternoon.before = append(afternoon.before, move{login, "resume", clock(13, 30+p.rng.IntN(20))})
		afternoon.after = append(afternoon.after, move{login, "signOut", clock(19, 30+p.rng.IntN(20))})
	}
	for range many {
		morning.sessions = append(morning.sessions, p.session(clock(9+p.rng.IntN(3), p.rng.IntN(60)), present))
		afternoon.sessions = append(afternoon.sessions,
			p.session(clock(14+p.rng.IntN(4), p.rng.IntN(60)), present))
	}
	return []shift{morning, afternoon}
}

// today returns this morning's closed sessions, the open ones, and those that have just arrived while no one
// is available.
func (p *plan) today() []shift {
	p.days = make(map[string]bool)
	present := agents()
	first := p.now.Add(-5 * time.Hour)
	if nine := time.Date(p.now.Year(), p.now.Month(), p.now.Day(), 9, 0, 0, 0,
		p.now.Location()); nine.After(first) {
		first = nine
	}
	var s, last shift
	for room := p.now.Sub(first) - 100*time.Minute; room > 0 && len(s.sessions) < 6; {
		next := p.session(first.Add(time.Duration(p.rng.Int64N(int64(room)))), present)
		if next.talk.length() < time.Hour {
			s.sessions = append(s.sessions, next)
		}
	}
	for i := range openNow {
		next := p.session(p.now, present)
		next.open, next.transfer, next.expires = true, transferPlan{}, false
		next.talk = next.talk.untilLast()
		next.winner = []string{"anna", "ben"}[i%2] // both are in both queues of the accounts
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
	for i, login := range present {
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

// session plans a session with a customer who has not written on this day yet.
func (p *plan) session(at time.Time, present []string) session {
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
	s.duty = onDuty(present, s.queue)
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
		s.transfer = p.transferTo(s, onDuty(present, "groups"), "groups")
	case chance(7) && other != s.winner:
		s.transfer = transferPlan{toAgent: other, taker: other}
	case chance(3) && other != s.winner:
		s.transfer = transferPlan{toAgent: other}
	}
	return s
}

func (p *plan) transferTo(s session, present []string, queue string) transferPlan {
	present = slices.DeleteFunc(slices.Clone(present), func(login string) bool { return login == s.winner })
	if len(present) == 0 {
		return transferPlan{}
	}
	return transferPlan{toQueue: queue, taker: present[p.rng.IntN(len(present))]}
}

// suits reports whether the dialogue fits the customer.
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

// untilLast cuts a dialogue after the customer's last prompt message, which stays unanswered.
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

// opening returns what the customer wrote before the first answer.
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
	return numbers[slices.IndexFunc(numbers, func(n number) bool { return n.shortCode == d.account })]
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

// onDuty returns those agents who belong to the queue.
func onDuty(present []string, queue string) []string {
	var logins []string
	for _, p := range staff {
		if slices.Contains(present, p.login) && slices.Contains(p.queues, queue) {
			logins = append(logins, p.login)
		}
	}
	return logins
}
