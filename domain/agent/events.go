// Package agent holds an agent's presence: what is lasting about it. The heartbeat is not an event.
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

// The reasons of a pause that no person chose.
const (
	PauseMissed      = "MISSED"      // three offers missed in a row
	PauseDisposition = "DISPOSITION" // a mandatory disposition is due
)

// SignedIn says the agent is there and available.
type SignedIn struct {
	At time.Time `json:"at"`
}

// Paused says the agent gets nothing new until he resumes.
type Paused struct {
	Reason        string               `json:"reason"` // a reason from the policy, MISSED or DISPOSITION
	InteractionID domain.InteractionID `json:"interactionId,omitempty"`
	By            domain.UserID        `json:"by,omitempty"` // the supervisor, if it was one
	At            time.Time            `json:"at"`
}

// Resumed says the agent is available again.
type Resumed struct {
	By domain.UserID `json:"by,omitempty"`
	At time.Time     `json:"at"`
}

// Away says no browser of the agent is connected.
type Away struct {
	At time.Time `json:"at"`
}

// Returned says a browser of the agent is connected again.
type Returned struct {
	At time.Time `json:"at"`
}

// SignedOut says the agent left, or was away longer than the disconnection timeout.
type SignedOut struct {
	Reason string        `json:"reason"` // SELF, DISCONNECTED, SUPERVISOR, DISABLED
	By     domain.UserID `json:"by,omitempty"`
	At     time.Time     `json:"at"`
}

// OfferMissed says an offer's time ran out in front of the agent; the third in a row pauses him.
type OfferMissed struct {
	OfferID domain.OfferID `json:"offerId"`
	InARow  int            `json:"inARow"`
	At      time.Time      `json:"at"`
}

// OfferAnswered says the agent accepted or rejected an offer, so the row of missed ones is over.
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
