package agent

import (
	"time"

	"parley/domain"
)

// Command is a request about one agent's presence. It carries the current time.
type Command interface{ isAgentCommand() }

// SignIn makes the agent available, or paused if a disposition is due.
type SignIn struct{ At time.Time }

// Pause stops new interactions for the agent. With PauseDisposition it also pauses a
// signed-out agent, for their next sign-in.
type Pause struct {
	Reason        string
	InteractionID domain.InteractionID // of PauseDisposition
	By            domain.UserID        // the supervisor, if one did it
	At            time.Time
}

// Resume ends a pause. It is refused while a disposition is due.
type Resume struct {
	By domain.UserID
	At time.Time
}

// GiveDisposition ends the pause for the mandatory disposition of one interaction.
type GiveDisposition struct {
	InteractionID domain.InteractionID
	At            time.Time
}

// GoAway says that the agent's last browser disconnected; Return says that one is back.
type (
	GoAway struct{ At time.Time }
	Return struct{ At time.Time }
)

// SignOut signs the agent out.
type SignOut struct {
	Reason string // SignedOutSelf, SignedOutDisconnected, SignedOutBySupervisor or SignedOutDisabled
	By     domain.UserID
	After  time.Duration // of SignedOutDisconnected: how long the agent must have been away
	At     time.Time
}

// MissOffer counts an offer that expired without a response from the agent. Offers that were on the screen
// together count once.
type MissOffer struct {
	OfferID   domain.OfferID
	OfferedAt time.Time
	Limit     int // this many in a row pause the agent; 0 = never
	At        time.Time
}

// AnswerOffer resets the count of missed offers.
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
