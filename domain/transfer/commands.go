package transfer

import (
	"time"

	"parley/domain"
)

// Command is a request about one transfer. It carries the current time and new ids.
type Command interface{ isTransferCommand() }

// Request offers the interaction to others, never to the sender. It is refused at once if no one is left.
type Request struct{ Requested }

// Accept reserves the transfer for one agent.
type Accept struct {
	By        domain.AgentID
	SignedOut bool // according to the agent's stream
	LeftQueue bool // no longer a member of the target queue
	At        time.Time
}

// Reject rejects the transfer for one agent. The last agent to reject ends it.
type Reject struct {
	By domain.AgentID
	At time.Time
}

// Complete says that the interaction has its new owner.
type Complete struct{ At time.Time }

// Expire ends a transfer whose time is up.
type Expire struct{ At time.Time }

// Cancel withdraws the transfer for its sender or a supervisor.
type Cancel struct {
	By         domain.AgentID
	Supervisor bool
	At         time.Time
}

// Refuse ends a transfer that no one is left to accept.
type Refuse struct {
	Reason string // AllRejected or NoOneAvailable
	At     time.Time
}

// Void ends a transfer that the interaction no longer allows.
type Void struct {
	Reason string // a code
	At     time.Time
}

func (Request) isTransferCommand()  {}
func (Accept) isTransferCommand()   {}
func (Reject) isTransferCommand()   {}
func (Complete) isTransferCommand() {}
func (Expire) isTransferCommand()   {}
func (Cancel) isTransferCommand()   {}
func (Refuse) isTransferCommand()   {}
func (Void) isTransferCommand()     {}
