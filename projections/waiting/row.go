// Package waiting is the read model of open interactions: those without an owner, which the router offers,
// and those with one. It is small and does not change with every message, so counters and work lists are
// read from it.
package waiting

import "time"

// Row is one open interaction.
type Row struct {
	InteractionID string
	AccountID     string
	AddressID     string
	QueueID       string
	OwnerID       string // empty while the interaction waits
	LastOwnerID   string // includes the previous session; for sticky offers
	OpenedAt      time.Time
	Since         *time.Time // start of the wait; nil while it has an owner
	Round         int        // round of offers since the wait started
	LastOfferAt   *time.Time // in this wait
	OfferDue      *time.Time // when the first pending offer ends
	Attempts      []Attempt  // last attempt with each agent in this wait
	SilentSince   *time.Time // since when the customer has waited for the owner's reply
	TransferID    string     // transfer in progress
	TransferAt    *time.Time // when the transfer started
	TransferTo    []string   // agents the transfer is offered to
	Agents        []string   // everyone who sees it regardless of their queues: owner, offered, transferred to
}

// The states of an attempt to find an owner.
const (
	Pending  = "PENDING"
	Rejected = "REJECTED"
	Missed   = "MISSED"
	Released = "RELEASED" // was the owner and lost it
)

// Attempt is the last try with one agent.
type Attempt struct {
	AgentID string    `json:"agent"`
	OfferID string    `json:"offer"`
	State   string    `json:"state"`
	At      time.Time `json:"at"`    // when it entered this state
	Until   time.Time `json:"until"` // end of the offer
}

// PendingFor returns the agents with an offer that is still open at now.
func (r Row) PendingFor(now time.Time) []string {
	var agents []string
	for _, a := range r.Attempts {
		if a.State == Pending && a.Until.After(now) {
			agents = append(agents, a.AgentID)
		}
	}
	return agents
}

// Due returns the pending offers that have expired by now.
func (r Row) Due(now time.Time) []string {
	var offers []string
	seen := map[string]bool{}
	for _, a := range r.Attempts {
		if a.State == Pending && !a.Until.After(now) && !seen[a.OfferID] {
			offers, seen[a.OfferID] = append(offers, a.OfferID), true
		}
	}
	return offers
}
