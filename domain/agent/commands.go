package agent

import (
	"time"

	"parley/domain"
)

// Command is a wish about one agent's presence. The clock arrives inside it.
type Command interface{ isAgentCommand() }

// SignIn makes the agent available, or paused while a disposition is due.
type SignIn struct{ At time.Time }

// Pause stops new interactions for the agent. With PauseDisposition it also holds one who is signed out, for later.
type Pause struct {
	Reason        string
	InteractionID domain.InteractionID // of PauseDisposition
	By            domain.UserID        // the supervisor, if it was one
	At            time.Time
}

// Resume ends a pause. Refused while a disposition is due.
type Resume struct {
	By domain.UserID
	At time.Time
}

// GiveDisposition ends the pause for one interaction's mandatory disposition.
type GiveDisposition struct {
	InteractionID domain.InteractionID
	At            time.Time
}

// GoAway says the last browser of the agent is gone; Return that one is back.
type (
	GoAway struct{ At time.Time }
	Return struct{ At time.Time }
)

// SignOut says the agent left.
type SignOut struct {
	Reason string // SignedOutSelf, SignedOutDisconnected, SignedOutBySupervisor or SignedOutDisabled
	By     domain.UserID
	After  time.Duration // of SignedOutDisconnected: how long he must have been away
	At     time.Time
}

// MissOffer counts an offer whose time ran out in front of the agent.
type MissOffer struct {
	OfferID domain.OfferID
	Limit   int // so many in a row pause him; 0 = never
	At      time.Time
}

// AnswerOffer ends the row of missed ones.
type AnswerOffer struct {
	OfferID domain.OfferID
	At      time.Time
}

func (SignIn) isAgentCommand()          {}
func (Pause) isAgentCommand()           {}
func (Resume) isAgentCommand()          {}
func (GiveDisposition) isAgentCommand() {}
func (GoAway) isAgentCommand()          {}
func (Return) isAgentCommand()          {}
func (SignOut) isAgentCommand()         {}
func (MissOffer) isAgentCommand()       {}
func (AnswerOffer) isAgentCommand()     {}
