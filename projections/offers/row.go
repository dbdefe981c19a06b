// Package offers is the read model of offers to agents: who can still answer, and who accepted.
package offers

import (
	"time"

	"parley/domain/interaction"
)

// The states of an offer for one agent.
const (
	Pending   = "PENDING"
	Accepted  = "ACCEPTED"
	Rejected  = "REJECTED"
	Expired   = "EXPIRED"
	Taken     = "TAKEN"     // another agent accepted it or was assigned the interaction
	Withdrawn = "WITHDRAWN" // the interaction was closed, or the agent has left the queue
)

// Row holds the offers of one interaction: the pending ones, and the last ones that ended. There is one row
// per interaction, not per offer, because an Accepted event ends every pending offer without listing them.
type Row struct {
	InteractionID string
	AccountID     string
	QueueID       string // the interaction's queue
	WaitingSince  *time.Time
	FirstMessage  interaction.Preview
	Offers        []Offer  // in order of creation
	PendingAgents []string // agents with a pending offer
	OfferIDs      []string // ids of Offers
	TakenBy       string   // who accepted last, by an offer or from the list
	TakenAt       *time.Time
}

// Offer is one offer to one or more agents.
type Offer struct {
	ID        string    `json:"id"`
	QueueID   string    `json:"queue"`
	OfferedAt time.Time `json:"at"`
	ExpiresAt time.Time `json:"until"`
	Agents    []string  `json:"agents"` // in the order of the offer
	States    []string  `json:"states"` // one for each agent
	TakenBy   string    `json:"by"`
}

// AgentOffer is an offer as one agent sees it.
type AgentOffer struct {
	ID            string
	InteractionID string
	AgentID       string
	AccountID     string
	QueueID       string
	State         string
	OfferedAt     time.Time
	ExpiresAt     time.Time
	WaitingSince  time.Time
	FirstMessage  interaction.Preview
	TakenBy       string // who accepted, if State is TAKEN
}
