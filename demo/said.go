package demo

import (
	"slices"
	"strconv"
	"time"
)

// Said is one message of the history, as the provider knows it.
type Said struct {
	ID            string // the provider's
	PhoneNumberID string // the account's
	Digits        string // the customer's
	FromCustomer  bool
	Text          string
	State         string // of ours: sent, delivered, read or failed
	Thumb         bool   // the customer liked it
	At            time.Time
}

// said is all of the history, oldest first. The plan is the same at every start.
func (l *loader) said() []Said {
	var all []Said
	for _, shift := range newPlan(l.secrets.kept.Now.In(time.Local)) {
		for _, one := range shift.sessions {
			all = append(all, l.saidIn(one)...)
		}
	}
	slices.SortStableFunc(all, func(a, b Said) int { return a.At.Compare(b.At) })
	return all
}

func (l *loader) saidIn(one session) []Said {
	s := scene{player: &player{loader: l}, session: one}
	lines := make(map[int]*Said)
	var order []int
	for _, a := range one.timeline() {
		switch a.do {
		case "receive", "send":
			order = append(order, a.n)
			lines[a.n] = &Said{
				ID: s.providerID(strconv.Itoa(a.n)), PhoneNumberID: one.talk.number().phoneNumberID, Digits: one.customer.phone,
				FromCustomer: a.do == "receive", Text: one.talk.lines[a.n].text, At: a.at,
			}
		case "sent", "delivered", "read", "failed":
			lines[a.n].State = a.do
		case "thumb":
			lines[a.n].Thumb = true
		}
	}
	all := make([]Said, len(order))
	for i, n := range order {
		all[i] = *lines[n]
	}
	return all
}
