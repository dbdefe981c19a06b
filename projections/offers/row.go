// Package offers is the read model of what agents were offered: who may still answer, and who was quicker.
package offers

import "time"

// The states of an offer in front of one agent.
const (
	Standing  = "STANDING"
	Accepted  = "ACCEPTED"
	Rejected  = "REJECTED"
	Expired   = "EXPIRED"
	Taken     = "TAKEN"     // somebody else was quicker
	Withdrawn = "WITHDRAWN" // closed or released meanwhile, or he left the queue
)

// Row holds the offers of one interaction: those that stand, and the last ones that ended. It is a row for each
// interaction because accepting ends offers that the event does not name.
type Row struct {
	InteractionID string
	AccountID     string
	QueueID       string // of the interaction
	WaitingSince  *time.Time
	FirstMessage  string
	Offers        []Made   // in the order they were made
	Standing      []string // agents with a standing offer
	OfferIDs      []string // of Offers
	TakenBy       string   // who accepted it last, by offer or from the list
	TakenAt       *time.Time
}

// Made is one offer, to one agent or several.
type Made struct {
	ID        string    `json:"id"`
	QueueID   string    `json:"queue"`
	OfferedAt time.Time `json:"at"`
	ExpiresAt time.Time `json:"until"`
	Agents    []string  `json:"agents"` // as offered
	States    []string  `json:"states"` // of each agent
	TakenBy   string    `json:"by"`
}

// Offer is an offer as one agent has it in front of him.
type Offer struct {
	ID            string
	InteractionID string
	AgentID       string
	AccountID     string
	QueueID       string
	State         string
	OfferedAt     time.Time
	ExpiresAt     time.Time
	WaitingSince  time.Time
	FirstMessage  string
	TakenBy       string // when it is TAKEN
}
