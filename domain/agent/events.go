// Package agent holds the rules of an agent's presence. Heartbeats are not events.
package agent

import (
	"time"

	"parley/domain"
)

// Event is something that happened to an agent. The stream's id is the user's.
type Event interface {
	domain.Event
	isAgentEvent()
}

// The reasons for an automatic pause.
const (
	PauseMissed      = "MISSED"      // too many offers missed in a row
	PauseDisposition = "DISPOSITION" // a mandatory disposition is due
)

// SignedIn says that the agent is signed in and available.
type SignedIn struct {
	At time.Time `json:"at"`
}

// Paused says that the agent gets nothing new until they resume.
type Paused struct {
	Reason        string               `json:"reason"` // a reason from the policy, MISSED or DISPOSITION
	InteractionID domain.InteractionID `json:"interactionId,omitempty"`
	By            domain.UserID        `json:"by,omitempty"` // the supervisor, if one did it
	At            time.Time            `json:"at"`
}

// Resumed says that the agent is available again.
type Resumed struct {
	By domain.UserID `json:"by,omitempty"`
	At time.Time     `json:"at"`
}

// Away says that none of the agent's browsers is connected.
type Away struct {
	At time.Time `json:"at"`
}

// Returned says that one of the agent's browsers is connected again.
type Returned struct {
	At time.Time `json:"at"`
}

// SignedOut says that the agent signed out, was signed out, or was away longer than the disconnection timeout.
type SignedOut struct {
	Reason string        `json:"reason"` // SELF, DISCONNECTED, SUPERVISOR, DISABLED
	By     domain.UserID `json:"by,omitempty"`
	At     time.Time     `json:"at"`
}

// OfferMissed says that an offer expired without a response from the agent. Too many in a row pause the agent.
type OfferMissed struct {
	OfferID domain.OfferID `json:"offerId"`
	InARow  int            `json:"inARow"`
	At      time.Time      `json:"at"`
}

// OfferAnswered says that the agent accepted or rejected an offer, which resets the count of missed ones.
type OfferAnswered struct {
	OfferID domain.OfferID `json:"offerId"`
	At      time.Time      `json:"at"`
}

func (SignedIn) EventType() string      { return "AgentSignedIn" }
func (Paused) EventType() string        { return "AgentPaused" }
func (Resumed) EventType() string       { return "AgentResumed" }
func (Away) EventType() string          { return "AgentAway" }
func (Returned) EventType() string      { return "AgentReturned" }
func (SignedOut) EventType() string     { return "AgentSignedOut" }
func (OfferMissed) EventType() string   { return "AgentOfferMissed" }
func (OfferAnswered) EventType() string { return "AgentOfferAnswered" }

func (SignedIn) isAgentEvent()      {}
func (Paused) isAgentEvent()        {}
func (Resumed) isAgentEvent()       {}
func (Away) isAgentEvent()          {}
func (Returned) isAgentEvent()      {}
func (SignedOut) isAgentEvent()     {}
func (OfferMissed) isAgentEvent()   {}
func (OfferAnswered) isAgentEvent() {}
