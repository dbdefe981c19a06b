package interaction_test

import (
	"time"

	"parley/domain"
	. "parley/domain/interaction"
)

// verdict is the outcome of a command.
type verdict string

const (
	happens verdict = "happens"
	noOp    verdict = "no-op"
	refused verdict = "refused"
)

// model implements the rules a second time, more simply: plain maps changed in place, without events. The decider
// must agree with it.
type model struct {
	open, closed bool
	owner        domain.AgentID
	inbound      map[domain.MessageID]bool
	lastInbound  time.Time
	order        []domain.MessageID // all messages
	out          map[domain.MessageID]*modelMessage
	queue        []domain.MessageID // messages to the customer in the order they were queued
	offers       map[domain.OfferID]*modelOffer
	transfers    map[domain.TransferID]bool // ever started
	transfer     domain.TransferID
	sender       domain.AgentID
	handovers    map[domain.TransferID]domain.AgentID
}

type modelMessage struct {
	status    Status
	taken     bool
	attempt   int
	running   bool
	retryAt   time.Time
	unknownAt time.Time
}

type modelOffer struct {
	to      map[domain.AgentID]bool // true: no response yet
	expires time.Time
	over    bool
}

func newModel() *model {
	return &model{
		inbound: map[domain.MessageID]bool{}, out: map[domain.MessageID]*modelMessage{},
		offers: map[domain.OfferID]*modelOffer{}, transfers: map[domain.TransferID]bool{},
		handovers: map[domain.TransferID]domain.AgentID{},
	}
}

func (m *model) own(agent domain.AgentID) verdict {
	m.owner, m.offers = agent, map[domain.OfferID]*modelOffer{}
	return happens
}

func (m *model) do(cmd Command) verdict {
	if _, ok := cmd.(Open); ok {
		if m.open || m.closed {
			return refused
		}
		m.open = true
		return happens
	}
	if !m.open && !m.closed {
		return refused
	}
	switch c := cmd.(type) {
	case Receive:
		switch {
		case m.inbound[c.MessageID]:
			return noOp
		case m.closed:
			return refused
		}
		m.inbound[c.MessageID] = true
		m.order = append(m.order, c.MessageID)
		if c.SentAt.After(m.lastInbound) {
			m.lastInbound = c.SentAt
		}
		return happens
	case Offer:
		return m.offer(c)
	case Reject:
		o := m.offers[c.OfferID]
		if o == nil {
			return noOp
		}
		waits, offered := o.to[c.By]
		switch {
		case !offered:
			return refused
		case o.over || !waits || !c.At.Before(o.expires):
			return noOp
		}
		o.to[c.By] = false
		o.over = true
		for _, w := range o.to {
			o.over = o.over && !w
		}
		return happens
	case ExpireOffer:
		o := m.offers[c.OfferID]
		switch {
		case o == nil || o.over:
			return noOp
		case c.At.Before(o.expires):
			return refused
		}
		o.over = true
		return happens
	case Accept:
		if m.owner == c.By {
			return noOp
		}
		o := m.offers[c.OfferID]
		if m.closed || m.owner != "" || c.Presence == SignedOut || o == nil || o.over || !o.to[c.By] ||
			!c.At.Before(o.expires) {
			return refused
		}
		return m.own(c.By)
	case Take:
		if m.owner == c.By {
			return noOp
		}
		if m.closed || m.owner != "" || !c.Member || !c.Allowed || c.Presence == SignedOut {
			return refused
		}
		return m.own(c.By)
	case Assign:
		if m.closed {
			return refused
		}
		if m.owner == c.To {
			return noOp
		}
		m.transfer = ""
		return m.own(c.To)
	case Release:
		if m.closed {
			return refused
		}
		if m.owner == "" || c.From != "" && c.From != m.owner {
			return noOp
		}
		m.transfer = ""
		return m.own("")
	case StartTransfer:
		switch {
		case m.transfers[c.TransferID]:
			return noOp
		case m.closed || m.owner != c.By || m.transfer != "" || c.ToAgent == c.By || len(m.inbound) == 0:
			return refused
		}
		m.transfers[c.TransferID], m.transfer, m.sender = true, c.TransferID, c.By
		return happens
	case ChangeOwner:
		switch {
		case m.handovers[c.TransferID] == c.To:
			return noOp
		case m.closed || m.transfer != c.TransferID || m.owner != m.sender:
			return refused
		}
		m.transfer, m.handovers[c.TransferID] = "", c.To
		return m.own(c.To)
	case EndTransfer:
		if m.transfer != c.TransferID {
			return noOp
		}
		m.transfer = ""
		return happens
	case Close:
		switch {
		case m.closed:
			return noOp
		case !c.Supervisor && c.By != m.owner:
			return refused
		case c.SeenThrough != "" && m.newer(c.SeenThrough):
			return refused
		}
		m.open, m.closed, m.transfer, m.offers = false, true, "", map[domain.OfferID]*modelOffer{}
		return happens
	}
	return m.deliver(cmd)
}

// newer reports whether the customer wrote after this message.
func (m *model) newer(seen domain.MessageID) bool {
	after := true
	for _, id := range m.order {
		if id == seen {
			after = false
		}
	}
	for _, id := range m.order {
		if after && m.inbound[id] {
			return true
		}
		after = after || id == seen
	}
	return false
}

func (m *model) offer(c Offer) verdict {
	if m.offers[c.OfferID] != nil {
		return noOp
	}
	if m.closed || m.owner != "" {
		return refused
	}
	o := &modelOffer{to: map[domain.AgentID]bool{}, expires: c.ExpiresAt}
	for _, a := range c.Agents {
		busy := false
		for _, other := range m.offers {
			busy = busy || !other.over && c.At.Before(other.expires) && other.to[a]
		}
		if !busy {
			o.to[a] = true
		}
	}
	if len(o.to) == 0 {
		return noOp
	}
	m.offers[c.OfferID] = o
	return happens
}

func (m *model) deliver(cmd Command) verdict {
	switch c := cmd.(type) {
	case Send:
		switch {
		case m.out[c.MessageID] != nil:
			return noOp
		case m.closed || m.owner != c.By || m.lastInbound.IsZero() || c.At.Sub(m.lastInbound) >= c.Window:
			return refused
		}
		m.out[c.MessageID] = &modelMessage{status: StatusQueued}
		m.queue, m.order = append(m.queue, c.MessageID), append(m.order, c.MessageID)
		return happens
	case StartSending:
		o := m.out[c.MessageID]
		if o == nil || o.status != StatusQueued || o.running || c.At.Before(o.retryAt) {
			return refused
		}
		for _, id := range m.queue {
			if id == c.MessageID {
				break
			}
			first := m.out[id]
			if first.status == StatusQueued || first.status == StatusUnknown &&
				c.At.Sub(first.unknownAt) < 10*time.Second {
				return refused
			}
		}
		o.attempt, o.running = o.attempt+1, true
		return happens
	case RecordNotAccepted:
		o := m.out[c.MessageID]
		if o == nil || c.Attempt > o.attempt {
			return refused
		}
		if !o.running || c.Attempt < o.attempt {
			return noOp
		}
		o.running, o.retryAt = false, c.RetryAt
		return happens
	case RecordAccepted:
		o := m.out[c.MessageID]
		if o == nil {
			return refused
		}
		if o.taken || o.status == StatusFailed {
			return noOp
		}
		if o.attempt == 0 {
			return refused
		}
		o.taken, o.running, o.status = true, false, StatusAccepted
		return happens
	case RecordFailed:
		o := m.out[c.MessageID]
		if o == nil {
			return refused
		}
		if o.status != StatusQueued && o.status != StatusUnknown {
			return noOp
		}
		o.running, o.status = false, StatusFailed
		return happens
	case RecordUnknown:
		o := m.out[c.MessageID]
		if o == nil || o.attempt == 0 {
			return refused
		}
		if !o.running {
			return noOp
		}
		o.running, o.status, o.unknownAt = false, StatusUnknown, c.At
		return happens
	case RecordStatus:
		o := m.out[c.MessageID]
		if o == nil {
			return refused
		}
		if !advances[o.status][c.Status] {
			return noOp
		}
		o.taken, o.running, o.status = true, false, c.Status
		return happens
	}
	panic("the model does not know this command")
}

// advances lists the reports that move a message forward, by its current status.
var advances = map[Status]map[Status]bool{
	StatusQueued:    {StatusSent: true, StatusDelivered: true, StatusRead: true, StatusFailed: true},
	StatusUnknown:   {StatusSent: true, StatusDelivered: true, StatusRead: true, StatusFailed: true},
	StatusAccepted:  {StatusSent: true, StatusDelivered: true, StatusRead: true, StatusFailed: true},
	StatusSent:      {StatusDelivered: true, StatusRead: true, StatusFailed: true},
	StatusFailed:    {StatusDelivered: true, StatusRead: true},
	StatusDelivered: {StatusRead: true},
}
