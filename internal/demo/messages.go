package demo

import (
	"slices"
	"strconv"
	"time"
)

// Message is one message of the history, as the provider knows it.
type Message struct {
	ID            string // the provider's id
	PhoneNumberID string // the account's number
	Digits        string // the customer's number
	FromCustomer  bool
	Text          string
	State         string // of our messages: sent, delivered, read or failed
	Thumb         bool   // the customer reacted with a thumbs-up
	At            time.Time
}

// messages returns the whole history, oldest first. The plan is the same at every start.
func (l *loader) messages() []Message {
	var all []Message
	for _, shift := range newPlan(l.secrets.kept.Now.In(time.Local), l.secrets.kept.Days) {
		for _, one := range shift.sessions {
			all = append(all, l.messagesOf(one)...)
		}
	}
	slices.SortStableFunc(all, func(a, b Message) int { return a.At.Compare(b.At) })
	return all
}

func (l *loader) messagesOf(one session) []Message {
	s := scene{player: &player{loader: l}, session: one}
	lines := make(map[int]*Message)
	var order []int
	for _, a := range one.timeline() {
		switch a.do {
		case "receive", "send":
			order = append(order, a.n)
			lines[a.n] = &Message{
				ID: s.providerID(strconv.Itoa(a.n)), PhoneNumberID: one.talk.number().phoneNumberID,
				Digits:       one.customer.phone,
				FromCustomer: a.do == "receive", Text: one.talk.lines[a.n].text, At: a.at,
			}
		case "sent", "delivered", "read", "failed":
			lines[a.n].State = a.do
		case "thumb":
			lines[a.n].Thumb = true
		}
	}
	all := make([]Message, len(order))
	for i, n := range order {
		all[i] = *lines[n]
	}
	return all
}
