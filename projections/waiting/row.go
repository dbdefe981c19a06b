// Package waiting is the read model of open interactions: those nobody has, which the router offers, and those in
// somebody's hands. It is small and still while messages come in, so counters and work lists are read from it.
package waiting

import "time"

// Row is one open interaction.
type Row struct {
	InteractionID string
	AccountID     string
	AddressID     string
	QueueID       string
	OwnerID       string // empty while it waits
	LastOwnerID   string // also of the session before: for sticky offers
	OpenedAt      time.Time
	Since         *time.Time // waits since then; nil in somebody's hands
	Round         int        // of offers since then
	LastOfferAt   *time.Time // since then
	OfferDue      *time.Time // when the first standing offer ends
	Attempts      []Attempt  // the last one with each agent, since it waits
	SilentSince   *time.Time // the customer waits for the owner's answer since then
	TransferID    string     // the one in progress
	TransferAt    *time.Time // when that started
	TransferTo    []string   // agents it is offered to
	Agents        []string   // everybody who sees it whatever his queues: owner, offered, transferred to
}

// The states of an attempt to find an owner.
const (
	Standing = "STANDING"
	Rejected = "REJECTED"
	Missed   = "MISSED"
	Released = "RELEASED" // had it and lost it
)

// Attempt is the last try with one agent.
type Attempt struct {
	AgentID string    `json:"agent"`
	OfferID string    `json:"offer"`
	State   string    `json:"state"`
	At      time.Time `json:"at"`    // when it came into this state
	Until   time.Time `json:"until"` // end of the offer
}

// StandingTo is the agents who have an offer in front of them that lasts beyond now.
func (r Row) StandingTo(now time.Time) []string {
	var agents []string
	for _, a := range r.Attempts {
		if a.State == Standing && a.Until.After(now) {
			agents = append(agents, a.AgentID)
		}
	}
	return agents
}

// Due is the standing offers whose time is over by now.
func (r Row) Due(now time.Time) []string {
	var offers []string
	seen := map[string]bool{}
	for _, a := range r.Attempts {
		if a.State == Standing && !a.Until.After(now) && !seen[a.OfferID] {
			offers, seen[a.OfferID] = append(offers, a.OfferID), true
		}
	}
	return offers
}
