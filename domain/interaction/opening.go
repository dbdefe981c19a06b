package interaction

import (
	"slices"
	"strings"
	"time"

	"parley/domain"
)

// Opened says that a session began. It carries over what the rules need from the previous session.
type Opened struct {
	AccountID     domain.AccountID     `json:"accountId"`
	AddressID     domain.AddressID     `json:"addressId"`
	Channel       string               `json:"channel"` // such as "whatsapp"; no rule depends on it
	QueueID       domain.QueueID       `json:"queueId,omitempty"`
	Number        int                  `json:"number"` // 1, 2, 3… within the conversation
	PreviousID    domain.InteractionID `json:"previousId,omitempty"`
	Origin        Origin               `json:"origin"`
	By            domain.UserID        `json:"by,omitempty"` // who opened it, when Origin is AGENT
	ContactID     domain.ContactID     `json:"contactId,omitempty"`
	LastInboundAt *time.Time           `json:"lastInboundAt,omitempty"` // of the conversation: the reply window starts here
	// when the provider rejected free text; nil if the customer wrote since
	WindowClosedAt *time.Time     `json:"windowClosedAt,omitempty"`
	LastOwner      domain.AgentID `json:"lastOwner,omitempty"` // for sticky offers
	// provider messages of the last 8 days, against redelivery
	Recent   []Seen    `json:"recent,omitempty"`
	Customer Customer  `json:"customer" seal:"true"`
	At       time.Time `json:"at"`
}

func (Opened) EventType() string   { return "InteractionOpened" }
func (Opened) isInteractionEvent() {}
func (e Opened) SealedFor() string { return string(e.AddressID) }

// Seen is one provider message of an earlier session: the first 8 bytes (16 hex digits) of its derived message id.
type Seen struct {
	Tag string    `json:"tag"`
	At  time.Time `json:"at"`
}

// Origin says who began the session.
type Origin string

// The origins of an interaction.
const (
	OriginInbound  Origin = "INBOUND"
	OriginAgent    Origin = "AGENT"
	OriginCampaign Origin = "CAMPAIGN"
	OriginHandover Origin = "HANDOVER" // another app passed the customer on
	// What happened outside sessions, before the first one: closed from the start, with the number 0.
	OriginBefore Origin = "BEFORE"
)

// Open begins a session. It is refused with ErrOpen if the session already exists.
type Open struct {
	Opened // recorded unchanged; the caller sets the number and the carry-over
}

func (Open) isInteractionCommand() {}

// ErrOpen refuses to open a session a second time.
var ErrOpen = &domain.Refusal{
	Kind: domain.Conflict, Code: "INTERACTION_EXISTS",
	Message: "This interaction is already open.",
}

func open(s State, c Open) ([]Event, error) {
	if s.Status != SessionNone {
		return nil, ErrOpen
	}
	if c.Origin == OriginBefore {
		return []Event{c.Opened, Closed{At: c.At}}, nil
	}
	if c.Origin == OriginAgent && c.By != "" {
		return []Event{c.Opened, Assigned{To: c.By, By: c.By, At: c.At}}, nil
	}
	return []Event{c.Opened}, nil
}

func (s State) opened(e Opened) State {
	s.Status, s.AccountID, s.AddressID, s.Channel = SessionOpen, e.AccountID, e.AddressID, e.Channel
	s.QueueID, s.Number, s.ContactID, s.LastOwner = e.QueueID, e.Number, e.ContactID, e.LastOwner
	s.WaitingSince, s.OpenedAt = e.At, e.At
	if e.LastInboundAt != nil {
		s.LastInboundAt = *e.LastInboundAt
	}
	s.WindowClosedAt = e.WindowClosedAt
	if len(e.Recent) > 0 {
		s.recent = make(map[string]time.Time, len(e.Recent))
		for _, r := range e.Recent {
			s.recent[r.Tag] = r.At
		}
	}
	return s
}

const (
	recentFor = 8 * 24 * time.Hour // providers redeliver for 7 days
	recentMax = 4096               // keeps Opened well below the size limit of an append; the read model has older ones
)

// CarryOver returns what the next session's Opened takes from this one. The caller adds the rest.
func (s State) CarryOver(id domain.InteractionID, now time.Time) Opened {
	next := Opened{
		AccountID: s.AccountID, AddressID: s.AddressID, Channel: s.Channel, ContactID: s.ContactID,
		Number: s.Number + 1, PreviousID: id, LastOwner: s.LastOwner, WindowClosedAt: s.WindowClosedAt,
	}
	if at := s.LastInboundAt; !at.IsZero() {
		next.LastInboundAt = &at
	}
	keep := func(tag string, at time.Time) {
		if now.Sub(at) < recentFor {
			next.Recent = append(next.Recent, Seen{Tag: tag, At: at})
		}
	}
	for tag, at := range s.recent {
		keep(tag, at)
	}
	s.messages.Each(func(id string, m *message) {
		if m.inbound {
			keep(tagOf(domain.MessageID(id)), m.at)
		}
	})
	slices.SortFunc(next.Recent, func(a, b Seen) int {
		if c := a.At.Compare(b.At); c != 0 {
			return c
		}
		return strings.Compare(a.Tag, b.Tag)
	})
	if over := len(next.Recent) - recentMax; over > 0 {
		next.Recent = next.Recent[over:]
	}
	return next
}

// tagOf returns the first 8 bytes of an id as 16 hex digits, without dashes.
func tagOf(id domain.MessageID) string {
	hex := strings.ReplaceAll(string(id), "-", "")
	return hex[:min(16, len(hex))]
}
